package client

import (
	"compress/gzip"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/interchange-sdk/interchange-go/internal/netfailure"
)

// NewTransport returns the transport that a Client uses when it is given none: to wrap in one of your own, or to
// adjust. It keeps up to 64 idle connections to a host (net/http keeps two, and opens a connection for every other
// call above that), bounds dialling and the TLS handshake, notices dead HTTP/2 connections and speaks TLS 1.2 and
// newer. It rejects a server whose stapled OCSP response reports that its certificate is revoked, and reports what a
// proxy answered to CONNECT. Loopback hosts are never reached through a proxy.
func NewTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                  netfailure.ProxyFromEnvironment,
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           128,
		MaxIdleConnsPerHost:    64,
		IdleConnTimeout:        90 * time.Second,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxResponseHeaderBytes: 1 << 20,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, VerifyConnection: netfailure.CheckStaple},
		OnProxyConnectResponse: netfailure.CheckConnect,
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: 30 * time.Second, PingTimeout: 15 * time.Second},
	}
}

// attemptTransport stands between the retries and the network. It is where one attempt begins: it bounds its
// time and notes how far it came. It has no CloseIdleConnections method on purpose: go-retryablehttp calls that
// after every failure, and the connections belong to other calls as well.
type attemptTransport struct {
	next  http.RoundTripper
	spare *spareTransport
}

func (t attemptTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	c := callOf(req.Context())
	if c == nil {
		return t.next.RoundTrip(req)
	}
	next := t.next
	if c.stalled {
		if spare := t.spare.get(); spare != nil {
			next = spare
		}
	}
	resp, err := next.RoundTrip(req.WithContext(c.beginRoundTrip()))
	c.status = 0
	if err == nil {
		c.progress.Answered()
	}
	if c.watch != nil && err == nil {
		c.watch.arrived()
		resp.Body = &watchedBody{resp.Body, c.watch}
	}
	if resp != nil {
		c.status = resp.StatusCode
		unzip(resp)
	}
	return resp, err
}

// unzip decodes a body that net/http left compressed: its encoding has the old name of gzip, or the transport does not
// decompress.
func unzip(resp *http.Response) {
	switch strings.ToLower(strings.TrimSpace(resp.Header.Get("Content-Encoding"))) {
	case "gzip", "x-gzip":
	default:
		return
	}
	resp.Header.Del("Content-Encoding")
	resp.Header.Del("Content-Length")
	resp.ContentLength, resp.Uncompressed = -1, true
	resp.Body = &gzipBody{compressed: resp.Body}
}

// gzipBody decompresses as it is read.
type gzipBody struct {
	compressed io.ReadCloser
	plain      *gzip.Reader
}

// Read reads decompressed bytes.
func (b *gzipBody) Read(p []byte) (int, error) {
	if b.plain == nil {
		var err error
		if b.plain, err = gzip.NewReader(b.compressed); err != nil {
			return 0, err
		}
	}
	return b.plain.Read(p)
}

// Close ends the response.
func (b *gzipBody) Close() error { return b.compressed.Close() }
