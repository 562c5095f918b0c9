package main

import (
	"regexp"

	"github.com/interchange-sdk/interchange-go/mcpclient"
)

// toolCall is a call as a model API returns it: a name, and arguments as the model wrote them.
type toolCall struct{ name, arguments string }

// script plays the model. Its text is fixed, except for an id that it reads from a result.
type script struct {
	step int
	id   string
}

var tokenID = regexp.MustCompile(`"id":"?([0-9A-Za-z_-]+)`)

// next returns the model's next turn, given the result of its last call. Without a call the model is done.
func (s *script) next(last mcpclient.ToolOutput) (say string, call *toolCall) {
	if found := tokenID.FindStringSubmatch(last.Text); s.step == 6 && !last.IsError && found != nil {
		s.id = found[1]
	}
	if s.id == "" {
		s.id = "10001"
	}
	turns := []struct {
		say  string
		call toolCall
	}{
		{"First, is the platform up?", toolCall{"health", ""}},
		{"Which account do I act for?", toolCall{"api_call", `{"operation":"get_current_account"}`}},
		{"Now the service tokens. (The model drops a brace.)", toolCall{"api_call", `{"operation":"list_service_tokens"`}},
		{"Again, with the brace.", toolCall{"api_call", `{"operation":"list_service_tokens","params":{"take":"5"}}`}},
		{
			"Is there one with the id 999?",
			toolCall{"api_call", `{"operation":"get_service_token","pathParams":{"id":"999"}}`},
		},
		{
			"There is none, so I create one.",
			toolCall{"api_call", `{"operation":"create_service_token","body":{"name":"Agent example","expiresInDays":1}}`},
		},
		{"I would rather have a tool that does not exist.", toolCall{"delete_everything", `{}`}},
		{
			"Then I archive the token.",
			toolCall{"api_call", `{"operation":"archive_service_token","pathParams":{"id":"` + s.id + `"}}`},
		},
		{
			"What else can the platform do?",
			toolCall{"ask_about_capability", `{"question":"How do I rotate a service token?"}`},
		},
	}
	if s.step == len(turns) {
		return "That is all. I have seen the account and its tokens, and changed only what I was allowed to.", nil
	}
	turn := turns[s.step]
	s.step++
	return turn.say, &turn.call
}
