package client_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// concurrencyServer gives back to each request what it asked with, in an answer or an error, of many sizes. Now and
// then an attempt fails first.
func concurrencyServer(t *testing.T, token *atomic.Value) *httptest.Server {
	var n atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		asked := strings.TrimPrefix(r.URL.Path, "/api/v2/echo/")
		w.Header().Set("X-Request-Id", asked)
		switch {
		case r.Header.Get("Authorization") != "Bearer "+token.Load().(string):
			w.WriteHeader(http.StatusUnauthorized)
		case n.Add(1)%20 == 0:
			w.WriteHeader(http.StatusTooManyRequests)
		case strings.HasSuffix(asked, "7"):
			w.WriteHeader(http.StatusConflict)
			fmt.Fprintf(w, `{"error":{"code":"CONFLICT","message":%q,"details":{"asked":%q,"sent":%s}}}`, asked, asked, body)
		default:
			fmt.Fprintf(w, `{"data":{"asked":%q,"seat":%q,"sent":%s},"error":null}`, asked, r.Header.Get("X-Scope3-Seat-Id"),
				body)
		}
	}))
	t.Cleanup(server.Close)
	return server
}

type concurrencyAnswer struct {
	Asked string         `json:"asked"`
	Seat  string         `json:"seat"`
	Sent  jsontext.Value `json:"sent"`
}

// TestConcurrency: 200 goroutines on one Client, with a token that is rotated midway. Each answer belongs to its
// request, and what was handed out stays as it was while later calls use the same buffers.
func TestConcurrency(t *testing.T) {
	const goroutines, calls = 200, 50
	var accepted atomic.Value
	accepted.Store(authOld)
	server := concurrencyServer(t, &accepted)
	source := newAuthRotating(t)
	c := connClient(t, server.URL, client.WithTokenSource(source),
		client.WithRetry(client.RetryPolicy{MaxAttempts: 10, BaseDelay: 1, MaxBackoff: 1}))
	op := client.Operation{Method: http.MethodPost, Mount: client.MountShared, Path: "/echo/{id}"}

	var made atomic.Int64
	halfway := make(chan struct{})
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			seat := fmt.Sprintf("seat_%d", g)
			mine := c.ForSeat(client.ID(seat))
			checks := make([]func(), 0, calls)
			for i := range calls {
				if made.Add(1) == goroutines*calls/2 {
					close(halfway)
				}
				id := fmt.Sprintf("%d-%d", g, i)
				sent := `{"id":"` + id + `","pad":"` + strings.Repeat("x", (g*i)%3_000) + `"}`
				var answer client.Response
				got, err := client.Call[concurrencyAnswer](t.Context(), mine, &op,
					client.Request{Path: []string{id}, Body: jsontext.Value(sent)}, client.WithResponse(&answer))
				checks = append(checks, func() { concurrencyCheck(t, id, seat, sent, &got, err, &answer) })
			}
			for _, check := range checks {
				check()
			}
		})
	}
	<-halfway
	accepted.Store(authNew)
	wg.Wait()
	assert.Equal(t, []client.Token{connToken(t, authOld)}, source.heard(), "one refresh")
	c.CloseIdleConnections()
}

func concurrencyCheck(t *testing.T, id, seat, sent string, got *concurrencyAnswer, err error, answer *client.Response) {
	assert.Equal(t, id, answer.RequestID)
	assert.Contains(t, string(answer.RawBody()), sent)
	if !strings.HasSuffix(id, "7") {
		if assert.NoError(t, err) {
			assert.Equal(t, concurrencyAnswer{Asked: id, Seat: seat, Sent: jsontext.Value(sent)}, *got)
		}
		return
	}
	var api *client.APIError
	if assert.True(t, errors.As(err, &api)) {
		assert.Equal(t, id, api.RequestID)
		assert.Equal(t, id, api.Message)
		assert.Equal(t, `{"asked":"`+id+`","sent":`+sent+`}`, string(api.Details))
		assert.Contains(t, string(api.RawBody()), sent)
	}
}

// TestConcurrencyDerive: clients may be derived while others are used.
func TestConcurrencyDerive(t *testing.T) {
	c := connMemory(t, func(r *http.Request) (*http.Response, error) {
		return connAnswer(r, http.StatusOK,
			`{"data":{"id":"`+r.Header.Get("X-Scope3-Seat-Id")+strings.Join(r.Header["X-A"], "")+`"}}`), nil
	}, client.WithHeader("X-A", "a"), client.WithHeader("X-A", "b"), client.WithHeader("X-A", "c"))
	var wg sync.WaitGroup
	for g := range 50 {
		wg.Go(func() {
			for i := range 20 {
				seat, header := fmt.Sprint("s", g), fmt.Sprint("h", i)
				derived, err := c.ForSeat(client.ID(seat)).With(client.WithHeader("X-A", header))
				require.NoError(t, err)
				thing, err := connDo(t.Context(), derived, &connGet, client.WithHeader("X-A", "!"))
				assert.NoError(t, err)
				assert.Equal(t, seat+"abc"+header+"!", thing.ID)
			}
		})
	}
	wg.Wait()
}
