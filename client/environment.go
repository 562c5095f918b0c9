package client

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/interchange-sdk/interchange-go/internal/check"
)

// Environment is where the platform is: an origin, and optionally a path before every path.
type Environment string

// The platform's environments (docs/platform.md#hosts). Production and staging have accounts and keys of their own.
const (
	Production       Environment = "https://api.interchange.io"
	ProductionLegacy Environment = "https://api.agentic.scope3.com"
	Staging          Environment = "https://api.staging.interchange.io"
	StagingLegacy    Environment = "https://api.agentic.staging.scope3.com"
)

// Bullseye is where the Partner API is (docs/platform.md#partner-api, #hosts): see [ProfilePartner].
const Bullseye Environment = "https://api.app.bullseye.so"

// BaseURL is an environment of your own, such as a proxy or a sandbox: https://host[:port][/prefix], without /api/v2.
// Plain http is allowed for loopback addresses only. [New] checks it; an empty one is an error.
func BaseURL(baseURL string) Environment { return Environment(baseURL) }

// parse checks the environment; its errors do not repeat it, as it may hold a password.
func (e Environment) parse() (*url.URL, error) {
	u, err := url.Parse(string(e))
	switch {
	case err != nil:
		return nil, errors.New("interchange: the base URL cannot be parsed")
	case u.User != nil:
		return nil, errors.New("interchange: the base URL must not hold a user name or password")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.HasSuffix(string(e), "#"):
		return nil, errors.New("interchange: the base URL must not have a query or a fragment")
	case u.Opaque != "" || u.Hostname() == "":
		return nil, errors.New("interchange: the base URL must be of the form https://host[:port]")
	case u.Scheme == "http" && !check.Loopback(u.Hostname()):
		return nil, errors.New("interchange: the base URL must be https: plain http is for loopback addresses")
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, errors.New("interchange: the base URL must begin with https://")
	}
	host, problem := check.Host(u)
	if problem != "" {
		return nil, errors.New("interchange: the host of the base URL " + problem)
	}
	prefix := strings.TrimRight(u.EscapedPath(), "/")
	for _, segment := range strings.Split(strings.TrimPrefix(prefix, "/"), "/") {
		if prefix != "" && check.Segment(segment) != "" {
			return nil, errors.New("interchange: the base URL has an empty or dotted path segment")
		}
	}
	for _, mount := range [...]string{"/api", "/mcp"} {
		if prefix == mount || strings.HasPrefix(prefix, mount+"/v") {
			return nil, fmt.Errorf("interchange: the base URL must end before %s: operations add it", mount)
		}
	}
	return &url.URL{Scheme: u.Scheme, Host: host, Path: strings.TrimRight(u.Path, "/"), RawPath: prefix}, nil
}

// sameOrigin compares scheme, host and port, with the port spelled out.
func sameOrigin(a, b *url.URL) bool { return origin(a) == origin(b) }

func origin(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "http": "80"}[u.Scheme]
	}
	return u.Scheme + "://" + net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}
