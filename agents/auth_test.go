package agents_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/gob"
	stdjson "encoding/json"
	"encoding/pem"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/agents"
)

const kept = "9c8d7e6f5a4b3c2d1e0f-kept-from-everybody"

// secretive are an Auth of each kind that holds a secret, with it.
func secretive(t testing.TB) map[string]struct {
	auth   agents.Auth
	secret string
} {
	key := pkcs8(t, p256(t))
	return map[string]struct {
		auth   agents.Auth
		secret string
	}{
		"(bearer token)":         {agents.Bearer(kept), kept},
		"(API key)":              {agents.APIKey(kept), kept},
		"(basic authentication)": {agents.Basic("ann", kept), kept},
		"(JWT)":                  {agents.JWT(key, jwtParams), strings.Split(key, "\n")[1]},
		"(custom header)":        {agents.CustomHeader("x-api-key", kept), kept},
		"(raw authentication)":   {agents.RawAuth("", jsontext.Value(`{"deep":[{"k":"`+kept+`"}]}`)), kept},
	}
}

// shows reports whether a piece of a secret is in a text, in clear, in hexadecimal or in base64.
func shows(text, secret string) bool {
	for i := 0; i+8 <= len(secret); i++ {
		piece := secret[i : i+8]
		if strings.Contains(text, piece) || strings.Contains(text, fmt.Sprintf("%x", piece)) {
			return true
		}
	}
	return strings.Contains(text, base64.StdEncoding.EncodeToString([]byte(secret)))
}

// recorder is a test that only takes down what is reported to it.
type recorder struct{ strings.Builder }

func (r *recorder) Errorf(format string, args ...any) { fmt.Fprintf(r, format, args...) }

func TestAuthIsSafeToPrint(t *testing.T) {
	t.Parallel()
	for name, tt := range secretive(t) {
		params := withAuth(tt.auth)
		holder := struct {
			Exported agents.Auth
			hidden   agents.Auth
			Any      any
		}{tt.auth, tt.auth, tt.auth}
		var out recorder
		for _, v := range []any{
			tt.auth, &tt.auth, params, &params, holder, &holder,
			[]agents.Auth{tt.auth},
			map[agents.Auth]int{tt.auth: 1},
			agents.UpdateParams{Auth: tt.auth},
			agents.CredentialParams{Auth: tt.auth},
			agents.SalesParams{Auth: tt.auth},
			agents.SalesUpdate{Auth: tt.auth},
			agents.SignalsParams{Auth: tt.auth},
			agents.SignalsUpdate{Auth: tt.auth},
		} {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%p", "%T", "%!"} {
				fmt.Fprintf(&out, verb, v)
			}
			slog.New(slog.NewTextHandler(&out, nil)).Info("m", "v", v)
			slog.New(slog.NewJSONHandler(&out, nil)).Info("m", "v", v)
			for _, encode := range []func(any) ([]byte, error){
				stdjson.Marshal, xml.Marshal,
				func(v any) ([]byte, error) { return json.Marshal(v) },
				func(v any) ([]byte, error) {
					var b bytes.Buffer
					err := gob.NewEncoder(&b).Encode(v)
					return b.Bytes(), err
				},
			} {
				b, err := encode(v)
				fmt.Fprint(&out, string(b), err)
			}
			assert.Equal(&out, nil, v)
		}
		assert.False(t, shows(out.String(), tt.secret), name)
		assert.Contains(t, out.String(), name)
		assert.Equal(t, name, tt.auth.String())
		fmt.Fprint(&out, tt.secret)
		assert.True(t, shows(out.String(), tt.secret), "this test would not notice")
	}
	assert.Equal(t, "(no auth given)", agents.Auth{}.String())
}

func TestAuthIsComparable(t *testing.T) {
	t.Parallel()
	for name, tt := range secretive(t) {
		for other, ot := range secretive(t) {
			if name != other {
				assert.NotEqual(t, tt.auth, ot.auth)
			}
		}
		assert.False(t, tt.auth.IsZero())
	}
	assert.True(t, agents.Auth{}.IsZero())
	assert.True(t, agents.Bearer("a") == agents.Bearer(strings.Clone("a")))
	assert.False(t, agents.Bearer("a") == agents.Bearer("b"))
	assert.False(t, agents.Bearer("a") == agents.APIKey("a"))
	assert.False(t, agents.NoAuth().IsZero())
}

