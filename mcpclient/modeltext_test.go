package mcpclient_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDispatchDescribesResults(t *testing.T) {
	t.Parallel()
	link := func(members string) string { return `{"content":[{"type":"resource_link",` + members + `}]}` }
	resource := func(members string) string { return `{"content":[{"type":"resource","resource":{` + members + `}}]}` }
	for _, tt := range []struct {
		result, want string
	}{
		{`{}`, "The tool succeeded and returned no content."},
		{`{"content":[]}`, "The tool succeeded and returned no content."},
		{`{"content":null,"structuredContent":null}`, "The tool succeeded and returned no content."},
		{textBlock(""), "The tool succeeded and returned no content."},
		{textBlock(" \n\t"), "The tool succeeded and returned no content."},
		{`{"structuredContent":{}}`, "{}"},
		{textBlock("Hello"), "Hello"},
		{`{"content":[{"type":"text","text":" "}],"structuredContent":{"id":1}}`, `{"id":1}`},
		{`{"content":[{"type":"image","data":"aGk=","mimeType":"image/png"}]}`, "[image, of type image/png, 2 bytes]"},
		{`{"content":[{"type":"audio","data":"aGkh","mimeType":"audio/wav"}]}`, "[audio, of type audio/wav, 3 bytes]"},
		{
			`{"content":[{"type":"image","data":"canary!","mimeType":"image/png"}]}`,
			"[image, of type image/png, no readable data]",
		},
		{`{"content":[{"type":"image"}]}`, "[image, no readable data]"},
		{`{"content":[{"type":"hologram"}]}`, "[hologram, no readable data]"},
		{
			`{"content":[{"type":"image","data":"aGk="}],"structuredContent":{"id":1}}`,
			"[image, 2 bytes]\n{\"id\":1}",
		},
		{
			`{"content":[{"type":"text","text":"Look:"},{"type":"image","data":"aGk=","mimeType":"image/png"}]}`,
			"Look:\n[image, of type image/png, 2 bytes]",
		},
		{
			link(`"uri":"file:///plan.pdf","name":"plan.pdf","mimeType":"application/pdf","size":1200`),
			`[resource link, named "plan.pdf", of type application/pdf, 1200 bytes, at file:///plan.pdf]`,
		},
		{
			link(`"uri":"ui://plan","title":"The plan","size":"12"`),
			`[resource link, named "The plan", 12 bytes, at ui://plan]`,
		},
		{link(`"uri":"https://me:canary@a.test/x?sig=canary#canary"`), "[resource link, at https://a.test/x]"},
		{link(`"uri":"data:text/plain,canary","name":"n"`), `[resource link, named "n"]`},
		{link(`"uri":"javascript:canary"`), "[resource link]"},
		{link(`"uri":"https:me:canary@a.test"`), "[resource link]"},
		{link(`"uri":"canary\u0000","name":"n"`), `[resource link, named "n"]`},
		{link(`"uri":"https://a.test/scope3_ak_1_sk_live_canary"`), "[resource link]"},
		{link(`"uri":"https://a.test/` + strings.Repeat("canary", 100) + `"`), "[resource link]"},
		{
			resource(`"uri":"file:///a","mimeType":"application/zip","blob":"aGk="`),
			"[embedded resource, of type application/zip, 2 bytes, at file:///a]",
		},
		{resource(`"uri":"file:///a","text":""`), "[embedded resource, no readable data, at file:///a]"},
		{resource(`"uri":"file:///a","text":"content"`), "content"},
		{link(`"uri":"ui://a","name":"two\nlines ` + "\u2028" + `"`), `[resource link, named "two lines", at ui://a]`},
	} {
		out := readsAndActs(t, tt.result).Dispatch(t.Context(), "act", nil)
		require.NoError(t, out.Err, tt.result)
		assert.Equal(t, tt.want, out.Text, tt.result)
		assert.False(t, out.IsError)
		assert.NotContains(t, out.Text, "canary")
	}
}
