package mcpclient_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/mcpclient"
)

// big is beyond what a float64 can count.
const big = 9007199254740993

type thing struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// asked calls a tool for an Out.
func asked[Out any](ctx context.Context, s *mcpclient.Session, tool string) (any, error) {
	return mcpclient.CallTool[Out](ctx, s, tool, nil)
}

type asker func(ctx context.Context, s *mcpclient.Session, tool string) (any, error)

// openResultSession is a session whose tools answer what is in the list, by their number.
func openResultSession(t testing.TB, answers func(i int) string, opts ...client.Option) *mcpclient.Session {
	t.Helper()
	url := startScript(t, func(_ string, params json.RawMessage) string {
		var call struct {
			Name string `json:"name"`
		}
		_ = json.Unmarshal(params, &call)
		i, _ := strconv.Atoi(call.Name)
		return answers(i)
	})
	return openSession(t, connect(t, url, opaqueSecret, opts...))
}

// textBlock is a result with one text block.
func textBlock(text string) string {
	quoted, _ := json.Marshal(text)
	return fmt.Sprintf(`{"content":[{"type":"text","text":%s}]}`, quoted)
}

func TestCallToolReadsEveryForm(t *testing.T) {
	t.Parallel()
	const (
		object = `{"id":9007199254740993,"name":"Acme"}`
		first  = `{"message":"Done","success":true,"data":` + object + `}`
		page   = `<html><body>Report</body></html>`
		html   = `{"content":[{"type":"resource","resource":{"uri":"ui://report","mimeType":"text/html","text":"` + page +
			`"}}]}`
		many = `{"content":[{"type":"text","text":"Found 1:"},{"type":"text","text":" ` +
			`{\"id\":9007199254740993}\n"},{"type":"text","text":"{}"}]}`
		image = `{"content":[{"type":"image","data":"aGk=","mimeType":"image/png"},{"type":"resource_link","uri":"ui` +
			`://x","mimeType":"text/html"}]}`
		twice = `{"content":[{"type":"text","text":"{\"id\":1}"}],"structuredContent":` + object + `}`
	)
	acme := thing{big, "Acme"}
	cases := []struct {
		result string
		ask    asker
		want   any
	}{
		{`{"content":[],"structuredContent":` + object + `}`, asked[thing], acme},
		{`{"structuredContent":` + object + `}`, asked[*thing], &acme},
		{twice, asked[thing], acme},
		{`{"content":[{"type":"text","text":"{\"id\":7}"}],"structuredContent":null}`, asked[thing], thing{ID: 7}},
		{textBlock(object), asked[thing], acme},
		{textBlock("\n " + object + " "), asked[thing], acme},
		{textBlock(object), asked[map[string]jsontext.Value], map[string]jsontext.Value{
			"id": jsontext.Value("9007199254740993"), "name": jsontext.Value(`"Acme"`),
		}},
		{textBlock(object), asked[jsontext.Value], jsontext.Value(object)},
		{textBlock(object), asked[json.RawMessage], json.RawMessage(object)},
		{textBlock(object), asked[string], object},
		{textBlock(object), asked[struct{}], struct{}{}},
		{textBlock("9007199254740993"), asked[int64], int64(big)},
		{textBlock("[" + object + "]"), asked[[]thing], []thing{acme}},
		{`{"structuredContent":[9007199254740993]}`, asked[[]int64], []int64{big}},
		{textBlock(first), asked[thing], acme},
		{textBlock(first), asked[jsontext.Value], jsontext.Value(object)},
		{textBlock(`{"success":true,"data":[` + object + `]}`), asked[[]thing], []thing{acme}},
		{textBlock(`{"success":true,"id":7}`), asked[thing], thing{ID: 7}},
		{textBlock(`{"success":"yes","id":7}`), asked[thing], thing{ID: 7}},
		{textBlock(`{"data":` + object + `,"error":null}`), asked[thing], acme},
		{
			textBlock(`{"data":[` + object + `],"error":null,"meta":{"pagination":{"total":1}}}`), asked[[]thing],
			[]thing{acme},
		},
		{textBlock(`{"success":true,"data":{"data":` + object + `,"error":null}}`), asked[thing], acme},
		{textBlock("Hello, you."), asked[string], "Hello, you."},
		{textBlock("Hello, you."), asked[struct{}], struct{}{}},
		{html, asked[string], page},
		{many, asked[string], "Found 1:\n {\"id\":9007199254740993}\n\n{}"},
		{many, asked[thing], thing{ID: big}},
		{`{"structuredContent":` + object + `}`, asked[string], object},
		{`{"content":[]}`, asked[struct{}], struct{}{}},
		{`{"content":[]}`, asked[string], ""},
	}
	s := openResultSession(t, func(i int) string { return `"result":` + cases[i].result })
	for i, tt := range cases {
		got, err := tt.ask(t.Context(), s, strconv.Itoa(i))
		require.NoError(t, err, tt.result)
		assert.Equal(t, tt.want, got, tt.result)
	}

	s = openResultSession(t, func(i int) string { return `"result":` + []string{html, image, twice}[i] })
	r, err := mcpclient.CallTool[mcpclient.Result](t.Context(), s, "0", nil)
	require.NoError(t, err)
	assert.Equal(t, []mcpclient.Block{{Type: "resource", Text: page, MIMEType: "text/html", URI: "ui://report"}}, r.Blocks)
	r, err = mcpclient.CallTool[mcpclient.Result](t.Context(), s, "1", nil)
	require.NoError(t, err)
	assert.Equal(t, []mcpclient.Block{
		{Type: "image", Data: []byte("hi"), MIMEType: "image/png"}, {
			Type: "resource_link", MIMEType: "text/html",
			URI: "ui://x",
		},
	}, r.Blocks)
	assert.Empty(t, r.Text())
	assert.Nil(t, r.JSON())
	r, err = mcpclient.CallTool[mcpclient.Result](t.Context(), s, "2", nil)
	require.NoError(t, err)
	assert.Equal(t, object, string(r.Structured))
	assert.Equal(t, object, string(r.JSON()))
	assert.Equal(t, `{"id":1}`, r.Text())
}

