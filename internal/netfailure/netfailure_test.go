package netfailure

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func noProxy() (*url.URL, error) { return nil, nil } //nolint:nilnil // as http.Transport.Proxy returns it

func corporateProxy() (*url.URL, error) {
	return url.Parse("http://user:canary@Proxy.Example:3128") //nolint:wrapcheck // a constant
}

// watched is a Watch of an attempt that came so far.
func watched(given, reused bool) *Watch {
	w := new(Watch)
	w.Asked()
	if given {
		w.Given(httptrace.GotConnInfo{Reused: reused})
	}
	return w
}

func remoteAlert(code uint8) error {
	return &net.OpError{Op: "remote error", Err: tls.AlertError(code)}
}

func TestDescribeTLS(t *testing.T) {
	t.Parallel()
	otherHost := x509.HostnameError{Certificate: new(x509.Certificate)}
	certificate := func(err error) error { return &tls.CertificateVerificationError{Err: err} }
	expired := func(detail string) error {
		return certificate(x509.CertificateInvalidError{Reason: x509.Expired, Detail: detail})
	}
	for _, tt := range []struct {
		name    string
		err     error
		watch   *Watch
		text    string // empty: left as it is
		notSent bool
	}{
		{
			"expired", expired("current time 1 is after 0"), watched(false, false),
			"the server's certificate has expired", true,
		},
		{
			"not yet valid", expired("current time 1 is before 2"), watched(false, false),
			"the server's certificate is not yet valid", true,
		},
		{
			"no detail", certificate(x509.CertificateInvalidError{Reason: x509.Expired}), watched(false, false),
			"the server's certificate has expired", true,
		},
		{
			"another reason", certificate(x509.CertificateInvalidError{Reason: x509.IncompatibleUsage}), watched(false, false),
			"the server's certificate is not trusted", true,
		},
		{
			"another host", certificate(otherHost), watched(false, false),
			"the server's certificate is for another host", true,
		},
		{
			"no roots", certificate(x509.SystemRootsError{}), watched(false, false),
			"the server's certificate cannot be checked: the root certificates of this system cannot be read", true,
		},
		{"not in a wrapper", otherHost, watched(false, false), "the server's certificate is for another host", true},
		{
			"in net/http's wrapper",
			&url.Error{Op: "Get", URL: "https://x/?q=canary", Err: certificate(otherHost)}, watched(false, false),
			"the server's certificate is for another host", true,
		},
		{
			"in a handshake", remoteAlert(40), watched(false, false),
			"the server refused the TLS handshake: it accepts nothing that this client offers, or requires a client certificate",
			true,
		},
		{
			"after a handshake", remoteAlert(42), watched(true, false),
			"the server refused the client certificate, or requires one", true,
		},
		{
			"on a used connection", remoteAlert(42), watched(true, true),
			"the server refused the client certificate, or requires one", false,
		},
		{
			"by an unwatched transport", remoteAlert(42), new(Watch),
			"the server refused the client certificate, or requires one", false,
		},
		{
			"certificate required on a used connection", remoteAlert(116), watched(true, true),
			"the server requires a client certificate", true,
		},
		{
			"an alert that says nothing of the handshake", remoteAlert(80), watched(true, false),
			"the server ended the TLS connection: internal error", false,
		},
		{
			"an unknown alert", &net.OpError{Op: "remote error", Err: errors.New("tls: surprise\n")}, watched(true, false),
			`the server ended the TLS connection: surprise`, false,
		},
		{
			"plain HTTP", http.ErrSchemeMismatch, watched(false, false),
			"the server gave a plain HTTP response to HTTPS client", true,
		},
		{
			"plain HTTP as a record",
			tls.RecordHeaderError{RecordHeader: [5]byte{'H', 'T', 'T', 'P', '/'}},
			watched(false, false),
			"the server gave a plain HTTP response to HTTPS client", true,
		},
		{
			"no TLS",
			tls.RecordHeaderError{RecordHeader: [5]byte{'S', 'S', 'H', '-', '2'}},
			watched(false, false),
			"the server does not speak TLS on this port", true,
		},
		{
			"version", errors.New("tls: server selected unsupported protocol version 301"), watched(false, false),
			"the server supports no TLS version that this client accepts", true,
		},
		{
			"own configuration",
			errors.New("tls: no supported versions satisfy MinVersion and MaxVersion"), watched(false, false),
			"the server supports no TLS version that this client accepts", true,
		},
		{
			"another", errors.New("tls: invalid server key share"), watched(false, false),
			"the TLS handshake with the server failed: invalid server key share", true,
		},
		{
			"a damaged record", &net.OpError{Op: "local error", Err: tls.AlertError(20)}, watched(true, false),
			"", false,
		},
		{"end", io.EOF, watched(false, false), "", false},
		{"reset", &net.OpError{Op: "read", Err: syscall.ECONNRESET}, watched(false, false), "", false},
		{"time", context.DeadlineExceeded, watched(false, false), "", false},
		{"anything", errors.New("no route to the mesh"), watched(false, false), "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := Describe(tt.err, "the server", tt.watch, noProxy)
			var failed *Error
			if tt.text == "" {
				assert.Equal(t, tt.err, got)
				return
			}
			require.ErrorAs(t, got, &failed)
			assert.Equal(t, Error{Text: tt.text, Final: true, NotSent: tt.notSent, cause: failed.cause}, *failed)
			assert.ErrorIs(t, got, failed.cause)
			assert.Equal(t, got, Describe(got, "the server", tt.watch, noProxy), "it is described once")
			assert.NotContains(t, fmt.Sprintf("%+v %#v %q", got, got, got), "canary")
		})
	}
}

