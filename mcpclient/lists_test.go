package mcpclient_test

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// stageLibrary is a server of the MCP library with three pages of everything, which the sandbox has only tools of.
// What it says may be remembered for a day.
func stageLibrary(t testing.TB, version string) (url string, messages *atomic.Int64) {
	t.Helper()
	server := mcp.NewServer(&mcp.Implementation{Name: "library", Version: "1"}, &mcp.ServerOptions{
		PageSize:     2,
		SetCacheable: func(_ context.Context, _ mcp.Request, c *mcp.Cacheable) { c.TTLMs = 86_400_000 },
	})
	for i := range 5 {
		name := fmt.Sprint("n", i)
		server.AddTool(&mcp.Tool{Name: name, InputSchema: json.RawMessage(`{"type":"object"}`)},
			func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) { return stageText(name), nil })
		server.AddPrompt(&mcp.Prompt{Name: name, Arguments: []*mcp.PromptArgument{{Name: "who"}}},
			func(_ context.Context, req *mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
				text := "Hello, " + req.Params.Arguments["who"]
				return &mcp.GetPromptResult{Messages: []*mcp.PromptMessage{{Role: "user", Content: &mcp.TextContent{Text: text}}}}, nil
			})
		server.AddResource(&mcp.Resource{Name: name, URI: "ui://" + name},
			func(_ context.Context, req *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
				return &mcp.ReadResourceResult{Contents: []*mcp.ResourceContents{{URI: req.Params.URI, MIMEType: "text/html", Text: "<p>" + name}}}, nil
			})
	}
	handler := mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server },
		&mcp.StreamableHTTPOptions{Stateless: version >= "2026-07-28"})
	messages = new(atomic.Int64)
	listening := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		messages.Add(1)
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(listening.Close)
	return listening.URL, messages
}

// named lists what a walk gives.
func named[T any](t testing.TB, walk iter.Seq2[T, error], name func(T) string) (names []string) {
	t.Helper()
	for one, err := range walk {
		require.NoError(t, err)
		names = append(names, name(one))
	}
	return names
}

func toolName(t *mcp.Tool) string { return t.Name }

func TestListsOfBothGenerations(t *testing.T) {
	t.Parallel()
	all := []string{"n0", "n1", "n2", "n3", "n4"}
	for _, version := range stageGenerations {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			url, messages := stageLibrary(t, version)
			s := stageSession(t, stageClient(t, url, opaqueSecret), mcpclient.WithProtocolVersion(version))
			require.Equal(t, version, s.ProtocolVersion())

			tools := s.Tools(ctx)
			assert.Equal(t, all, named(t, tools, toolName))
			for tool, err := range tools { // a walk that is left can be made again
				require.NoError(t, err)
				if tool.Name == "n2" {
					break
				}
			}
			assert.Equal(t, all, named(t, tools, toolName))
			assert.Equal(t, all, named(t, s.Prompts(ctx), func(p *mcp.Prompt) string { return p.Name }))
			assert.Equal(t, all, named(t, s.Resources(ctx), func(r *mcp.Resource) string { return r.Name }))

			page, err := s.ReadResource(ctx, "ui://n3")
			require.NoError(t, err)
			assert.Equal(t, "<p>n3", page.Contents[0].Text)
			prompt, err := s.GetPrompt(ctx, "n1", map[string]string{"who": "you"})
			require.NoError(t, err)
			assert.Equal(t, &mcp.TextContent{Text: "Hello, you"}, prompt.Messages[0].Content)
			for range 2 {
				before := messages.Load()
				require.NoError(t, s.Ping(ctx))
				assert.Equal(t, before+1, messages.Load(), "memory does not tell whether the server is there")
			}

			var api *client.APIError
			_, err = s.ReadResource(ctx, "ui://none")
			require.ErrorAs(t, err, &api)
			assert.Equal(t, "resources/read", api.Operation)
			_, err = s.GetPrompt(ctx, "none", nil)
			require.ErrorIs(t, err, client.ErrBadRequest)
		})
	}
}

