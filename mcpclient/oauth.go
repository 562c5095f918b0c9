package mcpclient

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/modelcontextprotocol/go-sdk/oauthex"
	"golang.org/x/oauth2"

	"github.com/interchange-sdk/interchange-go/internal/check"
	"github.com/interchange-sdk/interchange-go/m2m"
)

// OAuth says how a person's consent to the connector is obtained: by authorization code with PKCE, in a browser.
// Where to ask, and as which client, is found out from the platform (RFC 9728, RFC 8414, RFC 7591; facts §A and §B).
//
// The browser is opened when a call is refused for want of a token or of a scope; all calls that are refused meanwhile
// wait for the same consent, for as long as their contexts allow. A consent that nobody waits for any more is given
// up, and so is one that takes longer than five minutes. Tokens are kept in memory only.
type OAuth struct {
	// OpenBrowser shows the URL to the person, who is led back to RedirectURL in the end. It may return at once, or when
	// the browser is closed; its error ends the attempt. The context ends with the attempt: a program started with
	// exec.CommandContext would end with it, so use exec.Command. Required, unless there is Await.
	OpenBrowser func(ctx context.Context, url string) error
	// Await is for hosts that receive the redirect themselves: it shows the URL, waits for the redirect to RedirectURL,
	// and returns its code, state and iss. It must obey the context. It takes the place of OpenBrowser and of the
	// receiver on the loopback address.
	Await func(ctx context.Context, url string) (auth.AuthorizationResult, error)
	// RedirectURL is where the person is led back to; by default http://127.0.0.1:<a free port>/callback, on another port
	// where that one has been taken meanwhile. An http URL with a loopback address and a port is served by this package,
	// for as long as a consent takes; all others need Await.
	//
	// The platform documents that a self-registered client gets a code only if the origin of its redirect URL is approved
	// for the customer, and that approved origins are https (facts §B); whether loopback addresses are exempt, as
	// RFC 8252 has it, is assumed.
	RedirectURL string
	// ClientName is shown to the person when the client registers itself; by default "interchange-go".
	ClientName string
	// ClientID is the id of a client that was registered beforehand, and ClientSecret its secret if it has one. Without
	// them the client registers itself, anew for each consent.
	ClientID     string
	ClientSecret m2m.Secret
	// ClientMetadataURL is the https URL of a client id metadata document, used where the authorization server supports
	// that.
	ClientMetadataURL string
	// Resource is the identifier of what access is asked for (RFC 8707), on the same origin as the endpoint; by default
	// the URL of the endpoint itself. The platform's metadata names https://api.interchange.io/mcp for all its
	// endpoints (facts §A); whether it accepts a token for a longer path is not documented.
	Resource string
	// NoRefreshToken does without a refresh token: the person is asked again whenever an access token ends. By default
	// offline access is requested where the authorization server offers it.
	NoRefreshToken bool
	// Scopes, if set, changes the scopes that were found out before they are requested. Those granted before are always
	// requested again.
	Scopes func(found []string) []string
}

const (
	defaultClientName  = "interchange-go"
	oauthHTTPTimeout   = 30 * time.Second
	maxOAuthAnswer     = 1 << 20
	maxOAuthRedirects  = 5
	defaultOAuthPath   = "/callback"
	authorizationGrant = "authorization_code"
	refreshGrant       = "refresh_token"
)

