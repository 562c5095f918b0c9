package guarantees

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/mcpclient"
)

// bearer sends a credential over MCP without this module.
type bearer struct{ next http.RoundTripper }

func (b bearer) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Header.Set("Authorization", "Bearer bench")
	return b.next.RoundTrip(req)
}

type answered struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Total int64  `json:"total"`
}

// BenchmarkToolCall compares one tool call with the same call of the bare MCP library, including decoding.
func BenchmarkToolCall(b *testing.B) {
	for _, form := range []struct {
		name string
		json bool
	}{{"events", false}, {"json", true}} {
		for _, version := range []string{"2025-11-25", "2026-07-28"} {
			b.Run(form.name+"/"+version, func(b *testing.B) { compareToolCall(b, form.json, version) })
		}
	}
}

func compareToolCall(b *testing.B, asJSON bool, version string) {
	platform := mcp.NewServer(&mcp.Implementation{Name: "bench", Version: "1"}, nil)
	platform.AddTool(&mcp.Tool{Name: "get", InputSchema: map[string]any{"type": "object"}},
		func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: `{"id":7,"name":"Acme","total":90}`}}}, nil
		})
	handler := mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return platform },
		&mcp.StreamableHTTPOptions{
			JSONResponse: asJSON, Stateless: version > "2026",
		})
	server := httptest.NewServer(handler)
	b.Cleanup(server.Close)

	plainTransport := http.DefaultTransport.(*http.Transport).Clone()
	b.Cleanup(plainTransport.CloseIdleConnections)
	library, err := mcp.NewClient(&mcp.Implementation{Name: "plain", Version: "1"}, nil).Connect(b.Context(),
		&mcp.StreamableClientTransport{
			Endpoint: server.URL + "/mcp/v2/buyer", DisableStandaloneSSE: true,
			HTTPClient: &http.Client{Transport: bearer{plainTransport}},
		}, &mcp.ClientSessionOptions{ProtocolVersion: version})
	require.NoError(b, err)
	b.Cleanup(func() { _ = library.Close() })

	token, err := client.ParseOpaqueToken("bench")
	require.NoError(b, err)
	c, err := client.New(client.WithEnvironment(client.BaseURL(server.URL)), client.WithToken(token))
	require.NoError(b, err)
	b.Cleanup(c.CloseIdleConnections)
	session, err := mcpclient.Connect(b.Context(), c, mcpclient.WithProtocolVersion(version))
	require.NoError(b, err)
	b.Cleanup(func() { _ = session.Close(context.Background()) })
	require.Equal(b, version, session.ProtocolVersion())

	compare(b, 200, func() {
		result, err := library.CallTool(context.Background(),
			&mcp.CallToolParams{Name: "get", Arguments: map[string]any{"id": 7}})
		if err != nil || result.IsError {
			b.Fatal(err)
		}
		var out answered
		if err := json.Unmarshal([]byte(result.Content[0].(*mcp.TextContent).Text), &out); err != nil || out.ID != 7 {
			b.Fatal(err)
		}
	}, func() {
		out, err := mcpclient.CallTool[answered](context.Background(), session, "get", map[string]any{"id": 7})
		if err != nil || out.ID != 7 {
			b.Fatal(err)
		}
	})
}
