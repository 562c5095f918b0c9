package client_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/m2m"
)

// callError makes one call against canned responses and returns its error.
func callError(t *testing.T, op *client.Operation, status int, body string, headers ...string) error {
	t.Helper()
	c := pageClient(t, connRoundTrip(func(r *http.Request) (*http.Response, error) {
		if status == 0 {
			return nil, errors.New("connection reset")
		}
		return connAnswer(r, status, body, headers...), nil
	}))
	_, err := connDo(t.Context(), c, op)
	require.Error(t, err)
	return err
}

func TestMayHaveApplied(t *testing.T) {
	t.Parallel()
	lost := callError(t, &connPost, 0, "")
	unreadRead := callError(t, &connGet, 200, `[]`)
	unreadWrite := callError(t, &connPost, 200, `[]`)
	for name, tt := range map[string]struct {
		err  error
		want bool
	}{
		"nil":                            {nil, false},
		"a plain error":                  {errors.New("no"), false},
		"a context":                      {context.Canceled, false},
		"invalid parameters":             {&client.ParamError{}, false},
		"not sent":                       {&client.LimitError{RetryAfter: time.Second}, false},
		"a refusal":                      {callError(t, &connPost, 400, ""), false},
		"a rate limit":                   {callError(t, &connPost, 429, ""), false},
		"a 500":                          {callError(t, &connPost, 500, ""), true},
		"a 501":                          {callError(t, &connPost, 501, ""), false},
		"a 408":                          {callError(t, &connPut, 408, ""), true},
		"a 500 to a read":                {callError(t, &connGet, 500, ""), false},
		"a lost response":                {lost, true},
		"a lost response of a read":      {callError(t, &connGet, 0, ""), false},
		"an unreadable response":         {unreadWrite, true},
		"an unreadable response, a read": {unreadRead, false},
		"a redirect after a write":       {callError(t, &connPost, 303, "", "Location", "https://a.test/"), true},
		"a redirect before a write":      {callError(t, &connPost, 307, "", "Location", "https://a.test/"), false},
		"an error in a success":          {callError(t, &connPost, 200, `{"data":null,"error":{"code":"CONFLICT"}}`), false},
		"the sentinel":                   {client.ErrOutcomeUnknown, true},
		"wrapped":                        {fmt.Errorf("job: %w", lost), true},
		"joined":                         {errors.Join(errors.New("no"), unreadWrite), true},
		"joined, a read first":           {errors.Join(unreadRead, fmt.Errorf("two: %w", unreadWrite)), true},
		"joined, reads only":             {errors.Join(unreadRead, unreadRead), false},
		"wrapped twice":                  {fmt.Errorf("%w, %w", unreadRead, lost), true},
		"a nil APIError":                 {(*client.APIError)(nil), false},
		"a nil DecodeError":              {fmt.Errorf("%w", error((*client.DecodeError)(nil))), false},
		"a nil TransportError":           {(*client.TransportError)(nil), false},
		"a nil RedirectError":            {(*client.RedirectError)(nil), false},
		"a nil LimitError":               {(*client.LimitError)(nil), false},
		"a nil ParamError":               {(*client.ParamError)(nil), false},
		"an APIError made by hand":       {&client.APIError{StatusCode: 500}, false},
		"a DecodeError made by hand":     {&client.DecodeError{WriteSucceeded: true}, true},
	} {
		assert.Equal(t, tt.want, client.MayHaveApplied(tt.err), "%s: %v", name, tt.err)
	}
}

// attemptDone is a Hooks that calls a function after each attempt.
type attemptDone func()

func (f attemptDone) AttemptDone(context.Context, client.Attempt) { f() }

