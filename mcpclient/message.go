package mcpclient

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

const (
	methodInitialize = "initialize"
	methodDiscover   = "server/discover"
	methodListTools  = "tools/list"
	methodCallTool   = "tools/call"
	methodListen     = "subscriptions/listen"

	methodInitialized = "notifications/initialized"
	methodProgress    = "notifications/progress"

	methodSetLevel    = "logging/setLevel"
	methodSubscribe   = "resources/subscribe"
	methodUnsubscribe = "resources/unsubscribe"
)

// message is a parsed JSON-RPC message. Its values are parts of raw.
type message struct {
	raw     []byte
	id      jsontext.Value // nil for a notification
	method  string         // empty for a response
	params  jsontext.Value
	result  jsontext.Value
	failed  jsontext.Value // the error object
	hasBoth bool           // it has both a result and an error
}

func (m *message) isCall() bool     { return m.method != "" && m.id != nil }
func (m *message) isResponse() bool { return m.method == "" && m.id != nil }

var errNotRPC = errors.New("it is not a JSON-RPC message")

// readMessage parses a message. Names are compared exactly and must not occur twice: all readers must see the same id.
func readMessage(raw []byte) (message, error) {
	raw = wire.TrimJSON(raw)
	if len(raw) == 0 || raw[0] != '{' || wire.CheckNames(raw) != nil ||
		!jsontext.Value(raw).IsValid(jsontext.AllowInvalidUTF8(true)) {
		return message{}, errNotRPC
	}
	m := message{raw: raw}
	versioned := false
	var failure jsontext.Value
	for name, value := range wire.Members(raw) {
		switch string(name) {
		case "jsonrpc":
			versioned = string(value) == `"2.0"`
		case "id":
			if value.Kind() != 'n' {
				m.id = value
			}
		case "method":
			if m.method = textOf(value); m.method == "" {
				return message{}, errNotRPC
			}
		case "params":
			m.params = value
		case "result":
			m.result = value
		case "error":
			failure = value
		}
	}
	m.hasBoth = m.result != nil && failure != nil
	switch k := failure.Kind(); {
	case failure == nil || k == 'n':
	case m.result != nil && m.result.Kind() != 'n' && isEmptyValue(failure): // some servers always send an error
	case k == '{':
		m.failed, m.result = failure, nil
	default:
		return message{}, errNotRPC
	}
	if !versioned || (m.method == "" && m.result == nil && m.failed == nil) {
		return message{}, errNotRPC
	}
	return m, nil
}

// isEmptyValue reports whether a value is null, false, 0, or an empty string, list or object.
func isEmptyValue(v jsontext.Value) bool {
	switch v.Kind() {
	case 'n', 'f':
		return true
	case '0':
		return string(v) == "0"
	case '"':
		return len(v) == len(`""`)
	case '{', '[':
		return len(bytes.TrimSpace(v[1:len(v)-1])) == 0
	}
	return false
}

// readMessages parses a message or a batch of messages.
func readMessages(raw []byte) ([]message, error) {
	trimmed := wire.TrimJSON(raw)
	if len(trimmed) == 0 || trimmed[0] != '[' {
		m, err := readMessage(trimmed)
		return []message{m}, err
	}
	if !jsontext.Value(trimmed).IsValid(jsontext.AllowInvalidUTF8(true)) {
		return nil, errNotRPC
	}
	var all []message
	for one := range wire.Elements(trimmed) {
		m, err := readMessage(one)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	if all == nil {
		return nil, errNotRPC
	}
	return all, nil
}

// member returns a member of an object that is valid JSON, or nil.
func member(object jsontext.Value, wanted string) jsontext.Value {
	for name, value := range wire.Members(object) {
		if string(name) == wanted {
			return value
		}
	}
	return nil
}

func textOf(v jsontext.Value) string {
	if len(v) < 2 || v[0] != '"' {
		return ""
	}
	if bytes.IndexByte(v, '\\') < 0 && utf8.Valid(v) {
		return string(v[1 : len(v)-1])
	}
	var s string
	if json.Unmarshal(v, &s, jsontext.AllowInvalidUTF8(true)) != nil {
		return ""
	}
	return s
}

// matchesID compares the id of a response with that of a request. Some servers return numbers as text or the reverse;
// no two requests of a connection have ids that differ only in their type.
func matchesID(response, request jsontext.Value) bool {
	return sameID(response, request) || sameID(unquoted(response), unquoted(request))
}

// unquoted returns the number in a text, or the value itself.
func unquoted(v jsontext.Value) jsontext.Value {
	if v.Kind() == '"' {
		if inner := v[1 : len(v)-1]; inner.Kind() == '0' && inner.IsValid() {
			return inner
		}
	}
	return v
}

// sameID compares ids as JSON-RPC does: 7 and 7.0 are equal, "7" differs.
func sameID(a, b jsontext.Value) bool {
	if bytes.Equal(a, b) {
		return true
	}
	if a.Kind() != '0' || b.Kind() != '0' {
		return a.Kind() == '"' && b.Kind() == '"' && textOf(a) == textOf(b)
	}
	x, errX := strconv.ParseFloat(string(a), 64)
	y, errY := strconv.ParseFloat(string(b), 64)
	return errX == nil && errY == nil && x == y
}

func (m *message) toolName() string { return textOf(member(m.params, "name")) }

// isLaterRound reports whether a call has the input that the server needed in an earlier round of it.
func (m *message) isLaterRound() bool {
	return member(m.params, "inputResponses") != nil || member(m.params, "requestState") != nil
}

// needsInput reports whether a result asks the client for input first.
func needsInput(result jsontext.Value) bool {
	for name := range wire.Members(result) {
		switch string(name) {
		case "inputRequests", "requestState":
			return true
		}
	}
	return false
}

// clone copies a message out of a shared buffer.
func (m message) clone() message {
	copied, err := readMessage(slices.Clone(m.raw))
	if err != nil { // it was read before
		return m
	}
	return copied
}

// newRequest returns a message of this package's own; a notification if id is empty.
func newRequest(id, method string, params jsontext.Value) message {
	if params == nil {
		params = jsontext.Value("{}")
	}
	m := message{method: method, params: params}
	head := `{"jsonrpc":"2.0"`
	if id != "" {
		m.id = jsontext.Value(strconv.Quote(id))
		head += `,"id":` + string(m.id)
	}
	m.raw = fmt.Appendf(nil, `%s,"method":%q,"params":%s}`, head, method, params)
	return m
}