func pemText(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// Whatever is wrong with an Auth is said before anything is sent, without a word of what is in it.
func TestBadAuthIsRefused(t *testing.T) {
	t.Parallel()
	ec, rsa := p256(t), rsaKey(t)
	ecDER, err := x509.MarshalECPrivateKey(ec)
	require.NoError(t, err)
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	require.NoError(t, err)
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	public, err := x509.MarshalPKIXPublicKey(&ec.PublicKey)
	require.NoError(t, err)
	jwt := func(key string) agents.Auth { return agents.JWT(key, jwtParams) }
	with := func(change func(*agents.JWTParams)) agents.Auth {
		p := jwtParams
		change(&p)
		return agents.JWT(pkcs8(t, ec), p)
	}
	const token, key = "auth.token", "auth.privateKey"
	for name, tt := range map[string]struct {
		auth agents.Auth
		want string
		says string
	}{
		"no token":             {agents.Bearer(""), token, "is required"},
		"token with a newline": {agents.Bearer(kept + "\n"), token, "newline"},
		"token with a space":   {agents.APIKey("a " + kept), token, "cannot stand in a header"},
		"token with CRLF":      {agents.Bearer("a\r\nX: " + kept), token, "cannot stand in a header"},
		"token outside ASCII":  {agents.APIKey(kept + "…"), token, "cannot stand in a header"},
		"no user":              {agents.Basic("", kept), "auth.username", "is required"},
		"user with a colon":    {agents.Basic("a:b", kept), "auth.username", "colon"},
		"user with a tab":      {agents.Basic("a\tb", kept), "auth.username", "control character"},
		"password with a NUL":  {agents.Basic("a", kept+"\x00"), "auth.password", "control character"},
		"password not UTF-8":   {agents.Basic("a", kept+"\xff"), "auth.password", "UTF-8"},

		"no key":        {jwt(""), key, "is required"},
		"not PEM":       {jwt(kept), key, "is not PEM"},
		"SEC 1":         {jwt(pemText("EC PRIVATE KEY", ecDER)), key, "openssl pkcs8"},
		"PKCS 1":        {jwt(pemText("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsa))), key, "openssl pkcs8"},
		"encrypted":     {jwt(pemText("ENCRYPTED PRIVATE KEY", ecDER)), key, "is encrypted"},
		"a public key":  {jwt(pemText("PUBLIC KEY", public)), key, "something else than a private key"},
		"broken":        {jwt(pemText("PRIVATE KEY", []byte(kept))), key, "cannot be read"},
		"two keys":      {jwt(pkcs8(t, ec) + pkcs8(t, ec)), key, "is followed by"},
		"another curve": {jwt(pkcs8(t, p384)), key, "P-256"},
		"Ed25519":       {jwt(pkcs8(t, ed)), key, "RSA key"},
		"RS256 with EC": {
			with(func(p *agents.JWTParams) { p.Algorithm = agents.RS256 }), "auth.algorithm",
			"the key is for ES256",
		},
		"unknown algorithm": {
			with(func(p *agents.JWTParams) { p.Algorithm = "es256" }), "auth.algorithm",
			"one of ES256, RS256",
		},
		"no issuer":  {with(func(p *agents.JWTParams) { p.Issuer = "" }), "auth.issuer", "is required"},
		"no subject": {with(func(p *agents.JWTParams) { p.Subject = "" }), "auth.subject", "is required"},
		"no key id":  {with(func(p *agents.JWTParams) { p.KeyID = "" }), "auth.keyId", "is required"},
		"no scope":   {with(func(p *agents.JWTParams) { p.Scope = "" }), "auth.scope", "is required"},
		"no token endpoint": {
			with(func(p *agents.JWTParams) { p.TokenEndpointURL = "" }), "auth.tokenEndpointUrl",
			"is required",
		},
		"token endpoint http": {
			with(func(p *agents.JWTParams) { p.TokenEndpointURL = "http://a.example" }),
			"auth.tokenEndpointUrl", "https",
		},
		"audience not absolute": {with(func(p *agents.JWTParams) { p.AudienceURL = "/aud" }), "auth.audienceUrl", "absolute"},
		"environment": {
			with(func(p *agents.JWTParams) { p.Environment = "a\nb" }), "auth.environment",
			"control character",
		},

		"issuer not a URL": {agents.OAuth(agents.OAuthParams{Issuer: "publisher.com"}), "auth.issuer", "absolute"},
		"audience http":    {agents.OAuth(agents.OAuthParams{Audience: "http://a.example"}), "auth.audience", "https"},
		"audience long": {
			agents.OAuth(agents.OAuthParams{Audience: "https://a.example/" + strings.Repeat("a", 2048)}),
			"auth.audience", "2048",
		},
		"scope": {agents.OAuth(agents.OAuthParams{Scope: "a\nb"}), "auth.scope", "control character"},

		"no header name":       {agents.CustomHeader("", kept), "auth.headerName", "is required"},
		"header name":          {agents.CustomHeader("x key", kept), "auth.headerName", "RFC 9110"},
		"header name in é":     {agents.CustomHeader("clé", kept), "auth.headerName", "RFC 9110"},
		"header name, colon":   {agents.CustomHeader("x:", kept), "auth.headerName", "RFC 9110"},
		"no header value":      {agents.CustomHeader("x", ""), "auth.headerValue", "is required"},
		"header value, spaces": {agents.CustomHeader("x", kept+" "), "auth.headerValue", "white space"},
		"header value, CRLF":   {agents.CustomHeader("x", kept+"\r\ny: z"), "auth.headerValue", "RFC 9110"},

		"later, OAuth": {agents.DeferAuth(agents.AuthenticationOAuth), "auth", "only with"},
		"later, JWT":   {agents.DeferAuth(agents.AuthenticationJWT), "auth", "only with"},

		"raw, nothing":  {agents.RawAuth("", nil), "auth", "JSON object"},
		"raw, a string": {agents.RawAuth("", jsontext.Value(`"`+kept+`"`)), "auth", "JSON object"},
		"raw, broken":   {agents.RawAuth("", jsontext.Value(`{"k":"`+kept)), "auth", "JSON object"},
		"raw, small":    {agents.RawAuth("api_key", jsontext.Value(`{}`)), "authenticationType", "capitals"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for transport := range []int{source, credential, sales, signals} {
				sent, err := sendTo(t, transport, tt.auth)
				assert.Contains(t, issuesOf(t, err), tt.want)
				assert.ErrorContains(t, err, tt.says)
				assert.False(t, shows(err.Error(), kept))
				assert.Empty(t, sent)
			}
		})
	}
	for name, good := range map[string]agents.Auth{
		"RSA": agents.JWT(pkcs8(t, rsa), agents.JWTParams{
			Issuer: "i", Subject: "s", KeyID: "k", Scope: "s", TokenEndpointURL: "https://a.example",
			AudienceURL: "https://a.example", Algorithm: agents.RS256,
		}),
		"a key with space around it": jwt("\n" + pkcs8(t, ec) + "\n\n"),
		"a password in UTF-8":        agents.Basic("ann", "pässwörd ✓"),
		"a token with symbols":       agents.Bearer("a/b+c==._~-"),
	} {
		_, err := sendTo(t, source, good)
		assert.NoError(t, err, name)
	}
	_, err = sendTo(t, sales, agents.CustomHeader("X_Key!#$%&'*+-.^`|~1", "a b\tc"))
	assert.NoError(t, err)
}

// FuzzAuth gives anything to every constructor: the call never panics, and its refusal never repeats what it was given.
func FuzzAuth(f *testing.F) {
	f.Add("x-api-key", "value-of-the-header")
	f.Add("", "")
	f.Add("a\r\nb", "\xff\xfe")
	f.Add("API_KEY", `{"type":"bearer","token":"t"}`)
	f.Add("k", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")
	first := agents.NewFirstPlatform(&tools{names: firstNames, answer: `{"agentId":"7"}`})
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, secret := range []string{b, kept + b, b + kept} {
			for _, auth := range []agents.Auth{
				agents.Bearer(secret), agents.APIKey(secret), agents.Basic(a, secret), agents.CustomHeader(a, secret),
				agents.JWT(secret, jwtParams), agents.RawAuth(agents.AuthenticationType(a), jsontext.Value(secret)),
				agents.OAuth(agents.OAuthParams{Issuer: secret, Scope: a}),
			} {
				_, err := first.RegisterSales(t.Context(),
					agents.SalesParams{EndpointURL: premium.EndpointURL, Name: "n", Auth: auth})
				assert.False(t, shows(fmt.Sprint(err), kept), err)
			}
		}
	})
}