func TestDescribeProxy(t *testing.T) {
	t.Parallel()
	dial := func(err error) error {
		return &net.OpError{Op: "dial", Addr: &net.TCPAddr{IP: net.IPv4(10, 0, 0, 1), Port: 3128}, Err: err}
	}
	connect := func(err error) error { return &net.OpError{Op: "proxyconnect", Net: "tcp", Err: err} }
	socks := func(text string) error { return &net.OpError{Op: "socks connect", Err: errors.New(text)} }
	otherHost := x509.HostnameError{Certificate: new(x509.Certificate)}
	unknownHost := &net.DNSError{Err: "no such host", Name: "proxy.example"}
	const name = "http://proxy.example:3128"
	for _, tt := range []struct {
		label string
		err   error
		proxy ProxyFunc
		text  string // empty: left as it is
		name  string
		final bool
	}{
		{
			"unresolvable", connect(dial(unknownHost)), corporateProxy,
			"the host name of the proxy " + name + " cannot be resolved", name, false,
		},
		{
			"unresolvable, hidden", connect(dial(unknownHost)), noProxy,
			"the host name of the proxy proxy.example cannot be resolved", "proxy.example", false,
		},
		{
			"refused", connect(dial(syscall.ECONNREFUSED)), corporateProxy,
			"cannot connect to the proxy " + name + ": connection refused", name, false,
		},
		{
			"refused, hidden", connect(dial(syscall.ECONNREFUSED)), noProxy,
			"cannot connect to the proxy 10.0.0.1:3128: connection refused", "10.0.0.1:3128", false,
		},
		{
			"certificate", connect(&tls.CertificateVerificationError{Err: otherHost}), corporateProxy,
			"the proxy " + name + "'s certificate is for another host", name, true,
		},
		{
			"403", &connectError{name, 403}, noProxy,
			"the proxy " + name + " refused the connection: 403 forbidden", name, true,
		},
		{
			"407", &connectError{name, 407}, noProxy,
			"the proxy " + name + " refused the connection: 407 proxy authentication required", name, true,
		},
		{
			"302", &connectError{name, 302}, noProxy,
			"the proxy " + name + " refused the connection: 302 found", name, true,
		},
		{
			"502", &connectError{name, 502}, noProxy,
			"the proxy " + name + " refused the connection: 502 bad gateway", name, false,
		},
		{
			"a made-up status", &connectError{name, 499}, noProxy,
			"the proxy " + name + " refused the connection: 499", name, true,
		},
		{
			"a reason phrase", errors.New("Proxy Authentication Required"), corporateProxy,
			"the proxy " + name + " refused the connection: 407 proxy authentication required", name, true,
		},
		{
			"a reason phrase, hidden", errors.New("Forbidden"), noProxy,
			"the proxy refused the connection: 403 forbidden", "", true,
		},
		{
			"hangs up", io.ErrUnexpectedEOF, corporateProxy,
			"the proxy " + name + " closed the connection", name, false,
		},
		{
			"socks login", socks("username/password authentication failed"), corporateProxy,
			"the proxy " + name + " cannot connect to the server: username/password authentication failed", name, true,
		},
		{
			"socks rules", socks("unknown error connection not allowed by ruleset"), corporateProxy,
			"the proxy " + name + " cannot connect to the server: connection not allowed by ruleset", name, true,
		},
		{
			"socks route", socks("unknown error host unreachable"), corporateProxy,
			"the proxy " + name + " cannot connect to the server: host unreachable", name, false,
		},
		{
			"invalid", errors.New(`invalid proxy address "http://user:canary@%zz"`), noProxy,
			"the proxy address is not valid", "", true,
		},
		{"time", context.DeadlineExceeded, corporateProxy, "", "", false},
		{"a direct dial", dial(syscall.ECONNREFUSED), corporateProxy, "", "", false},
		{"no proxy", io.ErrUnexpectedEOF, noProxy, "", "", false},
	} {
		t.Run(tt.label, func(t *testing.T) {
			t.Parallel()
			got := Describe(tt.err, "the server", watched(false, false), tt.proxy)
			if tt.text == "" {
				assert.Equal(t, tt.err, got)
				return
			}
			var failed *Error
			require.ErrorAs(t, got, &failed)
			want := Error{Text: tt.text, Proxy: tt.name, ByProxy: true, NotSent: true, Final: tt.final, cause: failed.cause}
			assert.Equal(t, want, *failed)
			for err := got; err != nil; err = errors.Unwrap(err) {
				assert.NotContains(t, err.Error(), "canary")
			}
		})
	}
	t.Run("behind the proxy", func(t *testing.T) {
		t.Parallel()
		w := watched(true, false)
		for _, err := range []error{errors.New("Forbidden"), io.ErrUnexpectedEOF} {
			assert.Equal(t, err, Describe(err, "the server", w, corporateProxy), "the connection to the server was there")
		}
		w = watched(false, false)
		w.HandshakeDone(tls.ConnectionState{}, io.EOF)
		assert.Equal(t, io.EOF, Describe(io.EOF, "the server", w, corporateProxy), "the server ended the handshake")
	})
}

