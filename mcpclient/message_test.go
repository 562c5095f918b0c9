package mcpclient

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

func TestReadMessage(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]message{
		`{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"a"}}`: {
			id: jsontext.Value("7"), method: methodCallTool, params: jsontext.Value(`{"name":"a"}`),
		},
		`{"jsonrpc":"2.0","method":"notifications\/initialized"}`: {method: "notifications/initialized"},
		`{"jsonrpc":"2.0","id":"x","result":null}`: {
			id:     jsontext.Value(`"x"`),
			result: jsontext.Value("null"),
		},
		`{ "result" : [ 1 , {"id":2} ] , "id" : -1e2 , "jsonrpc" : "2.0" }`: {
			id: jsontext.Value("-1e2"), result: jsontext.Value(`[ 1 , {"id":2} ]`),
		},
		`{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"a}\"],"}}`: {
			failed: jsontext.Value(`{"code":-32700,"message":"a}\"],"}`),
		},
		// To the library these are id and method, so they must be here, too.
		`{"jsonrpc":"2.0","\u0069d":1,"meth\u006Fd":"tools\u002fcall"}`: {id: jsontext.Value("1"), method: methodCallTool},
		// Names are compared exactly: this is a notification.
		`{"jsonrpc":"2.0","ID":1,"method":"x","Method":"tools/call"}`: {method: "x"},
		// An error is one whatever is next to it, unless it is empty.
		`{"jsonrpc":"2.0","id":1,"result":null,"error":{"code":1}}`: {
			hasBoth: true, id: jsontext.Value("1"),
			failed: jsontext.Value(`{"code":1}`),
		},
		`{"jsonrpc":"2.0","id":1,"error":{"code":1},"result":null}`: {
			hasBoth: true, id: jsontext.Value("1"),
			failed: jsontext.Value(`{"code":1}`),
		},
		`{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1}}`: {
			hasBoth: true, id: jsontext.Value("1"),
			failed: jsontext.Value(`{"code":1}`),
		},
		`{"jsonrpc":"2.0","id":1,"error":{"code":1},"result":{"content":[]}}`: {
			hasBoth: true, id: jsontext.Value("1"),
			failed: jsontext.Value(`{"code":1}`),
		},
		`{"jsonrpc":"2.0","id":1,"result":false,"error":{"code":1}}`: {
			hasBoth: true, id: jsontext.Value("1"),
			failed: jsontext.Value(`{"code":1}`),
		},
		`{"jsonrpc":"2.0","id":1,"result":null,"error":{}}`: {
			hasBoth: true, id: jsontext.Value("1"),
			failed: jsontext.Value(`{}`),
		},
		`{"jsonrpc":"2.0","id":1,"result":{"a":1},"error":{}}`: {
			hasBoth: true, id: jsontext.Value("1"),
			result: jsontext.Value(`{"a":1}`),
		},
		`{"jsonrpc":"2.0","id":1,"error":null,"result":{"a":1}}`: {
			hasBoth: true, id: jsontext.Value("1"),
			result: jsontext.Value(`{"a":1}`),
		},
		`{"jsonrpc":"2.0","id":1,"error":false,"result":{"a":1}}`: {
			hasBoth: true, id: jsontext.Value("1"),
			result: jsontext.Value(`{"a":1}`),
		},
		`{"jsonrpc":"2.0","id":1,"error":"","result":{"a":1}}`: {
			hasBoth: true, id: jsontext.Value("1"),
			result: jsontext.Value(`{"a":1}`),
		},
		`{"jsonrpc":"2.0","id":1,"error":[ ],"result":{"a":1}}`: {
			hasBoth: true, id: jsontext.Value("1"),
			result: jsontext.Value(`{"a":1}`),
		},
	} {
		got, err := readMessage([]byte("\r\n\t " + raw + " \n"))
		require.NoError(t, err, raw)
		want.raw = []byte(raw)
		assert.Equal(t, want, got, raw)
		assert.Equal(t, want, got.clone(), raw)
	}
	for _, raw := range []string{
		"", " ", "null", "7", `"x"`, "[]", "{}", "{", `{"jsonrpc":"2.0","id":1,"result":{}`,
		`{"jsonrpc":"2.0","id":1,"result":{}}x`,
		`{"id":1,"result":{}}`, `{"jsonrpc":2.0,"id":1,"result":{}}`, `{"jsonrpc":"1.0","id":1,"result":{}}`,
		`{"jsonrpc":"2.0","id":1}`, `{"jsonrpc":"2.0","id":1,"error":"bad"}`, `{"jsonrpc":"2.0","id":1,"method":7}`,
		`{"jsonrpc":"2.0","id":1,"id":2,"result":{}}`, `{"jsonrpc":"2.0","id":1,"\u0069d":2,"result":{}}`,
		`{"jsonrpc":"2.0","id":1,"result":{"a":1,"a":2}}`, "\v" + `{"jsonrpc":"2.0","id":1,"result":{}}`,
		`[{"jsonrpc":"2.0","id":1,"result":{}}]`, `{"jsonrpc":"2.0","id":1,"result":{},"error":"bad"}`,
		`{"jsonrpc":"2.0","id":1,"result":{},"error":true}`, `{"jsonrpc":"2.0","id":1,"result":null,"error":false}`,
	} {
		_, err := readMessage([]byte(raw))
		assert.ErrorIs(t, err, errNotRPC, raw)
	}
}

