package client_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// The base of the clients whose answers are canned; nothing listens there.
const cannedBase = "https://canned.test"

// One operation of each kind that the tables of canned answers need.
var (
	cannedRead  = client.Operation{ID: "readThing", Mount: client.MountShared, Path: "/things/{id}"}
	cannedWrite = client.Operation{ID: "makeThing", Method: http.MethodPost, Mount: client.MountShared, Path: "/things"}
)

// cannedSecretText is the secret half of cannedTokenText.
var cannedSecretText = "sk_live_" + strings.Repeat("9c8d7e6f5a4b3c2d", 2)

// cannedClientID is its public half.
var cannedClientID = "ak_" + strings.Repeat("01HX", 6)

// cannedTokenText has the form of a service token. It is put together here, so that no such text stands in a file.
func cannedTokenText() string {
	return strings.Join([]string{"scope3", cannedClientID, cannedSecretText}, "_")
}

func cannedToken(t testing.TB) client.Token {
	t.Helper()
	token, err := client.ParseToken(cannedTokenText())
	require.NoError(t, err)
	return token
}

// canned is a Client, without retries, whose answers the test registers. A request for which there is none fails the
// test.
func canned(t testing.TB, opts ...client.Option) (*client.Client, *httpmock.MockTransport) {
	t.Helper()
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		t.Errorf("a request that no answer was given for: %s %s", r.Method, r.URL)
		return nil, errors.New("no answer was given")
	})
	c, err := client.New(append([]client.Option{
		client.WithEnvironment(client.BaseURL(cannedBase)),
		client.WithToken(cannedToken(t)),
		client.WithTransport(mock),
		client.WithRetry(client.RetryPolicy{MaxAttempts: 1}),
	}, opts...)...)
	require.NoError(t, err)
	return c, mock
}

// cannedThing reads the one thing that every answer of a table is for.
func cannedThing[T any](t testing.TB, c *client.Client, opts ...client.CallOption) (T, error) {
	t.Helper()
	return client.Call[T](t.Context(), c, &cannedRead, client.Request{Path: []string{"7"}}, opts...)
}

const cannedThingURL = cannedBase + "/api/v2/things/7"

// cannedRecorder is a test that only takes down what is reported to it.
type cannedRecorder struct{ strings.Builder }

func (r *cannedRecorder) Errorf(format string, args ...any) {
	r.WriteString(format)
	for _, arg := range args {
		if s, ok := arg.(string); ok {
			r.WriteString(s)
		}
	}
}
