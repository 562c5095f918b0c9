package agents

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/internal/check"
)

// check reports the problems that an Auth has in every use. It never quotes its content.
func (a Auth) check(s check.Reporter) {
	switch a.kind {
	case authAbsent, authNone:
	case authBearer, authAPIKey:
		checkToken(s, "auth.token", a.first.Reveal())
	case authBasic:
		user := a.first.Reveal()
		check.Required(s, "auth.username", user, "")
		if strings.Contains(user, ":") {
			s.Add("auth.username", "must not contain a colon (RFC 7617)")
		}
		checkText(s, "auth.username", user)
		checkText(s, "auth.password", a.second.Reveal())
	case authJWT:
		a.jwt.check(s)
		checkPrivateKey(s, a.first.Reveal(), a.jwt.Algorithm)
	case authOAuth:
		check.URL(s, "auth.issuer", a.oauth.Issuer)
		check.URL(s, "auth.audience", a.oauth.Audience)
		check.MaxLength(s, "auth.audience", a.oauth.Audience, 2048)
		checkText(s, "auth.scope", a.oauth.Scope)
	case authHeader:
		checkHeader(s, a.first.Reveal(), a.second.Reveal())
	case authLater:
		if a.typ != AuthenticationAPIKey && a.typ != AuthenticationBasic {
			s.Add("auth", "can come later only with AuthenticationAPIKey and AuthenticationBasic")
		}
	case authRaw:
		if value := jsontext.Value(a.first.Reveal()); !value.IsValid() || value.Kind() != '{' {
			s.Add("auth", "must be a JSON object")
		}
		if strings.Trim(string(a.typ), "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != "" {
			s.Add("authenticationType", "must be in capitals, such as API_KEY")
		}
	}
}

func (p JWTParams) check(s check.Reporter) {
	for _, field := range [...]struct{ path, value string }{
		{"auth.issuer", p.Issuer},
		{"auth.subject", p.Subject},
		{"auth.keyId", p.KeyID},
		{"auth.scope", p.Scope},
		{"auth.tokenEndpointUrl", p.TokenEndpointURL},
		{"auth.audienceUrl", p.AudienceURL},
	} {
		check.Required(s, field.path, field.value, "")
		checkText(s, field.path, field.value)
	}
	check.URL(s, "auth.tokenEndpointUrl", p.TokenEndpointURL)
	check.URL(s, "auth.audienceUrl", p.AudienceURL)
	check.OneOf(s, "auth.algorithm", p.Algorithm, ES256, RS256)
	checkText(s, "auth.environment", p.Environment)
}

// checkToken wants what can stand in a header: visible ASCII.
func checkToken(s check.Reporter, path, token string) {
	switch {
	case token == "":
		s.Add(path, "is required")
	case strings.TrimSpace(token) != token:
		s.Add(path, "has white space at an end; was it read from a file with a newline at the end?")
	case strings.IndexFunc(token, func(r rune) bool { return r <= ' ' || r >= 0x7f }) >= 0:
		s.Add(path, "has a character that cannot stand in a header")
	}
}

// checkText wants text without control characters.
func checkText(s check.Reporter, path, text string) {
	if !utf8.ValidString(text) {
		s.Add(path, "is not valid UTF-8")
	} else if strings.IndexFunc(text, unicode.IsControl) >= 0 {
		s.Add(path, "has a control character")
	}
}

// checkHeader holds the rules of RFC 9110, section 5: a name is a token, and a value is visible ASCII with spaces and
// tabs inside. Its obsolete forms are refused.
func checkHeader(s check.Reporter, name, value string) {
	if name == "" {
		s.Add("auth.headerName", "is required")
	} else if strings.IndexFunc(name, notTokenChar) >= 0 {
		s.Add("auth.headerName", "is not the name of a header (RFC 9110)")
	}
	switch {
	case value == "":
		s.Add("auth.headerValue", "is required")
	case strings.Trim(value, " \t") != value:
		s.Add("auth.headerValue", "has white space at an end")
	case strings.IndexFunc(value, func(r rune) bool { return r != '\t' && (r < ' ' || r >= 0x7f) }) >= 0:
		s.Add("auth.headerValue", "has a character that cannot stand in a header (RFC 9110)")
	}
}

func notTokenChar(r rune) bool {
	letterOrDigit := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	return !letterOrDigit && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
}

const keyPath = "auth.privateKey"

// checkPrivateKey wants one key in PKCS #8 that fits the algorithm.
func checkPrivateKey(s check.Reporter, text string, algorithm JWTAlgorithm) {
	if text == "" {
		s.Add(keyPath, "is required")
		return
	}
	block, rest := pem.Decode([]byte(text))
	switch {
	case block == nil:
		s.Add(keyPath, "is not PEM; it begins with -----BEGIN PRIVATE KEY-----")
		return
	case block.Type == "ENCRYPTED PRIVATE KEY":
		s.Add(keyPath, "is encrypted; the platform has no way to ask for its password")
		return
	case block.Type == "RSA PRIVATE KEY" || block.Type == "EC PRIVATE KEY":
		s.Add(keyPath, "is not in PKCS #8; openssl pkcs8 -topk8 -nocrypt makes it so")
		return
	case block.Type != "PRIVATE KEY":
		s.Add(keyPath, "is something else than a private key")
		return
	case strings.TrimSpace(string(rest)) != "":
		s.Add(keyPath, "is followed by something else")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		s.Add(keyPath, "cannot be read as PKCS #8")
		return
	}
	fits := RS256
	switch key := key.(type) {
	case *rsa.PrivateKey:
	case *ecdsa.PrivateKey:
		fits = ES256
		if key.Curve != elliptic.P256() {
			s.Add(keyPath, "must be on the curve P-256")
		}
	default:
		s.Add(keyPath, "must be an RSA key, or one on the curve P-256")
		return
	}
	if (algorithm == ES256 || algorithm == RS256) && algorithm != fits {
		s.Add("auth.algorithm", "is "+string(algorithm)+", and the key is for "+string(fits))
	}
}
