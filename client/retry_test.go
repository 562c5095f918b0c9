package client_test

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// retryWant is the expected result of a call whose every attempt meets one fault.
type retryWant struct {
	attempts int
	kind     retryKind
	unknown  bool // the error matches ErrOutcomeUnknown
}

type retryKind string

const (
	retryAPI       retryKind = "APIError"
	retryTransport retryKind = "TransportError"
	retryDecode    retryKind = "DecodeError"
)

// retryWants are the outcomes for a read, an idempotent write and a write that must not happen twice.
type retryWants struct{ read, idempotent, once retryWant }

// The usual rows of the table: refused for good, refused without any work done, and possibly done.
func retryNever(kind retryKind) retryWants {
	w := retryWant{attempts: 1, kind: kind}
	return retryWants{w, w, w}
}

func retryAlways(kind retryKind) retryWants {
	w := retryWant{attempts: connPolicy.MaxAttempts, kind: kind}
	return retryWants{w, w, w}
}

func retryUnlessOnce(kind retryKind, attempts int) retryWants {
	return retryWants{
		read:       retryWant{attempts: attempts, kind: kind},
		idempotent: retryWant{attempts: attempts, kind: kind, unknown: true},
		once:       retryWant{attempts: 1, kind: kind, unknown: true},
	}
}

// retryCut is an answer that begins with success and breaks off: a write that must not happen twice did happen,
// so its error is about the answer, not about the outcome.
func retryCut() retryWants {
	w := retryUnlessOnce(retryTransport, connPolicy.MaxAttempts)
	w.once = retryWant{attempts: 1, kind: retryDecode}
	return w
}

// retryForeign is a response that is not the platform's: it proves nothing about a write.
func retryForeign() retryWants {
	return retryWants{
		read:       retryWant{attempts: 1, kind: retryDecode},
		idempotent: retryWant{attempts: 1, kind: retryTransport, unknown: true},
		once:       retryWant{attempts: 1, kind: retryTransport, unknown: true},
	}
}

var retrySentinels = []error{
	client.ErrBadRequest, client.ErrUnauthorized, client.ErrPaymentRequired, client.ErrForbidden, client.ErrNotFound,
	client.ErrConflict, client.ErrRateLimited, client.ErrInternal, client.ErrNotImplemented, client.ErrServiceUnavailable,
	client.ErrValidation, client.ErrRedirect, client.ErrAttemptTimeout, client.ErrBodyTooLarge,
}

// retryClasses are the operations, with the way a POST becomes idempotent as a fourth.
var retryClasses = []struct {
	name string
	op   *client.Operation
	opts []client.CallOption
	want func(retryWants) retryWant
}{
	{"read", &connGet, nil, func(w retryWants) retryWant { return w.read }},
	{"idempotent", &connPut, nil, func(w retryWants) retryWant { return w.idempotent }},
	{"once", &connPost, nil, func(w retryWants) retryWant { return w.once }},
	{
		"assumed idempotent", &connPost,
		[]client.CallOption{client.AssumeIdempotent()},
		func(w retryWants) retryWant { return w.idempotent },
	},
}

func retryCheck(t *testing.T, err error, want retryWant, attempts int64, sentinels []error) {
	t.Helper()
	require.Error(t, err)
	assert.EqualValues(t, want.attempts, attempts, "attempts at the server")
	assert.Equal(t, want.unknown, errors.Is(err, client.ErrOutcomeUnknown), "ErrOutcomeUnknown: %v", err)
	for _, s := range retrySentinels {
		assert.Equal(t, slices.Contains(sentinels, s), errors.Is(err, s), "%v matches %v", err, s)
	}
	var api *client.APIError
	var transport *client.TransportError
	var decode *client.DecodeError
	assert.Equal(t, want.kind == retryAPI, errors.As(err, &api), "%T", err)
	assert.Equal(t, want.kind == retryTransport, errors.As(err, &transport), "%T", err)
	assert.Equal(t, want.kind == retryDecode, errors.As(err, &decode), "%T", err)
	if transport != nil {
		assert.Equal(t, want.attempts, transport.Attempts)
		assert.Equal(t, want.unknown, transport.OutcomeUnknown)
	}
}

