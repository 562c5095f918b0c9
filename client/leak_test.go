package client_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/pace"
)

// leakSecret is an opaque credential: only a comparison with it shows that a text holds it.
const leakSecret = "opaque/CANARY+0123456789abcdef=="

// leakReport collects what is printed. It is the testing.T of assertions that fail on purpose, whose diffs walk into
// unexported fields.
type leakReport struct{ strings.Builder }

func (r *leakReport) Errorf(format string, args ...any) { fmt.Fprintf(r, format, args...) }

// formatted prints a value in every form of fmt.
func (r *leakReport) formatted(v any) {
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d"} {
		fmt.Fprintf(r, verb+"\n", v)
		fmt.Fprintf(r, verb+"\n", struct{ a, B any }{v, v})
	}
}

// printed prints a value in every form, and beside another value of its type.
func (r *leakReport) printed(v, other any) {
	r.formatted(v)
	assert.Equal(r, nil, v)
	assert.Equal(r, v, other)
	assert.ElementsMatch(r, []any{v}, []any{other})
}

func requireHidden(t *testing.T, text string) {
	t.Helper()
	for _, piece := range []string{"CANARY", "0123456789abcdef", "9abcdef", "Bearer"} {
		if i := strings.Index(text, piece); i >= 0 {
			t.Fatalf("shows the credential: %q", text[max(0, i-400):min(len(text), i+60)])
		}
		for _, form := range []string{fmt.Sprintf("% x", piece), strings.Trim(fmt.Sprint([]byte(piece)), "[]")} {
			if strings.Contains(text, form) {
				t.Fatalf("shows the credential as %s", form)
			}
		}
	}
}

func leakToken(t *testing.T) client.Token {
	t.Helper()
	token, err := client.ParseOpaqueToken(leakSecret)
	require.NoError(t, err)
	return token
}

// leakListener is all code of a caller's that gets a context.
type leakListener struct {
	token client.Token
	see   func(context.Context)
	next  http.RoundTripper
}

func (l *leakListener) Token(ctx context.Context) (client.Token, error) {
	l.see(ctx)
	return l.token, nil
}
func (l *leakListener) Invalidate(ctx context.Context, _ client.Token)    { l.see(ctx) }
func (l *leakListener) AttemptDone(ctx context.Context, _ client.Attempt) { l.see(ctx) }
func (l *leakListener) Observe(pace.Key, pace.Observation)                {}
func (l *leakListener) Release(pace.Key, bool)                            {}
func (l *leakListener) RoundTrip(r *http.Request) (*http.Response, error) {
	l.see(r.Context())
	return l.next.RoundTrip(r)
}

func (l *leakListener) Wait(c context.Context, _ pace.Key, _ time.Duration) error {
	l.see(c)
	return nil
}

func TestContextsOfCallersDoNotShowTheCredential(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		op     client.Operation
		status int
	}{{connGet, 500}, {connGet, 401}, {connPut, 503}, {connPost, 429}, {connPost, 500}} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(tt.status)
		}))
		t.Cleanup(server.Close)
		var report leakReport
		var seen []context.Context
		l := &leakListener{token: leakToken(t), next: connTransport(t), see: func(ctx context.Context) {
			report.formatted(ctx)
			seen = append(seen, ctx)
		}}
		c := connClient(t, server.URL,
			client.WithTokenSource(l), client.WithHooks(l), client.WithLimiter(l), client.WithTransport(l))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		_, err := connDo(ctx, c, &tt.op)
		require.Error(t, err)
		_, err = c.Stream(ctx, &tt.op, client.Request{})
		require.Error(t, err)
		require.Greater(t, len(seen), 6, "%v", tt)
		cancel()
		l.next.(*http.Transport).CloseIdleConnections()
		server.Close() // a dump reads what running goroutines write
		for i, one := range seen[1:] {
			report.printed(one, seen[i])
		}
		report.printed(ctx, seen[0])
		requireHidden(t, report.String())
	}
}

// A transport keeps the last requests in the buffers of its connections.
func TestClientsAndErrorsDoNotShowTheCredentialAfterTraffic(t *testing.T) {
	t.Parallel()
	for _, http2 := range []bool{false, true} {
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			sent := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
			w.Header().Set("X-Request-Id", "of "+sent)
			w.Header().Set("X-Echo", sent)
			w.WriteHeader(http.StatusBadRequest)
			const body = `{"data":null,"error":{"code":%q,"message":"key %s","details":{%q:["\u006f%s",1]}}}`
			fmt.Fprintf(w, body, sent, sent, sent, sent[1:])
		}))
		server.EnableHTTP2 = http2
		server.StartTLS()
		t.Cleanup(server.Close)
		makeClient := func(opts ...client.Option) *client.Client {
			transport := connTransport(t)
			transport.TLSClientConfig.RootCAs = server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
			return connClient(t, server.URL, append(opts, client.WithToken(leakToken(t)), client.WithTransport(transport),
				client.WithHeader("X-Other", leakSecret))...)
		}
		var log strings.Builder
		a := makeClient(client.WithLogger(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
		b := makeClient()
		var first, second client.Response
		_, errA := connDo(t.Context(), a, &connPost, client.WithResponse(&first))
		_, errB := connDo(t.Context(), b, &connPost, client.WithResponse(&second))
		var refusal *client.APIError
		require.ErrorAs(t, errA, &refusal)

		var report leakReport
		report.printed(a, b)
		report.printed(*a, *b)
		report.printed(a.ForSeat("s"), b)
		report.printed(a.Limiter(), b.Limiter())
		report.printed(errA, errB)
		report.printed(*refusal, client.APIError{})
		report.printed(first, second)
		requireHidden(t, report.String())
		requireHidden(t, string(refusal.Details))
		requireHidden(t, log.String())
		assert.Contains(t, log.String(), "request_id")
		assert.Contains(t, string(refusal.RawBody()), "CANARY", "the body is there for a caller who asks")
	}
}