// stagePages is a session with a server whose lists have one tool a page, named like the cursor, and go on as next says.
// An empty cursor ends them; one that is not in next is refused.
func stagePages(t testing.TB, next map[string]string, asked *[]string) *mcpclient.Session {
	t.Helper()
	url := stageScript(t, func(_ string, params json.RawMessage) string {
		var page struct {
			Cursor string `json:"cursor"`
		}
		_ = json.Unmarshal(params, &page)
		*asked = append(*asked, page.Cursor)
		after, known := next[page.Cursor]
		if !known {
			return `"error":{"code":-32602,"message":"invalid cursor"}`
		}
		return fmt.Sprintf(`"result":{"tools":[{"name":"t%s","inputSchema":{"type":"object"}}],"nextCursor":%q}`, page.Cursor, after)
	})
	return stageSession(t, stageClient(t, url, opaqueSecret))
}

func TestListsThatDoNotEnd(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		next map[string]string
		want string // the cursors asked for
		last string // the one that led back
	}{
		{map[string]string{"": "A", "A": "A"}, " A", "A"},
		{map[string]string{"": "A", "A": "B", "B": "A"}, " A B", "B"},
		{map[string]string{"": "A", "A": "B", "B": "C", "C": "B"}, " A B C", "C"},
	} {
		var asked []string
		s := stagePages(t, tt.next, &asked)
		var names []string
		var ends []error
		for tool, err := range s.Tools(t.Context()) {
			if err != nil {
				assert.Nil(t, tool)
				ends = append(ends, err)
				continue // it ends by itself
			}
			names = append(names, tool.Name)
		}
		assert.Equal(t, tt.want, strings.Join(asked, " "))
		assert.Len(t, names, len(asked))
		require.Len(t, ends, 1)
		var endless *client.PagingError
		require.ErrorAs(t, ends[0], &endless)
		assert.Equal(t, "tools/list", endless.Operation)
		assert.Equal(t, client.PageToken(tt.last), endless.At)
	}
}

func TestListsEndWithAnError(t *testing.T) {
	t.Parallel()
	var asked []string
	next := map[string]string{"": "A", "A": "gone"}
	s := stagePages(t, next, &asked)
	walk := s.Tools(t.Context())
	for range 2 { // and begin anew
		var got []string
		for tool, err := range walk {
			if err != nil {
				require.ErrorIs(t, err, client.ErrBadRequest)
				got = append(got, "error")
				continue
			}
			got = append(got, tool.Name)
		}
		assert.Equal(t, []string{"t", "tA", "error"}, got)
	}

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	for _, err := range s.Tools(ctx) {
		cancel()
		last = err
	}
	require.ErrorIs(t, last, context.Canceled)
	require.NotErrorIs(t, last, client.ErrOutcomeUnknown)

	_, err := s.ToolDefinitions(t.Context())
	require.ErrorIs(t, err, client.ErrBadRequest)
}

// Lists and reads are repeated like GET requests.
func TestListsAreRepeated(t *testing.T) {
	t.Parallel()
	for _, version := range stageGenerations {
		srv := sandboxtest.Start(t, sandbox.WithMCPVersions(version))
		s := stageAdmin(t, srv)
		srv.Inject(sandbox.Fault{RPC: "tools/list", Status: 503, Times: 1})
		srv.Inject(sandbox.Fault{RPC: "tools/list", Kind: sandbox.FaultResetAfter, Times: 1})
		assert.Contains(t, named(t, s.Tools(t.Context()), toolName), "health")
		for _, rpc := range []string{"ping", "server/discover"} {
			srv.Inject(sandbox.Fault{RPC: rpc, Status: 502, Times: 1})
		}
		require.NoError(t, s.Ping(t.Context()))

		srv.ClearFaults()
		srv.Inject(sandbox.Fault{Status: 403})
		err := s.Ping(t.Context())
		require.ErrorIs(t, err, client.ErrForbidden)
		assert.Regexp(t, `^interchange: (ping|server/discover) \(POST /mcp/v2/buyer\): 403`, err.Error())
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, s.Ping(ended), context.Canceled)
		srv.ClearFaults()
		require.NoError(t, s.Close(t.Context()))
		require.ErrorIs(t, s.Ping(t.Context()), mcpclient.ErrClosed)
	}
}

func TestListOfEmptyPagesEnds(t *testing.T) {
	t.Parallel()
	pages := 0
	url := stageScript(t, func(string, json.RawMessage) string {
		pages++
		return fmt.Sprintf(`"result":{"tools":[],"nextCursor":"%d"}`, pages)
	})
	s := stageSession(t, stageClient(t, url, opaqueSecret))
	_, err := s.ToolNames(t.Context())
	var endless *client.PagingError
	require.ErrorAs(t, err, &endless)
	assert.Contains(t, err.Error(), "100 pages in a row have no item")
	assert.Equal(t, 100, pages)
}
