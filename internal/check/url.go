package check

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

// URL reports a value that is not an absolute https URL, or http on a loopback address. The empty value is allowed. It
// never quotes the value.
func URL(s Reporter, path, value string) {
	if value == "" {
		return
	}
	if problem := urlProblem(value); problem != "" {
		s.Add(path, problem)
	}
}

func urlProblem(value string) string {
	u, err := url.Parse(value)
	switch {
	case err != nil || !utf8.ValidString(value) || strings.ContainsAny(value, " \\"):
		return "is not a URL"
	case u.Scheme == "" || u.Opaque != "" || u.Hostname() == "":
		return "must be an absolute URL, such as https://agent.example/mcp"
	case u.User != nil:
		return "must not hold a user name or a password"
	case u.Fragment != "" || strings.HasSuffix(value, "#"):
		return "must not have a fragment"
	case u.Scheme == "https", u.Scheme == "http" && Loopback(u.Hostname()):
		return ""
	default:
		return "must begin with https:// (http:// only on a loopback address)"
	}
}
