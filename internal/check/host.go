package check

import (
	"net"
	"strings"
)

// Loopback tells whether a host, without its port, is this machine: the only kind that plain http may reach.
func Loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