func TestErrorsOfTransportsDoNotShowTheCredential(t *testing.T) {
	t.Parallel()
	cause := errors.New("cannot send Bearer " + leakSecret)
	escaped := errors.New("cannot send opaque%2FCANARY%2B0123456789abcdef%3D%3D")
	for name, failure := range map[string]error{
		"plain":        cause,
		"escaped":      escaped,
		"wrapped":      fmt.Errorf("wrapped: %w", cause),
		"joined":       errors.Join(context.DeadlineExceeded, cause),
		"hidden below": hiding{cause},
	} {
		for _, op := range []*client.Operation{&connGet, &connPost} {
			c := connMemory(t, func(*http.Request) (*http.Response, error) { return nil, failure },
				client.WithToken(leakToken(t)), client.WithRetry(connPolicy))
			_, err := connDo(t.Context(), c, op)
			var report leakReport
			for e := err; e != nil; e = errors.Unwrap(e) {
				report.printed(e, err)
			}
			text := strings.ReplaceAll(report.String(), "Bearer …", "")
			requireHidden(t, text)
			require.ErrorIs(t, err, failure, name)
		}
	}
}

type hiding struct{ cause error }

func (hiding) Error() string   { return "cannot send" }
func (h hiding) Unwrap() error { return h.cause }

func TestCredentialsAreNotSentInURLs(t *testing.T) {
	t.Parallel()
	byPath := client.Operation{ID: "getThing", Mount: client.MountShared, Path: "/things/{id}"}
	const opaque = "opaque-0123456789"
	const form = "scope3_ak_TESTID_sk_live_0123456789"
	const jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"
	for name, tt := range map[string]struct {
		path  string
		query string
		seat  client.ID
		token string
		want  string
	}{
		"the current credential":    {path: opaque, token: opaque, want: "path has the credential"},
		"a short credential":        {path: "tiny", token: "tiny", want: "path has the credential"},
		"part of a path value":      {path: "key-opaque-0123456789", token: opaque, want: "path has the credential"},
		"its secret half":           {path: "sk_live_0123456789", token: form, want: "path has the credential"},
		"another token":             {path: form, token: opaque, want: "id is a credential"},
		"another token in a header": {path: "Bearer " + form, token: opaque, want: "id is a credential"},
		"a token of the first kind": {path: "scope3_abc123_0123456789", token: opaque, want: "id is a credential"},
		"a partner key":             {path: "pk_live_0123456789", token: opaque, want: "id is a credential"},
		"an organization's key":     {path: "bsk_live_0123456789", token: opaque, want: "id is a credential"},
		"a JSON Web Token":          {path: jwt, token: opaque, want: "id is a credential"},
		"the credential in a query": {path: "7", query: opaque, token: opaque, want: "query has the credential"},
		"another token in a query":  {path: "7", query: form, token: opaque, want: "filter is a credential"},
		"a token as a seat":         {path: "7", seat: form, token: opaque, want: "seat is a credential"},
		"a client id":               {path: "ak_TESTID", token: form},
		"an id of three parts":      {path: "a.b.c", token: form},
		"an id that begins alike":   {path: "scope3_agent_7", token: form},
	} {
		sent := 0
		token, err := client.ParseToken(tt.token)
		if err != nil {
			token, err = client.ParseOpaqueToken(tt.token)
		}
		require.NoError(t, err)
		c := connMemory(t, func(r *http.Request) (*http.Response, error) {
			sent++
			return connAnswer(r, http.StatusOK, connOK), nil
		}, client.WithToken(token))
		if tt.seat != "" {
			c = c.ForSeat(tt.seat)
		}
		req := client.Request{Path: []string{tt.path}}
		if tt.query != "" {
			req.Query = map[string][]string{"filter": {tt.query}}
		}
		_, err = client.Call[connThing](t.Context(), c, &byPath, req)
		if tt.want == "" {
			require.NoError(t, err, name)
			continue
		}
		var problems *client.ParamError
		require.ErrorAs(t, err, &problems, name)
		assert.Contains(t, err.Error(), tt.want, name)
		assert.NotContains(t, err.Error(), "0123456789", name)
		assert.Zero(t, sent, name)
	}
}