// What cannot be read has been done all the same, and the error says so without quoting it.
func TestCallToolCannotRead(t *testing.T) {
	t.Parallel()
	cases := []struct {
		result, reason string
		ask            asker
	}{
		{textBlock("canary plain"), "text, not data", asked[thing]},
		{textBlock(`<!doctype html><p>canary`), "an HTML page", asked[thing]},
		{
			`{"content":[{"type":"resource","resource":{"uri":"ui://a","mimeType":"text/html","text":"canary"}}]}`,
			"an HTML page", asked[[]thing],
		},
		{textBlock(`{"id":"canary"}`), `"id" cannot be read`, asked[thing]},
		{textBlock(`{"id":1.5}`), `"id" cannot be read`, asked[thing]},
		{textBlock(`{"id":9223372036854775808}`), `"id" cannot be read`, asked[thing]},
		{textBlock(`["canary"]`), "another shape", asked[thing]},
		{`{"content":[]}`, "returned nothing", asked[jsontext.Value]},
	}
	s := openResultSession(t, func(i int) string { return `"result":` + cases[i].result })
	for i, tt := range cases {
		out, err := tt.ask(t.Context(), s, strconv.Itoa(i))
		var unreadable *client.DecodeError
		require.ErrorAs(t, err, &unreadable, tt.result)
		assert.True(t, unreadable.WriteSucceeded)
		assert.Equal(t, "tools/call "+strconv.Itoa(i), unreadable.Operation)
		assert.Contains(t, err.Error(), "took effect")
		assert.Contains(t, err.Error(), tt.reason)
		assert.NotContains(t, err.Error(), "canary")
		assert.JSONEq(t, tt.result, string(unreadable.RawBody()))
		assert.Empty(t, out)
	}
}

// A damaged block does not cost the others; a printed result shows no content.
func TestResultInPart(t *testing.T) {
	t.Parallel()
	s := openResultSession(t, func(int) string {
		return `"result":{"content":[{"type":"image","data":"canary!"},{"type":"text","text":"canary"},{"type":"audio` +
			`","data":"aGk="}]}`
	})
	r, err := mcpclient.CallTool[*mcpclient.Result](t.Context(), s, "0", nil)
	require.NoError(t, err)
	require.Len(t, r.Blocks, 3)
	assert.Nil(t, r.Blocks[0].Data)
	assert.Equal(t, "canary", r.Text())
	assert.Equal(t, "hi", string(r.Blocks[2].Data))
	assert.NotContains(t, fmt.Sprintf("%v %+v %#v %s", *r, r, *r, r), "canary")
}
