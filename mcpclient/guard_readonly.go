package mcpclient

import (
	_ "embed"
	"net/http"
	"slices"
	"strings"

	"github.com/interchange-sdk/interchange-go/internal/check"
)

// readOperations are the gateway's operations that change nothing, one on each line: those which the platform documents
// as GET. A name that merely looks like reading is not enough.
//
//go:embed readoperations.txt
var readOperations string

// readTools are the platform's own tools that change nothing.
func isReadTool(name string) bool {
	switch name {
	case "health", "help", "user_get_current", "get_billing_account", "list_buyer_activity", "browse_ad_server_selectors",
		"ask_about_capability":
		return true
	}
	return false
}

// isReadOperation reports whether the gateway is told to read: by the name of an operation, or by GET and a path.
func isReadOperation(operation string) bool {
	if method, path, isPath := strings.Cut(operation, " "); isPath {
		return method == http.MethodGet && isOperationPath(path)
	}
	return isOperationName(operation) && strings.Contains("\n"+readOperations, "\n"+operation+"\n")
}

// isOperationName checks the grammar of the platform's operation names: snake case.
func isOperationName(s string) bool {
	const longest = 128
	return s != "" && len(s) <= longest && s[0] >= 'a' && s[0] <= 'z' &&
		strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// isOperationPath checks a path below the gateway's mount: plain segments, so that it means the same to every reader.
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

// isOperationMethod reports whether a method is one of the gateway's, exactly as it is written there.
func isOperationMethod(s string) bool {
	return slices.Contains([]string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}, s)
}
