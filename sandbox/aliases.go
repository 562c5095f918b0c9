package sandbox

import (
	"net/http"
	"net/url"
)

// pinned is the versioned path that an unversioned alias stands for.
func pinned(u *url.URL) (string, bool) {
	path := u.EscapedPath()
	for _, alias := range [...][2]string{
		{"/api/service-tokens", "/api/v2/service-tokens"},
		{"/api/accounts", "/api/v2/accounts"},
		{"/api/accept-tos", "/api/v2/accept-tos"},
		{"/api/activity", "/api/v2/activity"},
		{"/api/notifications", "/api/v2/notifications"},
		{"/api/buyer", "/api/v2/buyer"},
		{"/api/storefront", "/api/v2/storefront"},
		{"/mcp/buyer", "/mcp/v2/buyer"},
		{"/mcp/storefront", "/mcp/v2/storefront"},
	} {
		rest, ok := cutPrefix(path, alias[0])
		if !ok {
			continue
		}
		to := alias[1] + rest
		if u.RawQuery != "" {
			to += "?" + u.RawQuery
		}
		return to, true
	}
	return "", false
}

// cutPrefix cuts whole path segments.
func cutPrefix(path, prefix string) (rest string, ok bool) {
	if len(path) < len(prefix) || path[:len(prefix)] != prefix {
		return "", false
	}
	rest = path[len(prefix):]
	return rest, rest == "" || rest[0] == '/'
}

func isMCP(path string) bool {
	_, ok := cutPrefix(path, "/mcp/v2")
	return ok
}

// mcpRefusal is the MCP endpoints' response without a credential: the error is a string.
func mcpRefusal() reply {
	return plain(http.StatusUnauthorized, struct {
		Error   string `json:"error"`
		Message string `json:"message"`
	}{
		Error:   "Authentication required",
		Message: "Send a credential as Authorization: Bearer <token> or as x-scope3-api-key",
	})
}
