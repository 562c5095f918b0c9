package mcpclient

import (
	"fmt"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
)

func TestSessionLoss(t *testing.T) {
	t.Parallel()
	rpc := func(code int, message string) string {
		return fmt.Sprintf(`{"jsonrpc":"2.0","id":null,"error":{"code":%d,"message":%q}}`, code, message)
	}
	ordinary := newRequest("1", methodCallTool, jsontext.Value(`{"name":"list_campaigns","arguments":{"limit":5}}`))
	booking := newRequest("1", methodCallTool, jsontext.Value(`{"name":"get","arguments":{"sessionId":"12"}}`))
	listing := newRequest("1", methodListTools, nil)
	for _, tt := range []struct {
		status int
		body   string
		want   loss
	}{
		{404, "", sessionDoubtful},
		{404, "Not Found", sessionDoubtful},
		{404, "404 page not found\n", sessionDoubtful},
		{404, "<html><body>Not Found</body></html>", sessionDoubtful},
		{404, `{"error":"Not Found"}`, sessionDoubtful},
		{404, `{"statusCode":404,"message":"Not Found","error":"Not Found"}`, sessionDoubtful},
		{404, `{"code":"NOT_FOUND","message":"not found"}`, sessionDoubtful},
		{404, `{"timestamp":"2026-01-02T03:04:05Z","status":404,"error":"Not Found","path":"/mcp"}`, sessionDoubtful},
		{404, `{"message":"Cannot POST /mcp","error":"Not Found"}`, sessionDoubtful},
		{404, `{"error":{"code":"NOT_FOUND","message":"Please try again"}}`, sessionDoubtful},
		{404, "Session not found", sessionGone},
		{404, "session not found: 1868a90c-5b6b-4d0c-8f4b-6a9a2f1f1d1e", sessionGone},
		{404, "Session 1868a90c-5b6b-4d0c-8f4b-6a9a2f1f1d1e not found", sessionGone},
		{404, `{"error":{"code":"SESSION_NOT_FOUND","message":"gone"}}`, sessionGone},
		{404, `{"error":"SessionNotFound"}`, sessionGone},
		{404, rpc(-32001, "Session not found"), sessionGone},
		{404, rpc(-32603, "Session terminated"), sessionGone},
		{404, rpc(-32000, "Not Found"), sessionDoubtful},
		{404, "[" + rpc(-32001, "Session not found") + "]", sessionGone},
		{404, "\ufeff" + rpc(-32001, "Session not found"), sessionGone},
		{409, "", sessionDoubtful},
		{409, "Conflict", sessionDoubtful},
		{409, rpc(-32000, "Session expired"), sessionGone},
		{409, "Session has already been closed", sessionGone},
		{410, "", sessionDoubtful},
		{410, "Gone", sessionDoubtful},
		{410, `{"message":"The session has ended"}`, sessionGone},
		{422, "", sessionDoubtful},
		{422, "Unprocessable Entity", sessionDoubtful},
		{422, "Unexpected message, expect initialize request", sessionGone},
		{422, `{"detail":"Unknown session"}`, sessionGone},
		{400, "Bad Request: No valid session ID provided", sessionGone},
		{400, "Missing session ID", sessionGone},
		{400, "Invalid session ID", sessionGone},
		{400, "Invalid or missing session ID", sessionGone},
		{400, "Mcp-Session-Id header is required", sessionGone},
		{400, "No transport found for sessionId", sessionGone},
		{400, `{"error":"Unknown session"}`, sessionGone},
		{400, `{"message":"bad session"}`, sessionGone},
		{400, "Server not initialized", sessionGone},
		{400, rpc(-32000, "Bad Request: Server not initialized"), sessionGone},
		{400, rpc(-32600, "Bad Request: No valid session ID provided"), sessionGone},
		{400, rpc(-32602, "Received request before initialization was complete"), sessionGone},
		{
			400,
			`{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"Bad Request","data":"It hasn't been initialized"}}`,
			sessionGone,
		},
		{401, "Session not found", sessionGone},
		{401, `{"error":"unauthorized","message":"Session abc not found"}`, sessionGone},
		{401, rpc(-32001, "Unknown session"), sessionGone},
		{403, "Session does not exist", sessionGone},
		{500, "Session abc-def not found", sessionGone},
		{500, `{"error":"Internal Server Error","message":"Session 12 could not be found"}`, sessionGone},
		{500, rpc(-32603, "Internal error: session s-1 doesn't exist"), sessionGone},
		{200, rpc(-32001, "Session not found"), sessionGone},
		{200, rpc(-32001, "Session expired, please re-initialize"), sessionGone},
		{200, rpc(-32600, "Invalid Request: unknown session"), sessionGone},
		{200, rpc(-32600, "Session is no longer valid"), sessionGone},
		{200, rpc(-32600, "Server not initialized"), sessionGone},
		{200, rpc(-32602, "Invalid params: session not found"), sessionGone},
		{200, rpc(-32602, "Invalid session ID"), sessionGone},
		{200, rpc(-32602, "Received request before initialization was complete"), sessionGone},
		{200, rpc(-32002, "Server not initialized"), sessionGone},
		{200, rpc(-32002, "Session not initialized"), sessionGone},
		{200, rpc(-32000, "No active session"), sessionGone},
		{200, `{"jsonrpc":"2.0","id":1,"error":{"code":"-32001","message":"Session not found"}}`, sessionGone},
		{200, rpc(-32000, "Could not find session abc"), sessionGone},
		{200, rpc(-32603, "The session timed out"), sessionGone},

		{400, "Transport not found for session", sessionGone},
		{400, `{"error":"invalid_session"}`, sessionGone},
		{404, `{"code":"ERR_SESSION_NOT_FOUND"}`, sessionGone},
		{404, "There is no session with this id", sessionGone},
		{401, `{"error":"invalid_session"}`, sessionGone},
		{500, rpc(-32603, "No session found for id abc"), sessionGone},
		{500, "Error: Session has been terminated", sessionGone},
		{200, rpc(-32001, "Please start a new session"), sessionGone},
		{200, rpc(-32600, "Session ID is required"), sessionGone},
		{200, rpc(-32600, "The session does not exist or has expired"), sessionGone},
		{200, rpc(-32600, "Session identifier not recognized"), sessionGone},
		{200, `{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"","data":{"code":"SESSION_EXPIRED"}}}`, sessionGone},

		{400, "Checkout session is invalid", sessionKept},
		{500, `{"message":"Training session 12 not found"}`, sessionKept},
		{200, rpc(-32602, "Missing sessionId"), sessionKept},
		{200, rpc(-32602, "Chat session 5 not found"), sessionKept},
		{200, rpc(-32001, "No booking session found"), sessionKept},
		{404, `{"error":{"code":"NOT_FOUND","message":"Campaign 12 not found"}}`, sessionKept},
		{404, `{"message":"Advertiser not found in this session"}`, sessionKept},
		{404, rpc(-32602, "Unknown tool: foo"), sessionKept},
		{404, rpc(-32601, "Method not found: tools/call"), sessionKept},
		{404, `{"message":"Resource not found"}`, sessionKept},
		{409, "Conflict: Only one SSE stream is allowed per session", sessionKept},
		{409, `{"message":"A campaign of this name exists"}`, sessionKept},
		{409, "Session is busy", sessionKept},
		{410, `{"message":"The campaign was archived"}`, sessionKept},
		{422, `{"detail":[{"loc":["body","budget"],"msg":"field required"}]}`, sessionKept},
		{422, `{"message":"budget must be positive"}`, sessionKept},
		{400, "", sessionKept},
		{400, "Bad Request", sessionKept},
		{400, `{"message":"budget must be positive"}`, sessionKept},
		{400, `{"message":"Invalid value for argument session"}`, sessionKept},
		{400, `{"message":"session_length must be positive"}`, sessionKept},
		{400, rpc(-32600, "Invalid Request: Server already initialized"), sessionKept},
		{400, rpc(-32602, "Missing required parameter: sessionId"), sessionKept},
		{400, "<html>session</html>", sessionKept},
		{401, "", sessionKept},
		{401, "Unauthorized", sessionKept},
		{401, "Your session has expired, please log in", sessionKept},
		{401, `{"error":"invalid_token","error_description":"The session token expired"}`, sessionKept},
		{403, "Forbidden", sessionKept},
		{429, "Session limit: too many requests in session", sessionKept},
		{500, "", sessionKept},
		{500, "Internal Server Error", sessionKept},
		{500, `{"message":"Campaign 12 not found"}`, sessionKept},
		{500, "could not save the session", sessionKept},
		{502, "Session not found", sessionKept},
		{503, "", sessionKept},
		{200, rpc(-32602, "Invalid arguments for tool book_session: session_date is required"), sessionKept},
		{200, rpc(-32602, "Invalid params: sessionId is required"), sessionKept},
		{200, rpc(-32602, "Unknown tool: session_start"), sessionKept},
		{200, rpc(-32602, "Invalid request parameters"), sessionKept},
		{200, rpc(-32002, "Resource not found"), sessionKept},
		{200, rpc(-32001, "Request timed out"), sessionKept},
		{200, rpc(-32601, "Session method not found"), sessionKept},
		{200, rpc(-32600, "Invalid Request"), sessionKept},
		{200, rpc(12, "Session not found"), sessionKept},
		{
			200, `{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"Session not found"}],"isError":true}}`,
			sessionKept,
		},
		{200, `{"error":"Session not found"}`, sessionKept},
	} {
		assert.Equal(t, tt.want, sessionLoss(tt.status, []byte(tt.body), &ordinary), "%d %s", tt.status, tt.body)
		assert.Equal(t, tt.want, sessionLoss(tt.status, []byte(tt.body), &listing), "%d %s", tt.status, tt.body)
	}

	// A call about sessions of another kind keeps the session, unless the status or the code is the protocol's own.
	for body, want := range map[string]loss{
		rpc(-32602, "Session 12 not found"): sessionKept,
		rpc(-32000, "Unknown session"):      sessionKept,
		rpc(-32001, "Session not found"):    sessionGone,
	} {
		assert.Equal(t, want, sessionLoss(200, []byte(body), &booking), body)
	}
	assert.Equal(t, sessionKept, sessionLoss(400, []byte("Session 12 is in the past"), &booking))
	assert.Equal(t, sessionGone, sessionLoss(404, []byte("Session not found"), &booking))
}

// FuzzSessionLoss verifies that no body makes a lost session of a response whose status or code cannot mean one.
func FuzzSessionLoss(f *testing.F) {
	for _, seed := range []string{
		"Session not found", `{"error":{"message":"no session"}}`, "[[",
		`{"error":["a",{"message":1}]}`,
	} {
		f.Add(200, []byte(seed))
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		m := newRequest("1", methodListTools, nil)
		got := sessionLoss(status, body, &m)
		switch status {
		case 200, 400, 401, 403, 404, 409, 410, 422, 500:
		default:
			assert.Equal(t, sessionKept, got)
		}
		if m, err := readMessage(body); status == 200 && (err != nil || m.failed == nil) {
			assert.NotEqual(t, sessionDoubtful, got)
		}
	})
}
