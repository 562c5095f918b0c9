package client

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/interchange-sdk/interchange-go/internal/netfailure"
)

// describe turns a failure of TLS or of a proxy into one with a text, and leaves others as they are.
func (k *call) describe(err error) error {
	return netfailure.Describe(err, &k.progress.Watch, k.proxy)
}

// proxy returns the proxy that the request went through, if the transport shows it.
func (k *call) proxy() (*url.URL, error) {
	transport, ok := k.client.conn.raw.(*http.Transport)
	if !ok || transport.Proxy == nil || k.req.Request == nil {
		return nil, nil //nolint:nilnil // no proxy
	}
	return transport.Proxy(k.req.Request)
}

// proxyOf returns the proxy that an error names.
func proxyOf(err error) string {
	var described *netfailure.Error
	if errors.As(err, &described) {
		return described.Proxy
	}
	return ""
}

// isFinal reports whether another attempt would fail the same way.
func isFinal(err error) bool {
	var described *netfailure.Error
	return errors.As(err, &described) && described.Final
}

// getConn notes that the transport looks for a connection. net/http does so again if the first one died before a byte was
// written; what happened on that one then no longer counts.
func (p *progress) getConn(string) {
	p.Asked()
	p.wrote.Store(false)
}

func (p *progress) wroteHeader(string, []string) { p.wrote.Store(true) }
