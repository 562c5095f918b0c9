package mcpclient_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/mcpclient"
)

// everyOutput calls a tool for each kind of output.
var everyOutput = map[string]asker{
	"struct{}": asked[struct{}], "string": asked[string], "Result": asked[mcpclient.Result],
	"*Result": asked[*mcpclient.Result], "Value": asked[jsontext.Value], "T": asked[thing], "map": asked[map[string]any],
}

// structured is a result with structured content.
func structured(data string) string { return `{"content":[],"structuredContent":` + data + `}` }

func TestFailureInToolDataIsAnErrorForEveryOutput(t *testing.T) {
	t.Parallel()
	failures := []string{
		`{"success":false}`,
		`{"success":false,"error":{"code":"FORBIDDEN","message":"no"}}`,
		`{"success":false,"data":{}}`,
		`{"success":"false","data":{"id":1}}`,
		`{"data":{"id":1},"success":false}`,
		`{"error":{"code":"FORBIDDEN","message":"no"}}`,
		`{"requestId":"r1","error":{"code":"FORBIDDEN","message":"no"}}`,
		`{"data":null,"error":{"code":"FORBIDDEN","message":"no"}}`,
		`{"error":{"code":"FORBIDDEN","message":"no"},"data":{"id":1}}`,
		`{"error":"no"}`,
		`{"statusCode":403,"error":"Forbidden"}`,
		`{"statusCode":403,"message":"Forbidden"}`,
		`{"errors":[{"message":"no"}]}`,
		`{"data":null,"errors":[{"message":"no"}]}`,
		`{"status":"error","message":"no"}`,
		`{"errorMessage":"Task timed out","errorType":"Sandbox.Timedout"}`,
		`{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"no"}}`,
		`{"code":"Unauthorized","message":"no","details":{}}`,
		`[{"error":"no"}]`,
		`{"success":true,"data":{"data":null,"error":{"code":"FORBIDDEN","message":"no"}}}`,
	}
	var results []string
	for _, failure := range failures {
		block := textBlock(failure)
		results = append(results, structured(failure), block, textBlock("\ufeff "+failure+"\n"),
			block[:len(block)-1]+`,"structuredContent":{"id":1}}`,
			`{"content":[{"type":"text","text":"Done:"},{"type":"text","text":`+strconv.Quote(failure)+`}]}`)
	}
	s := openResultSession(t, func(i int) string { return `"result":` + results[i] })
	for i, result := range results {
		for name, ask := range everyOutput {
			out, err := ask(t.Context(), s, strconv.Itoa(i))
			var failed *client.APIError
			require.ErrorAs(t, err, &failed, "%s for %s", result, name)
			assert.Equal(t, 200, failed.StatusCode)
			assert.Empty(t, out)
		}
		out := readsAndActs(t, result).Dispatch(t.Context(), "act", nil)
		var failed *client.APIError
		require.ErrorAs(t, out.Err, &failed, result)
		assert.True(t, out.IsError)
	}
}

func TestToolDataWithoutAFailureIsASuccess(t *testing.T) {
	t.Parallel()
	data := []string{
		`{"id":1,"error":null}`, `{"id":1,"error":""}`, `{"id":1,"error":{}}`, `{"id":1,"error":[]}`, `{"id":1,"error":0}`,
		`{"id":1,"error":false}`, `{"id":1,"errors":[]}`, `{"id":1,"success":true}`, `{"data":{"id":1},"error":null}`,
		`{"id":1,"status":"failed"}`, `{"success":true,"data":{"id":1}}`, `{"statusCode":200,"data":{"id":1}}`,
	}
	s := openResultSession(t, func(i int) string {
		return `"result":` + []string{textBlock(data[i/2]), structured(data[i/2])}[i%2]
	})
	for i := range 2 * len(data) {
		for name, ask := range everyOutput {
			_, err := ask(t.Context(), s, strconv.Itoa(i))
			require.NoError(t, err, "%s for %s", data[i/2], name)
		}
		got, err := mcpclient.CallTool[thing](t.Context(), s, strconv.Itoa(i), nil)
		require.NoError(t, err)
		assert.EqualValues(t, 1, got.ID, data[i/2])
	}
}

