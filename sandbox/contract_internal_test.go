package sandbox

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// A correct sandbox never shows from outside that it checks its answers; this test does.
func TestWrongResponsesAreFound(t *testing.T) {
	t.Parallel()
	c, err := newContract(actions())
	require.NoError(t, err)
	get := c.find(http.MethodGet, "/api/v2/service-tokens/1").op
	list := c.find(http.MethodGet, "/api/v2/service-tokens").op
	archive := c.find(http.MethodDelete, "/api/v2/service-tokens/1").op

	token := map[string]any{"id": "1", "accessClientId": "ak_1"}
	for name, good := range map[string]struct {
		op  *operation
		rep reply
	}{
		"token":      {get, plain(http.StatusOK, envelope{Data: token})},
		"bare token": {get, bare(token)},
		"error":      {get, notFound("no")},
		"no content": {archive, reply{status: http.StatusNoContent}},
		"empty list": {list, plain(http.StatusOK, envelope{Data: []any{}})},
	} {
		require.Empty(t, good.op.checkReply(good.rep), name)
	}
	for name, bad := range map[string]struct {
		op  *operation
		rep reply
	}{
		"no data":     {get, plain(http.StatusOK, map[string]any{"error": nil})},
		"no envelope": {get, plain(http.StatusOK, token)},
		"no id":       {get, plain(http.StatusOK, envelope{Data: map[string]any{"accessClientId": "ak_1"}})},
		"bad id":      {get, plain(http.StatusOK, envelope{Data: map[string]any{"id": true, "accessClientId": "ak_1"}})},
		"bad time": {
			get,
			plain(http.StatusOK, envelope{Data: map[string]any{"id": 1, "accessClientId": "ak_1", "createdAt": "now"}}),
		},
		"bad bare":       {get, bare(map[string]any{"id": 1})},
		"bad list":       {list, plain(http.StatusOK, envelope{Data: []any{map[string]any{"id": 1}}})},
		"error as text":  {get, plain(http.StatusNotFound, map[string]any{"error": "no"})},
		"no code":        {get, plain(http.StatusNotFound, map[string]any{"error": map[string]any{"message": "no"}})},
		"body on delete": {archive, reply{status: http.StatusNoContent, contentType: jsonType, body: []byte("{}")}},
		"not JSON":       {get, reply{status: http.StatusOK, contentType: jsonType, body: []byte("{")}},
		"HTML":           {get, reply{status: http.StatusOK, contentType: "text/html", body: []byte("<p>")}},
	} {
		issues := bad.op.checkReply(bad.rep)
		require.NotEmpty(t, issues, name)
		require.NotEmpty(t, issues[0].Message, name)
	}
}

// Every action belongs to an operation of the contract.
func TestEveryActionHasAnOperation(t *testing.T) {
	t.Parallel()
	c, err := newContract(actions())
	require.NoError(t, err)
	served := 0
	for _, p := range append(c.templated, pathItemsOf(c.literal)...) {
		for _, op := range p.ops {
			if op.action.do != nil || op.action.rules != nil {
				served++
			}
		}
	}
	require.Equal(t, len(actions()), served, "an action has an operation id that openapi.yaml does not have")
}

func pathItemsOf(m map[string]*pathItem) []*pathItem {
	var all []*pathItem
	for _, p := range m {
		all = append(all, p)
	}
	return all
}
