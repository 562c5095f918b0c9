package agents

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// FirstPlatform registers agents through the tools of the platform's first generation (docs/platform.md#agents). It
// is safe for concurrent use.
type FirstPlatform struct {
	tools client.ToolCaller

	mu    sync.Mutex
	names map[string]string // by the name that is looked for
}

// NewFirstPlatform returns a FirstPlatform that calls through tools, such as a *mcpclient.Session:
//
//	session, err := mcpclient.Connect(ctx, c, mcpclient.WithPath("/mcp"))
//	first := agents.NewFirstPlatform(session)
//
// The tools are found by asking which ones there are. Their names are compared without regard to capitals, and to
// whether words are separated by an underscore, a slash or a hyphen: the platform has changed that. Where one is not
// there, the call's error is a [*client.NoToolError]: mostly it is not the first platform's endpoint.
//
// The tools tell little about themselves, so a call is repeated only if nothing of it was sent or it was refused with
// a 429, unless the server annotates its tool as safe to repeat, or [client.AssumeIdempotent] does. Where an answer
// is lost the error matches [client.ErrOutcomeUnknown]: list the agents before registering again.
func NewFirstPlatform(tools client.ToolCaller) *FirstPlatform { return &FirstPlatform{tools: tools} }

// toolCall is a call of a tool.
type toolCall struct {
	tool string
	args any
	auth Auth // what is secret in the arguments
	opts []client.CallOption
}

// call calls a tool and reads the data of its answer into out, unless that is nil.
func (f *FirstPlatform) call(ctx context.Context, c toolCall, out any) error {
	name, err := f.find(ctx, c.tool)
	if err != nil {
		return err
	}
	data, err := f.tools.ToolData(ctx, name, c.args, c.opts...)
	if err != nil {
		return c.auth.masked(err)
	}
	if out == nil {
		return nil
	}
	if err := wire.Decode(data, out); err != nil {
		return unreadable(c.tool, data, err)
	}
	return nil
}

// unreadable is the error for an answer of a tool that cannot be used.
func unreadable(tool string, data jsontext.Value, cause error) error {
	op := client.Operation{ID: "tools/call " + tool, Method: http.MethodPost}
	if strings.HasSuffix(tool, "_list") {
		op.Effect = client.EffectRead
	}
	return client.NewDecodeError(&op, http.StatusOK, nil, data, cause)
}

// find returns the server's spelling of a tool name.
func (f *FirstPlatform) find(ctx context.Context, tool string) (string, error) {
	switch {
	case f == nil || f.tools == nil:
		return "", errors.New("interchange: a FirstPlatform needs tools, see NewFirstPlatform")
	case ctx == nil:
		return "", errors.New("interchange: the context must not be nil")
	}
	f.mu.Lock()
	name, known := f.names[tool]
	f.mu.Unlock()
	if known {
		return name, nil
	}
	all, err := f.tools.ToolNames(ctx)
	if err != nil {
		return "", err
	}
	names := make(map[string]string, len(all))
	for _, name := range all {
		names[spelling(name)] = name
	}
	f.mu.Lock()
	f.names = names
	f.mu.Unlock()
	if name, known = names[tool]; !known {
		return "", &client.NoToolError{Wanted: []string{tool}}
	}
	return name, nil
}

// spelling is a name with its words separated by underscores.
func spelling(name string) string {
	return strings.NewReplacer("/", "_", "-", "_").Replace(strings.ToLower(name))
}

// member is the first of some members of an object that says something.
func member(object map[string]jsontext.Value, names ...string) string {
	for _, name := range names {
		value := object[name]
		switch value.Kind() {
		case '"':
			if text, err := jsontext.AppendUnquote(nil, value); err == nil && len(text) > 0 {
				return string(text)
			}
		case '0':
			return string(value)
		default:
		}
	}
	return ""
}

// forTool returns the argument of a tool for a checked Auth.
func (a Auth) forTool(p *problems, form func(Auth) (jsontext.Value, bool), tool string) jsontext.Value {
	a.check(p)
	raw, ok := form(a)
	switch {
	case !ok:
		p.unsupportedAuth(a, tool)
	case a.kind == authOAuth:
		check.Required(p, "auth.issuer", a.oauth.Issuer, "on the first platform")
	}
	return raw
}

// forUpdate is forTool where something is there already.
func (a Auth) forUpdate(p *problems, form func(Auth) (jsontext.Value, bool), tool string) jsontext.Value {
	if a.kind == authNone {
		p.Add("auth", "cannot be taken away: the tool has no form for it")
	}
	return a.forTool(p, form, tool)
}