// TestRetryStatus: for every status and every effect, the exact number of attempts, and an error that keeps the
// last of the answers.
func TestRetryStatus(t *testing.T) {
	cases := []struct {
		status    int
		wants     retryWants
		sentinels []error
	}{
		{400, retryNever(retryAPI), []error{client.ErrBadRequest}},
		{401, retryNever(retryAPI), []error{client.ErrUnauthorized}},
		{402, retryNever(retryAPI), []error{client.ErrPaymentRequired}},
		{403, retryNever(retryAPI), []error{client.ErrForbidden}},
		{404, retryNever(retryAPI), []error{client.ErrNotFound}},
		{408, retryUnlessOnce(retryAPI, 3), nil},
		{409, retryNever(retryAPI), []error{client.ErrConflict}},
		{422, retryNever(retryAPI), nil},
		{425, retryNever(retryAPI), nil},
		{429, retryAlways(retryAPI), []error{client.ErrRateLimited}},
		{500, retryUnlessOnce(retryAPI, 2), []error{client.ErrInternal}},
		{501, retryNever(retryAPI), []error{client.ErrNotImplemented}},
		{502, retryUnlessOnce(retryAPI, 3), nil},
		{503, retryUnlessOnce(retryAPI, 3), []error{client.ErrServiceUnavailable}},
		{504, retryUnlessOnce(retryAPI, 3), nil},
		{520, retryUnlessOnce(retryAPI, 1), nil}, // not repeated, but what stands behind a proxy may have done it
	}
	for _, tc := range cases {
		for _, class := range retryClasses {
			t.Run(fmt.Sprintf("%d/%s", tc.status, class.name), func(t *testing.T) {
				var seen atomic.Int64
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					n := seen.Add(1)
					w.Header().Set("X-Request-Id", fmt.Sprintf("req-%d", n))
					w.WriteHeader(tc.status)
					fmt.Fprintf(w, `{"data":null,"error":{"code":"SOMETHING_ELSE","message":"answer %d"}}`, n)
				}))
				defer server.Close()
				var answer client.Response
				opts := append([]client.CallOption{client.WithResponse(&answer)}, class.opts...)
				_, err := connDo(t.Context(), connClient(t, server.URL), class.op, opts...)
				want := class.want(tc.wants)
				retryCheck(t, err, want, seen.Load(), tc.sentinels)

				var api *client.APIError
				require.ErrorAs(t, err, &api)
				body := fmt.Sprintf(`{"data":null,"error":{"code":"SOMETHING_ELSE","message":"answer %d"}}`, want.attempts)
				assert.Equal(t, tc.status, api.StatusCode)
				assert.Equal(t, want.attempts, api.Attempts)
				assert.Equal(t, "SOMETHING_ELSE", api.Code)
				assert.Equal(t, fmt.Sprintf("answer %d", want.attempts), api.Message)
				assert.Equal(t, fmt.Sprintf("req-%d", want.attempts), api.RequestID)
				assert.Equal(t, body, string(api.RawBody()))
				assert.Equal(t, tc.status, answer.StatusCode)
				assert.Equal(t, want.attempts, answer.Attempts)
				assert.Equal(t, body, string(answer.RawBody()))
			})
		}
	}
}

// retryHijack takes the connection of a request over.
func retryHijack(w http.ResponseWriter) net.Conn {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	return conn
}