// newOAuthAuthorizer checks the configuration, all of it, and sends nothing.
func newOAuthAuthorizer(cfg OAuth, transport http.RoundTripper) (*authorizer, error) {
	receiver, err := cfg.check()
	if err != nil {
		return nil, err
	}
	flow := newOAuthFlow()
	if cfg.Resource != "" {
		flow.resource, _ = url.Parse(cfg.Resource) // checked above
	}
	if cfg.ClientName == "" {
		cfg.ClientName = defaultClientName
	}
	library := &auth.AuthorizationCodeHandlerConfig{
		RedirectURL:         cfg.RedirectURL,
		ScopeFilter:         cfg.Scopes,
		RequestRefreshToken: !cfg.NoRefreshToken,
		Client:              newOAuthClient(transport),
		NewTokenSource: func(ctx context.Context, c *oauth2.Config, t *oauth2.Token) (oauth2.TokenSource, error) {
			flow.renewable = &renewableSource{ctx: ctx, cfg: c, token: t}
			return flow.renewable, nil
		},
		AuthorizationCodeFetcher: func(ctx context.Context, args *auth.AuthorizationArgs) (*auth.AuthorizationResult, error) {
			if u, err := url.Parse(args.URL); err != nil || !encryptedOrLoopback(u) {
				return nil, &OAuthError{reason: "the authorization endpoint is neither https nor on a loopback address"}
			}
			if cfg.Await != nil {
				result, err := cfg.Await(ctx, args.URL)
				if err != nil {
					return nil, &hostError{err}
				}
				return &result, nil
			}
			return receiver.await(ctx, cfg.OpenBrowser, args.URL)
		},
	}
	if cfg.ClientMetadataURL != "" {
		library.ClientIDMetadataDocumentConfig = &auth.ClientIDMetadataDocumentConfig{URL: cfg.ClientMetadataURL}
	}
	if cfg.ClientID != "" {
		library.PreregisteredClient = &oauthex.ClientCredentials{ClientID: cfg.ClientID}
		if !cfg.ClientSecret.IsZero() {
			library.PreregisteredClient.ClientSecretAuth = &oauthex.ClientSecretAuth{ClientSecret: cfg.ClientSecret.Reveal()}
		}
	} else {
		metadata := &oauthex.ClientRegistrationMetadata{
			ClientName: cfg.ClientName, RedirectURIs: []string{cfg.RedirectURL},
			GrantTypes: []string{authorizationGrant}, ResponseTypes: []string{"code"},
			// What runs on a person's machine keeps no secret, and the platform offers nothing else (facts §A).
			TokenEndpointAuthMethod: "none",
		}
		if !cfg.NoRefreshToken {
			metadata.GrantTypes = append(metadata.GrantTypes, refreshGrant)
		}
		library.DynamicClientRegistrationConfig = &auth.DynamicClientRegistrationConfig{Metadata: metadata}
	}
	flow.receiver, flow.library = receiver, library
	handler, err := auth.NewAuthorizationCodeHandler(library)
	if err != nil {
		return nil, errors.New("interchange: OAuth: the configuration is not accepted by the MCP library")
	}
	flow.handler = handler
	return &authorizer{func() *oauthFlow { return flow }}, nil
}

// check tells everything that is wrong, without repeating any of it. It chooses the redirect URL where there is none,
// and gives the receiver of the redirect; nil where that is the host.
func (o *OAuth) check() (*loopbackReceiver, error) {
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
			fail("with Await, RedirectURL must be set to where the host receives the redirect: https, loopback or an app's own scheme")
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
	if o.ClientMetadataURL != "" {
		if u, err := url.Parse(o.ClientMetadataURL); err != nil || u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") == "" {
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

// encryptedOrLoopback tells where credentials may go.
func encryptedOrLoopback(u *url.URL) bool {
	return u.User == nil && u.Host != "" && (u.Scheme == "https" || (u.Scheme == "http" && check.Loopback(u.Hostname())))
}

// newOAuthClient is what the MCP library finds out, registers, exchanges and refreshes with. Where it is sent is
// the word of servers, so every request is checked.
func newOAuthClient(transport http.RoundTripper) *http.Client {
	return &http.Client{
		Transport: oauthTransport{transport},
		Timeout:   oauthHTTPTimeout,
		CheckRedirect: func(next *http.Request, via []*http.Request) error {
			first := via[0]
			switch {
			case first.Method != http.MethodGet || next.Method != http.MethodGet:
				return errors.New("a redirect of a POST is not followed")
			case !sameOAuthOrigin(first.URL, next.URL):
				return errors.New("a redirect to another origin is not followed")
			case len(via) > maxOAuthRedirects:
				return fmt.Errorf("more than %d redirects in a row are not followed", maxOAuthRedirects)
			}
			return nil
		},
	}
}

func sameOAuthOrigin(a, b *url.URL) bool {
	port := func(u *url.URL) string {
		if p := u.Port(); p != "" {
			return p
		}
		return u.Scheme // stands for its own port
	}
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

// oauthTransport refuses what would go unencrypted over a network, and bounds the answers.
type oauthTransport struct{ next http.RoundTripper }

func (t oauthTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	if !encryptedOrLoopback(req.URL) {
		if req.Body != nil {
			_ = req.Body.Close()
		}
		return nil, &OAuthError{reason: "the authorization server is neither https nor on a loopback address"}
	}
	resp, err := t.next.RoundTrip(req)
	if err == nil && resp.Body != nil {
		resp.Body = &boundedBody{ReadCloser: resp.Body, left: maxOAuthAnswer}
	}
	return resp, err
}

// boundedBody fails where it is read beyond its limit.
type boundedBody struct {
	io.ReadCloser
	left int
}

func (b *boundedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p[:min(len(p), b.left+1)])
	if b.left -= n; b.left < 0 {
		return 0, &OAuthError{reason: "an answer of the authorization server is larger than 1 MiB"}
	}
	return n, err
}
