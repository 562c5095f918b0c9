package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// hostRetries lists the errors on which hosts repeat a call.
var hostRetries = []error{io.EOF, io.ErrUnexpectedEOF, io.ErrClosedPipe}

// cutAfter returns a 200 whose body ends with err.
func cutAfter(r *http.Request, err error) *http.Response {
	resp := connAnswer(r, http.StatusOK, "")
	resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"data":`), failingReader{err}))
	return resp
}

type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) { return 0, r.err }

func TestWritesDoNotMatchErrorsThatHostsRetry(t *testing.T) {
	t.Parallel()
	for _, cause := range append(hostRetries, fmt.Errorf("wrapped: %w", errors.Join(context.Canceled, io.EOF))) {
		for name, send := range map[string]func(*http.Request) (*http.Response, error){
			"no response": func(*http.Request) (*http.Response, error) { return nil, cause },
			"cut body":    func(r *http.Request) (*http.Response, error) { return cutAfter(r, cause), nil },
		} {
			t.Run(fmt.Sprint(name, " ", cause), func(t *testing.T) {
				t.Parallel()
				c := connMemory(t, send, client.WithRetry(client.RetryPolicy{MaxAttempts: 1}))
				_, err := connDo(t.Context(), c, &connPost)
				require.Error(t, err)
				for _, retried := range hostRetries {
					assert.NotErrorIs(t, err, retried)
				}
				if errors.Is(cause, context.Canceled) {
					require.ErrorIs(t, err, context.Canceled, "other causes are still matched")
				}
				_, err = connDo(t.Context(), c, &connGet)
				require.Error(t, err)
				if name == "no response" {
					require.ErrorIs(t, err, cause, "a read may be repeated")
				}
			})
		}
	}
}

// expiringSource returns its token once, and then its error.
type expiringSource struct {
	token client.Token
	err   error
	asked bool
}

func (s *expiringSource) Token(context.Context) (client.Token, error) {
	if s.asked {
		return client.Token{}, s.err
	}
	s.asked = true
	return s.token, nil
}

func TestWriteThatWasNotRepeatedDoesNotMatchErrorsThatHostsRetry(t *testing.T) {
	t.Parallel()
	for _, ended := range hostRetries {
		source := &expiringSource{token: connToken(t, connSecret), err: ended}
		c := connMemory(t, func(r *http.Request) (*http.Response, error) {
			return connAnswer(r, http.StatusBadGateway, ""), nil
		}, client.WithRetry(connPolicy), client.WithTokenSource(source))
		op := connPost
		op.Effect = client.EffectIdempotent
		_, err := connDo(t.Context(), c, &op)
		require.ErrorIs(t, err, client.ErrOutcomeUnknown)
		for _, retried := range hostRetries {
			require.NotErrorIs(t, err, retried)
		}
	}
}

func TestErrorPrefixIsNotRepeatedInCauses(t *testing.T) {
	t.Parallel()
	c := connMemory(t, nil)
	inner := c.NewTransportError(&connGet, errors.New("interchange: inner"))
	err := c.NewTransportError(&connPost, fmt.Errorf("hook: %w", inner))
	assert.Equal(t, 1, strings.Count(err.Error(), "interchange: "), err.Error())
}
