package client_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// redirectSeen is one request as a server received it.
type redirectSeen struct {
	origin, method, path, body string
	header                     http.Header
}

// redirectWorld holds the targets of redirects: two plain servers and two with TLS, each reachable under more
// than one name. Everything that any of them receives is kept.
type redirectWorld struct {
	mu        sync.Mutex
	seen      []redirectSeen
	locations map[string]string // path → Location
	status    int

	plain, plain2, secure, secure2 string // host:port
	transport                      *http.Transport
}

func newRedirectWorld(t *testing.T) *redirectWorld {
	w := &redirectWorld{locations: map[string]string{}}
	start := func(withTLS bool) (*httptest.Server, string) {
		server := httptest.NewUnstartedServer(w)
		if withTLS {
			server.StartTLS()
		} else {
			server.Start()
		}
		t.Cleanup(server.Close)
		_, port, err := net.SplitHostPort(server.Listener.Addr().String())
		require.NoError(t, err)
		return server, port
	}
	_, w.plain = start(false)
	_, w.plain2 = start(false)
	secure, port := start(true)
	w.secure = port
	_, w.secure2 = start(true)

	// Every name leads to loopback, and the certificate is good for all that are used with TLS: nothing but the
	// rule under test keeps a request from arriving.
	w.transport = connTransport(t)
	w.transport.TLSClientConfig.RootCAs = secure.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	dial := w.transport.DialContext
	w.transport.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		_, port, err := net.SplitHostPort(addr)
		if err != nil {
			return nil, err
		}
		return dial(ctx, network, "127.0.0.1:"+port)
	}
	return w
}

func (w *redirectWorld) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	w.mu.Lock()
	w.seen = append(w.seen, redirectSeen{
		origin: scheme + "://" + strings.ToLower(r.Host),
		method: r.Method, path: r.URL.Path, body: string(body), header: r.Header.Clone(),
	})
	location, redirected := w.locations[r.URL.Path]
	status := w.status
	w.mu.Unlock()
	if redirected {
		if location != "" {
			rw.Header()["Location"] = []string{location}
		}
		rw.WriteHeader(status)
		return
	}
	_, _ = io.WriteString(rw, connOK)
}

// script sets what the servers do, and forgets what they saw.
func (w *redirectWorld) script(status int, locations map[string]string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen, w.status, w.locations = nil, status, locations
}

const (
	redirectStart = "/api/v2/start"
	redirectBody  = `{"name":"a b","note":"ü"}`
)

// redirectTarget is one kind of target; the origins are filled in when the ports are known.
type redirectTarget struct {
	name      string
	origin    func(*redirectWorld) string // the configured one
	to        func(*redirectWorld) string // the target's, empty: the configured one
	locations func(to string) map[string]string
	hops      int // redirects until an answer; 0 means that no answer comes
}

func redirectOnce(to string) map[string]string {
	return map[string]string{redirectStart: to + "/api/v2/end?q=canary"}
}

func redirectLoop(to string) map[string]string {
	return map[string]string{redirectStart: to + "/api/v2/other?q=canary", "/api/v2/other": to + redirectStart}
}

func redirectChain(hops int) func(string) map[string]string {
	return func(to string) map[string]string {
		chain := map[string]string{}
		from := redirectStart
		for i := range hops {
			next := "/api/v2/hop" + strconv.Itoa(i)
			chain[from] = to + next + "?q=canary"
			from = next
		}
		return chain
	}
}

