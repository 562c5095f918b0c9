package client_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/pace"
)

// observeHooks keeps what it is told.
type observeHooks struct {
	attempts []client.Attempt
	contexts []context.Context //nolint:containedctx // looked at after the call
}

func (h *observeHooks) AttemptDone(ctx context.Context, a client.Attempt) {
	h.attempts = append(h.attempts, a)
	h.contexts = append(h.contexts, ctx)
}

type observeKey struct{}

// TestObserveHooks: every attempt is told, once, with what happened to it, and the limiter's part in its time.
func TestObserveHooks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		attempt := 0
		hooks := new(observeHooks)
		op := client.Operation{ID: "renameThing", Method: http.MethodPut, Mount: client.MountBuyer, Path: "/things/{id}/name"}
		c := connMemory(t, func(r *http.Request) (*http.Response, error) {
			attempt++
			time.Sleep(time.Duration(attempt) * time.Second)
			switch attempt {
			case 1:
				return connAnswer(r, http.StatusServiceUnavailable, "", "Retry-After", "9", "X-Request-Id", "req-1"), nil
			case 2:
				return nil, errors.New("the line is cut")
			default:
				return connAnswer(r, http.StatusOK, connOK, "X-Request-Id", "req-3"), nil
			}
		}, client.WithHooks(hooks), client.WithRetry(connPolicy), client.WithLimiter(&limiterFunc{
			wait: func(context.Context, pace.Key) error { time.Sleep(250 * time.Millisecond); return nil },
		}))
		ctx := context.WithValue(t.Context(), observeKey{}, "span")
		_, err := client.Call[connThing](ctx, c, &op, client.Request{Path: []string{"id-1"}})
		require.NoError(t, err)
		require.Len(t, hooks.attempts, 3)
		for i, a := range hooks.attempts {
			assert.Equal(t, "renameThing", a.Operation)
			assert.Equal(t, http.MethodPut, a.Method)
			assert.Equal(t, "/api/v2/buyer/things/{id}/name", a.Route)
			assert.Equal(t, i+1, a.Number)
			assert.Equal(t, 250*time.Millisecond, a.Waited)
			assert.Equal(t, time.Duration(i+1)*time.Second, a.Duration, "the wait does not count")
			assert.Equal(t, i < 2, a.Retrying)
			assert.Equal(t, "span", hooks.contexts[i].Value(observeKey{}))
		}
		first, second, third := hooks.attempts[0], hooks.attempts[1], hooks.attempts[2]
		assert.Equal(t, 503, first.StatusCode)
		assert.Equal(t, "req-1", first.RequestID)
		assert.Equal(t, 9*time.Second, first.RetryIn)
		require.NoError(t, first.Err, "an answer is no error of the attempt, whatever its status")
		assert.Zero(t, second.StatusCode)
		assert.Empty(t, second.RequestID)
		var broken *client.TransportError
		require.ErrorAs(t, second.Err, &broken)
		assert.Equal(t, 200, third.StatusCode)
		assert.Equal(t, "req-3", third.RequestID)
		require.NoError(t, third.Err)
		assert.Zero(t, third.RetryIn)
	})
}

// TestObserveUnusable: the attempts whose answer was no use, and calls without an attempt.
func TestObserveUnusable(t *testing.T) {
	for _, tc := range []struct {
		name   string
		answer func(*http.Request) *http.Response
		op     *client.Operation
		status int
		is     error
	}{
		{"redirect", func(r *http.Request) *http.Response {
			return connAnswer(r, http.StatusFound, "", "Location", "https://a.test/", "X-Request-Id", "req-1")
		}, &connGet, http.StatusFound, client.ErrRedirect},
		{"redirect to nowhere", func(r *http.Request) *http.Response {
			return connAnswer(r, http.StatusFound, "", "X-Request-Id", "req-1")
		}, &connGet, http.StatusFound, client.ErrRedirect},
		{"too large", func(r *http.Request) *http.Response {
			return connAnswer(r, http.StatusOK, strings.Repeat(" ", 2_000), "X-Request-Id", "req-1")
		}, &connGet, http.StatusOK, client.ErrBodyTooLarge},
		{"truncated", func(r *http.Request) *http.Response {
			answer := connAnswer(r, http.StatusOK, "", "X-Request-Id", "req-1")
			answer.Body = io.NopCloser(io.MultiReader(strings.NewReader("{"), observeCut{}))
			return answer
		}, &connPost, http.StatusOK, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			hooks := new(observeHooks)
			c := connMemory(t, func(r *http.Request) (*http.Response, error) { return tc.answer(r), nil },
				client.WithHooks(hooks), client.WithMaxBody(1_000, 0))
			var answer client.Response
			_, err := connDo(t.Context(), c, tc.op, client.WithResponse(&answer))
			require.Len(t, hooks.attempts, 1)
			for _, err := range []error{err, hooks.attempts[0].Err} {
				require.Error(t, err)
				if tc.is != nil {
					require.ErrorIs(t, err, tc.is)
				}
			}
			assert.Equal(t, tc.status, hooks.attempts[0].StatusCode)
			assert.Equal(t, "req-1", hooks.attempts[0].RequestID)
			assert.False(t, hooks.attempts[0].Retrying)
			assert.Equal(t, tc.status, answer.StatusCode)
			assert.Equal(t, "req-1", answer.RequestID)
		})
	}
	t.Run("nothing sent", func(t *testing.T) {
		hooks := new(observeHooks)
		c := connMemory(t, nil, client.WithHooks(hooks))
		_, err := connDo(t.Context(), c, &connGet, client.WithSeat(""))
		require.ErrorIs(t, err, client.ErrInvalidParams)
		assert.Empty(t, hooks.attempts)
	})
}

