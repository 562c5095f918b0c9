package sandbox_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/sandbox"
)

const create = "POST " + tokensPath

func TestFaultStatus(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	for status, code := range map[int]string{
		0: "SERVICE_UNAVAILABLE", 429: "RATE_LIMITED", 500: "INTERNAL_ERROR", 502: "INTERNAL_ERROR",
		400: "BAD_REQUEST", 401: "UNAUTHORIZED", 402: "CREDIT_LIMIT_EXCEEDED", 403: "FORBIDDEN", 404: "NOT_FOUND",
		409: "CONFLICT", 501: "NOT_IMPLEMENTED", 99: "SERVICE_UNAVAILABLE",
	} {
		fault := srv.Inject(sandbox.Fault{Route: create, Status: status, RetryAfter: "1.5"})
		a := admin.call(http.MethodPost, tokensPath, `{}`)
		if status < 200 {
			status = http.StatusServiceUnavailable
		}
		a.refused(status, code)
		require.Equal(t, "1.5", a.header.Get("Retry-After"))
		require.NotEmpty(t, a.header.Get("X-Request-Id"))
		fault.Remove()
	}
	srv.Inject(sandbox.Fault{Status: 418, Body: "short and stout", ContentType: "text/plain"})
	a := admin.call(http.MethodPost, tokensPath, `{}`)
	require.Equal(t, 418, a.status)
	require.Equal(t, "short and stout", a.text)
	require.Equal(t, "text/plain", a.header.Get("Content-Type"))

	require.Empty(t, srv.Tokens(), "nothing took place")
	require.Zero(t, srv.Effects(create))
	require.Equal(t, sandbox.FaultStatus, srv.Requests()[0].Fault)
	require.Empty(t, srv.Violations(), "injected answers are not checked")
}

func TestFaultWithoutABody(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	srv.Inject(sandbox.Fault{Status: http.StatusNoContent})
	a := admin.get(tokensPath)
	require.Equal(t, http.StatusNoContent, a.status)
	require.Empty(t, a.text)
	srv.ClearFaults()
	srv.Inject(sandbox.Fault{Status: http.StatusOK})
	require.Nil(t, admin.get(tokensPath).object()["data"])
}

func TestFaultHTML(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	srv.Inject(sandbox.Fault{Kind: sandbox.FaultHTML, Times: 1})
	srv.Inject(sandbox.Fault{Kind: sandbox.FaultHTML, Status: http.StatusOK, Body: "<p>Log in</p>"})
	a := admin.call(http.MethodPost, tokensPath, `{}`)
	require.Equal(t, http.StatusBadGateway, a.status)
	require.True(t, strings.HasPrefix(a.header.Get("Content-Type"), "text/html"))
	require.Contains(t, a.text, "502 Bad Gateway")

	a = admin.call(http.MethodPost, tokensPath, `{}`)
	require.Equal(t, http.StatusOK, a.status)
	require.Equal(t, "<p>Log in</p>", a.text)
	require.Empty(t, srv.Tokens())
}

func TestFaultRedirect(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	srv.Inject(sandbox.Fault{Kind: sandbox.FaultRedirect, Location: "https://evil.example/", Times: 1})
	srv.Inject(sandbox.Fault{Kind: sandbox.FaultRedirect, Location: "/health", Status: http.StatusFound})
	a := admin.call(http.MethodPost, tokensPath, `{}`)
	require.Equal(t, http.StatusTemporaryRedirect, a.status)
	require.Equal(t, "https://evil.example/", a.header.Get("Location"))
	a = admin.get(tokensPath)
	require.Equal(t, http.StatusFound, a.status)
	require.Empty(t, srv.Tokens())
}

// requireReset fails unless err is a reset of the connection.
func requireReset(t *testing.T, err error) {
	t.Helper()
	require.Error(t, err)
	require.NotErrorIs(t, err, io.EOF)
	require.NotErrorIs(t, err, io.ErrUnexpectedEOF)
	if runtime.GOOS != "windows" { // whose error has a number of its own
		require.ErrorIs(t, err, syscall.ECONNRESET)
	}
}

func TestFaultResets(t *testing.T) {
	t.Parallel()
	for _, opts := range [][]sandbox.Option{nil, {sandbox.WithTLS()}} {
		srv, admin := startSandbox(t, opts...)
		srv.Inject(sandbox.Fault{Route: create, Kind: sandbox.FaultResetBefore, Times: 1})
		srv.Inject(sandbox.Fault{Route: create, Kind: sandbox.FaultResetAfter, Times: 1})

		err := admin.try(http.MethodPost, tokensPath, `{"name":"one"}`)
		requireReset(t, err)
		require.Empty(t, srv.Tokens(), "before: nothing took place")
		require.Zero(t, srv.Effects(create))

		err = admin.try(http.MethodPost, tokensPath, `{"name":"two"}`)
		requireReset(t, err)
		require.Len(t, srv.Tokens(), 1, "after: it took place and nobody was told")
		require.Equal(t, 1, srv.Effects(create))

		admin.create(`{"name":"three"}`)
		requests := srv.Requests()
		require.Len(t, requests, 3)
		require.Zero(t, requests[0].Status)
		require.Zero(t, requests[1].Status)
		require.Equal(t, sandbox.FaultResetAfter, requests[1].Fault)
		require.Equal(t, http.StatusCreated, requests[2].Status)
	}
}

