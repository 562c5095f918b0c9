package guarantees

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/auth"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/m2m"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/mcpclient/oauth"
)

// sign returns the signature of a delivery.
func sign(body []byte, secret client.Token) string {
	mac := hmac.New(sha256.New, []byte(secret.Reveal()))
	_, _ = mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// documents are the bodies that OAuth servers may send.
var documents = []struct {
	name string
	text text
}{
	{"members", text{`{`, `"%d":0,`, `"access_token":"a","client_id":"a"}`}},
	{"objects", text{`{"scope":[`, `{},`, `{}],"access_token":"a","client_id":"a"}`}},
	{"scopes", text{`{"access_token":"a","client_id":"a","scope":"`, `s `, `"}`}},
	{"list of scopes", text{`{"access_token":"a","client_id":"a","scope":[`, `"a",`, `"a"]}`}},
	{"access token", text{`{"client_id":"a","access_token":"`, `a`, `"}`}},
	{"client id", text{`{"client_id":"`, `a`, `"}`}},
	{"client id in digits", text{`{"client_id":`, `1`, `}`}},
	{"lifetime", text{`{"access_token":"a","expires_in":`, `1`, `}`}},
	{"error", text{`{"error":"`, `e`, `"}`}},
	{"deep", text{`{"a":`, `[`, ``}},
	{"escapes", text{`{"access_token":"`, `\u0061`, `"}`}},
}

func tokenBombs() []bomb {
	var all []bomb
	for _, status := range []int{200, 400} {
		for _, d := range documents {
			all = append(all,
				newBomb(fmt.Sprintf("m2m/%d/%s", status, d.name), sends(status, 1<<20-100<<10, d.text), m2mToken))
		}
		all = append(all,
			newBomb(fmt.Sprintf("m2m/%d/endless", status), sends(status, endless, text{`{"a":"`, `x`, ``}), m2mToken))
	}
	return append(all,
		newBomb("m2m/gzip", zipped("gzip", "application/json", 1), m2mToken),
		newBomb("m2m/redirect", redirects(func(r *http.Request) string { return r.URL.Path }), m2mToken),
		newBomb("m2m/long redirect", redirects(func(*http.Request) string { return "/" + strings.Repeat("x", 1000<<10) }),
			m2mToken),
		bomb{name: "m2m/silent", serve: waits, call: m2mToken, silent: true},
	)
}

func m2mToken(ctx context.Context, p *peer) error {
	source, err := m2m.New(m2m.Config{
		ClientID: "bomb", ClientSecret: m2m.NewSecret("secret"), TokenURL: p.url + "/token", Transport: p.transport,
	})
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }()
	_, err = source.Token(ctx)
	return err
}

func oauthBombs() []bomb {
	var all []bomb
	for _, page := range []string{
		"/.well-known/oauth-protected-resource", "/.well-known/oauth-authorization-server",
		"/register", "/token",
	} {
		for _, d := range documents {
			all = append(all,
				newBomb("oauth"+page+"/"+d.name, oauthServer(page, sends(200, 1<<20-100<<10, d.text)), consent))
		}
		all = append(all,
			newBomb("oauth"+page+"/endless", oauthServer(page, sends(200, endless, text{`{"a":"`, `x`, ``})), consent),
			newBomb("oauth"+page+"/endless error", oauthServer(page, sends(500, endless, text{`{"a":"`, `x`, ``})), consent),
			newBomb("oauth"+page+"/gzip", oauthServer(page, zipped("gzip", "application/json", 1)), consent),
			bomb{name: "oauth" + page + "/silent", serve: oauthServer(page, waits), call: consent, silent: true},
			newBomb("oauth"+page+"/redirects", oauthServer(page, redirects(func(r *http.Request) string { return r.URL.Path })),
				consent),
		)
	}
	return append(all,
		newBomb("oauth/servers",
			oauthServer("/.well-known/oauth-protected-resource", func(w http.ResponseWriter, r *http.Request) {
				sends(200, 900<<10, text{
					`{"resource":"http://` + r.Host + `/mcp/v2/buyer","authorization_servers":[`,
					`"http://` + r.Host + `/%d",`, `"http://` + r.Host + `"]}`,
				})(w, r)
			}), consent),
		newBomb("oauth/challenge", oauthServer("/mcp", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("WWW-Authenticate", "Bearer "+strings.Repeat(`a="b",`, 150<<10))
			w.WriteHeader(http.StatusUnauthorized)
		}), consent),
		newBomb("oauth/challenges", oauthServer("/mcp", func(w http.ResponseWriter, _ *http.Request) {
			for range 50 << 10 {
				w.Header().Add("WWW-Authenticate", "Bearer x")
			}
			w.WriteHeader(http.StatusUnauthorized)
		}), consent),
	)
}

// oauthServer is an MCP endpoint and its authorization server, with one page replaced.
func oauthServer(replaced string, page http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		origin := "http://" + r.Host
		w.Header().Set("Content-Type", "application/json")
		switch {
		case strings.HasPrefix(r.URL.Path, replaced):
			page(w, r)
		case strings.HasPrefix(r.URL.Path, "/.well-known/oauth-protected-resource"):
			_, _ = fmt.Fprintf(w, `{"resource":"%s/mcp/v2/buyer","authorization_servers":["%s"]}`, origin, origin)
		case strings.HasPrefix(r.URL.Path, "/.well-known/oauth-authorization-server"):
			_, _ = fmt.Fprintf(w, `{"issuer":"%[1]s","authorization_endpoint":"%[1]s/authorize","token_endpoint":"%[1]s/token",`+
				`"registration_endpoint":"%[1]s/register","code_challenge_methods_supported":["S256"]}`, origin)
		case r.URL.Path == "/register":
			_, _ = fmt.Fprint(w, `{"client_id":"c"}`)
		case r.URL.Path == "/token":
			_, _ = fmt.Fprint(w, `{"access_token":"a","token_type":"bearer"}`)
		default:
			w.WriteHeader(http.StatusUnauthorized)
		}
	}
}

// consent connects with OAuth as a user who consents at once.
func consent(ctx context.Context, p *peer) error {
	c, err := p.client.With(client.WithToken(client.Anonymous()))
	if err != nil {
		return err
	}
	login, err := oauth.New(oauth.Config{ //nolint:contextcheck // it only checks that the port is free
		RedirectURL: "http://127.0.0.1:1/callback",
		Await: func(_ context.Context, shown string) (auth.AuthorizationResult, error) {
			u, err := url.Parse(shown)
			if err != nil {
				return auth.AuthorizationResult{}, err
			}
			return auth.AuthorizationResult{Code: "code", State: u.Query().Get("state")}, nil
		},
	})
	if err != nil {
		return err
	}
	session, err := mcpclient.Connect(ctx, c,
		mcpclient.WithProtocolVersion(mcpclient.ProtocolSessions), mcpclient.WithOAuth(login))
	if err == nil {
		_ = session.Close(context.WithoutCancel(ctx))
	}
	return err
}
