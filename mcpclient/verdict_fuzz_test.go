package mcpclient

import (
	"net/url"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

func FuzzReadResult(f *testing.F) {
	for _, seed := range []string{
		`{}`, `[]`, `null`, `{"isError":"true"}`, `{"isError":2}`,
		`{"content":[{"type":"text","text":"{\"success\":false}"}],"structuredContent":{"error":{"code":"X"}}}`,
		`{"content":[{"type":"resource_link","uri":"https://u:p@a.test/?k=v","size":"1e3"}]}`,
		`{"content":[{"type":"image","data":"aGk="},{"type":"resource","resource":{"uri":"ui://a","blob":"aGk="}}]}`,
	} {
		f.Add([]byte(seed))
	}
	token, err := client.ParseOpaqueToken("token")
	require.NoError(f, err)
	c, err := client.New(client.WithEnvironment(client.BaseURL("http://127.0.0.1:1")), client.WithToken(token))
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !jsontext.Value(raw).IsValid(jsontext.AllowInvalidUTF8(true)) {
			return
		}
		op := &client.Operation{ID: "tools/call x", Method: "POST", Effect: client.EffectOnce}
		r, err := readResult(c, op, nil, raw)
		if err != nil {
			require.ErrorIs(t, err, client.ErrOutcomeUnknown)
			return
		}
		require.NotEmpty(t, strings.TrimSpace(r.modelText()))
		if set, ok := readFlag(member(raw, "isError")); ok && set {
			require.Error(t, r.failure())
		}
		for _, b := range r.Blocks {
			if b.Type == "text" && wire.Failed([]byte(b.Text)) != nil {
				require.Error(t, r.failure())
			}
		}
		if wire.Failed(r.Structured) != nil {
			require.Error(t, r.failure())
		}
	})
}

func FuzzSafeURI(f *testing.F) {
	for _, seed := range []string{
		"https://u:p@a.test/x?y=z#w", "data:,x", "urn:a:b", "https:u:p@a", "file:///a", "%",
		"a\x00",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		safe := safeURI(raw)
		if safe == "" {
			return
		}
		require.LessOrEqual(t, len(safe), 256)
		u, err := url.Parse(safe)
		require.NoError(t, err)
		require.Nil(t, u.User)
		require.Empty(t, u.RawQuery+u.Fragment)
	})
}
