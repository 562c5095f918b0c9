package check

import (
	"net"
	"net/url"
	"strconv"
	"strings"
)

// Loopback reports whether a host, without its port, is this machine. Only loopback may be reached by plain http.
func Loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// Host returns a URL's host in lower case, with its port if it has one. problem describes an invalid host.
func Host(u *url.URL) (host, problem string) {
	name, port := strings.ToLower(u.Hostname()), u.Port()
	if port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return "", "must have a port from 1 to 65535"
		}
	}
	switch {
	case strings.HasPrefix(u.Host, "["):
		if net.ParseIP(name) == nil {
			return "", "must have an IPv6 address in the brackets"
		}
		if name = "[" + name + "]"; port == "" {
			return name, ""
		}
		return name + ":" + port, ""
	case strings.HasSuffix(u.Host, ":"):
		return "", "must have a port after the colon"
	case len(name) > 253:
		return "", "must be a valid host name"
	}
	for _, label := range strings.Split(name, ".") {
		if !isLabel(label) {
			return "", "must be a valid host name"
		}
	}
	if port == "" {
		return name, ""
	}
	return name + ":" + port, ""
}

// isLabel reports whether a part of a host name is valid. Underscores are in use, although not allowed.
func isLabel(label string) bool {
	if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
		return false // so is xn-- without the rest of an international name
	}
	for i := range len(label) {
		c := label[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}
