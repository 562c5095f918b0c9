package client

import (
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// NewTransport returns the transport that a Client uses when it is given none: to wrap in one of your own, or to
// adjust. It keeps up to 64 idle connections to a host (net/http keeps two, and opens a connection for every other
// call above that), bounds dialling and the TLS handshake, notices dead HTTP/2 connections and speaks TLS 1.2 and newer.
func NewTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           128,
		MaxIdleConnsPerHost:    64,
		IdleConnTimeout:        90 * time.Second,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxResponseHeaderBytes: 1 << 20,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: 30 * time.Second, PingTimeout: 15 * time.Second},
	}
}

// attemptTransport stands between the retries and the network. It is where one attempt begins: it bounds its
// time and notes how far it came. It has no CloseIdleConnections method on purpose: go-retryablehttp calls that
// after every failure, and the connections belong to other calls as well.
type attemptTransport struct{ next http.RoundTripper }

func (t attemptTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	c, ok := req.Context().(*call)
	if !ok {
		return t.next.RoundTrip(req)
	}
	req = req.WithContext(c.beginRoundTrip())
	if c.effect == EffectOnce {
		forbidReplay(req)
	}
	resp, err := t.next.RoundTrip(req)
	c.status = 0
	if resp != nil {
		c.status = resp.StatusCode
	}
	return resp, err
}

// forbidReplay keeps net/http from sending a request once more by itself after a kept connection took it and died.
// It does that for methods which have no effect by definition, and for requests with an idempotency key in a header,
// which this platform does not know. It takes the latter's name in the usual spelling only, the former's request
// only if its body can be had again.
func forbidReplay(req *http.Request) {
	for _, name := range [...]string{"Idempotency-Key", "X-Idempotency-Key"} {
		if value, ok := req.Header[name]; ok {
			req.Header = req.Header.Clone()
			delete(req.Header, name)
			req.Header[strings.ToLower(name)] = value
		}
	}
	switch req.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		req.GetBody = nil
		if req.Body == nil {
			req.Body = io.NopCloser(strings.NewReader(""))
		}
	}
}
