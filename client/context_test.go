package client_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/pace"
)

// contextPlace is one place where a call may be when its context ends. Its client gets there on the first attempt
// and would stay forever.
type contextPlace struct {
	name   string
	client func(t *testing.T) *client.Client
	noWait bool // a wait that is not begun when it would outlast the deadline
	sent   bool // a write may have been processed
	head   bool // the answer had begun: a write was processed
}

func contextOver(t *testing.T, dial func(context.Context) (net.Conn, error), scheme string) *client.Client {
	transport := connTransport(t)
	transport.TLSHandshakeTimeout = time.Hour
	transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) }
	return connClient(t, scheme+"://127.0.0.1:1", client.WithTransport(transport), client.WithTimeout(time.Hour))
}

func contextPlaces() []contextPlace {
	forever := client.WithTimeout(time.Hour)
	return []contextPlace{
		{name: "token source", client: func(t *testing.T) *client.Client {
			return connMemory(t, nil, client.WithTokenSource(&authSource{token: func(ctx context.Context) (client.Token, error) {
				<-ctx.Done()
				return client.Token{}, ctx.Err()
			}}))
		}},
		{name: "limiter", noWait: true, client: func(t *testing.T) *client.Client {
			c := connMemory(t, func(r *http.Request) (*http.Response, error) {
				return connAnswer(r, http.StatusTooManyRequests, "", "Retry-After", "50"), nil
			})
			_, err := connDo(t.Context(), c, &connGet, client.WithRetry(client.RetryPolicy{MaxAttempts: 1}))
			require.ErrorIs(t, err, client.ErrRateLimited)
			return c
		}},
		{name: "custom limiter", client: func(t *testing.T) *client.Client {
			return connMemory(t, nil, client.WithLimiter(&limiterFunc{wait: func(ctx context.Context, _ pace.Key) error {
				<-ctx.Done()
				return errors.New("the budget service hung up")
			}}))
		}},
		{name: "dial", client: func(t *testing.T) *client.Client {
			return contextOver(t, func(ctx context.Context) (net.Conn, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			}, "http")
		}},
		{name: "handshake", client: func(t *testing.T) *client.Client {
			return contextOver(t, func(context.Context) (net.Conn, error) {
				near, far := net.Pipe()
				go func() {
					_, _ = io.Copy(io.Discard, far)
					_ = far.Close()
				}()
				return near, nil
			}, "https")
		}},
		{name: "writing", sent: true, client: func(t *testing.T) *client.Client {
			return contextOver(t, func(context.Context) (net.Conn, error) {
				near, far := net.Pipe() // nobody reads
				t.Cleanup(func() { _ = far.Close() })
				return near, nil
			}, "http")
		}},
		{name: "headers", sent: true, client: func(t *testing.T) *client.Client {
			return connPiped(t, func(_ http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				<-r.Context().Done()
			}, forever)
		}},
		{name: "body", sent: true, head: true, client: func(t *testing.T) *client.Client {
			return connPiped(t, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.WriteString(w, `{"data":`)
				_ = http.NewResponseController(w).Flush()
				<-r.Context().Done()
			}, forever)
		}},
		{name: "backoff", noWait: true, client: func(t *testing.T) *client.Client {
			return connMemory(t, func(r *http.Request) (*http.Response, error) {
				return connAnswer(r, http.StatusTooManyRequests, "", "Retry-After", "50"), nil
			})
		}},
	}
}

