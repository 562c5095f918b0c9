package netfailure

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// connectError is the response of a proxy to CONNECT, if it is not 200.
type connectError struct {
	proxy  string
	status int
}

func (e *connectError) Error() string { return "the proxy responded " + statusText(e.status) }

// CheckConnect is for http.Transport.OnProxyConnectResponse. Without it net/http reduces the refusal of a proxy to the
// reason phrase.
func CheckConnect(_ context.Context, proxy *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	return &connectError{proxy: proxyName(proxy), status: resp.StatusCode}
}

// describeProxy describes a failure of a proxy. It returns nil for any other failure.
func describeProxy(err error, w *Watch, proxy ProxyFunc) *Error {
	// The Proxy function of a transport runs first. Its error may quote the address with the password, so it is dropped.
	used, invalid := proxy()
	if invalid != nil || strings.Contains(err.Error(), "invalid proxy address") {
		return &Error{Text: "the proxy address is not valid", ByProxy: true, Final: true, NotSent: true}
	}
	var (
		op      *net.OpError
		refused *connectError
	)
	name := proxyName(used)
	switch {
	case errors.As(err, &refused):
		return connectFailure(err, refused.proxy, refused.status)
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return reachFailure(op.Err, name, w)
	case errors.As(err, &op) && op.Op == "socks connect":
		return socksFailure(op, name)
	case !w.WasAsked() || w.WasGiven() || w.inHandshake(err):
		return nil // the proxy has connected to the server
	}
	if status := statusNamed(err.Error()); status != 0 {
		return connectFailure(err, name, status)
	}
	if used != nil && brokenTunnel(err) {
		return &Error{
			Text: phrase("the proxy", name) + " closed the connection", Proxy: name, ByProxy: true, NotSent: true, cause: err,
		}
	}
	return nil
}

// brokenTunnel reports whether the connection to a proxy broke before the proxy had connected to the server.
func brokenTunnel(err error) bool {
	var op *net.OpError
	return brokenConnection(err) && !(errors.As(err, &op) && op.Op == "dial") && !ended(err)
}

// connectFailure describes a refused CONNECT. Only a 5xx may pass: the proxy could not reach the server.
func connectFailure(err error, name string, status int) *Error {
	text := phrase("the proxy", name) + " refused the connection: " + statusText(status)
	return &Error{Text: text, Proxy: name, ByProxy: true, NotSent: true, Final: status < 500, cause: err}
}

// reachFailure describes a proxy that cannot be reached.
func reachFailure(err error, name string, w *Watch) *Error {
	var (
		dns   *net.DNSError
		op    *net.OpError
		errno syscall.Errno
	)
	dial := errors.As(err, &op) && op.Op == "dial"
	if name == "" { // the transport hides its proxy; its errors name it
		switch {
		case errors.As(err, &dns):
			name = dns.Name
		case dial && op.Addr != nil:
			name = op.Addr.String()
		}
	}
	who := phrase("the proxy", name)
	failed := &Error{Proxy: name, ByProxy: true, NotSent: true, cause: err}
	switch inTLS := describeTLS(err, who, w); {
	case inTLS != nil:
		failed.Text, failed.Final = inTLS.Text, inTLS.Final
	case errors.As(err, &dns):
		failed.Text = "the host name of " + who + " cannot be resolved"
	case errors.As(err, &errno):
		failed.Text = "cannot connect to " + who + ": " + errno.Error()
	default:
		failed.Text = "cannot connect to " + who
	}
	return failed
}

// The refusals of a SOCKS proxy that another attempt would repeat. net/http has only texts for them.
var socksFinal = [...]string{
	"authentication", "username/password", "not allowed by ruleset", "not supported", "unexpected protocol version",
}

// socksFailure describes a SOCKS proxy that does not connect to the server.
func socksFailure(op *net.OpError, name string) *Error {
	if name == "" && op.Source != nil {
		name = op.Source.String()
	}
	failed := &Error{Proxy: name, ByProxy: true, NotSent: true, cause: op}
	reason := "the connection broke"
	if !brokenConnection(op.Err) {
		reason = wire.Printable(strings.TrimPrefix(op.Err.Error(), "unknown error "), 256)
		for _, text := range socksFinal {
			failed.Final = failed.Final || strings.Contains(reason, text)
		}
	}
	failed.Text = phrase("the proxy", name) + " cannot connect to the server: " + reason
	return failed
}

func phrase(what, name string) string {
	if name == "" {
		return what
	}
	return what + " " + name
}

// proxyName returns scheme://host:port, without user info.
func proxyName(u *url.URL) string {
	if u == nil || u.Hostname() == "" {
		return ""
	}
	port := u.Port()
	if port == "" {
		switch u.Scheme {
		case "https":
			port = "443"
		case "socks5", "socks5h":
			port = "1080"
		default:
			port = "80"
		}
	}
	return u.Scheme + "://" + net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}

func statusText(status int) string {
	return strings.TrimSpace(strconv.Itoa(status) + " " + strings.ToLower(http.StatusText(status)))
}

// statusNamed returns the status whose reason phrase is the text: net/http reports a refused CONNECT this way.
func statusNamed(text string) int {
	for status := 300; status < 600; status++ {
		if name := http.StatusText(status); name != "" && strings.EqualFold(name, text) {
			return status
		}
	}
	return 0
}