type observeCut struct{}

func (observeCut) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// TestObserveLog: the log has the attributes of the allow-list and nothing of what a call carries.
func TestObserveLog(t *testing.T) {
	allowed := []string{
		"time", "level", "msg", "operation", "method", "route", "attempt", "duration", "status", "request_id", "waited",
		"retry_in", "error",
	}
	var out bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	attempt := 0
	c := connMemory(t, func(r *http.Request) (*http.Response, error) {
		attempt++
		switch attempt {
		case 1:
			return connAnswer(r, http.StatusServiceUnavailable, `{"error":{"code":"CANARY_CODE","message":"canary"}}`,
				"X-Canary", "canary"), nil
		case 2:
			return nil, fmt.Errorf("reading from %s: %w", r.URL, io.ErrUnexpectedEOF)
		case 3:
			return connAnswer(r, http.StatusOK, `{"data":{"id":"canary"}}`, "Set-Cookie", "canary", "X-Request-Id",
				"req-3\x07 "+connSecret), nil
		case 4:
			return connAnswer(r, http.StatusNotFound, `{"error":{"code":"CANARY_CODE","message":"canary"}}`), nil
		default:
			return connAnswer(r, http.StatusFound, "", "Location", "https://a.test/canary?canary"), nil
		}
	}, client.WithLogger(logger), client.WithRetry(connPolicy), client.WithSeat("canary"),
		client.WithHeader("X-A", "canary"))
	op := client.Operation{
		ID: "copyThing", Method: http.MethodPost, Effect: client.EffectIdempotent,
		Mount: client.MountShared, Path: "/things/{id}",
	}
	req := client.Request{
		Path: []string{"canary"}, Query: map[string][]string{"q": {"canary"}},
		Body: map[string]string{"a": "canary"},
	}
	for range 3 {
		_, _ = client.Call[connThing](t.Context(), c, &op, req)
	}
	assert.NotContains(t, strings.ToLower(out.String()), "canary")
	assert.NotContains(t, out.String(), connSecret)

	var levels []string
	for line := range strings.Lines(out.String()) {
		var record map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &record))
		for name := range record {
			assert.Contains(t, allowed, name)
		}
		assert.Equal(t, "copyThing", record["operation"])
		assert.Equal(t, "/api/v2/things/{id}", record["route"])
		levels = append(levels, fmt.Sprint(record["level"], " ", record["attempt"], " ", record["status"]))
	}
	assert.Equal(t, []string{"INFO 1 503", "INFO 2 <nil>", "DEBUG 3 200", "WARN 1 404", "WARN 1 302"}, levels)
}

// TestObserveSilent: without being told to, nothing is written anywhere.
func TestObserveSilent(t *testing.T) {
	var out bytes.Buffer
	before, beforeLog := slog.Default(), log.Writer()
	slog.SetDefault(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug})))
	defer func() {
		slog.SetDefault(before)
		log.SetOutput(beforeLog)
	}()
	c := connMemory(t, func(r *http.Request) (*http.Response, error) {
		return connAnswer(r, http.StatusServiceUnavailable, ""), nil
	}, client.WithRetry(connPolicy), client.WithLogger(nil))
	_, err := connDo(t.Context(), c, &connGet)
	require.ErrorIs(t, err, client.ErrServiceUnavailable)
	assert.Empty(t, out.String())
}

// TestObserveSeveral: hooks add up, and a derived client's are its own.
func TestObserveSeveral(t *testing.T) {
	one, two, three := new(observeHooks), new(observeHooks), new(observeHooks)
	c := connMemory(t, func(r *http.Request) (*http.Response, error) {
		return connAnswer(r, http.StatusOK, connOK), nil
	}, client.WithHooks(one), client.WithHooks(two))
	derived, err := c.With(client.WithHooks(three))
	require.NoError(t, err)
	for _, each := range []*client.Client{c, derived} {
		_, err := connDo(t.Context(), each, &connGet)
		require.NoError(t, err)
	}
	assert.Len(t, one.attempts, 2)
	assert.Len(t, two.attempts, 2)
	assert.Len(t, three.attempts, 1)
}