// readsAndActs is a server with a tool that reads, named look, and others that act. All return the result.
func readsAndActs(t *testing.T, result string) *mcpclient.Session {
	t.Helper()
	url := startScript(t, func(method string, _ json.RawMessage) string {
		if method == "tools/list" {
			return `"result":{"tools":[{"name":"look","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":true}},` +
				`{"name":"act","inputSchema":{"type":"object"}}]}`
		}
		return `"result":` + result
	})
	return openSession(t, connect(t, url, opaqueSecret))
}

func TestSpellingsOfIsError(t *testing.T) {
	t.Parallel()
	type verdict int
	const (
		succeeds verdict = iota
		fails
		unproven
	)
	for _, tt := range []struct {
		isError string
		want    verdict
	}{
		{`false`, succeeds},
		{`null`, succeeds},
		{`"false"`, succeeds},
		{`0`, succeeds},
		{`""`, succeeds},
		{`true`, fails},
		{`"true"`, fails},
		{`"True"`, fails},
		{`" true "`, fails},
		{`1`, fails},
		{`"1"`, fails},
		{`"yes"`, unproven},
		{`2`, unproven},
		{`-1`, unproven},
		{`[]`, unproven},
		{`{}`, unproven},
		{`[true]`, unproven},
		{`{"code":1}`, unproven},
	} {
		t.Run(tt.isError, func(t *testing.T) {
			t.Parallel()
			s := readsAndActs(t, fmt.Sprintf(`{"isError":%s,"content":[{"type":"text","text":"{\"id\":1}"}]}`, tt.isError))
			for name, ask := range everyOutput {
				for _, tool := range []string{"act", "look"} {
					_, err := ask(t.Context(), s, tool)
					switch tt.want {
					case succeeds:
						require.NoError(t, err, name)
					case fails:
						var failed *client.APIError
						require.ErrorAs(t, err, &failed, name)
					case unproven:
						requireUnproven(t, err, tool == "act")
					}
				}
			}
		})
	}
}

// requireUnproven checks the error of a call whose response does not prove that the tool ran.
func requireUnproven(t *testing.T, err error, acts bool) {
	t.Helper()
	var unread *client.DecodeError
	require.ErrorAs(t, err, &unread)
	assert.False(t, unread.WriteSucceeded)
	assert.Equal(t, acts, errors.Is(err, client.ErrOutcomeUnknown), err)
	assert.Contains(t, err.Error(), "not the result of a tool")
	assert.NotContains(t, err.Error(), "took effect, but")
}

func TestImproperToolResultDoesNotProveAWrite(t *testing.T) {
	t.Parallel()
	for _, result := range []string{`["canary"]`, `"canary"`, `7`, `true`, `null`, `[]`, `[{"content":[]}]`} {
		t.Run(result, func(t *testing.T) {
			t.Parallel()
			s := readsAndActs(t, result)
			_, err := s.ToolNames(t.Context())
			require.NoError(t, err)
			for name, ask := range everyOutput {
				for _, tool := range []string{"act", "look"} {
					out, err := ask(t.Context(), s, tool)
					requireUnproven(t, err, tool == "act")
					assert.NotContains(t, err.Error(), "canary")
					assert.Empty(t, out, name)
				}
			}
		})
	}
}

func TestHostsGetTheSameVerdict(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		result  string
		isError bool
		proper  bool
	}{
		{`{"content":[{"type":"text","text":"x"}],"isError":"true"}`, true, true},
		{`{"isError":1,"content":[{"type":"text","text":"x"}]}`, true, true},
		{`{"isError":"false","content":[{"type":"text","text":"x"}]}`, false, true},
		{`{"isError":0,"content":[]}`, false, true},
		{`{"isError":false,"content":[]}`, false, true},
		{`{"isError":"canary","content":[]}`, false, false},
		{`{"isError":[],"content":[]}`, false, false},
		{`["canary"]`, false, false},
		{`"canary"`, false, false},
	} {
		t.Run(tt.result, func(t *testing.T) {
			t.Parallel()
			host := connectHost(t, readsAndActs(t, tt.result))
			for _, tool := range []string{"act", "look"} {
				got, err := host.CallTool(t.Context(), &mcp.CallToolParams{Name: tool})
				if !tt.proper {
					requireUnproven(t, err, tool == "act")
					assert.NotContains(t, err.Error(), "canary")
					continue
				}
				require.NoError(t, err)
				assert.Equal(t, tt.isError, got.IsError)
			}
		})
	}
}