func TestMember(t *testing.T) {
	t.Parallel()
	object := jsontext.Value(` { "a" : "x,}]\"" , "b":[[{}],"]"], "c" : -1.5e3 ,"d":{"a":2} , "\u0065":true, ` +
		`"":null,"é":0 } `)
	for name, want := range map[string]string{
		"a": `"x,}]\""`, "b": `[[{}],"]"]`, "c": "-1.5e3", "d": `{"a":2}`, "e": "true", "": "null", "é": "0", "A": "",
		"x": "",
	} {
		assert.Equal(t, want, string(member(object, name)), name)
	}
	for _, none := range []string{"", "null", "7", `"a"`, `["a"]`, "{}", " {  } "} {
		assert.Nil(t, member(jsontext.Value(none), "a"), none)
	}
}

func TestSameID(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		a, b string
		same bool
	}{
		{"7", "7", true},
		{"7", "7.0", true},
		{"70", "7e1", true},
		{`"a"`, `"\u0061"`, true},
		{"7", `"7"`, false},
		{"7", "8", false},
		{`"a"`, `"A"`, false},
		{"null", "0", false},
		{"null", `""`, false},
		{"", "0", false},
		{"1e999", "-1e999", false},
	} {
		assert.Equal(t, tt.same, sameID(jsontext.Value(tt.a), jsontext.Value(tt.b)), tt)
		assert.Equal(t, tt.same, sameID(jsontext.Value(tt.b), jsontext.Value(tt.a)), tt)
	}
}

func TestReadMessages(t *testing.T) {
	t.Parallel()
	const one, two = `{"jsonrpc":"2.0","id":1,"result":{}}`, `{"jsonrpc":"2.0","method":"notifications/message"}`
	for raw, want := range map[string][]string{
		one: {one}, "\ufeff" + one: {one}, "[" + one + "]": {one}, "\ufeff [" + two + " , " + one + "]\n": {two, one},
	} {
		got, err := readMessages([]byte(raw))
		require.NoError(t, err, raw)
		require.Len(t, got, len(want), raw)
		for i := range want {
			assert.Equal(t, want[i], string(got[i].raw), raw)
		}
	}
	for _, raw := range []string{
		"", "[]", "[" + one, "[" + one + "]]", "[7]", "[[" + one + "]]", "[" + one + ",{}]",
		"heartbeat",
	} {
		_, err := readMessages([]byte(raw))
		assert.ErrorIs(t, err, errNotRPC, raw)
	}
}

func TestMatchesID(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		response, request string
		want              bool
	}{
		{"7", "7", true},
		{"7.0", "7", true},
		{`"7"`, "7", true},
		{`"7.0"`, "7", true},
		{"7", `"7"`, true},
		{`"a"`, `"a"`, true},
		{`"7"`, "8", false},
		{`" 7"`, "7", false},
		{`""`, "0", false},
		{"null", "0", false},
		{`"a"`, "7", false},
	} {
		assert.Equal(t, tt.want, matchesID(jsontext.Value(tt.response), jsontext.Value(tt.request)), tt)
	}
}

func TestNewRequest(t *testing.T) {
	t.Parallel()
	for want, m := range map[string]message{
		`{"jsonrpc":"2.0","id":"tools","method":"tools/list","params":{}}`: newRequest("tools", methodListTools, nil),
		`{"jsonrpc":"2.0","method":"notifications/initialized","params":{}}`: newRequest("", "notifications/initialized",
			nil),
		`{"jsonrpc":"2.0","id":"r","method":"tools/call","params":{"name":1}}`: newRequest("r", methodCallTool,
			jsontext.Value(`{"name":1}`)),
	} {
		assert.Equal(t, want, string(m.raw))
		read, err := readMessage(m.raw)
		require.NoError(t, err)
		assert.Equal(t, m, read)
	}
}

