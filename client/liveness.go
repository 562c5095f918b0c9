package client

import (
	"crypto/tls"
	"net"
	"net/http/httptrace"
	"syscall"
)

// gotConn is told which connection an attempt gets. A server that goes down closes the connections that wait for a
// call, and net/http may not have noticed: what is written to such a one is lost, and for a call that must not be sent
// twice nobody could tell that it was not processed. So one that the peer is known to have ended is closed here, before
// a byte is written; net/http then takes another by itself.
func (p *progress) gotConn(info httptrace.GotConnInfo) {
	p.Given(info)
	if info.Reused && info.WasIdle && ended(info.Conn) {
		_ = info.Conn.Close()
	}
}

// ended reports whether an idle HTTP/1 connection has something to read: its end, or data that no server sends there.
func ended(c net.Conn) bool {
	if t, ok := c.(*tls.Conn); ok {
		if t.ConnectionState().NegotiatedProtocol == "h2" {
			return false // other calls are on it
		}
		c = t.NetConn()
	}
	raw, ok := c.(syscall.Conn)
	if !ok {
		return false
	}
	conn, err := raw.SyscallConn()
	if err != nil {
		return false
	}
	readable := false
	err = conn.Control(func(fd uintptr) { readable = hasInput(fd) })
	return err == nil && readable
}
