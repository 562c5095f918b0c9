package mcpclient

import (
	_ "embed"
	"net/http"
	"slices"
	"strings"

	"github.com/interchange-sdk/interchange-go/internal/check"
)

// readOperations lists the gateway operations that the platform documents as GET, one on each line. A name that looks
// like reading is not enough.
//
//go:embed readoperations.txt
var readOperations string

// isReadTool reports whether a tool is one of the platform's own that change nothing.
func isReadTool(name string) bool {
	switch name {
	case "health", "help", "user_get_current", "get_billing_account", "list_buyer_activity", "browse_ad_server_selectors",
		"ask_about_capability":
		return true
	}
	return false
}

// isReadOperation reports whether a gateway operation, by name or by method and path, reads.
func isReadOperation(operation string) bool {
	if method, path, isPath := strings.Cut(operation, " "); isPath {
		return method == http.MethodGet && isOperationPath(path)
	}
	return isOperationName(operation) && strings.Contains("\n"+readOperations, "\n"+operation+"\n")
}

// isOperationName reports whether a name is in snake case, like the platform's.
func isOperationName(s string) bool {
	const longest = 128
	return s != "" && len(s) <= longest && s[0] >= 'a' && s[0] <= 'z' &&
		strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// isOperationPath reports whether a path below the gateway's mount has only plain segments, so that all readers agree
// on it.
func isOperationPath(s string) bool {
	rest, ok := strings.CutPrefix(s, "/")
	if !ok {
		return false
	}
	for segment := range strings.SplitSeq(rest, "/") {
		if check.Segment(segment) != "" || strings.ContainsAny(segment, "%?#\\ ;") {
			return false
		}
	}
	return true
}

func isOperationMethod(s string) bool {
	return slices.Contains([]string{"GET", "POST", "PUT", "PATCH", "DELETE"}, s)
}