// TestRetryBroken: the same for answers that are no answers.
func TestRetryBroken(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"data\":"
	cases := []struct {
		name      string
		serve     func(w http.ResponseWriter)
		wants     retryWants
		status    int // of the Response
		text      string
		sentinels []error
	}{
		{
			"reset before headers", func(w http.ResponseWriter) { connReset(retryHijack(w)) },
			retryUnlessOnce(retryTransport, 3), 0, "the connection broke", nil,
		},
		{
			"closed before headers", func(w http.ResponseWriter) { _ = retryHijack(w).Close() },
			retryUnlessOnce(retryTransport, 3), 0, "the connection ended", nil,
		},
		{"reset within headers", func(w http.ResponseWriter) {
			conn := retryHijack(w)
			_, _ = io.WriteString(conn, head[:30])
			connReset(conn)
		}, retryUnlessOnce(retryTransport, 3), 0, "the connection", nil},
		{"truncated body", func(w http.ResponseWriter) {
			conn := retryHijack(w)
			_, _ = io.WriteString(conn, head)
			_ = conn.Close()
		}, retryCut(), 200, "the connection ended before the answer did", nil},
		{"truncated chunks", func(w http.ResponseWriter) {
			conn := retryHijack(w)
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"data\":\r\n")
			_ = conn.Close()
		}, retryCut(), 200, "the connection ended before the answer did", nil},
		{"broken gzip", func(w http.ResponseWriter) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = io.WriteString(w, connOK)
		}, retryCut(), 200, "gzip", nil},
		{"html 502", func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(http.StatusBadGateway)
			_, _ = io.WriteString(w, "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>")
		}, retryUnlessOnce(retryAPI, 3), 502, "502: 502 Bad Gateway", nil},
		{"truncated 503", func(w http.ResponseWriter) {
			conn := retryHijack(w)
			_, _ = io.WriteString(conn, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 100\r\n\r\nmaintenance")
			_ = conn.Close()
		}, retryUnlessOnce(retryAPI, 3), 503, "503 maintenance", []error{client.ErrServiceUnavailable}},
		{
			"empty JSON 200", func(w http.ResponseWriter) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusOK)
			},
			retryNever(retryDecode), 200, "the response is empty", nil,
		},
		{
			"empty 200 of no type", func(w http.ResponseWriter) { w.WriteHeader(http.StatusOK) },
			retryForeign(), 200, "the response is empty", nil,
		},
		{
			"html 200", func(w http.ResponseWriter) { _, _ = io.WriteString(w, "<html>sign in</html>") },
			retryForeign(), 200, "it is an HTML or XML page", nil,
		},
		{
			"text 200", func(w http.ResponseWriter) { _, _ = io.WriteString(w, "please sign in") },
			retryForeign(), 200, "it is not JSON", nil,
		},
		{"error in a 200", func(w http.ResponseWriter) {
			_, _ = io.WriteString(w, `{"data":null,"error":{"code":"NOT_FOUND","message":"gone"}}`)
		}, retryNever(retryAPI), 200, "200 NOT_FOUND: gone", []error{client.ErrNotFound}},
	}
	for _, tc := range cases {
		for _, class := range retryClasses {
			t.Run(tc.name+"/"+class.name, func(t *testing.T) {
				var seen atomic.Int64
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					seen.Add(1)
					_, _ = io.Copy(io.Discard, r.Body)
					tc.serve(w)
				}))
				defer server.Close()
				var answer client.Response
				opts := append([]client.CallOption{client.WithResponse(&answer)}, class.opts...)
				_, err := connDo(t.Context(), connClient(t, server.URL), class.op, opts...)
				retryCheck(t, err, class.want(tc.wants), seen.Load(), tc.sentinels)
				assert.Contains(t, err.Error(), tc.text)
				assert.Equal(t, tc.status, answer.StatusCode)
				var decode *client.DecodeError
				if errors.As(err, &decode) {
					assert.Equal(t, class.op.Method != "", decode.WriteSucceeded, "a write succeeded")
				}
			})
		}
	}
}

// TestRetryUnreachable: where no connection comes about nothing was sent, so even a POST is repeated, unless
// another attempt would only end the same.
func TestRetryUnreachable(t *testing.T) {
	cut := connListen(t, func(_ int, conn net.Conn) { // reads the first bytes of the handshake, and hangs up
		_, _ = conn.Read(make([]byte, 16))
	})
	untrusted := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("a request went to a server whose certificate is not trusted")
	}))
	untrusted.Config.ErrorLog = log.New(io.Discard, "", 0)
	untrusted.StartTLS()
	defer untrusted.Close()
	_, port, err := net.SplitHostPort(untrusted.Listener.Addr().String())
	require.NoError(t, err)
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()

	cases := []struct {
		name, base string
		wants      retryWants
		text       string
	}{
		{"dial refused", "http://" + connClosedPort(t), retryAlways(retryTransport), "cannot connect: connection refused"},
		{"handshake cut", "https://" + cut, retryAlways(retryTransport), "the connection"},
		{"certificate not trusted", untrusted.URL, retryNever(retryTransport), "is signed by an unknown authority"},
		{"certificate for another host", "https://localhost:" + port, retryNever(retryTransport), "is for another host"},
		{
			"plain server", "https://" + plain.Listener.Addr().String(), retryNever(retryTransport),
			"HTTP response to HTTPS client",
		},
	}
	for _, tc := range cases {
		for _, class := range retryClasses {
			t.Run(tc.name+"/"+class.name, func(t *testing.T) {
				transport := connTransport(t)
				dials := connDials(transport)
				c := connClient(t, tc.base, client.WithTransport(transport))
				_, err := connDo(t.Context(), c, class.op, class.opts...)
				retryCheck(t, err, class.want(tc.wants), dials.Load(), nil)
				assert.Contains(t, err.Error(), tc.text)
				assert.NotContains(t, err.Error(), "dial tcp")
			})
		}
	}
}

