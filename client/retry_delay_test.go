package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// delayThen answers first once and well from then on; it notes when.
func delayThen(at *[]time.Time, first func(*http.Request) *http.Response) connRoundTrip {
	return func(r *http.Request) (*http.Response, error) {
		*at = append(*at, time.Now())
		if len(*at) == 1 {
			return first(r), nil
		}
		return connAnswer(r, http.StatusOK, connOK), nil
	}
}

// TestDelayNamed: the ways in which the platform says when to come back, each waited for to the instant, by a POST
// as well where the status is 429.
func TestDelayNamed(t *testing.T) {
	in := func(d time.Duration) time.Time { return time.Now().Add(d).UTC() }
	cases := []struct {
		name   string
		header func() []string
		body   func() string
		want   time.Duration
	}{
		{name: "seconds", header: func() []string { return []string{"Retry-After", "2"} }, want: 2 * time.Second},
		{
			name: "a fraction", header: func() []string { return []string{"Retry-After", "1.25"} },
			want: 1250 * time.Millisecond,
		},
		{
			name: "milliseconds", header: func() []string { return []string{"Retry-After-Ms", "700"} },
			want: 700 * time.Millisecond,
		},
		{
			name:   "a date",
			header: func() []string { return []string{"Retry-After", in(7 * time.Second).Format(http.TimeFormat)} },
			want:   7 * time.Second,
		},
		{name: "a date of another clock", header: func() []string {
			return []string{
				"Date", in(time.Hour).Format(http.TimeFormat), "Retry-After",
				in(time.Hour + 7*time.Second).Format(http.TimeFormat),
			}
		}, want: 7 * time.Second},
		{name: "a Unix time of another clock", header: func() []string {
			return []string{
				"Date", in(time.Hour).Format(http.TimeFormat), "Retry-After",
				strconv.FormatInt(in(time.Hour+7*time.Second).Unix(), 10),
			}
		}, want: 7 * time.Second},
		{
			name:   "resetTime of another clock",
			header: func() []string { return []string{"Date", in(time.Hour).Format(http.TimeFormat)} }, body: func() string {
				return fmt.Sprintf(`{"error":{"code":"RATE_LIMITED","resetTime":%q}}`,
					in(time.Hour+9*time.Second).Format(time.RFC3339))
			}, want: 9 * time.Second,
		},
		{
			name:   "two values",
			header: func() []string { return []string{"Retry-After", "2", "Retry-After", "3", "Retry-After", "1"} },
			want:   3 * time.Second,
		},
		{name: "exactly the longest", header: func() []string { return []string{"Retry-After", "60"} }, want: time.Minute},
		{name: "resetTime in the body", body: func() string {
			return fmt.Sprintf(`{"error":{"code":"RATE_LIMITED","message":"slow down","resetTime":%q}}`,
				in(9*time.Second).Format(time.RFC3339))
		}, want: 9 * time.Second},
		{name: "retryAfter in the body", body: func() string {
			return `{"error":"RATE_LIMITED","message":"slow down","retryAfter":4}`
		}, want: 4 * time.Second},
		{name: "RateLimit-Reset", header: func() []string {
			return []string{"RateLimit-Limit", "100", "RateLimit-Remaining", "0", "RateLimit-Reset", "11"}
		}, want: 11 * time.Second},
		{name: "X-RateLimit-Reset", header: func() []string {
			return []string{"X-RateLimit-Remaining", "0", "X-RateLimit-Reset", strconv.FormatInt(in(12*time.Second).Unix(), 10)}
		}, want: 12 * time.Second},
		{
			name: "RateLimit", header: func() []string { return []string{"RateLimit", `"default";r=0;t=13`} },
			want: 13 * time.Second,
		},
		{
			name: "the header before the body", header: func() []string { return []string{"Retry-After", "5"} },
			body: func() string {
				return fmt.Sprintf(`{"error":{"code":"RATE_LIMITED","resetTime":%q}}`, in(40*time.Second).Format(time.RFC3339))
			}, want: 5 * time.Second,
		},
	}
	for _, tc := range cases {
		for _, op := range []*client.Operation{&connGet, &connPut, &connPost} {
			t.Run(tc.name+"/"+op.ID, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					// The faked clock begins in 2000, when Unix times were too small to be told from delays.
					time.Sleep(time.Until(time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)))
					var at []time.Time
					c := connMemory(t, delayThen(&at, func(r *http.Request) *http.Response {
						var header []string
						body := `{"error":{"code":"RATE_LIMITED","message":"slow down"}}`
						if tc.header != nil {
							header = tc.header()
						}
						if tc.body != nil {
							body = tc.body()
						}
						return connAnswer(r, http.StatusTooManyRequests, body, header...)
					}))
					var answer client.Response
					_, err := connDo(t.Context(), c, op, client.WithResponse(&answer))
					require.NoError(t, err)
					assert.Equal(t, 2, answer.Attempts)
					assert.Equal(t, tc.want, at[1].Sub(at[0]))
				})
			})
		}
	}
}

