package wire

import "strings"

// shortestSecret is the shortest text after a prefix that counts as a secret rather than as part of an id.
const shortestSecret = 8

// HoldsCredential reports whether a text contains a credential, judging by its form: that of a token or key of the
// platform, or of a JSON Web Token.
func HoldsCredential(s string) bool {
	for _, prefix := range tokenPrefixes {
		_, rest, found := strings.Cut(s, prefix)
		shortest := shortestSecret
		if found && prefix == "scope3_" { // ids of other things may begin like this; a token has an id and a secret
			if body, ok := strings.CutPrefix(rest, "ak_"); ok {
				rest, shortest = body, 1
			}
			_, rest, found = strings.Cut(rest, "_")
		}
		if found && len(rest) >= shortest {
			return true
		}
	}
	return isJWT(s)
}

// isJWT reports whether a text is three parts of URL-safe Base64, the first of which begins a JSON object.
func isJWT(s string) bool {
	parts := strings.Split(s, ".")
	if len(parts) != 3 || !strings.HasPrefix(s, "eyJ") {
		return false
	}
	for _, part := range parts {
		if len(part) < shortestSecret || strings.ContainsFunc(part, notBase64URL) {
			return false
		}
	}
	return true
}

func notBase64URL(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_'
}