// TestResetsThatNetHTTPRepeats pins down what the transport does behind its caller's back on a used connection.
func TestResetsThatNetHTTPRepeats(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	admin.get("/health")
	srv.Inject(sandbox.Fault{Kind: sandbox.FaultResetBefore, Times: 1})
	require.NoError(t, admin.try(http.MethodGet, tokensPath, ""))
	require.Len(t, srv.Requests(), 3)

	srv.Inject(sandbox.Fault{Kind: sandbox.FaultResetAfter, Times: 1})
	marked := admin.request(http.MethodPost, tokensPath, `{}`)
	marked.Header.Set("Idempotency-Key", "one")
	require.Equal(t, http.StatusCreated, admin.send(marked).status)
	require.Len(t, srv.Tokens(), 2, "the caller sees one success and has two tokens")
}

func TestFaultDelay(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	srv.Inject(sandbox.Fault{Kind: sandbox.FaultDelay, Delay: 50 * time.Millisecond})
	begun := time.Now()
	admin.create(`{}`)
	require.GreaterOrEqual(t, time.Since(begun), 50*time.Millisecond)
}

func TestFaultDelayOutlastsTheCaller(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	fault := srv.Inject(sandbox.Fault{Kind: sandbox.FaultDelay, Delay: 100 * time.Millisecond})
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	request := admin.request(http.MethodPost, tokensPath, `{}`).WithContext(ctx)
	left := make(chan error)
	go func() {
		_, err := srv.HTTPClient().Do(request) //nolint:bodyclose // there is no answer
		left <- err
	}()
	require.Eventually(t, func() bool { return fault.Seen() == 1 }, 5*time.Second, time.Millisecond, "the request arrived")
	leave()
	require.ErrorIs(t, <-left, context.Canceled)
	require.Eventually(t, func() bool { return srv.Effects(create) == 1 }, 5*time.Second, time.Millisecond,
		"the platform does its work although nobody waits for it")
}

func TestFaultTruncate(t *testing.T) {
	t.Parallel()
	for _, opts := range [][]sandbox.Option{nil, {sandbox.WithTLS()}} {
		srv, admin := startSandbox(t, opts...)
		srv.Inject(sandbox.Fault{Kind: sandbox.FaultTruncate})
		resp, err := srv.HTTPClient().Do(admin.request(http.MethodPost, tokensPath, `{}`))
		require.NoError(t, err)
		require.Equal(t, http.StatusCreated, resp.StatusCode)
		got, err := io.ReadAll(resp.Body)
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		require.NoError(t, resp.Body.Close())
		require.Positive(t, len(got))
		require.Less(t, int64(len(got)), resp.ContentLength)
		require.Len(t, srv.Tokens(), 1)

		err = admin.try(http.MethodDelete, tokensPath+"/10001", "")
		require.ErrorIs(t, err, io.ErrUnexpectedEOF, "what has no body is cut in its headers")
		require.False(t, srv.Tokens()[0].ArchivedAt.IsZero())
	}
}

func TestFaultOversize(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	srv.Inject(sandbox.Fault{Kind: sandbox.FaultOversize})

	plain := admin.request(http.MethodPost, tokensPath, `{}`)
	plain.Header.Set("Accept-Encoding", "identity")
	resp, err := srv.HTTPClient().Do(plain)
	require.NoError(t, err)
	require.Equal(t, http.StatusCreated, resp.StatusCode)
	require.EqualValues(t, -1, resp.ContentLength)
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Greater(t, len(text), 40<<20)
	require.True(t, bytes.HasPrefix(text, []byte(`{"data":"x`)))
	require.True(t, bytes.HasSuffix(text, []byte(`x","error":null}`)))
	require.Len(t, srv.Tokens(), 1)

	// Whoever accepts gzip gets it; a client that has seen enough may leave.
	packed := admin.request(http.MethodGet, tokensPath, "")
	packed.Header.Set("Accept-Encoding", "gzip")
	resp, err = srv.HTTPClient().Do(packed)
	require.NoError(t, err)
	require.Equal(t, "gzip", resp.Header.Get("Content-Encoding"))
	z, err := gzip.NewReader(resp.Body)
	require.NoError(t, err)
	_, err = io.CopyN(io.Discard, z, 4<<20)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
}

func TestFaultEmpty(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	srv.Inject(sandbox.Fault{Kind: sandbox.FaultEmpty})
	a := admin.call(http.MethodPost, tokensPath, `{}`)
	require.Equal(t, http.StatusOK, a.status)
	require.Empty(t, a.text)
	require.Len(t, srv.Tokens(), 1, "it took place")
}