func redirectTargets() []redirectTarget {
	plain := func(w *redirectWorld) string { return "http://127.0.0.1:" + w.plain }
	local := func(w *redirectWorld) string { return "http://localhost:" + w.plain }
	secure := func(w *redirectWorld) string { return "https://example.com:" + w.secure }
	return []redirectTarget{
		{name: "plain, same origin", origin: plain, locations: redirectOnce, hops: 1},
		{name: "plain, 5 hops", origin: plain, locations: redirectChain(5), hops: 5},
		{name: "plain, 6 hops", origin: plain, locations: redirectChain(6)},
		{name: "plain, loop", origin: plain, locations: redirectLoop},
		{
			name: "plain, other port", origin: plain,
			to: func(w *redirectWorld) string { return "http://127.0.0.1:" + w.plain2 }, locations: redirectOnce,
		},
		{name: "plain, other host", origin: plain, to: local, locations: redirectOnce},
		{
			name: "plain, subdomain", origin: local,
			to: func(w *redirectWorld) string { return "http://sub.localhost:" + w.plain }, locations: redirectOnce,
		},
		{
			name: "plain to https", origin: plain, to: func(w *redirectWorld) string { return "https://127.0.0.1:" + w.secure },
			locations: redirectOnce,
		},
		{name: "https, same origin", origin: secure, locations: redirectOnce, hops: 1},
		{name: "https, 5 hops", origin: secure, locations: redirectChain(5), hops: 5},
		{name: "https, 6 hops", origin: secure, locations: redirectChain(6)},
		{name: "https, loop", origin: secure, locations: redirectLoop},
		{
			name: "https, other port", origin: secure,
			to: func(w *redirectWorld) string { return "https://example.com:" + w.secure2 }, locations: redirectOnce,
		},
		{
			name: "https, other host", origin: secure,
			to: func(w *redirectWorld) string { return "https://127.0.0.1:" + w.secure }, locations: redirectOnce,
		},
		{
			name: "https, subdomain", origin: secure,
			to: func(w *redirectWorld) string { return "https://api.example.com:" + w.secure }, locations: redirectOnce,
		},
		{
			name: "https to http, other port", origin: secure,
			to: func(w *redirectWorld) string { return "http://example.com:" + w.plain }, locations: redirectOnce,
		},
		{
			name: "https to http, same port", origin: secure,
			to: func(w *redirectWorld) string { return "http://example.com:" + w.secure }, locations: redirectOnce,
		},
	}
}

// TestRedirectMatrix holds the whole rule: only 307 and 308 to the same origin are followed, at most five in a
// row, with everything the request carried; and in no case does a byte reach another origin.
func TestRedirectMatrix(t *testing.T) {
	w := newRedirectWorld(t)
	for _, target := range redirectTargets() {
		for _, status := range []int{301, 302, 303, 307, 308} {
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				for _, sent := range redirectCredentials(t) {
					name := fmt.Sprintf("%s/%d/%s/%s", target.name, status, method, sent.header)
					t.Run(name, func(t *testing.T) { redirectCase(t, w, &target, status, method, sent) })
				}
			}
		}
	}
}

// redirectCredential is one way in which a credential travels.
type redirectCredential struct {
	header, value string
	opts          []client.Option
}

func redirectCredentials(t *testing.T) []redirectCredential {
	key, err := client.ParseOpaqueToken(partnerKey)
	require.NoError(t, err)
	return []redirectCredential{
		{"Authorization", "Bearer " + connSecret, nil},
		{"x-scope3-api-key", connSecret, []client.Option{client.WithKeyHeader("x-scope3-api-key")}},
		{"X-Partner-API-Key", partnerKey, []client.Option{client.WithProfile(client.ProfilePartner), client.WithToken(key)}},
	}
}