// TestRetryAttemptTimeout: an attempt that takes too long is a lost reply, however far it came.
func TestRetryAttemptTimeout(t *testing.T) {
	timedOut := []error{client.ErrAttemptTimeout}
	cases := []struct {
		name  string
		serve func(w http.ResponseWriter)
		wants retryWants
	}{
		{"before headers", func(http.ResponseWriter) {}, retryUnlessOnce(retryTransport, 3)},
		{"within the body", func(w http.ResponseWriter) {
			_, _ = io.WriteString(w, `{"data":`)
			_ = http.NewResponseController(w).Flush()
		}, retryCut()},
	}
	for _, tc := range cases {
		for _, class := range retryClasses {
			t.Run(tc.name+"/"+class.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var seen atomic.Int64
					c := connPiped(t, func(w http.ResponseWriter, r *http.Request) {
						seen.Add(1)
						_, _ = io.Copy(io.Discard, r.Body)
						tc.serve(w)
						<-r.Context().Done()
					}, client.WithTimeout(time.Hour))
					want := class.want(tc.wants)
					began := time.Now()
					opts := append([]client.CallOption{client.WithTimeout(3 * time.Second)}, class.opts...)
					_, err := connDo(t.Context(), c, class.op, opts...)
					retryCheck(t, err, want, seen.Load(), timedOut)
					assert.InDelta(t, 3*want.attempts, time.Since(began).Seconds(), 0.001,
						"the call's own timeout counts, for each attempt")
					assert.NotErrorIs(t, err, client.ErrRedirect)
				})
			})
		}
	}
}

// TestRetrySequence: what is known of a write is known of all its attempts, not of the last one alone.
func TestRetrySequence(t *testing.T) {
	const lost, refused = 0, -1
	for _, tc := range []struct {
		name      string
		op        *client.Operation
		attempts  []int // statuses, lost (no answer) or refused (no connection)
		unknown   bool
		afterLost bool // of an APIError
	}{
		{name: "refused thrice", op: &connPut, attempts: []int{refused, refused, refused}},
		{name: "lost, then refused", op: &connPut, attempts: []int{lost, refused, refused}, unknown: true},
		{name: "503, then refused", op: &connPut, attempts: []int{503, refused, refused}, unknown: true},
		{name: "refused, then 503", op: &connPut, attempts: []int{refused, refused, 503}, unknown: true},
		{name: "429, then refused", op: &connPut, attempts: []int{429, refused, refused}},
		{name: "lost, then 429", op: &connPut, attempts: []int{lost, 429, 429}, unknown: true, afterLost: true},
		{name: "502, then 400", op: &connPut, attempts: []int{502, 400}, unknown: true, afterLost: true},
		{name: "lost, then 404", op: &connPut, attempts: []int{lost, 404}, unknown: true, afterLost: true},
		{name: "lost, then 404, a result", op: &connDelete, attempts: []int{lost, 404}, unknown: true, afterLost: true},
		{name: "502, then 404, a result", op: &connDelete, attempts: []int{502, 404}, unknown: true, afterLost: true},
		{name: "404 to a DELETE", op: &connDelete, attempts: []int{404}},
		{name: "lost, then 403 to a DELETE", op: &connDelete, attempts: []int{lost, 403}, unknown: true, afterLost: true},
		{name: "lost, then 409", op: &connPut, attempts: []int{lost, 409}, unknown: true, afterLost: true},
		{name: "lost, then 307 elsewhere", op: &connPut, attempts: []int{lost, 307}, unknown: true},
		{name: "307 elsewhere", op: &connPut, attempts: []int{307}},
		{name: "once, 303 elsewhere", op: &connPost, attempts: []int{303}, unknown: true}, // it often follows a write
		{name: "once, 308 elsewhere", op: &connPost, attempts: []int{308}},
		{name: "a read, 303 elsewhere", op: &connGet, attempts: []int{303}},
		{name: "429, then 400", op: &connPut, attempts: []int{429, 400}},
		{name: "a read", op: &connGet, attempts: []int{lost, 503, 502}, afterLost: true},
		{name: "once, 429, then lost", op: &connPost, attempts: []int{429, lost}, unknown: true},
		{name: "once, refused, then 400", op: &connPost, attempts: []int{refused, 400}},
		{name: "once, 401", op: &connPost, attempts: []int{401}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			made := 0
			c := connMemory(t, func(r *http.Request) (*http.Response, error) {
				require.Less(t, made, len(tc.attempts), "one attempt too many")
				made++
				switch status := tc.attempts[made-1]; status {
				case lost:
					return nil, io.ErrUnexpectedEOF
				case refused:
					return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
				default:
					return connAnswer(r, status, "", "Location", "https://a.test/"), nil
				}
			}, client.WithRetry(connPolicy))
			_, err := connDo(t.Context(), c, tc.op)
			assert.Len(t, tc.attempts, made)
			require.Error(t, err)
			assert.Equal(t, tc.unknown, errors.Is(err, client.ErrOutcomeUnknown), "%v", err)
			var api *client.APIError
			if errors.As(err, &api) {
				assert.Equal(t, tc.afterLost, api.AfterLostReply())
			}
		})
	}
}
