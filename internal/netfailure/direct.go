package netfailure

import (
	"net/http"
	"net/url"
	"sync"

	"github.com/interchange-sdk/interchange-go/internal/check"
)

// ProxyFromEnvironment is [http.ProxyFromEnvironment], and never returns a proxy for a loopback host: requests to it
// may be plain HTTP, and a proxy would get the credential in clear text.
func ProxyFromEnvironment(req *http.Request) (*url.URL, error) {
	if check.Loopback(req.URL.Hostname()) {
		return nil, nil //nolint:nilnil // no proxy
	}
	return http.ProxyFromEnvironment(req)
}

// Direct returns a transport that sends requests for loopback hosts without a proxy, even if rt is an *http.Transport
// that has one for them. Those requests then share no connection.
func Direct(rt http.RoundTripper) http.RoundTripper {
	transport, ok := rt.(*http.Transport)
	if !ok {
		return rt
	}
	return &direct{proxied: transport}
}

type direct struct {
	proxied *http.Transport
	once    sync.Once
	own     *http.Transport
}

// RoundTrip sends the request.
func (d *direct) RoundTrip(req *http.Request) (*http.Response, error) {
	if d.proxied.Proxy == nil || !check.Loopback(req.URL.Hostname()) {
		return d.proxied.RoundTrip(req)
	}
	if proxy, err := d.proxied.Proxy(req); proxy == nil && err == nil {
		return d.proxied.RoundTrip(req)
	}
	d.once.Do(func() {
		d.own = d.proxied.Clone()
		d.own.Proxy = nil
		d.own.DisableKeepAlives = true // its idle connections would never be closed
	})
	return d.own.RoundTrip(req)
}
