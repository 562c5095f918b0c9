package client

import (
	"errors"

	"github.com/interchange-sdk/interchange-go/internal/netfailure"
)

// describe turns a failure of TLS or of a proxy into one with a text, and leaves others as they are.
func (k *call) describe(err error) error {
	return netfailure.Describe(err, "the server", &k.progress.Watch, netfailure.ProxyOf(k.client.conn.raw, k.req.Request))
}

// describeUnwatched does the same for an error of an attempt that was made elsewhere.
func describeUnwatched(err error) error {
	return netfailure.Describe(err, "the server", new(netfailure.Watch), netfailure.ProxyOf(nil, nil))
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

// getConn notes that the transport looks for a connection. net/http does so again if the first one died before a byte
// was written; what happened on that one then no longer counts.
func (p *progress) getConn(string) {
	p.Asked()
	p.wrote.Store(false)
}

func (p *progress) wroteHeader(string, []string) { p.wrote.Store(true) }