func TestProxyNameHasNoUserInfo(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"http://user:canary@Proxy.Example:3128": "http://proxy.example:3128",
		"http://proxy.example":                  "http://proxy.example:80",
		"https://proxy.example":                 "https://proxy.example:443",
		"socks5://proxy.example":                "socks5://proxy.example:1080",
		"socks5h://canary@proxy.example":        "socks5h://proxy.example:1080",
		"http://[::1]:3128/path?q=canary":       "http://[::1]:3128",
	} {
		u, err := url.Parse(in)
		require.NoError(t, err)
		assert.Equal(t, want, proxyName(u))
	}
	assert.Empty(t, proxyName(nil))
}

func FuzzDescribe(f *testing.F) {
	f.Add("tls: surprise", "Forbidden", true)
	f.Add("invalid proxy address \"http://user:secret@h\"", "EOF", false)
	f.Fuzz(func(t *testing.T, text, inner string, given bool) {
		for _, err := range []error{
			errors.New(text), &net.OpError{Op: "remote error", Err: errors.New(inner)},
			&net.OpError{Op: "proxyconnect", Err: errors.New(inner)}, &net.OpError{Op: "socks connect", Err: errors.New(inner)},
		} {
			var failed *Error
			described := Describe(err, "the server", watched(given, false), corporateProxy)
			if errors.As(described, &failed) && strings.ContainsAny(failed.Text, "\n\r\x1b") {
				t.Fatalf("%q is not one line", failed.Text)
			}
		}
	})
}
