package mcpclient

import (
	"context"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"
)

// forHost prepares the result of a tool that another host has called: isError gets the form that the library decodes. A
// result without a proper form is an error, as it is for the calls of this package.
func (x *exchange) forHost(ctx context.Context, m message) (message, error) {
	if x.rec.own || x.msg.method != methodCallTool || m.failed != nil || asksBack(m.result) {
		return m, nil
	}
	isError := member(m.result, "isError")
	set, ok := readFlag(isError)
	if m.result.Kind() != '{' || !ok {
		return m, x.unreadable(ctx, http.StatusOK, nil, m.raw, errNotResult)
	}
	if k := isError.Kind(); k != '"' && k != '0' {
		return m, nil
	}
	result := jsontext.Value("{")
	for name, value := range members(m.result) {
		if string(name) == `"isError"` {
			value = jsontext.Value("false")
			if set {
				value = jsontext.Value("true")
			}
		}
		result = appendMember(result, name, value)
	}
	result = append(result, '}')
	m.result = result
	m.raw = reply(m.id, "result", m.result)
	return m, nil
}
