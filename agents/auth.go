package agents

import (
	"fmt"
	"log/slog"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/internal/secret"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// Auth sets how the platform authenticates to an agent. Functions such as Bearer return one. It is
// comparable, and the zero Auth says nothing.
//
// An Auth is safe to print: every verb of fmt, slog, JSON and text encoding shows what kind it is, and reflecting
// dumpers find no secret either. What it holds goes to the platform only. Nothing is checked when it is made; the
// call that it is given to checks it.
type Auth struct {
	kind   authKind
	typ    AuthenticationType // of Later and RawAuth
	first  secret.Text        // token, key, user, header name, or raw JSON
	second secret.Text        // password or header value
	jwt    JWTParams
	oauth  OAuthParams
}

type authKind uint8

const (
	authAbsent authKind = iota
	authBearer
	authAPIKey
	authBasic
	authJWT
	authOAuth
	authHeader
	authNone
	authLater
	authRaw
)

// Bearer is a token that the platform sends as Authorization: Bearer.
func Bearer(token string) Auth { return Auth{kind: authBearer, first: secret.New(token)} }

// APIKey is a key that the platform sends as the agent's protocol wants it.
func APIKey(key string) Auth { return Auth{kind: authAPIKey, first: secret.New(key)} }

// Basic is a user name, without colons, and a password, which may be empty (RFC 7617).
func Basic(user, password string) Auth {
	return Auth{kind: authBasic, first: secret.New(user), second: secret.New(password)}
}

// JWTAlgorithm is the signature algorithm of a JWT. The set is closed.
type JWTAlgorithm string

// The algorithms in docs/platform.md#agents.
const (
	// ES256 wants a key on the curve P-256.
	ES256 JWTAlgorithm = "ES256"
	// RS256 wants an RSA key.
	RS256 JWTAlgorithm = "RS256"
)

// JWTParams says what is in a JWT and where it is taken to. All but the last two are required.
type JWTParams struct {
	// Issuer, Subject and KeyID are the claims iss and sub, and the header kid.
	Issuer, Subject, KeyID string
	// Scope lists the requested scopes, separated by spaces.
	Scope string
	// TokenEndpointURL is where the platform exchanges the JWT for a token; an absolute https URL, as is AudienceURL,
	// the claim aud.
	TokenEndpointURL, AudienceURL string
	// Algorithm is the signature algorithm. If empty, the platform chooses.
	Algorithm JWTAlgorithm
	// Environment chooses among the environments of an agent that has several. The set is not documented.
	Environment string
}

// JWT signs with a private key in PKCS #8, unencrypted, as PEM text: RSA, or on the curve P-256. The platform takes the
// JWT to the token endpoint.
func JWT(privateKey string, p JWTParams) Auth {
	return Auth{kind: authJWT, first: secret.New(privateKey), jwt: p}
}

// OAuthParams says how the platform obtains tokens.
type OAuthParams struct {
	// Issuer is the absolute https URL of the publisher's authorization server; the platform discovers the rest and
	// registers itself there. Required on the first platform, which alone takes it.
	Issuer string
	// Scope lists the requested scopes, separated by spaces. Optional; first platform only.
	Scope string
	// Audience is the absolute https URL that tokens are for, at most 2048 characters; optional, on the current
	// platform only.
	Audience string
}

// OAuth lets the platform obtain and renew tokens. On the current platform a person has to consent: a registration
// answers with the page where, see [Service.WaitUntilConfigured]. On the first platform nobody has to.
func OAuth(p OAuthParams) Auth { return Auth{kind: authOAuth, oauth: p} }

// CustomHeader is a header of the agent's own, such as x-api-key. Only the first platform has it.
func CustomHeader(name, value string) Auth {
	return Auth{kind: authHeader, first: secret.New(name), second: secret.New(value)}
}

// NoAuth is for agents that anybody may talk to.
func NoAuth() Auth { return Auth{kind: authNone} }

// DeferAuth registers an agent whose secret is not known yet: with AuthenticationAPIKey or AuthenticationBasic the
// platform may collect it afterwards. The source is pending until then. The specification allows it; another document
// of the platform wants the secret at once.
func DeferAuth(t AuthenticationType) Auth { return Auth{kind: authLater, typ: t} }

// RawAuth is a form of authentication that was arranged with Scope3: object is sent as it is. The current platform
// wants an authentication type beside it for a source; for a credential, and on the first platform, it is left empty.
func RawAuth(t AuthenticationType, object jsontext.Value) Auth {
	return Auth{kind: authRaw, typ: t, first: secret.New(string(object))}
}

// IsZero reports whether the Auth is the zero value.
func (a Auth) IsZero() bool { return a == Auth{} }

// String returns the kind, without any content.
func (a Auth) String() string { return "(" + a.name() + ")" }

// name returns the name of the kind for errors.
func (a Auth) name() string {
	switch a.kind {
	case authAbsent:
		return "no auth given"
	case authBearer:
		return "bearer token"
	case authAPIKey:
		return "API key"
	case authBasic:
		return "basic authentication"
	case authJWT:
		return "JWT"
	case authOAuth:
		return "OAuth"
	case authHeader:
		return "custom header"
	case authNone:
		return "no authentication"
	case authLater:
		return "secret that comes later"
	case authRaw:
		return "raw authentication"
	}
	return "unknown authentication"
}

// Format shows String, whatever the verb.
func (a Auth) Format(f fmt.State, verb rune) { wire.Format(f, verb, a.String()) }

// GoString shows String.
func (a Auth) GoString() string { return a.String() }

// LogValue shows String.
func (a Auth) LogValue() slog.Value { return slog.StringValue(a.String()) }

// MarshalText writes String: an Auth never leaves by being encoded.
func (a Auth) MarshalText() ([]byte, error) { return []byte(a.String()), nil }
