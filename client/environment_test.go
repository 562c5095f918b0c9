package client_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

func environmentClient(t testing.TB, e client.Environment, opts ...client.Option) (*client.Client, error) {
	t.Helper()
	return client.New(append([]client.Option{client.WithEnvironment(e), client.WithToken(cannedToken(t))}, opts...)...)
}

func TestBaseURLs(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]string{
		string(client.Production):           "https://api.interchange.io",
		string(client.ProductionLegacy):     "https://api.agentic.scope3.com",
		string(client.Staging):              "https://api.staging.interchange.io",
		string(client.StagingLegacy):        "https://api.agentic.staging.scope3.com",
		"https://api.test/":                 "https://api.test",
		"https://api.test:8443":             "https://api.test:8443",
		"https://api.test:8443///":          "https://api.test:8443",
		"HTTPS://api.test":                  "https://api.test",
		"https://API.Test":                  "https://api.test",
		"https://api.test/proxy":            "https://api.test/proxy",
		"https://api.test/proxy/":           "https://api.test/proxy",
		"https://api.test/a/b-c_d.e~f":      "https://api.test/a/b-c_d.e~f",
		"https://api.test/apis":             "https://api.test/apis",
		"https://10.0.0.1":                  "https://10.0.0.1",
		"https://[2001:db8::1]:8443/x":      "https://[2001:db8::1]:8443/x",
		"https://xn--bcher-kva.test":        "https://xn--bcher-kva.test",
		"http://localhost":                  "http://localhost",
		"http://localhost:8080/prefix":      "http://localhost:8080/prefix",
		"http://LOCALHOST:8080":             "http://localhost:8080",
		"http://LocalHost":                  "http://localhost",
		"https://[2001:DB8::1]":             "https://[2001:db8::1]",
		"https://api.test:65535":            "https://api.test:65535",
		"http://127.0.0.1:8080":             "http://127.0.0.1:8080",
		"http://127.8.9.10":                 "http://127.8.9.10",
		"http://[::1]":                      "http://[::1]",
		"http://[::1]:8080/prefix":          "http://[::1]:8080/prefix",
		"http://[0:0:0:0:0:0:0:1]:8080":     "http://[0:0:0:0:0:0:0:1]:8080",
		"http://[::ffff:127.0.0.1]:8080":    "http://[::ffff:127.0.0.1]:8080",
		"https://api.test/interchange/api2": "https://api.test/interchange/api2",
	} {
		c, err := environmentClient(t, client.BaseURL(base))
		require.NoError(t, err, base)
		assert.Equal(t, want, c.BaseURL(), base)
	}
}

func TestEmptyEnvironmentIsAnError(t *testing.T) {
	t.Parallel()
	for _, e := range []client.Environment{"", client.BaseURL("")} {
		_, err := environmentClient(t, e)
		require.ErrorContains(t, err, "WithEnvironment: the base URL is empty")
	}
	c, err := client.New(client.WithToken(cannedToken(t)))
	require.NoError(t, err)
	assert.Equal(t, "https://api.interchange.io", c.BaseURL())
}

