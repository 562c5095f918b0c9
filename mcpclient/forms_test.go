package mcpclient_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/mcpclient"
)

// sayAs sends a body with a content type.
func sayAs(w http.ResponseWriter, contentType, body string) {
	w.Header().Set("Content-Type", contentType)
	_, _ = io.WriteString(w, body)
}

const (
	typeJSON   = "application/json"
	typeEvents = "text/event-stream"
)

// TestFormsOfMessages covers the forms in which servers send a response that the protocol does not describe.
func TestFormsOfMessages(t *testing.T) {
	t.Parallel()
	event := func(data string) string { return "data: " + data + "\n\n" }
	around := func(before, behind string) func(id string) string {
		return func(id string) string { return before + fine(id) + behind }
	}
	after := func(before string) func(id string) string { return around(before+"data: ", "\n\n") }
	inLines := func(id string) string { return "\n" + strings.ReplaceAll(fine(id), ",", ",\n") + "\n" }
	plain := func(value string) func(id string) string {
		return func(id string) string { return result(id, value) }
	}
	inEvent := func(value string) func(id string) string {
		return func(id string) string { return event(result(id, value)) }
	}
	beside := func(failure string) func(id string) string {
		return func(id string) string {
			return strings.Replace(fine(id), `"result"`, `"error":`+failure+`,"result"`, 1)
		}
	}
	for name, tt := range map[string]struct {
		contentType string
		body        func(id string) string
	}{
		"JSON, an array of one":           {typeJSON, around("[", "]")},
		"JSON, a batch with a progress":   {typeJSON, around("["+halfWay+",", "]")},
		"JSON, an id as text":             {typeJSON, func(id string) string { return fine(`"` + id + `"`) }},
		"JSON, an id as a float":          {typeJSON, func(id string) string { return fine(id + ".0") }},
		"JSON, a BOM":                     {typeJSON, around("\ufeff", "")},
		"JSON, a BOM and an array":        {typeJSON, around("\ufeff[", "]")},
		"JSON with a charset":             {typeJSON + "; charset=utf-8", fine},
		"JSON as an event stream":         {typeEvents, fine},
		"JSON in lines as events":         {typeEvents, inLines},
		"JSON as events, a BOM":           {typeEvents, around("\ufeff", "")},
		"JSON as events, an array":        {typeEvents, around("[", "]")},
		"JSON as text":                    {"text/plain", fine},
		"JSON of no type":                 {"", fine},
		"JSON as bytes":                   {"application/octet-stream", fine},
		"events as JSON":                  {typeJSON, after("")},
		"events as JSON, named":           {typeJSON, after("event: message\nid: 1\n")},
		"events as JSON, a comment":       {typeJSON, after(": hello\n\n")},
		"events as JSON, a BOM":           {typeJSON, after("\ufeff")},
		"events as JSON, several":         {typeJSON, after(event(halfWay))},
		"events as text":                  {"text/plain; charset=utf-8", after("")},
		"events of no type":               {"", after("")},
		"events, capital type":            {"Text/Event-Stream", after("")},
		"event, an array of one":          {typeEvents, around("data: [", "]\n\n")},
		"event, a batch with a progress":  {typeEvents, around("data: ["+halfWay+",", "]\n\n")},
		"event, an id as text":            {typeEvents, func(id string) string { return event(fine(`"` + id + `"`)) }},
		"event of another name":           {typeEvents, after("event: response\n")},
		"heartbeat, a word":               {typeEvents, after(event("heartbeat"))},
		"heartbeat, an object":            {typeEvents, after(event(`{"type":"ping"}`))},
		"heartbeat, an empty object":      {typeEvents, after(event(`{}`))},
		"heartbeat, numbers":              {typeEvents, after(event("1") + event("1767225600.5"))},
		"heartbeat, null":                 {typeEvents, after(event("null"))},
		"heartbeat, a quoted word":        {typeEvents, after(event(`"ping"`))},
		"heartbeat, an empty list":        {typeEvents, after(event(`[]`))},
		"heartbeat, a word in brackets":   {typeEvents, after(event("[PING]"))},
		"heartbeat, an object with an id": {typeEvents, after(event(`{"type":"ping","id":4}`))},
		"heartbeat, a version":            {typeEvents, after(event(`{"jsonrpc":"2.0"}`))},
		"heartbeat, nothing":              {typeEvents, after(event(""))},
		"heartbeat, a time":               {typeEvents, after(event("2026-01-02T03:04:05Z"))},
		"lone CR":                         {typeEvents, around("event: message\rdata: ", "\r\r")},
		"mixed line ends":                 {typeEvents, around("event: message\r\ndata: ", "\n\r")},
		"no empty line":                   {typeEvents, around("data: ", "\n")},
		"no line end":                     {typeEvents, around("data: ", "")},
		"no line end after CR":            {typeEvents, around("data: "+halfWay+"\r\rdata: ", "\r")},
		"a BOM before events":             {typeEvents, after("\ufeff")},
		"content as text":                 {typeJSON, plain(`{"content":"{\"ok\":true}"}`)},
		"content as an object":            {typeJSON, plain(`{"content":{"type":"text","text":"{\"ok\":true}"}}`)},
		"content as texts":                {typeJSON, plain(`{"content":["{\"ok\":true}"]}`)},
		"text that is an object":          {typeJSON, plain(`{"content":[{"type":"text","text":{"ok":true}}]}`)},
		"text without a type":             {typeJSON, plain(`{"content":[{"text":"{\"ok\":true}"}]}`)},
		"metadata that is a list": {typeJSON, func(id string) string {
			return result(id, `{"_meta":[],"content":[{"type":"text","text":"{\"ok\":true}","_meta":[]}]}`)
		}},
		"content as text, in a stream":    {typeEvents, inEvent(`{"content":"{\"ok\":true}"}`)},
		"an empty error beside a result":  {typeJSON, beside(`null`)},
		"an error of {} beside a result":  {typeJSON, beside(`{}`)},
		"an error of \"\" beside results": {typeJSON, beside(`""`)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := startPeer(t)
			p.call = func(w http.ResponseWriter, _ *http.Request, id string, _ int) { sayAs(w, tt.contentType, tt.body(id)) }
			p.bothWays(t, func(t *testing.T, err error) {
				t.Helper()
				require.NoError(t, err)
			})
			s := p.connect()
			got, err := mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
			require.NoError(t, err)
			assert.True(t, got.OK)
		})
	}
}