func redirectCase(t *testing.T, w *redirectWorld, target *redirectTarget, status int, method string,
	sent redirectCredential,
) {
	from := target.origin(w)
	to := from
	if target.to != nil {
		to = target.to(w)
	}
	w.script(status, target.locations(to))

	opts := []client.Option{client.WithTransport(w.transport), client.WithHeader("Mcp-Session-Id", "session-1")}
	c := connClient(t, from, append(opts, sent.opts...)...)
	req, wantBody := client.Request{}, ""
	if method == http.MethodPost {
		req.Body, wantBody = jsontext.Value(redirectBody), redirectBody
	}
	op := client.Operation{ID: "redirected", Method: method, Path: redirectStart}
	thing, err := client.Call[connThing](t.Context(), c, &op, req)

	keeps := status == http.StatusTemporaryRedirect || status == http.StatusPermanentRedirect
	requests := 1
	switch {
	case keeps && target.hops > 0:
		requests += target.hops
		require.NoError(t, err)
		assert.Equal(t, "7", thing.ID)
	case keeps && target.to == nil:
		requests = 6 // five are followed, the sixth is refused
		fallthrough
	default:
		var refused *client.RedirectError
		require.ErrorAs(t, err, &refused)
		require.ErrorIs(t, err, client.ErrRedirect)
		assert.Equal(t, from, refused.From)
		assert.Equal(t, to, refused.To)
		assert.Equal(t, status, refused.StatusCode)
		assert.Contains(t, err.Error(), from)
		assert.Contains(t, err.Error(), to)
		for _, leak := range []string{"/api/", "start", "hop", "end", "canary", "?", connSecret, partnerKey} {
			assert.NotContains(t, err.Error(), leak)
		}
	}

	require.Len(t, w.seen, requests, "no retry, and no hop too many")
	for i, seen := range w.seen {
		require.Equal(t, from, seen.origin, "request %d left the origin", i+1)
		assert.Equal(t, method, seen.method)
		assert.Equal(t, wantBody, seen.body)
		assert.Equal(t, []string{sent.value}, seen.header.Values(sent.header))
		assert.Equal(t, "session-1", seen.header.Get("Mcp-Session-Id"))
	}
}

// TestRedirectLocations holds what becomes of targets that are odd rather than elsewhere.
func TestRedirectLocations(t *testing.T) {
	w := newRedirectWorld(t)
	origin := "http://localhost:" + w.plain
	cases := []struct {
		name, location string
		to             string // of the error; "-" means that it is followed
	}{
		{"path", "/api/v2/end", "-"},
		{"relative path", "end", "-"},
		{"dots that stay on the origin", "../../../x/end", "-"},
		{"query only", "?again=1", "loop"},
		{"same host without a scheme", "//localhost:" + w.plain + "/api/v2/end", "-"},
		{"same host in capitals", "http://LOCALHOST:" + w.plain + "/api/v2/end", "-"},
		{"other host without a scheme", "//127.0.0.1:" + w.plain + "/api/v2/end", "http://127.0.0.1:" + w.plain},
		{"backslashes", `\\127.0.0.1:` + w.plain + `\canary`, ""},
		{"user name", "http://user@localhost:" + w.plain + "/end", origin},
		{"user name and password", "http://user:canary@localhost:" + w.plain + "/end", origin},
		{
			"user name that looks like the host", "http://localhost:" + w.plain + "@127.0.0.1:" + w.plain + "/end",
			"http://127.0.0.1:" + w.plain,
		},
		{"default port", "http://localhost/end", "http://localhost:80"},
		{"other scheme", "ftp://localhost:" + w.plain + "/end", "ftp://localhost:" + w.plain},
		{"no host", "http:///end", "http://:80"},
		{"unparsable escape", "/end%zz?q=canary", ""},
		{"unparsable host", "http://[::1/canary", ""},
		{"unparsable port", "http://localhost:canary/", ""},
		{"missing", "", ""},
	}
	for _, status := range []int{307, 308} {
		for _, tc := range cases {
			t.Run(fmt.Sprintf("%d/%s", status, tc.name), func(t *testing.T) {
				w.script(status, map[string]string{redirectStart: tc.location})
				c := connClient(t, origin, client.WithTransport(w.transport))
				op := client.Operation{Method: http.MethodPost, Mount: client.MountShared, Path: "/start"}
				_, err := client.Call[connThing](t.Context(), c, &op, client.Request{Body: jsontext.Value(redirectBody)})
				for _, seen := range w.seen {
					assert.Equal(t, origin, seen.origin)
					assert.Equal(t, "Bearer "+connSecret, seen.header.Get("Authorization"), "a hop on the origin keeps the credential")
					assert.Equal(t, redirectBody, seen.body)
				}
				if tc.to == "-" {
					require.NoError(t, err)
					require.Len(t, w.seen, 2)
					return
				}
				var refused *client.RedirectError
				require.ErrorAs(t, err, &refused)
				require.ErrorIs(t, err, client.ErrRedirect)
				assert.Equal(t, origin, refused.From)
				assert.Equal(t, status, refused.StatusCode)
				assert.NotContains(t, err.Error(), "canary")
				assert.NotContains(t, err.Error(), "user:")
				if tc.to == "loop" {
					assert.Equal(t, origin, refused.To)
					require.Len(t, w.seen, 6)
					return
				}
				assert.Equal(t, tc.to, refused.To)
				require.Len(t, w.seen, 1)
			})
		}
	}
}