// What is refused may hold a password, so the error says what is wrong with it and nothing of it.
func TestBaseURLsRefused(t *testing.T) {
	t.Parallel()
	const host = "h0st.c4n4ry"
	for _, base := range []string{
		// Ports and names that no host has.
		"https://" + host + ":99999", "https://" + host + ":65536", "https://" + host + ":0", "https://" + host + ":",
		"https://[::1]:99999",
		"https://xn--", "https://xn--.test", "https://a..b", "https://.a", "https://a.", "https://-a.test", "https://a-.test",
		"https://a*b.test",
		"https://" + strings.Repeat("a", 64) + ".test", "https://[c4n4ry]",
		// Not https, and not loopback.
		"http://" + host, "http://" + host + ":443", "HTTP://" + host, "http://10.0.0.1", "http://0.0.0.0", "http://[::]",
		"http://169.254.169.254",
		"http://[::ffff:10.0.0.1]", "http://localhost." + host, "http://127.0.0.1." + host, "http://127.1",
		"http://2130706433", "http://0x7f000001",
		"http://localhost@" + host, "http://[fe80::1%25lo]", "http://127.0.0.1%00." + host, "http://loca\u017fhost",
		"http://①②⑦.0.0.1",
		// Other schemes, or none.
		"ftp://" + host, "ws://" + host, "wss://" + host, "file:///" + host, "javascript:" + host, "unix://" + host, host,
		"//" + host, "/" + host,
		host + ":443", "https:" + host, "https:/" + host, "https:///" + host, "://" + host, "https", "https://",
		// A credential.
		"https://us3r:p4ssw0rd@" + host, "https://us3r@" + host, "https://:p4ssw0rd@" + host, "https://@" + host,
		"http://us3r:p4ssw0rd@localhost",
		// Query and fragment.
		"https://" + host + "?", "https://" + host + "?key=p4ssw0rd", "https://" + host + "/?a", "https://" + host + "#",
		"https://" + host + "/#p4ssw0rd",
		"https://" + host + "?#", "http://localhost:80?x",
		// Paths that would not stay what they are.
		"https://" + host + "/a//b", "https://" + host + "//a", "https://" + host + "/..", "https://" + host + "/a/../b",
		"https://" + host + "/./a",
		"https://" + host + "/%2e%2e/a", "https://" + host + "/a%2fb", "https://" + host + "/a b",
		"https://" + host + "/a\\b", "https://" + host + "/a;b",
		"https://" + host + "/ü", "https://" + host + "/...",
		// Paths that operations add themselves.
		"https://" + host + "/api", "https://" + host + "/api/", "https://" + host + "/api/v2",
		"https://" + host + "/api/v2/buyer", "https://" + host + "/api/v2/storefront/",
		"https://" + host + "/api/v1", "https://" + host + "/mcp", "https://" + host + "/mcp/v2/buyer",
		// Not a host.
		"https://" + host + ":port", "https://" + host + ":-1", "https://[::1", "https://::1", "https://" + host + " ",
		" https://" + host, "https://" + host + "\n",
		"https://" + host + "\r\nX: y", "https://" + host + "\x00", "https://h\tost", "https://h ost", "https://hüst",
		"https://東京.test", "https://a%20b", "https://a\\b",
		"\x7fhttps://" + host, "https://" + host + "\u200b", strings.Repeat("x", 1<<16),
	} {
		c, err := environmentClient(t, client.BaseURL(base))
		require.Error(t, err, "%.60q", base)
		assert.Nil(t, c)
		text := err.Error()
		for _, piece := range []string{"c4n4ry", "us3r", "p4ssw0rd", "169.254", "10.0.0.1", "xxxx", "\n", "\x00"} {
			assert.NotContains(t, text, piece, "%.60q", base)
		}
		assert.True(t, strings.HasPrefix(text, "interchange: the "), "%q", text)
		assert.Less(t, len(text), 200)
	}
}

// The environment variable is held to the same rules.
func TestBaseURLOfTheEnvironmentVariable(t *testing.T) {
	t.Setenv(client.EnvAPIKey, cannedTokenText())
	for base, want := range map[string]string{
		"https://api.test/x/": "https://api.test/x",
		"http://[::1]:1":      "http://[::1]:1",
	} {
		t.Setenv(client.EnvBaseURL, base)
		c, err := client.New(client.FromEnv())
		require.NoError(t, err)
		assert.Equal(t, want, c.BaseURL())
	}
	require.NoError(t, os.Unsetenv(client.EnvBaseURL)) // Setenv restores it
	c, err := client.New(client.FromEnv())
	require.NoError(t, err)
	assert.Equal(t, "https://api.interchange.io", c.BaseURL())
	t.Setenv(client.EnvBaseURL, "")
	_, err = client.New(client.FromEnv())
	require.ErrorContains(t, err, "SCOPE3_BASE_URL: the base URL is empty", "it would mean production")
	for _, base := range []string{
		"http://api.test", "https://us3r:p4ssw0rd@api.test", "https://api.test/api/v2",
		"api.test",
	} {
		t.Setenv(client.EnvBaseURL, base)
		_, err := client.New(client.FromEnv())
		require.Error(t, err)
		for _, piece := range []string{"us3r", "p4ssw0rd", "api.test"} {
			assert.NotContains(t, err.Error(), piece)
		}
		checkNoSecret(t, "the error", err.Error())
	}
}