// TestObserveResponse: what WithResponse is filled with, on success and on failure.
func TestObserveResponse(t *testing.T) {
	quota := []string{
		"X-Request-Id", "req-1", "RateLimit-Limit", "100", "RateLimit-Remaining", "42", "RateLimit-Reset",
		"7",
	}
	for _, tc := range []struct {
		name   string
		status int
		body   string
	}{
		{"success", 200, connOK},
		{"created", 201, connOK},
		{"no content", 204, ""},
		{"error", 404, `{"error":{"code":"NOT_FOUND","message":"gone"}}`},
		{"unreadable", 200, "{"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := connMemory(t, func(r *http.Request) (*http.Response, error) {
					return connAnswer(r, tc.status, tc.body, quota...), nil
				})
				answer := client.Response{StatusCode: 999, Attempts: 99, RequestID: "of an earlier call"}
				_, err := connDo(t.Context(), c, &connGet, client.WithResponse(&answer))
				assert.Equal(t, tc.name == "error" || tc.name == "unreadable", err != nil)
				want := pace.Quota{Known: true, Limit: 100, Remaining: 42, Reset: time.Now().Add(7 * time.Second)}
				assert.Equal(t, tc.status, answer.StatusCode)
				assert.Equal(t, "req-1", answer.RequestID)
				assert.Equal(t, 1, answer.Attempts)
				assert.Equal(t, want, answer.Quota)
				assert.Equal(t, "42", answer.Header.Get("RateLimit-Remaining"))
				assert.Equal(t, tc.body, string(answer.RawBody()))
				assert.NotContains(t, fmt.Sprintf("%+v %#v", answer, &answer), `"id"`, "the body is out of sight")

				again, err := c.Do(t.Context(), &connGet, client.Request{})
				assert.Equal(t, tc.status == 404, err != nil, "Do does not read the answer")
				assert.Equal(t, tc.body, string(again.RawBody()))
			})
		})
	}
	t.Run("no answer", func(t *testing.T) {
		c := connMemory(t, func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF },
			client.WithRetry(connPolicy))
		answer := client.Response{StatusCode: 999, RequestID: "of an earlier call"}
		_, err := connDo(t.Context(), c, &connGet, client.WithResponse(&answer))
		require.Error(t, err)
		assert.Zero(t, answer.StatusCode)
		assert.Empty(t, answer.RequestID)
		assert.Empty(t, answer.RawBody())
		assert.False(t, answer.Quota.Known)
		assert.Equal(t, connPolicy.MaxAttempts, answer.Attempts)
	})
}

// TestObserveMaxBody: the limit is on what comes out of the decompression; an error answer is cut instead.
func TestObserveMaxBody(t *testing.T) {
	const limit = 10_000
	body := func(n int) string { return `["` + strings.Repeat("a", n-4) + `"]` }
	for _, compressed := range []bool{false, true} {
		for _, tc := range []struct {
			status, size int
			tooLarge     bool
		}{
			{200, limit, false},
			{200, limit + 1, true},
			{200, 40 * limit, true},
			{404, limit / 10, false},
			{404, 40 * limit, false},
		} {
			t.Run(fmt.Sprintf("%v/%d/%d", compressed, tc.status, tc.size), func(t *testing.T) {
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					var out io.Writer = w
					if compressed {
						assert.Contains(t, r.Header.Get("Accept-Encoding"), "gzip")
						w.Header().Set("Content-Encoding", "gzip")
						packed := gzip.NewWriter(w)
						defer packed.Close()
						out = packed
					}
					w.WriteHeader(tc.status)
					_, _ = io.WriteString(out, body(tc.size))
				}))
				defer server.Close()
				c := connClient(t, server.URL, client.WithMaxBody(limit, limit/10))
				var answer client.Response
				value, err := client.Call[jsontext.Value](t.Context(), c, &connGet, client.Request{}, client.WithResponse(&answer))
				assert.Equal(t, tc.tooLarge, errors.Is(err, client.ErrBodyTooLarge))
				assert.Equal(t, 1, answer.Attempts)
				switch {
				case tc.status == 404:
					require.ErrorIs(t, err, client.ErrNotFound)
					assert.Equal(t, body(tc.size)[:limit/10], string(answer.RawBody()))
				case !tc.tooLarge:
					require.NoError(t, err)
					assert.Equal(t, body(tc.size), string(value))
				}
			})
		}
	}
}