// TestContextEnds: wherever a call is, it returns in the very moment in which its context ends, with the context's
// error and its cause, and leaves no goroutine behind: a bubble that one is left in fails.
func TestContextEnds(t *testing.T) {
	cause := errors.New("the user left")
	ends := []struct {
		name     string
		context  func(context.Context) (context.Context, context.CancelFunc)
		want     []error
		deadline bool
	}{
		{
			name: "cancelled", want: []error{context.Canceled},
			context: func(ctx context.Context) (context.Context, context.CancelFunc) {
				ctx, cancel := context.WithCancel(ctx)
				time.AfterFunc(5*time.Second, cancel)
				return ctx, cancel
			},
		},
		{
			name: "cancelled with a cause", want: []error{context.Canceled, cause},
			context: func(ctx context.Context) (context.Context, context.CancelFunc) {
				ctx, cancel := context.WithCancelCause(ctx)
				time.AfterFunc(5*time.Second, func() { cancel(cause) })
				return ctx, func() { cancel(nil) }
			},
		},
		{
			name: "deadline", deadline: true, want: []error{context.DeadlineExceeded},
			context: func(ctx context.Context) (context.Context, context.CancelFunc) {
				return context.WithTimeout(ctx, 5*time.Second)
			},
		},
		{
			name: "deadline with a cause", deadline: true, want: []error{context.DeadlineExceeded, cause},
			context: func(ctx context.Context) (context.Context, context.CancelFunc) {
				return context.WithTimeoutCause(ctx, 5*time.Second, cause)
			},
		},
	}
	for _, place := range contextPlaces() {
		for _, end := range ends {
			if place.noWait && end.deadline {
				continue
			}
			for _, op := range []*client.Operation{&connGet, &connPut, &connPost} {
				t.Run(place.name+"/"+end.name+"/"+op.ID, func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						c := place.client(t)
						ctx, cancel := end.context(t.Context())
						defer cancel()
						began := time.Now()
						_, err := connDo(ctx, c, op)
						assert.Equal(t, 5*time.Second, time.Since(began))
						for _, want := range end.want {
							require.ErrorIs(t, err, want)
						}
						require.NotErrorIs(t, err, client.ErrAttemptTimeout)
						write := op.Method != ""
						var decode *client.DecodeError
						if errors.As(err, &decode) {
							assert.True(t, place.head && write && decode.WriteSucceeded)
						} else {
							assert.Equal(t, place.sent && write, errors.Is(err, client.ErrOutcomeUnknown), "%v", err)
						}
					})
				})
			}
		}
	}
}

// TestContextEndedBefore: nothing is asked and nothing is sent for a context that has ended already.
func TestContextEndedBefore(t *testing.T) {
	cause := errors.New("the user left")
	asked := func(what string) { t.Errorf("%s was asked", what) }
	c := connMemory(t, func(r *http.Request) (*http.Response, error) {
		asked("the platform")
		return connAnswer(r, http.StatusOK, connOK), nil
	},
		client.WithTokenSource(&authSource{token: func(context.Context) (client.Token, error) {
			asked("the token source")
			return connToken(t, connSecret), nil
		}}),
		client.WithLimiter(&limiterFunc{wait: func(context.Context, pace.Key) error {
			asked("the limiter")
			return nil
		}}))
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	var answer client.Response
	_, err := connDo(ctx, c, &connPost, client.WithResponse(&answer))
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, cause)
	require.NotErrorIs(t, err, client.ErrOutcomeUnknown)
	assert.Zero(t, answer.Attempts)

	expired, cancel2 := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel2()
	_, err = connDo(expired, c, &connPost)
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

// TestContextEndsMeanwhile: neither is anything sent when it ends while the limiter thinks, though it consents.
func TestContextEndsMeanwhile(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c := connMemory(t, func(r *http.Request) (*http.Response, error) {
		t.Error("sent")
		return connAnswer(r, http.StatusOK, connOK), nil
	}, client.WithLimiter(&limiterFunc{wait: func(context.Context, pace.Key) error {
		cancel()
		return nil
	}}))
	var answer client.Response
	_, err := connDo(ctx, c, &connPost, client.WithResponse(&answer))
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, client.ErrOutcomeUnknown)
	assert.Zero(t, answer.Attempts)
}