// TestDelayNamedOtherStatus: Retry-After counts wherever the platform sends it with a failure that passes.
func TestDelayNamedOtherStatus(t *testing.T) {
	for _, status := range []int{408, 500, 502, 503, 504} {
		synctest.Test(t, func(t *testing.T) {
			var at []time.Time
			c := connMemory(t, delayThen(&at, func(r *http.Request) *http.Response {
				return connAnswer(r, status, "", "Retry-After", "17")
			}))
			_, err := connDo(t.Context(), c, &connGet)
			require.NoError(t, err)
			assert.Equal(t, 17*time.Second, at[1].Sub(at[0]), status)
		})
	}
}

// TestDelayTooLong: a delay that is not going to be waited for is not begun. The answer comes back at once, with
// the time in it.
func TestDelayTooLong(t *testing.T) {
	policy := func(d time.Duration) client.RetryPolicy { return client.RetryPolicy{MaxDelay: d} }
	cases := []struct {
		name   string
		value  string
		client client.RetryPolicy
		call   []client.CallOption
		ctx    time.Duration
		want   time.Duration
	}{
		{name: "above the default", value: "61", want: 61 * time.Second},
		{name: "ten minutes", value: "600", want: 10 * time.Minute},
		{name: "above the client's", value: "2.5", client: policy(2 * time.Second), want: 2500 * time.Millisecond},
		{
			name: "above the call's", value: "2", call: []client.CallOption{client.WithRetry(policy(time.Second))},
			want: 2 * time.Second,
		},
		{name: "beyond the context", value: "30", ctx: 29 * time.Second, want: 30 * time.Second},
		{name: "a number without end", value: "1e400", want: 100 * 365 * 24 * time.Hour},
		{name: "more than an int64", value: "9223372036854775808", want: 100 * 365 * 24 * time.Hour},
		{name: "a far date", value: "Fri, 31 Dec 9999 23:59:59 GMT", want: 100 * 365 * 24 * time.Hour},
	}
	for _, tc := range cases {
		for _, status := range []int{429, 503} {
			t.Run(fmt.Sprintf("%s/%d", tc.name, status), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					ctx := t.Context()
					if tc.ctx > 0 {
						var cancel context.CancelFunc
						ctx, cancel = context.WithTimeout(ctx, tc.ctx)
						defer cancel()
					}
					var at []time.Time
					c := connMemory(t, delayThen(&at, func(r *http.Request) *http.Response {
						return connAnswer(r, status, `{"error":{"code":"BUSY","message":"later"}}`, "Retry-After", tc.value)
					}), client.WithRetry(tc.client))
					began := time.Now()
					_, err := connDo(ctx, c, &connGet, tc.call...)
					assert.Zero(t, time.Since(began))
					require.Len(t, at, 1)
					var api *client.APIError
					require.ErrorAs(t, err, &api)
					assert.Equal(t, status, api.StatusCode)
					assert.Equal(t, tc.want, api.RetryAfter)
					assert.Equal(t, 1, api.Attempts)
					assert.Equal(t, "BUSY", api.Code)
					assert.NotErrorIs(t, err, context.DeadlineExceeded, "the context has not ended")
				})
			})
		}
	}
}

// TestDelayRaised: who allows a longer delay gets it, for a client or for one call.
func TestDelayRaised(t *testing.T) {
	long := client.WithRetry(client.RetryPolicy{MaxDelay: 2 * time.Hour})
	for name, tc := range map[string]struct {
		client []client.Option
		call   []client.CallOption
	}{
		"client": {client: []client.Option{long}},
		"call":   {call: []client.CallOption{long}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var at []time.Time
				c := connMemory(t, delayThen(&at, func(r *http.Request) *http.Response {
					return connAnswer(r, http.StatusTooManyRequests, "", "Retry-After", "3600")
				}), tc.client...)
				_, err := connDo(t.Context(), c, &connGet, tc.call...)
				require.NoError(t, err)
				assert.Equal(t, time.Hour, at[1].Sub(at[0]))
			})
		})
	}
}

