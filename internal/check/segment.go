package check

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// MaxSegment is far above the length of any id and far below the limits of servers.
const MaxSegment = 1024

// Segment describes why a value cannot be one segment of a path, or returns "". Escaping alone is not enough: an empty
// value addresses the collection, dots address its parent, and some servers and proxies decode before they split.
func Segment(value string) string {
	switch {
	case value == "":
		return "is required"
	case len(value) > MaxSegment:
		return fmt.Sprintf("is longer than %d bytes", MaxSegment)
	case !utf8.ValidString(value):
		return "is not valid UTF-8"
	}
	if strings.Trim(value, ".") == "" {
		return "must not consist of dots"
	}
	for _, r := range value {
		switch {
		case r < ' ' || (r >= 0x7f && r <= 0x9f):
			return "contains a control character"
		case strings.ContainsRune(`/\?#%;`, r):
			return fmt.Sprintf("contains %q, which is not allowed in an id", r)
		}
	}
	return ""
}
