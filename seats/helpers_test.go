package seats_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/sandbox"
	"github.com/interchange-sdk/interchange-go/seats"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// family is a parent with two children, and an account of somebody else.
func family() sandbox.Option {
	return sandbox.WithAccounts(
		sandbox.Account{ID: 1001, Name: "Holding"},
		sandbox.Account{ID: 1002, Name: "North", Parent: 1001, TermsPending: true},
		sandbox.Account{ID: 1003, Name: "South", Parent: 1001, CustomerRole: sandbox.Seller},
		sandbox.Account{ID: 2001, Name: "Stranger"},
	)
}

func startSandbox(t *testing.T, opts ...sandbox.Option) (*sandboxtest.Sandbox, *seats.Service) {
	t.Helper()
	srv := sandboxtest.Start(t, opts...)
	return srv, seats.New(srv.Client)
}

func parse(t *testing.T, token string) client.Token {
	t.Helper()
	parsed, err := client.ParseToken(token)
	require.NoError(t, err)
	return parsed
}

// answering is a client to which every request is answered the same, and that counts them.
func answering(t *testing.T, status int, body string, sent *int) *client.Client {
	t.Helper()
	token, err := client.ParseOpaqueToken("an-opaque-token")
	require.NoError(t, err)
	c, err := client.New(client.WithToken(token),
		client.WithTransport(roundTrip(func(r *http.Request) (*http.Response, error) {
			if sent != nil {
				*sent++
			}
			return &http.Response{
				StatusCode: status, Request: r, Header: http.Header{"Content-Type": {"application/json"}},
				Body: io.NopCloser(strings.NewReader(body)),
			}, nil
		})))
	require.NoError(t, err)
	return c
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// bodies are the bodies of the requests to a path.
func bodies(srv *sandboxtest.Sandbox, path string) []string {
	var found []string
	for _, r := range srv.Requests() {
		if r.Path == path {
			found = append(found, r.Body)
		}
	}
	return found
}