// TestRedirectMalformedHeader: net/http refuses such an answer before anything of it is a redirect, and quotes it.
func TestRedirectMalformedHeader(t *testing.T) {
	for _, answer := range []string{
		"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://localhost/\x7fcanary\r\n\r\n",
		"HTTP/1.1 canary Temporary Redirect\r\nLocation: http://localhost/\r\n\r\n",
		"canary\r\n\r\n",
	} {
		addr := connListen(t, func(_ int, conn net.Conn) {
			_, _ = http.ReadRequest(bufio.NewReader(conn))
			_, _ = io.WriteString(conn, answer)
		})
		_, err := connDo(t.Context(), connClient(t, "http://"+addr), &connPost)
		var broken *client.TransportError
		require.ErrorAs(t, err, &broken)
		assert.NotContains(t, err.Error(), "canary")
		assert.ErrorIs(t, err, client.ErrOutcomeUnknown)
	}
}

// TestRedirectUnversioned is the one redirect the platform documents: a path without a version answers 308 to the
// current one.
func TestRedirectUnversioned(t *testing.T) {
	var mu sync.Mutex
	var bodies, paths []string
	server := httptest.NewTLSServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		bodies, paths = append(bodies, string(body)), append(paths, r.URL.RequestURI())
		mu.Unlock()
		if rest, ok := strings.CutPrefix(r.URL.RequestURI(), "/api/buyer"); ok {
			http.Redirect(rw, r, "/api/v2/buyer"+rest, http.StatusPermanentRedirect)
			return
		}
		if r.Header.Get("Authorization") != "Bearer "+connSecret {
			rw.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = io.WriteString(rw, connOK)
	}))
	defer server.Close()
	transport := connTransport(t)
	transport.TLSClientConfig = &tls.Config{
		MinVersion: tls.VersionTLS12,
		RootCAs:    server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs,
	}
	c := connClient(t, server.URL, client.WithTransport(transport), client.Unversioned())
	op := client.Operation{Method: http.MethodPost, Mount: client.MountBuyer, Path: "/things/{id}/copy"}

	var answer client.Response
	thing, err := client.Call[connThing](t.Context(), c, &op, client.Request{
		Path: []string{"a b"}, Query: map[string][]string{"dry": {"1"}}, Body: jsontext.Value(redirectBody),
	}, client.WithResponse(&answer))
	require.NoError(t, err)
	assert.Equal(t, "7", thing.ID)
	assert.Equal(t, 1, answer.Attempts, "a hop is not an attempt")
	assert.Equal(t, []string{"/api/buyer/things/a%20b/copy?dry=1", "/api/v2/buyer/things/a%20b/copy?dry=1"}, paths)
	assert.Equal(t, []string{redirectBody, redirectBody}, bodies)
}

// TestRedirectThenFailure: an attempt that is repeated begins at the operation's own path again.
func TestRedirectThenFailure(t *testing.T) {
	var paths []string
	c := connMemory(t, func(r *http.Request) (*http.Response, error) {
		paths = append(paths, r.URL.Path)
		switch {
		case r.URL.Path == "/api/v2/things":
			return connAnswer(r, http.StatusTemporaryRedirect, "", "Location", "/moved"), nil
		case len(paths) < 4:
			return nil, errors.New("the line is cut")
		default:
			return connAnswer(r, http.StatusOK, connOK), nil
		}
	}, client.WithRetry(connPolicy))
	thing, err := connDo(t.Context(), c, &connGet)
	require.NoError(t, err)
	assert.Equal(t, "7", thing.ID)
	assert.Equal(t, []string{"/api/v2/things", "/moved", "/api/v2/things", "/moved"}, paths)
}
