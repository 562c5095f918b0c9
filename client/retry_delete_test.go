package client_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// TestDeleteThatFindsNothing: a 404 is success only if it proves that an earlier attempt deleted the resource.
func TestDeleteThatFindsNothing(t *testing.T) {
	t.Parallel()
	const lost = 0
	byID := client.Operation{ID: "deleteThing", Method: http.MethodDelete, Path: "/things/{id}"}
	nested := client.Operation{ID: "deletePart", Method: http.MethodDelete, Path: "/things/{id}/parts/{partId}"}
	members := client.Operation{ID: "deleteMembers", Method: http.MethodDelete, Path: "/things/{id}/members"}
	once := client.Operation{ID: "deleteOnce", Method: http.MethodDelete, Path: "/things/{id}", Effect: client.EffectOnce}
	one, two := client.Request{Path: []string{"1"}}, client.Request{Path: []string{"1", "2"}}
	withBody := client.Request{Path: one.Path, Body: []int{1}}
	notFound := `{"data":null,"error":{"code":"NOT_FOUND","message":"no such thing"}}`

	noResult := func(c *client.Client, op *client.Operation, req client.Request) error {
		_, err := client.Call[struct{}](t.Context(), c, op, req)
		return err
	}
	withResult := func(c *client.Client, op *client.Operation, req client.Request) error {
		_, err := client.Call[connThing](t.Context(), c, op, req)
		return err
	}
	raw := func(c *client.Client, op *client.Operation, req client.Request) error {
		answer, err := c.Do(t.Context(), op, req)
		assert.Equal(t, http.StatusNotFound, answer.StatusCode)
		return err
	}
	for name, tt := range map[string]struct {
		call     func(*client.Client, *client.Operation, client.Request) error
		op       *client.Operation
		req      client.Request
		attempts []int
		body     string // of the last response
		done     bool
		unknown  bool
	}{
		"lost":                     {noResult, &byID, one, []int{lost, 404}, notFound, true, false},
		"lost, no body":            {noResult, &byID, one, []int{lost, 404}, "", true, false},
		"408":                      {noResult, &byID, one, []int{408, 404}, notFound, true, false},
		"500":                      {noResult, &byID, one, []int{500, 404}, notFound, true, false},
		"502":                      {noResult, &byID, one, []int{502, 404}, notFound, true, false},
		"503":                      {noResult, &byID, one, []int{503, 404}, notFound, true, false},
		"504":                      {noResult, &byID, one, []int{504, 404}, notFound, true, false},
		"502, then 429":            {noResult, &byID, one, []int{502, 429, 404}, notFound, true, false},
		"a nested resource":        {noResult, &nested, two, []int{503, 404}, notFound, true, false},
		"the first attempt":        {noResult, &byID, one, []int{404}, notFound, false, false},
		"after 429":                {noResult, &byID, one, []int{429, 404}, notFound, false, false},
		"a code without 404":       {noResult, &byID, one, []int{503, 403}, notFound, false, true},
		"an error inside 200":      {noResult, &byID, one, []int{lost, 200}, notFound, false, true},
		"403 after 503":            {noResult, &byID, one, []int{503, 403}, "", false, true},
		"a result":                 {withResult, &byID, one, []int{lost, 404}, notFound, false, true},
		"a result after 503":       {withResult, &byID, one, []int{503, 404}, notFound, false, true},
		"as it came":               {raw, &byID, one, []int{lost, 404}, notFound, false, true},
		"no id at the end":         {noResult, &members, one, []int{lost, 404}, notFound, false, true},
		"no id at the end, 502":    {noResult, &members, one, []int{502, 404}, notFound, false, true},
		"a gateway's page":         {noResult, &byID, one, []int{502, 404}, "<html>404 Not Found</html>", false, true},
		"a gateway's text":         {noResult, &byID, one, []int{502, 404}, "404 page not found\n", false, true},
		"not repeatable":           {noResult, &once, one, []int{404}, notFound, false, false},
		"a request body":           {noResult, &byID, withBody, []int{lost, 404}, notFound, false, true},
		"a request body, members":  {noResult, &members, withBody, []int{503, 404}, notFound, false, true},
		"a body and a result, 504": {withResult, &byID, withBody, []int{504, 404}, notFound, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			made := 0
			c := connMemory(t, func(r *http.Request) (*http.Response, error) {
				made++
				switch status := tt.attempts[made-1]; {
				case status == lost:
					return nil, io.ErrUnexpectedEOF
				case made == len(tt.attempts):
					return connAnswer(r, status, tt.body), nil
				default:
					return connAnswer(r, status, ""), nil
				}
			}, client.WithRetry(connPolicy))
			err := tt.call(c, tt.op, tt.req)
			assert.Len(t, tt.attempts, made)
			if tt.done {
				require.NoError(t, err)
				return
			}
			var refusal *client.APIError
			require.ErrorAs(t, err, &refusal)
			assert.Equal(t, tt.attempts[len(tt.attempts)-1], refusal.StatusCode)
			assert.Equal(t, tt.unknown, client.MayHaveApplied(err), "%v", err)
			assert.Equal(t, tt.unknown, refusal.AfterLostReply())
		})
	}
}