// TestMayHaveAppliedBeforeARetry: the context ends while a write that may have taken effect waits to be repeated.
func TestMayHaveAppliedBeforeARetry(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	c := pageClient(t, connRoundTrip(func(r *http.Request) (*http.Response, error) {
		return connAnswer(r, 503, "", "Retry-After", "20"), nil
	}), client.WithRetry(client.RetryPolicy{MaxAttempts: 3}), client.WithHooks(attemptDone(cancel)))
	_, err := connDo(ctx, c, &connPut)
	require.ErrorIs(t, err, context.Canceled)
	assert.True(t, client.MayHaveApplied(err))
	wait, ok := client.RetryAfter(err)
	assert.True(t, ok)
	assert.Equal(t, 20*time.Second, wait)
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	slow := callError(t, &connGet, 429, "", "Retry-After", "90")
	for name, tt := range map[string]struct {
		err  error
		want time.Duration
	}{
		"nil":                    {nil, 0},
		"a plain error":          {errors.New("no"), 0},
		"the sentinel":           {client.ErrRateLimited, 0},
		"a rate limit":           {slow, 90 * time.Second},
		"a rate limit, no delay": {callError(t, &connGet, 429, ""), 0},
		"a delay in the body":    {callError(t, &connGet, 429, `{"error":{"retryAfter":7}}`), 7 * time.Second},
		"a 503 with a delay":     {callError(t, &connGet, 503, "", "Retry-After", "5"), 5 * time.Second},
		"not sent":               {&client.LimitError{RetryAfter: time.Minute}, time.Minute},
		"an M2M token":           {&m2m.Error{StatusCode: 429, RetryAfter: time.Hour}, time.Hour},
		"wrapped":                {fmt.Errorf("job: %w", slow), 90 * time.Second},
		"the longest of several": {errors.Join(&client.LimitError{RetryAfter: 1}, slow, errors.New("no")), 90 * time.Second},
		"a nil APIError":         {(*client.APIError)(nil), 0},
		"a nil LimitError":       {(*client.LimitError)(nil), 0},
		"a nil M2M error":        {(*m2m.Error)(nil), 0},
		"a nil TransportError":   {(*client.TransportError)(nil), 0},
	} {
		wait, ok := client.RetryAfter(tt.err)
		assert.Equal(t, tt.want, wait, name)
		assert.Equal(t, tt.want > 0, ok, name)
	}
}

// TestSentinelMatchImpliesAPIError: after errors.Is, callers read fields of the *APIError without a further check.
func TestSentinelMatchImpliesAPIError(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{
		"a response":    callError(t, &connGet, 429, ""),
		"a code":        callError(t, &connGet, 200, `{"data":null,"error":{"code":"RATE_LIMITED"}}`),
		"not sent":      &client.LimitError{Operation: "getThing", RetryAfter: time.Minute},
		"an M2M token":  &m2m.Error{StatusCode: 429, RetryAfter: time.Minute},
		"the sentinel":  client.ErrRateLimited,
		"a wrapped one": fmt.Errorf("seat 7: %w", client.ErrRateLimited),
		"joined":        errors.Join(errors.New("no"), &client.LimitError{}),
	} {
		require.ErrorIs(t, err, client.ErrRateLimited, name)
		var e *client.APIError
		errors.As(err, &e)
		require.NotNil(t, e, name)
		require.ErrorIs(t, e, client.ErrRateLimited, name)
		want, _ := client.RetryAfter(err)
		assert.Equal(t, want, e.RetryAfter, name)
		assert.True(t, e.Retryable() || e.StatusCode == http.StatusOK, name)
		checkErrorText(t, e.Error())
	}
	for name, sentinel := range bySentinelName {
		var e *client.APIError
		require.ErrorAs(t, fmt.Errorf("wrapped: %w", sentinel), &e, name)
		require.ErrorIs(t, e, sentinel, name)
	}
	var e *client.APIError
	assert.False(t, errors.As(client.ErrOutcomeUnknown, &e))
	assert.False(t, errors.As(&m2m.Error{StatusCode: 500}, &e), "it matches no sentinel")
	var limited *client.LimitError
	assert.False(t, errors.As(client.ErrRateLimited, &limited))
}

func TestNilAPIErrorHasNoContent(t *testing.T) {
	t.Parallel()
	var e *client.APIError
	assert.Equal(t, "interchange: no API error", e.Error())
	assert.Equal(t, "interchange: no API error", fmt.Sprintf("%+v", e))
	assert.Equal(t, slog.Value{}, e.LogValue())
	assert.False(t, e.Is(client.ErrRateLimited))
	assert.False(t, e.Is(client.ErrOutcomeUnknown))
	assert.False(t, e.Retryable())
	assert.False(t, e.AfterLostReply())
	assert.Empty(t, e.NeedsLevel())
	assert.Nil(t, e.RawBody())
	assert.Zero(t, e.RetryDelay())
	assert.Zero(t, (*client.LimitError)(nil).RetryDelay())
	assert.Nil(t, (*client.DecodeError)(nil).RawBody())
}