// TestContextEndsInBackoff: the error is that of the context and that of the last attempt at once.
func TestContextEndsInBackoff(t *testing.T) {
	cause := errors.New("the user left")
	for _, tc := range []struct {
		name    string
		op      *client.Operation
		answer  func(*http.Request) (*http.Response, error)
		last    error
		unknown bool
	}{
		{"after a 503", &connGet, func(r *http.Request) (*http.Response, error) {
			return connAnswer(r, http.StatusServiceUnavailable, `{"error":{"code":"BUSY","message":"later"}}`, "Retry-After",
				"30", "X-Request-Id", "req-1"), nil
		}, client.ErrServiceUnavailable, false},
		{"after a 503 to a write", &connPut, func(r *http.Request) (*http.Response, error) {
			return connAnswer(r, http.StatusServiceUnavailable, `{"error":{"code":"BUSY","message":"later"}}`, "Retry-After",
				"30", "X-Request-Id", "req-1"), nil
		}, client.ErrServiceUnavailable, true},
		{"after a 429 to a write", &connPost, func(r *http.Request) (*http.Response, error) {
			return connAnswer(r, http.StatusTooManyRequests, `{"error":{"code":"BUSY","message":"later"}}`, "Retry-After", "30",
				"X-Request-Id", "req-1"), nil
		}, client.ErrRateLimited, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := connMemory(t, tc.answer)
				ctx, cancel := context.WithCancelCause(t.Context())
				time.AfterFunc(time.Second, func() { cancel(cause) })
				var answer client.Response
				_, err := connDo(ctx, c, tc.op, client.WithResponse(&answer))
				require.ErrorIs(t, err, context.Canceled)
				require.ErrorIs(t, err, cause)
				require.ErrorIs(t, err, tc.last)
				assert.Equal(t, tc.unknown, errors.Is(err, client.ErrOutcomeUnknown))
				var api *client.APIError
				require.ErrorAs(t, err, &api)
				assert.Equal(t, "BUSY", api.Code)
				assert.Equal(t, 30*time.Second, api.RetryAfter)
				assert.Contains(t, err.Error(), "context canceled")
				assert.Contains(t, err.Error(), "BUSY: later")
				assert.Equal(t, 1, answer.Attempts)
				assert.Equal(t, "req-1", answer.RequestID)
			})
		})
	}
	t.Run("while a token is replaced", func(t *testing.T) {
		// Between two attempts without a delay there are two places that notice; neither loses the answer.
		for range 50 {
			ctx, cancel := context.WithCancel(t.Context())
			var attempts atomic.Int64
			source := newAuthRotating(t)
			source.next = func(context.Context) {
				source.Set(connToken(t, authNew))
				cancel()
			}
			_, err := connDo(ctx, connMemory(t, authOnlyNew(&attempts), client.WithTokenSource(source)), &connGet)
			require.ErrorIs(t, err, context.Canceled)
			require.ErrorIs(t, err, client.ErrUnauthorized)
			require.EqualValues(t, 1, attempts.Load())
		}
	})
}

// TestContextReal: the same over sockets, where a leak would be a real one.
func TestContextReal(t *testing.T) {
	for name, answer := range map[string]string{
		"headers": "",
		"body":    "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"data\":",
	} {
		t.Run(name, func(t *testing.T) {
			before := goleak.IgnoreCurrent()
			t.Cleanup(func() { goleak.VerifyNone(t, before) }) // runs after what closes the servers
			var slowest time.Duration
			for range 20 {
				ctx, cancel := context.WithCancel(t.Context())
				ended := make(chan time.Time, 1)
				addr := connListen(t, func(_ int, conn net.Conn) {
					buf := make([]byte, 4096)
					_, _ = conn.Read(buf)
					_, _ = io.Copy(conn, strings.NewReader(answer))
					ended <- time.Now()
					cancel()
					_, _ = io.Copy(io.Discard, conn) // until the client hangs up
				})
				_, err := connDo(ctx, connClient(t, "http://"+addr), &connGet)
				slowest = max(slowest, time.Since(<-ended))
				require.ErrorIs(t, err, context.Canceled)
			}
			assert.Less(t, slowest, time.Second)
		})
	}
}