func TestUnknownFaultKind(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	srv.Inject(sandbox.Fault{Kind: "flood"})
	admin.get(tokensPath).refused(http.StatusInternalServerError, "INTERNAL_ERROR")
}

func TestFaultsMatchRoutes(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	id := admin.create(`{}`)["id"].(string)
	one := tokensPath + "/" + id
	hit := func(f sandbox.Fault) []bool {
		f.Status = http.StatusTeapot
		defer srv.Inject(f).Remove()
		return []bool{
			admin.get(tokensPath).status == http.StatusTeapot,
			admin.get(one).status == http.StatusTeapot,
			admin.call(http.MethodPut, one, `{}`).status == http.StatusTeapot,
			admin.get("/api/service-tokens").status == http.StatusTeapot,
			admin.get("/nothing").status == http.StatusTeapot,
		}
	}
	require.Equal(t, []bool{true, true, true, true, true}, hit(sandbox.Fault{}))
	require.Equal(t, []bool{true, true, false, true, true}, hit(sandbox.Fault{Method: "get"}))
	require.Equal(t, []bool{true, false, false, false, false}, hit(sandbox.Fault{Route: "GET " + tokensPath}))
	require.Equal(t, []bool{false, true, true, false, false}, hit(sandbox.Fault{Route: tokensPath + "/{id}"}))
	require.Equal(t, []bool{false, false, true, false, false},
		hit(sandbox.Fault{Route: tokensPath + "/{id}", Method: "PUT"}))
	require.Equal(t, []bool{false, true, true, false, false}, hit(sandbox.Fault{Route: one}))
	require.Equal(t, []bool{false, false, false, true, false}, hit(sandbox.Fault{Route: "GET /api/service-tokens"}))
}

func TestFaultsOfOneSeat(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	fault := srv.Inject(sandbox.Fault{Seat: "seat_102", Status: http.StatusTeapot})
	status := func(seat string) int {
		caller := admin
		caller.seat = seat
		return caller.get("/api/v2/accounts/current").status
	}
	require.Equal(t, http.StatusOK, status("seat_101"))
	require.Equal(t, http.StatusTeapot, status("seat_102"))
	require.Equal(t, http.StatusOK, admin.get("/api/v2/accounts/current").status)
	require.Equal(t, 1, fault.Seen())
}

func TestFaultsCount(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	first := srv.Inject(sandbox.Fault{Route: "GET /health", Status: 500, After: 2, Times: 2})
	second := srv.Inject(sandbox.Fault{Status: 503, After: 1, Times: 1})
	var got []int
	for range 7 {
		got = append(got, admin.get("/health").status)
	}
	require.Equal(t, []int{200, 503, 500, 500, 200, 200, 200}, got)
	require.Equal(t, 7, first.Seen())
	require.Equal(t, 2, first.Fired())
	require.Equal(t, 5, second.Seen(), "what the first fault hits, the second does not see")
	require.Equal(t, 1, second.Fired())
}

func TestRatesFollowFromTheSeed(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) (hits string) {
		srv, admin := startSandbox(t, sandbox.WithSeed(seed))
		srv.Inject(sandbox.Fault{Route: "GET /health", Status: 503, Rate: 0.2})
		for i := range 300 {
			if i%3 == 0 {
				admin.get("/nothing") // what does not match does not disturb the draw
			}
			if admin.get("/health").status == http.StatusOK {
				hits += "."
			} else {
				hits += "x"
			}
		}
		return hits
	}
	one := run(7)
	require.Equal(t, one, run(7))
	require.NotEqual(t, one, run(8))
	require.InDelta(t, 60, strings.Count(one, "x"), 30)
}

func TestTwoRatesAreIndependent(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	a := srv.Inject(sandbox.Fault{Status: 500, Rate: 0.5})
	b := srv.Inject(sandbox.Fault{Status: 502, Rate: 0.5})
	for range 200 {
		admin.get("/health")
	}
	require.InDelta(t, 100, a.Fired(), 30)
	require.InDelta(t, 50, b.Fired(), 25)
	require.Equal(t, 200-a.Fired(), b.Seen())
}

// A misspelt route would let a test pass for the wrong reason.
func TestRoutesThatDoNotExistAreViolations(t *testing.T) {
	t.Parallel()
	srv, err := sandbox.Start()
	require.NoError(t, err)
	defer func() { require.NoError(t, srv.Close()) }()
	for _, route := range []string{
		"", tokensPath, "GET " + tokensPath + "/{id}", tokensPath + "/10001",
		"GET /api/service-tokens", "/mcp/v2/buyer",
	} {
		srv.Inject(sandbox.Fault{Route: route})
	}
	srv.Effects(create)
	require.Empty(t, srv.Violations())
	srv.Inject(sandbox.Fault{Route: "POST /service-tokens"})
	srv.Effects("POST /service-tokens")
	srv.Effects("GET " + tokensPath + "/10001")
	require.Len(t, srv.Violations(), 3)
}
