package agents

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// authentication holds the request fields of an Auth on the current platform, except auth itself.
type authentication struct {
	AuthenticationType AuthenticationType `json:"authenticationType,omitzero"`
	Auth               jsontext.Value     `json:"auth,omitzero"`
	OAuthAudience      string             `json:"oauthAudience,omitzero"`
}

// tokenForm, basicForm and jwtForm are the union in docs/platform.md#agents.
type tokenForm struct {
	Type  string `json:"type"`
	Token string `json:"token"`
}

type basicForm struct {
	Type     string `json:"type"`
	Username string `json:"username"`
	Password string `json:"password"`
}

type jwtForm struct {
	Type             string       `json:"type"`
	PrivateKey       string       `json:"privateKey"`
	Issuer           string       `json:"issuer"`
	Subject          string       `json:"subject"`
	KeyID            string       `json:"keyId"`
	Scope            string       `json:"scope"`
	TokenEndpointURL string       `json:"tokenEndpointUrl"`
	AudienceURL      string       `json:"audienceUrl"`
	Algorithm        JWTAlgorithm `json:"algorithm,omitzero"`
	Environment      string       `json:"environment,omitzero"`
}

// union is an Auth in the form that sources and credentials share; nil for what is sent as nothing, false for what
// has no place in it.
func (a Auth) union() (jsontext.Value, bool) {
	switch a.kind {
	case authAbsent, authNone:
		return nil, true
	case authBearer:
		return encoded(tokenForm{"bearer", a.first.Reveal()}), true
	case authAPIKey:
		return encoded(tokenForm{"api_key", a.first.Reveal()}), true
	case authBasic:
		return encoded(basicForm{"basic", a.first.Reveal(), a.second.Reveal()}), true
	case authJWT:
		return encoded(jwtForm{
			"jwt", a.first.Reveal(), a.jwt.Issuer, a.jwt.Subject, a.jwt.KeyID, a.jwt.Scope,
			a.jwt.TokenEndpointURL, a.jwt.AudienceURL, a.jwt.Algorithm, a.jwt.Environment,
		}), true
	case authRaw:
		return jsontext.Value(a.first.Reveal()), true
	case authOAuth, authHeader, authLater:
	}
	return nil, false
}

// sourceForm returns the request fields of a source on the current platform.
func (a Auth) sourceForm() (authentication, bool) {
	switch a.kind {
	case authOAuth:
		return authentication{AuthenticationType: AuthenticationOAuth, OAuthAudience: a.oauth.Audience},
			a.oauth.Issuer == "" && a.oauth.Scope == ""
	case authLater:
		return authentication{AuthenticationType: a.typ}, true
	default:
	}
	auth, ok := a.union()
	return authentication{AuthenticationType: a.sourceType(), Auth: auth}, ok && (a.kind != authRaw || a.typ != "")
}

// sourceType is the authentication type that goes with the union.
func (a Auth) sourceType() AuthenticationType {
	switch a.kind {
	case authBearer, authAPIKey:
		return AuthenticationAPIKey
	case authBasic:
		return AuthenticationBasic
	case authJWT:
		return AuthenticationJWT
	case authNone:
		return AuthenticationNone
	default:
		return a.typ
	}
}

// credentialForm returns the request fields of a buyer's credential. OAuth has none: the response names the page for
// the consent.
func (a Auth) credentialForm() (jsontext.Value, bool) {
	switch a.kind {
	case authOAuth:
		return nil, a.oauth == OAuthParams{}
	case authRaw:
		return jsontext.Value(a.first.Reveal()), a.typ == ""
	default:
		return a.union()
	}
}

// oauthForm, headerForm and keyForm are those of the first platform (docs/platform.md#agents). Type is the member by
// which its sales tool distinguishes the forms; AuthType is that of its signals tool.
type oauthForm struct {
	Type     string `json:"type,omitzero"`
	AuthType string `json:"auth_type,omitzero"`
	Issuer   string `json:"issuer"`
	Scope    string `json:"scope,omitzero"`
}

type headerForm struct {
	Type        string `json:"type,omitzero"`
	AuthType    string `json:"auth_type,omitzero"`
	HeaderName  string `json:"headerName"`
	HeaderValue string `json:"headerValue"`
}

type bearerForm struct {
	Type     string `json:"type,omitzero"`
	AuthType string `json:"auth_type,omitzero"`
	Token    string `json:"token"`
}

type keyForm struct {
	APIKey string `json:"api_key"`
}

// salesForm is auth_config of sales_agents_register.
func (a Auth) salesForm() (jsontext.Value, bool) {
	switch a.kind {
	case authBearer:
		return encoded(bearerForm{Type: "bearer", Token: a.first.Reveal()}), true
	case authAPIKey:
		return encoded(keyForm{a.first.Reveal()}), true
	case authOAuth:
		return encoded(oauthForm{Type: "oauth", Issuer: a.oauth.Issuer, Scope: a.oauth.Scope}), a.oauth.Audience == ""
	case authHeader:
		return encoded(headerForm{Type: "custom_header", HeaderName: a.first.Reveal(), HeaderValue: a.second.Reveal()}), true
	default:
		return a.unnamedForm()
	}
}

// signalsForm is config of signals_agent_register. OAuth is documented; the others follow from it and from auth_config.
func (a Auth) signalsForm() (jsontext.Value, bool) {
	switch a.kind {
	case authBearer:
		return encoded(bearerForm{AuthType: "bearer", Token: a.first.Reveal()}), true
	case authOAuth:
		return encoded(oauthForm{AuthType: "oauth", Issuer: a.oauth.Issuer, Scope: a.oauth.Scope}), a.oauth.Audience == ""
	case authHeader:
		return encoded(headerForm{
			AuthType: "custom_header", HeaderName: a.first.Reveal(),
			HeaderValue: a.second.Reveal(),
		}), true
	default:
		return a.unnamedForm()
	}
}

// unnamedForm returns the argument that both tools of the first platform accept without a type of ours.
func (a Auth) unnamedForm() (jsontext.Value, bool) {
	switch a.kind {
	case authAbsent, authNone:
		return nil, true
	case authRaw:
		return jsontext.Value(a.first.Reveal()), a.typ == ""
	default:
		return nil, false
	}
}

// encoded writes a form. Its texts were checked to be UTF-8.
func encoded(form any) jsontext.Value {
	raw, err := json.Marshal(form, jsontext.AllowInvalidUTF8(true))
	if err != nil {
		return nil // structs of strings are always encodable
	}
	return raw
}