// result is the response with a result.
func result(id, value string) string {
	return `{"jsonrpc":"2.0","id":` + id + `,"result":` + value + `}`
}

// TestHeartbeatIsNoBrokenResponse: a broken response fails the call at once, it is not waited out.
func TestHeartbeatIsNoBrokenResponse(t *testing.T) {
	t.Parallel()
	for _, data := range []string{
		`{"jsonrpc":"2.0","id":1,"result":{`, `{"id":1,"result":{}}`, `{"error":"no"}`, `{"jsonrpc":"2.0","id":1}`,
		`<html></html>`, `[{"result":1}]`,
	} {
		p := startPeer(t)
		p.call = func(w http.ResponseWriter, r *http.Request, _ string, _ int) {
			say(w, "data: "+data+"\n\n")
			<-r.Context().Done()
		}
		_, err := mcpclient.CallTool[okay](t.Context(), p.connect(), toolAct, nil)
		require.ErrorIs(t, err, client.ErrOutcomeUnknown, data)
	}
}

// TestLastingStreamOfAnotherType is read as it comes.
func TestLastingStreamOfAnotherType(t *testing.T) {
	t.Parallel()
	p := startPeer(t)
	p.call = func(w http.ResponseWriter, r *http.Request, id string, _ int) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, "data: "+fine(id)+"\n\n")
		flush(w)
		<-r.Context().Done()
	}
	s := p.connect()
	got, err := mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
	require.NoError(t, err)
	assert.True(t, got.OK)
}

// TestTextOfAnotherTypeIsItsJSON also for what no object can be read from.
func TestTextOfAnotherTypeIsItsJSON(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		`"hello"`:                          "hello",
		`{"type":"text","text":"hello"}`:   "hello",
		`[{"type":"text","text":7}]`:       "7",
		`[{"type":"text","text":true}]`:    "true",
		`[{"type":"text","text":["a",1]}]`: `["a",1]`,
		`["a",{"type":"text","text":"b"}]`: "a\nb",
	} {
		p := startPeer(t)
		p.call = func(w http.ResponseWriter, _ *http.Request, id string, _ int) {
			sayJSON(w, result(id, `{"content":`+content+`}`))
		}
		got, err := mcpclient.CallTool[string](t.Context(), p.connect(), toolAct, nil)
		require.NoError(t, err, content)
		assert.Equal(t, want, got, content)
	}
}

// TestErrorBesideAResult is an error of the call, in both forms of a response and for every method.
func TestErrorBesideAResult(t *testing.T) {
	t.Parallel()
	const failure = `"error":{"code":-32050,"message":"no budget left"}`
	for _, beside := range []string{
		"null", "{}", `{"content":[]}`, "false", `{"content":[{"type":"text","text":"{\"ok\":true}"}]}`, `"done"`, "[]",
	} {
		for _, members := range []string{`"result":` + beside + `,` + failure, failure + `,"result":` + beside} {
			for _, inStream := range []bool{false, true} {
				p := startPeer(t)
				p.call = func(w http.ResponseWriter, _ *http.Request, id string, _ int) {
					body := `{"jsonrpc":"2.0","id":` + id + `,` + members + `}`
					if inStream {
						say(w, "data: "+body+"\n\n")
						return
					}
					sayJSON(w, body)
				}
				s := p.connect()
				_, err := mcpclient.CallTool[struct{}](t.Context(), s, toolAct, nil)
				var api *client.APIError
				require.ErrorAs(t, err, &api, members)
				assert.Equal(t, "no budget left", api.Message)
				_, err = mcpclient.CallTool[mcpclient.Result](t.Context(), s, toolLook, nil)
				require.ErrorAs(t, err, &api, members)
				host, err := mcp.NewClient(&mcp.Implementation{Name: "host"}, nil).Connect(t.Context(), s.Transport(),
					&mcp.ClientSessionOptions{ProtocolVersion: withSessions})
				require.NoError(t, err)
				_, err = host.CallTool(t.Context(), &mcp.CallToolParams{Name: toolAct})
				require.ErrorContains(t, err, "no budget left")
				require.NoError(t, host.Close())
				assert.Equal(t, 3, p.count("tools/call"), "an error that the server reports is not repeated")
			}
		}
	}
}
