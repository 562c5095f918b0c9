// Package oauth obtains the credential of an MCP session from a person's consent in a browser, or from an OAuth handler
// of the MCP library.
//
//	login, err := oauth.New(oauth.Config{OpenBrowser: open})
//	c, err := client.New(client.WithToken(client.Anonymous()), …)
//	s, err := mcpclient.Connect(ctx, c, mcpclient.WithOAuth(login))
//
// # Where to look
//
//	authorizer.go     Authorizer: one consent or renewal for all calls that wait
//	codehandler.go    the authorization code flow: discover, register, ask, exchange
//	discovery.go      metadata of the platform and of authorization servers
//	tokenendpoint.go  token requests
//	token.go          when a token ends, and its renewal
//	loopback.go       the receiver of the browser's redirect
//	transport.go      the rules for URLs that servers name
package oauth

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/auth"

	"github.com/interchange-sdk/interchange-go/internal/check"
	"github.com/interchange-sdk/interchange-go/m2m"
)

// Config configures how a person consents to the connector: by authorization code with PKCE, in a browser.
// The platform's metadata names the authorization server, and the client registers itself there (RFC 9728, RFC 8414,
// RFC 7591). An https endpoint must name https servers that are not on this machine or a private network.
//
// The browser opens when a call is refused because it lacks a token or a scope. All calls refused meanwhile wait for
// the same consent, as long as their contexts allow. A consent ends after five minutes, or when no call waits for it.
// Tokens are kept in memory only. When a refresh token is refused, the person is asked again; when the authorization
// server is unavailable, the call fails instead.
type Config struct {
	// OpenBrowser shows the URL to the person, who finally returns to RedirectURL. It may return at once, or when the
	// browser is closed; its error ends the attempt. The context ends with the attempt: a program started with
	// exec.CommandContext would end with it, so use exec.Command. Required, unless Await is set.
	OpenBrowser func(ctx context.Context, url string) error
	// Await is for hosts that receive the redirect themselves: it shows the URL, waits for the redirect to RedirectURL,
	// and returns its code, state and iss. It must obey the context. It replaces OpenBrowser and the receiver on the
	// loopback address.
	Await func(ctx context.Context, url string) (auth.AuthorizationResult, error)
	// RedirectURL is the URL to which the person returns. The default is http://127.0.0.1:<a free port>/callback, on
	// another port if that one is taken meanwhile. This package serves an http URL with a loopback address and a port
	// during a consent; all other URLs require Await.
	//
	// The platform documents that a self-registered client gets a code only if the origin of its redirect URL is
	// approved for the customer, and that approved origins are https. It is assumed that loopback addresses are exempt,
	// as in RFC 8252.
	RedirectURL string
	// ClientName is shown to the person when the client registers itself; by default "interchange-go".
	ClientName string
	// ClientID is the id of a pre-registered client, and ClientSecret its secret if it has one. Without them the client
	// registers itself, again for each consent.
	ClientID     string
	ClientSecret m2m.Secret
	// Issuer pins the authorization server: the issuer URL that ClientID is registered with. Any other server that the
	// platform names is not asked. Required with ClientSecret, which is sent to this server only.
	Issuer string
	// ClientMetadataURL is the https URL of a client id metadata document. It is used if the authorization server
	// supports such documents.
	ClientMetadataURL string
	// Resource is the identifier of the resource to access (RFC 8707), on the same origin as the endpoint. The default
	// is the one in the platform's metadata, https://api.interchange.io/mcp for all its endpoints; without metadata,
	// the URL of the endpoint.
	Resource string
	// NoRefreshToken requests no refresh token: the person is asked again whenever an access token expires. By default
	// offline access is requested if the authorization server offers it.
	NoRefreshToken bool
	// Scopes, if set, changes the discovered scopes before they are requested. Scopes granted earlier are always
	// requested again.
	Scopes func(found []string) []string
}

const (
	defaultClientName = "interchange-go"
	defaultPath       = "/callback"
)

// New returns an Authorizer that asks a person. It reports all mistakes of the configuration at once and sends nothing.
func New(cfg Config) (*Authorizer, error) {
	receiver, err := cfg.check()
	if err != nil {
		return nil, err
	}
	if cfg.ClientName == "" {
		cfg.ClientName = defaultClientName
	}
	f := newFlow()
	if cfg.Resource != "" {
		f.resource, _ = url.Parse(cfg.Resource) // checked above
		f.resource.Host = strings.ToLower(f.resource.Host)
	}
	f.own = &codeHandler{cfg: cfg, resource: f.resource, receiver: receiver, granted: map[string][]string{}}
	f.handler = f.own
	return &Authorizer{func() *flow { return f }}, nil
}

// check reports all errors at once and quotes no value. If there is no redirect URL, it chooses one. It returns the
// receiver of the redirect, nil if the host receives it.
func (o *Config) check() (*loopbackReceiver, error) {
	var (
		errs     []error
		receiver *loopbackReceiver
	)
	fail := func(text string) { errs = append(errs, errors.New("interchange: OAuth: "+text)) }
	switch {
	case o.OpenBrowser == nil && o.Await == nil:
		fail("OpenBrowser or Await is required")
	case o.OpenBrowser != nil && o.Await != nil:
		fail("OpenBrowser and Await exclude each other")
	case o.Await != nil:
		if u, err := url.Parse(o.RedirectURL); err != nil || u.Scheme == "" || strings.Contains(o.RedirectURL, "#") ||
			(u.Scheme == "http" && !check.Loopback(u.Hostname())) || scriptScheme(u.Scheme) {
			fail("with Await, RedirectURL must be set to where the host receives the redirect: " +
				"https, loopback or an app's own scheme")
		}
	case o.RedirectURL == "":
		var err error
		if receiver, err = freeLoopback(); err != nil {
			fail("no port is free on the loopback address")
			break
		}
		o.RedirectURL = receiver.url()
	default:
		var ok bool
		if receiver, ok = parseLoopback(o.RedirectURL); !ok {
			fail("RedirectURL must be of the form http://127.0.0.1:port/path; for others, Await is required")
		}
	}
	if o.ClientID == "" && !o.ClientSecret.IsZero() {
		fail("a client secret needs a client id")
	}
	switch u, err := url.Parse(o.Issuer); {
	case o.Issuer == "" && !o.ClientSecret.IsZero():
		fail("Issuer must be set with ClientSecret: the secret is sent to no other authorization server")
	case o.Issuer != "" && (err != nil || !encryptedOrLoopback(u) || strings.ContainsAny(o.Issuer, "?#")):
		fail("Issuer must be an https URL without a query or fragment")
	}
	if o.ClientMetadataURL != "" {
		u, err := url.Parse(o.ClientMetadataURL)
		if err != nil || !encryptedOrLoopback(u) || u.Scheme != "https" || strings.Trim(u.Path, "/") == "" {
			fail("ClientMetadataURL must be an https URL with a path")
		}
	}
	if o.Resource != "" {
		if u, err := url.Parse(o.Resource); err != nil || !encryptedOrLoopback(u) || strings.Contains(o.Resource, "#") {
			fail("Resource must be an https URL without a fragment")
		}
	}
	return receiver, errors.Join(errs...)
}

func scriptScheme(scheme string) bool {
	switch strings.ToLower(scheme) {
	case "javascript", "data", "vbscript", "file":
		return true
	}
	return false
}
