package client_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

var streamOp = client.Operation{ID: "export", Mount: client.MountBuyer, Path: "/export"}

func streamFrom(t *testing.T, serve http.HandlerFunc, opts ...client.Option) *client.Client {
	t.Helper()
	srv := httptest.NewServer(serve)
	t.Cleanup(srv.Close)
	return connClient(t, srv.URL, opts...)
}

// What is long is handed over as it comes, beyond the limit of an answer and after the time limit of an attempt.
func TestStreamHandsOverWhatIsLong(t *testing.T) {
	t.Parallel()
	goOn := make(chan struct{})
	c := streamFrom(t, func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "text/csv", r.Header.Get("Accept"))
		w.Header().Set("Content-Type", "text/csv")
		fmt.Fprint(w, "first\n")
		_ = http.NewResponseController(w).Flush()
		<-goOn
		_, _ = w.Write(bytes.Repeat([]byte("x"), 4096))
	}, client.WithMaxBody(1024, 0))
	var meta client.Response
	resp, err := c.Stream(t.Context(), &streamOp, client.Request{Accept: "text/csv"},
		client.WithTimeout(50*time.Millisecond), client.WithResponse(&meta))
	require.NoError(t, err)
	first := make([]byte, 6)
	_, err = io.ReadFull(resp.Body, first)
	require.NoError(t, err)
	require.Equal(t, "first\n", string(first))
	assert.Equal(t, client.EffectRead, meta.Effect)
	assert.Equal(t, 200, meta.StatusCode)
	time.AfterFunc(100*time.Millisecond, func() { close(goOn) }) // well after the attempt's time
	rest, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.Len(t, rest, 4096)
	require.NoError(t, resp.Body.Close())
	assert.NotContains(t, fmt.Sprintf("%+v", resp.Request), connSecret)
}

// JSON is a message: a torn one is asked for again, and one that is too long refused.
func TestStreamReadsMessagesWithinTheAttempts(t *testing.T) {
	t.Parallel()
	var served atomic.Int64
	c := streamFrom(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		if served.Add(1) == 1 {
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, `{"a":`)
			return
		}
		fmt.Fprint(w, `{"a":1}`)
	})
	resp, err := c.Stream(t.Context(), &streamOp, client.Request{})
	require.NoError(t, err)
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.JSONEq(t, `{"a":1}`, string(body))
	assert.EqualValues(t, 2, served.Load())

	long := streamFrom(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `"`+strings.Repeat("x", 4096)+`"`)
	}, client.WithMaxBody(1024, 0))
	_, err = long.Stream(t.Context(), &streamOp, client.Request{})
	require.ErrorIs(t, err, client.ErrBodyTooLarge)
}

// A refusal comes with its answer, whose request has no credential.
func TestStreamRefused(t *testing.T) {
	t.Parallel()
	c := streamFrom(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Www-Authenticate", "Bearer")
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, `{"data":null,"error":{"code":"FORBIDDEN","message":"no"}}`)
	})
	resp, err := c.Stream(t.Context(), &streamOp, client.Request{})
	require.ErrorIs(t, err, client.ErrForbidden)
	require.NotNil(t, resp)
	assert.Equal(t, "Bearer", resp.Header.Get("Www-Authenticate"))
	assert.Equal(t, "/api/v2/buyer/export", resp.Request.URL.Path)
	assert.Empty(t, resp.Request.Header)
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.Contains(t, string(body), "FORBIDDEN")
}

// A stream that breaks says so as this package does, and a write's outcome is then open.
func TestStreamThatBreaks(t *testing.T) {
	t.Parallel()
	for _, op := range []client.Operation{
		streamOp,
		{ID: "import", Method: http.MethodPost, Mount: client.MountBuyer, Path: "/import"},
	} {
		c := streamFrom(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, "data: half")
		})
		resp, err := c.Stream(t.Context(), &op, client.Request{})
		require.NoError(t, err)
		_, err = io.ReadAll(resp.Body)
		var broken *client.TransportError
		require.ErrorAs(t, err, &broken)
		assert.Equal(t, op.Method == http.MethodPost, errors.Is(err, client.ErrOutcomeUnknown))
		require.NoError(t, resp.Body.Close())
	}
}

// The context ends a stream, and headers that do not come end with the attempt.
func TestStreamEndsWithItsContext(t *testing.T) {
	t.Parallel()
	leave := make(chan struct{})
	t.Cleanup(func() { close(leave) })
	c := streamFrom(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/v2/buyer/export" {
			w.Header().Set("Content-Type", "text/event-stream")
			_ = http.NewResponseController(w).Flush()
		}
		select {
		case <-leave:
		case <-r.Context().Done():
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	resp, err := c.Stream(ctx, &streamOp, client.Request{})
	require.NoError(t, err)
	time.AfterFunc(10*time.Millisecond, cancel)
	_, err = io.ReadAll(resp.Body)
	require.ErrorIs(t, err, context.Canceled)
	require.NoError(t, resp.Body.Close())

	silent := client.Operation{ID: "silent", Mount: client.MountBuyer, Path: "/silent"}
	_, err = c.Stream(t.Context(), &silent, client.Request{}, client.WithTimeout(20*time.Millisecond),
		client.WithRetry(client.RetryPolicy{MaxAttempts: 1}))
	require.ErrorIs(t, err, client.ErrAttemptTimeout)
}

// Anonymous sends no credential, in whatever header it would go.
func TestAnonymous(t *testing.T) {
	t.Parallel()
	var header atomic.Pointer[http.Header]
	serve := func(w http.ResponseWriter, r *http.Request) {
		h := r.Header.Clone()
		header.Store(&h)
		fmt.Fprint(w, connOK)
	}
	for _, opts := range [][]client.Option{{}, {client.WithKeyHeader("x-scope3-api-key")}} {
		c := streamFrom(t, serve, append(opts, client.WithToken(client.Anonymous()))...)
		_, err := connDo(t.Context(), c, &connGet)
		require.NoError(t, err)
		assert.NotContains(t, *header.Load(), "Authorization")
		assert.NotContains(t, *header.Load(), "X-Scope3-Api-Key")
	}
	assert.False(t, client.Anonymous().IsZero())
	assert.Equal(t, "(anonymous)", fmt.Sprintf("%+v", client.Anonymous()))
}
