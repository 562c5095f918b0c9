package buyer_test

import (
	"io"
	"iter"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/interchange-sdk/interchange-go/buyer"
	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func startSandbox(t testing.TB, opts ...sandbox.Option) (*sandboxtest.Sandbox, *buyer.Service) {
	t.Helper()
	srv := sandboxtest.Start(t, opts...)
	return srv, buyer.New(srv.Client)
}

func connect(t testing.TB, at, token string, opts ...client.Option) *client.Client {
	t.Helper()
	parsed, err := client.ParseToken(token)
	require.NoError(t, err)
	c, err := client.New(append([]client.Option{client.WithEnvironment(client.BaseURL(at)), client.WithToken(parsed)},
		opts...)...)
	require.NoError(t, err)
	t.Cleanup(c.CloseIdleConnections)
	return c
}

const credential = "scope3_abcdefghijklmnopqrstuvwxyz012345_abcdefghijklmnopqrstuvwxyz012345"

// canned answers without a network.
type canned func(*http.Request) (status int, body string)

func (f canned) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	status, body := f(r)
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(body)), Request: r,
	}, nil
}

// answering is a Service whose calls are all answered by one function.
func answering(t testing.TB, answer canned, opts ...client.Option) *buyer.Service {
	t.Helper()
	return buyer.New(connect(t, "https://platform.example", credential, append(opts, client.WithTransport(answer))...))
}

// collect walks a list to its end.
func collect[T any](t testing.TB, list iter.Seq2[T, error]) []T {
	t.Helper()
	var items []T
	for item, err := range list {
		require.NoError(t, err)
		items = append(items, item)
	}
	return items
}

// problems are the paths that a ParamError names.
func problems(t testing.TB, err error) []string {
	t.Helper()
	var wrong *client.ParamError
	require.ErrorAs(t, err, &wrong)
	paths := make([]string, len(wrong.Issues))
	for i, issue := range wrong.Issues {
		paths[i] = issue.Path
	}
	return paths
}

func bodyOf(t testing.TB, r *http.Request) string {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return string(body)
}