// unique reports whether no object in a JSON text has two members of the same name.
func unique(dec *json.Decoder) bool {
	token, err := dec.Token()
	if err != nil {
		return false
	}
	seen := make(map[json.Token]bool)
	switch token {
	case json.Delim('{'):
		for dec.More() {
			name, err := dec.Token()
			if err != nil || seen[name] || !unique(dec) {
				return false
			}
			seen[name] = true
		}
	case json.Delim('['):
		for dec.More() {
			if !unique(dec) {
				return false
			}
		}
	default:
		return true
	}
	_, err = dec.Token() // the end
	return err == nil
}

// FuzzMessage compares the reader that is written by hand with encoding/json.
func FuzzMessage(f *testing.F) {
	for _, seed := range []string{
		`{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"a","arguments":{"n":9007199254740993}}}`,
		`{"jsonrpc":"2.0","id":"x","result":{"content":[{"type":"text","text":"{\"a\":[1]}"}],"isError":false}}`,
		` {"error":{"code":-32603,"message":"\ud83d \\"},"id":null,"jsonrpc":"2.0"} `,
		"\ufeff" + `{"jsonrpc":"2.0","id":1,"result":{"a":[]},"error":{"code":1}}`,
		`{"jsonrpc":"2.0","id":"1","result":{},"error":[]}`,
		`[{"jsonrpc":"2.0","id":1,"result":{}}]`, `{"type":"ping"}`, `[ ]`, "heartbeat",
		`{"a":1,"\u0061":2}`, `{"a":{"b":1,"b":2}}`, `{"a" 1}`, `{"a"`, `[{]}`, "\xff",
		`{"` + "\xff" + `":1,"` + "\xfe" + `":2}`, "\u0085{}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for range wire.Members(data) { // no promise about what is not JSON, but that it ends and does not panic
		}
		var want map[string]json.RawMessage
		data = wire.TrimJSON(data)
		dec := json.NewDecoder(bytes.NewReader(data))
		dec.UseNumber()
		isObject := bytes.HasPrefix(data, []byte("{"))
		valid := isObject && json.Unmarshal(data, &want) == nil && unique(dec)
		m, err := readMessage(data)
		all, batchErr := readMessages(data)
		require.Equal(t, err == nil, batchErr == nil && !bytes.HasPrefix(data, []byte("[")))
		for i := range all {
			if batchErr == nil && all[i].isResponse() {
				require.False(t, isHeartbeat(data), "a response is no heartbeat")
			}
		}
		if !valid {
			require.ErrorIs(t, err, errNotRPC)
			return
		}

		got := make(map[string]json.RawMessage)
		for name, value := range wire.Members(data) {
			got[strings.ToValidUTF8(string(name), "\ufffd")] = json.RawMessage(value)
		}
		require.Equal(t, want, got)
		for _, name := range slices.Sorted(maps.Keys(want)) {
			if utf8.Valid(data) && !bytes.Contains(data, []byte(`\u`)) {
				require.Equal(t, string(want[name]), string(member(data, name)))
			}
		}

		var method string
		_ = json.Unmarshal(want["method"], &method)
		result, isError := want["result"], want["error"] != nil && string(want["error"]) != "null"
		if result != nil && string(result) != "null" && isError {
			var said any
			_ = json.Unmarshal(want["error"], &said)
			number, isNumber := said.(float64)
			list, isList := said.([]any)
			object, isObject := said.(map[string]any)
			isError = !(said == false || said == "" || isNumber && number == 0 && string(want["error"]) == "0" ||
				isList && len(list) == 0 || isObject && len(object) == 0)
		}
		failed := isError && bytes.HasPrefix(want["error"], []byte("{"))
		if failed {
			result = nil
		}
		readable := string(want["jsonrpc"]) == `"2.0"` && (method != "" || result != nil || failed) && failed == isError
		require.Equal(t, readable, err == nil)
		if !readable {
			return
		}
		require.Equal(t, method, m.method)
		require.Equal(t, string(result), string(m.result))
		require.Equal(t, string(want["params"]), string(m.params))
		require.Equal(t, failed, m.failed != nil)
		require.Equal(t, m, m.clone())
		require.True(t, m.id == nil || sameID(m.id, m.id))
	})
}