// TestDelayUnnamed: without a word from the platform the delays are random, grow, and stay below their bounds.
func TestDelayUnnamed(t *testing.T) {
	policy := client.RetryPolicy{MaxAttempts: 8, BaseDelay: time.Second, MaxBackoff: 5 * time.Second}
	bounds := []time.Duration{1, 2, 4, 5, 5, 5, 5}
	synctest.Test(t, func(t *testing.T) {
		var at []time.Time
		var sums [7]time.Duration
		const calls = 400
		for range calls {
			at = nil
			c := connMemory(t, func(r *http.Request) (*http.Response, error) { // each with a retry quota of its own
				at = append(at, time.Now())
				return connAnswer(r, http.StatusServiceUnavailable, ""), nil
			}, client.WithRetry(policy))
			_, err := connDo(t.Context(), c, &connGet)
			require.ErrorIs(t, err, client.ErrServiceUnavailable)
			require.Len(t, at, 8)
			for i := range bounds {
				delay := at[i+1].Sub(at[i])
				require.LessOrEqual(t, delay, bounds[i]*time.Second, "before attempt %d", i+2)
				sums[i] += delay
			}
		}
		for i, sum := range sums {
			// Seven standard deviations of the mean of that many uniform values.
			assert.InDelta(t, 0.5, (sum/calls).Seconds()/float64(bounds[i]), 0.1, "before attempt %d", i+2)
		}
	})
}

// TestDelayBaseAboveBound: MaxBackoff holds for a BaseDelay above it as well.
func TestDelayBaseAboveBound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := connMemory(t, func(r *http.Request) (*http.Response, error) {
			return connAnswer(r, http.StatusServiceUnavailable, ""), nil
		}, client.WithRetry(client.RetryPolicy{MaxAttempts: 2, BaseDelay: time.Hour, MaxBackoff: time.Second}))
		for range 20 {
			began := time.Now()
			_, err := connDo(t.Context(), c, &connGet)
			require.ErrorIs(t, err, client.ErrServiceUnavailable)
			require.LessOrEqual(t, time.Since(began), time.Second)
		}
	})
}

// TestDelayDeadline: a backoff that would outlast the context is not begun either.
func TestDelayDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		attempts := 0
		c := connMemory(t, func(r *http.Request) (*http.Response, error) {
			attempts++
			return nil, errors.New("the line is cut")
		}, client.WithRetry(client.RetryPolicy{MaxAttempts: 50, BaseDelay: time.Second, MaxBackoff: time.Second}))
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		began := time.Now()
		_, err := connDo(ctx, c, &connGet)
		var broken *client.TransportError
		require.ErrorAs(t, err, &broken)
		assert.Equal(t, attempts, broken.Attempts)
		assert.Less(t, time.Since(began), 10*time.Second, "the call ends when the next delay would not fit, not later")
		require.NoError(t, ctx.Err())
	})
}

// TestDelayInternalErrorOnce: a 500 is tried once more in a call, whatever lies between.
func TestDelayInternalErrorOnce(t *testing.T) {
	for _, tc := range []struct {
		answers  []int
		attempts int
	}{
		{[]int{500, 200}, 2},
		{[]int{500, 500, 200}, 2},
		{[]int{503, 500, 503, 200}, 4},
		{[]int{500, 503, 500, 200}, 3},
	} {
		synctest.Test(t, func(t *testing.T) {
			attempts := 0
			c := connMemory(t, func(r *http.Request) (*http.Response, error) {
				attempts++
				return connAnswer(r, tc.answers[attempts-1], connOK), nil
			})
			_, err := connDo(t.Context(), c, &connPut)
			assert.Equal(t, tc.attempts, attempts, tc.answers)
			assert.Equal(t, tc.answers[tc.attempts-1] == 200, err == nil)
		})
	}
}

// TestDelayMaxAttempts: the bound of the client, and that of a call in its place.
func TestDelayMaxAttempts(t *testing.T) {
	attempts := func(n int) client.RetryPolicy { return client.RetryPolicy{MaxAttempts: n} }
	for _, tc := range []struct {
		name   string
		client []client.Option
		call   []client.CallOption
		want   int
	}{
		{"client 1", []client.Option{client.WithRetry(attempts(1))}, nil, 1},
		{"client 4", []client.Option{client.WithRetry(attempts(4))}, nil, 4},
		{"call 2", nil, []client.CallOption{client.WithRetry(attempts(2))}, 2},
		{
			"call 5 over client 1",
			[]client.Option{client.WithRetry(attempts(1))},
			[]client.CallOption{client.WithRetry(attempts(5))},
			5,
		},
		{
			"call 1 over client 5",
			[]client.Option{client.WithRetry(attempts(5))},
			[]client.CallOption{client.WithRetry(attempts(1))},
			1,
		},
	} {
		for _, op := range []*client.Operation{&connGet, &connPut, &connPost} {
			t.Run(tc.name+"/"+op.ID, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					made := 0
					c := connMemory(t, func(r *http.Request) (*http.Response, error) {
						made++
						return connAnswer(r, http.StatusTooManyRequests, ""), nil
					}, tc.client...)
					_, err := connDo(t.Context(), c, op, tc.call...)
					require.ErrorIs(t, err, client.ErrRateLimited)
					assert.Equal(t, tc.want, made)
				})
			})
		}
	}
}