// A platform behind a path, as behind a company's proxy.
func TestBaseURLWithAPrefix(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	platform := http.NewServeMux()
	for _, path := range []string{
		"/api/v2/things/{id}", "/api/v2/buyer/things/{id}", "/things/{id}", "/api/things/{id}",
		"/mcp/v2/buyer/things/{id}",
	} {
		platform.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			_, _ = fmt.Fprintf(w, `{"data":{"path":%q,"id":%q,"query":%q},"error":null}`, path, r.PathValue("id"),
				r.URL.RawQuery)
		})
	}
	mux.Handle("/company/proxy/", http.StripPrefix("/company/proxy", platform))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	type echo struct {
		Path  string `json:"path"`
		ID    string `json:"id"`
		Query string `json:"query"`
	}
	for _, tt := range []struct {
		mount client.Mount
		opts  []client.Option
		want  string
	}{
		{client.MountRoot, nil, "/things/{id}"},
		{client.MountShared, nil, "/api/v2/things/{id}"},
		{client.MountBuyer, nil, "/api/v2/buyer/things/{id}"},
		{client.MountMCPBuyer, nil, "/mcp/v2/buyer/things/{id}"},
		{client.MountShared, []client.Option{client.Unversioned()}, "/api/things/{id}"},
	} {
		for _, slash := range []string{"", "/"} {
			c, err := environmentClient(t, client.BaseURL(server.URL+"/company/proxy"+slash),
				append(tt.opts, client.WithTransport(connTransport(t)))...)
			require.NoError(t, err)
			op := client.Operation{Mount: tt.mount, Path: "/things/{id}"}
			for _, id := range []string{"7", "a b", "a+b&c=d", "Zürich", "a:b@c", "(x)!*'"} {
				got, err := client.Call[echo](t.Context(), c, &op,
					client.Request{Path: []string{id}, Query: map[string][]string{"q": {"a b&c"}}})
				require.NoError(t, err)
				assert.Equal(t, echo{tt.want, id, "q=a+b%26c"}, got)
			}
		}
	}
}

func TestBaseURLOfIPv6Loopback(t *testing.T) {
	t.Parallel()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp6", "[::1]:0")
	if err != nil {
		t.Skip("no IPv6 here: ", err)
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, `{"data":{"id":%q},"error":null}`, r.Host)
	}))
	_ = server.Listener.Close()
	server.Listener = listener
	server.Start()
	t.Cleanup(server.Close)
	c, err := environmentClient(t, client.BaseURL(server.URL), client.WithTransport(connTransport(t)))
	require.NoError(t, err)
	got, err := client.Call[connThing](t.Context(), c, &connGet, client.Request{})
	require.NoError(t, err)
	assert.Equal(t, listener.Addr().String(), got.ID)
}

func FuzzBaseURL(f *testing.F) {
	for _, base := range []string{
		"", "https://api.test", "https://api.test:8443/a/b/", "http://[::1]:80", "http://localhost",
		"http://127.0.0.1.evil.test", "https://u:p@h",
		"https://h?x", "https://h#", "https://h/../a", "https://h/%2e%2e", "HTTPS://H", "https://h\\@x", "https:opaque",
		"//h", "https://[fe80::1%25lo]/", "\x00",
	} {
		f.Add(base)
	}
	token := cannedToken(f)
	f.Fuzz(func(t *testing.T, base string) {
		c, err := client.New(client.WithEnvironment(client.BaseURL(base)), client.WithToken(token))
		if err != nil {
			if len(base) > 12 && strings.Contains(err.Error(), base) {
				t.Fatalf("%q is repeated: %v", base, err)
			}
			return
		}
		u, err := url.Parse(c.BaseURL())
		if err != nil {
			t.Fatalf("%q became %q: %v", base, c.BaseURL(), err)
		}
		host := net.ParseIP(u.Hostname())
		loopback := strings.EqualFold(u.Hostname(), "localhost") || (host != nil && host.IsLoopback())
		if u.Scheme != "https" && (u.Scheme != "http" || !loopback) {
			t.Fatalf("%q: a token would travel in the clear to %q", base, c.BaseURL())
		}
		if u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.Opaque != "" || u.Hostname() == "" {
			t.Fatalf("%q became %q", base, c.BaseURL())
		}
		if strings.HasSuffix(u.Path, "/") || strings.Contains(u.Path, "//") || strings.ContainsAny(u.Path, "\\?#%;\x00\r\n") {
			t.Fatalf("%q has the path %q", base, u.Path)
		}
		for segment := range strings.SplitSeq(strings.TrimPrefix(u.Path, "/"), "/") {
			if segment != "" && strings.Trim(segment, ".") == "" {
				t.Fatalf("%q has the path %q", base, u.Path)
			}
		}
	})
}
