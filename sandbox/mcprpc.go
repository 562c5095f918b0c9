package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
)

// The JSON-RPC and MCP error codes of the sandbox itself.
const (
	rpcInvalidRequest     = -32600
	rpcUnsupportedVersion = -32022
)

// rpc is the parsed part of an MCP message. Of a batch it is the first one that has a method.
type rpc struct {
	id      json.RawMessage
	method  string
	tool    string // of a tools/call
	version string // of the protocol, where the message is bound to one
	offer   string // the version that an initialize offers
}

// String returns the name of a message in faults and the record: its method, followed by the name of the tool it calls.
func (m rpc) String() string {
	if m.tool == "" {
		return m.method
	}
	return m.method + " " + m.tool
}

// named reports whether the RPC of a [Fault] matches the message: by its method, or by method and tool.
func (m rpc) named(pattern string) bool {
	return m.method != "" && (pattern == m.method || pattern == m.String())
}

// readRPC reads a message. What it cannot read is left to the library to refuse.
func readRPC(data []byte) rpc {
	type message struct {
		ID     json.RawMessage `json:"id"`
		Method string          `json:"method"`
		Params struct {
			Name    string                     `json:"name"`
			Version string                     `json:"protocolVersion"`
			Meta    map[string]json.RawMessage `json:"_meta"`
		} `json:"params"`
	}
	var found message
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("[")) {
		var batch []message
		_ = json.Unmarshal(data, &batch)
		for _, one := range batch {
			if one.Method != "" {
				found = one
				break
			}
		}
	} else {
		_ = json.Unmarshal(data, &found)
	}
	m := rpc{id: found.ID, method: found.Method, offer: found.Params.Version}
	if m.method == "tools/call" {
		m.tool = found.Params.Name
	}
	_ = json.Unmarshal(found.Params.Meta["io.modelcontextprotocol/protocolVersion"], &m.version)
	return m
}

// inspectMCP reads the message of a request.
func (x *exchange) inspectMCP(data []byte, err error) {
	x.message, x.rpc = data, readRPC(data)
	var tooLarge *http.MaxBytesError
	if err != nil {
		refusal := badRequest("The body ended too early")
		if errors.As(err, &tooLarge) {
			refusal = bodyTooLarge()
		}
		x.request.refusal = &refusal
	}
	name := redact(x.rpc.String())
	session := x.r.Header.Get("Mcp-Session-Id") != ""
	x.s.recorder.update(x.rec, func(req *Request) { req.RPC, req.Session = name, session })
}

// generation is a way of MCP to keep state: with sessions or without.
type generation int

const (
	noMCP generation = iota // not an MCP request, or one that is refused
	withSessions
	withoutSessions
)

// respondMCP handles an authenticated MCP request: a refusal, or the generation of the
// protocol in which the library answers.
func (x *exchange) respondMCP() reply {
	if x.path != mcpBuyer && x.path != mcpStorefront {
		return notFound("There is no MCP endpoint at this path")
	}
	if x.request.refusal != nil {
		return *x.request.refusal
	}
	single := x.rpc.version != "" || x.r.Header.Get("Mcp-Protocol-Version") >= stateless
	hasSingle, hasSessions := x.s.cfg.mcp.speaks()
	switch {
	case single && !hasSingle:
		return refuseRPC(x.rpc.id, rpcInvalidRequest, "Invalid Request: unknown method or protocol version", nil)
	case !single && !hasSessions && x.r.Method == http.MethodPost:
		return refuseRPC(x.rpc.id, rpcUnsupportedVersion, "Unsupported protocol version",
			map[string]any{"supported": x.s.cfg.mcp.versions, "requested": x.rpc.offer})
	case single || !hasSessions:
		return reply{mcp: withoutSessions}
	}
	return reply{mcp: withSessions}
}

// refuseRPC is an error of JSON-RPC that comes with HTTP status 400.
func refuseRPC(id json.RawMessage, code int, message string, data any) reply {
	if id == nil {
		id = json.RawMessage("null")
	}
	type failure struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
		Data    any    `json:"data,omitempty"`
	}
	return plain(http.StatusBadRequest, struct {
		Version string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Error   failure         `json:"error"`
	}{"2.0", id, failure{code, message, data}})
}
