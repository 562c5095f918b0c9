package mcpclient_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/mcpclient"
)

func TestCallToolSendsArguments(t *testing.T) {
	t.Parallel()
	type update struct {
		Name  client.Field[string] `json:"name,omitzero"`
		Notes client.Field[string] `json:"notes,omitzero"`
		ID    client.ID            `json:"id,omitzero"`
		Count int64                `json:"count"`
		Tags  []string             `json:"tags"`
	}
	srv := sandboxtest.Start(t, stageTool(&mcp.Tool{Name: "take"}, func(context.Context, *mcp.CallToolRequest) *mcp.CallToolResult {
		return stageText("taken")
	}))
	s := stageAdmin(t, srv)
	for _, tt := range []struct {
		args any
		want string
	}{
		{nil, `{}`},
		{map[string]any(nil), `{}`},
		{(*update)(nil), `{}`},
		{update{Count: big}, `{"count":9007199254740993,"tags":[]}`},
		{&update{Name: client.Set(""), Notes: client.Null[string](), ID: "7"}, `{"name":"","notes":null,"id":"7","count":0,"tags":[]}`},
		{map[string]any{"html": "<a&b>\u2028"}, "{\"html\":\"<a&b>\u2028\"}"},
		{jsontext.Value(` { "n" : 1.0 } `), `{"n":1.0}`},
		{json.RawMessage(`{"n":9007199254740993}`), `{"n":9007199254740993}`},
	} {
		_, err := mcpclient.CallTool[struct{}](t.Context(), s, "take", tt.args)
		require.NoError(t, err)
		assert.JSONEq(t, tt.want, stageArguments(t, srv, "take"))
		if tt.args != nil && tt.want != `{}` { // JSONEq rounds numbers
			assert.Equal(t, compactJSON(t, tt.want), compactJSON(t, stageArguments(t, srv, "take")))
		}
	}

	sent := len(srv.Requests())
	for _, args := range []any{
		7, "canary",
		[]int{1},
		true, make(chan int), func() {},
		map[string]any{"f": func() {}},
		json.RawMessage(`{"canary"`), jsontext.Value(`{"a":1,"a":2}`), []byte(`{"a":1}`),
		strings.NewReader(`{"a":1}`), bytes.NewBufferString(`{"a":1}`),
	} {
		_, err := mcpclient.CallTool[struct{}](t.Context(), s, "take", args)
		var refused *client.ParamError
		require.ErrorAs(t, err, &refused, "%T", args)
		assert.Equal(t, "arguments", refused.Issues[0].Path)
		assert.Contains(t, err.Error(), "tools/call take: arguments ")
		assert.NotContains(t, err.Error(), "canary")
	}
	for _, body := range []any{[]byte(`{"canary":1}`), `{"canary":1}`, strings.NewReader(`{"canary":1}`)} {
		_, err := mcpclient.CallAPI[struct{}](t.Context(), s, "create_thing", mcpclient.Request{Body: body})
		var refused *client.ParamError
		require.ErrorAs(t, err, &refused, "%T", body)
		assert.Equal(t, "body", refused.Issues[0].Path)
		assert.Contains(t, err.Error(), "must be a jsontext.Value")
		assert.NotContains(t, err.Error(), "canary")
	}
	_, err := mcpclient.CallTool[struct{}](t.Context(), s, "", nil)
	require.ErrorIs(t, err, client.ErrInvalidParams)
	assert.Contains(t, err.Error(), "name is required")
	assert.Len(t, srv.Requests(), sent, "nothing was sent")
}

// compactJSON is a JSON text in its one form, with its numbers as they are written.
func compactJSON(t testing.TB, text string) string {
	t.Helper()
	v := jsontext.Value(text)
	require.NoError(t, v.Format(jsontext.CanonicalizeRawInts(false), jsontext.CanonicalizeRawFloats(false), jsontext.ReorderRawObjects(true)))
	return string(v)
}

// Models make names up; they do not write lines into a log.
func TestToolNamesInErrors(t *testing.T) {
	t.Parallel()
	srv := sandboxtest.Start(t)
	s := stageAdmin(t, srv, mcpclient.WithGuard(mcpclient.GuardFunc(func(_ context.Context, call *mcpclient.ToolCall) error {
		if strings.HasPrefix(call.Tool, "x") {
			return call.Refuse("house rule", "not "+call.Tool)
		}
		return nil
	})))
	for _, name := range []string{
		"a\nlevel=ERROR msg=forged", "scope3_ak_X_sk_live_secret", strings.Repeat("y", 10<<10),
		"x\r\nlevel=ERROR", "xscope3_ak_X_sk_live_secret", strings.Repeat("x", 10<<10),
	} {
		_, unknown := mcpclient.CallTool[struct{}](t.Context(), s, name, nil)
		_, unencoded := mcpclient.CallTool[struct{}](t.Context(), s, name, 7)
		missing, invalid := s.Dispatch(t.Context(), name, nil), s.Dispatch(t.Context(), name, []byte("7"))
		for _, err := range []error{unknown, unencoded, missing.Err, invalid.Err} {
			require.Error(t, err)
			for _, text := range []string{err.Error(), fmt.Sprintf("%+v", err), fmt.Sprintf("%s", err)} {
				assert.NotContains(t, text, "\n")
				assert.NotContains(t, text, "sk_live")
				assert.Less(t, len(text), 2<<10)
			}
		}
	}
}
