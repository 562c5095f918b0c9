package oauth

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/modelcontextprotocol/go-sdk/auth"
	"golang.org/x/oauth2"

	oauthjson "github.com/interchange-sdk/interchange-go/internal/oauth"
)

// codeHandler is an [auth.OAuthHandler] for the authorization code flow with PKCE. The library's own stops at the first
// document or response that is not exactly as the RFCs describe it. It is not safe for concurrent use.
type codeHandler struct {
	cfg      Config
	resource *url.URL // configured; nil for none
	receiver *loopbackReceiver
	http     *http.Client
	granted  map[string][]string // scopes by issuer
	source   *renewableSource    // nil before the first consent
}

// TokenSource returns nil before the first consent.
func (h *codeHandler) TokenSource(context.Context) (oauth2.TokenSource, error) {
	if h.source == nil {
		return nil, nil
	}
	return h.source, nil
}

// Authorize asks the person, and exchanges the code for a token.
func (h *codeHandler) Authorize(ctx context.Context, req *http.Request, resp *http.Response) error {
	challenges, _ := readChallenges(resp.Header)
	d := &discovery{http: h.http, endpoint: req.URL, resource: h.resource, issuer: h.cfg.Issuer}
	protected, err := d.protected(ctx, challengeParameter(challenges, "resource_metadata"))
	if err != nil {
		return err
	}
	redirect, err := h.listen(ctx)
	if err != nil {
		return err
	}
	if h.receiver != nil {
		defer h.receiver.close()
	}
	var client *clientIdentity
	server, err := d.server(ctx, protected, func(s *authServer) (err error) {
		client, err = h.identify(ctx, s, redirect)
		return err
	})
	if err != nil {
		return err
	}
	scopes := h.scopes(server, protected, challengeParameter(challenges, "scope"))
	endpoint := &tokenEndpoint{http: h.http, url: server.tokenURL, client: client, resource: protected.resource}
	verifier := oauth2.GenerateVerifier()
	code, err := h.code(ctx, server, endpoint, redirect, verifier, scopes)
	if err != nil {
		return err
	}
	token, granted, err := endpoint.request(ctx, url.Values{
		"grant_type": {authorizationGrant}, "code": {code}, "redirect_uri": {redirect}, "code_verifier": {verifier},
	})
	if err != nil {
		return err
	}
	if granted == nil {
		granted = scopes
	}
	h.granted[server.issuer] = granted
	h.source = &renewableSource{endpoint: endpoint, token: token}
	return nil
}

// listen starts the receiver before the redirect URL is sent anywhere. It returns that URL, whose port can change if
// this package chose it.
func (h *codeHandler) listen(ctx context.Context) (string, error) {
	if h.receiver == nil {
		return h.cfg.RedirectURL, nil
	}
	if err := h.receiver.listen(ctx); err != nil {
		return "", err
	}
	if !h.receiver.free {
		return h.cfg.RedirectURL, nil // exactly as it was registered
	}
	return h.receiver.url(), nil
}

// scopes returns the scopes to request. Scopes granted before are requested again, so that none is lost.
func (h *codeHandler) scopes(server *authServer, protected *protectedResource, challenged string) []string {
	scopes := strings.Fields(challenged)
	if len(scopes) == 0 {
		scopes = slices.Clone(protected.scopes)
	}
	if h.cfg.Scopes != nil {
		scopes = h.cfg.Scopes(scopes)
	}
	if !h.cfg.NoRefreshToken && slices.Contains(server.scopes, "offline_access") {
		scopes = append(slices.Clip(scopes), "offline_access")
	}
	scopes = append(slices.Clone(h.granted[server.issuer]), scopes...)
	slices.Sort(scopes)
	return slices.Compact(scopes)
}

// code asks the person and returns the authorization code.
func (h *codeHandler) code(
	ctx context.Context, server *authServer, endpoint *tokenEndpoint, redirect, verifier string, scopes []string,
) (string, error) {
	u, err := url.Parse(server.authorizeURL)
	if err != nil {
		return "", errMetadata
	}
	state := rand.Text()
	query := u.Query()
	for name, value := range map[string]string{
		"response_type": "code", "client_id": endpoint.client.id, "redirect_uri": redirect, "state": state,
		"code_challenge": oauth2.S256ChallengeFromVerifier(verifier), "code_challenge_method": "S256",
		"resource": endpoint.resource,
	} {
		query.Set(name, value)
	}
	if len(scopes) > 0 {
		query.Set("scope", strings.Join(scopes, " "))
	}
	u.RawQuery = query.Encode()
	result, err := h.await(ctx, u.String())
	switch {
	case err != nil:
		return "", err
	case result.State != state:
		return "", &Error{reason: "the redirect does not belong to this attempt"}
	case result.Iss == "" && server.sendsIssuer:
		return "", &Error{reason: "the redirect does not name its issuer, as the authorization server announced"}
	case result.Iss != "" && result.Iss != server.issuer: // RFC 9207 §2.4: compared as it is
		return "", &Error{reason: "the redirect comes from another authorization server"}
	case result.Code == "":
		return "", &Error{reason: "the redirect has no code"}
	}
	return result.Code, nil
}

func (h *codeHandler) await(ctx context.Context, u string) (*auth.AuthorizationResult, error) {
	if h.cfg.Await == nil {
		return h.receiver.await(ctx, h.cfg.OpenBrowser, u)
	}
	result, err := h.cfg.Await(ctx, u)
	if err != nil {
		return nil, &hostError{err}
	}
	return &result, nil
}

// The methods of client authentication (RFC 7591 §2).
const (
	clientAuthNone    = "none"
	clientAuthPost    = "client_secret_post"
	clientAuthBasic   = "client_secret_basic"
	clientAuthUnknown = ""
)

// clientIdentity is the identity of this program at an authorization server.
type clientIdentity struct {
	id     string
	secret string
	method string
}

// identify returns the client to act as: one with a metadata document, one registered beforehand, or a new one.
func (h *codeHandler) identify(ctx context.Context, server *authServer, redirect string) (*clientIdentity, error) {
	switch {
	case h.cfg.ClientMetadataURL != "" && server.acceptsClientURLs:
		return &clientIdentity{id: h.cfg.ClientMetadataURL, method: clientAuthNone}, nil
	case h.cfg.ClientID != "":
		return chooseClientAuth(server, h.cfg.ClientID, h.cfg.ClientSecret.Reveal(), clientAuthUnknown), nil
	case server.registrationURL == "":
		return nil, &Error{reason: "the authorization server takes neither this client nor registrations"}
	}
	doc, err := h.register(ctx, server.registrationURL, redirect)
	if err != nil {
		return nil, err
	}
	id := doc.Text("client_id")
	if id == "" {
		return nil, &Error{reason: "the registration has no client id"}
	}
	return chooseClientAuth(server, id, doc.Text("client_secret"), doc.String("token_endpoint_auth_method")), nil
}

// chooseClientAuth returns a client with its method of authentication. Without a secret it sends only its id.
func chooseClientAuth(server *authServer, id, secret, method string) *clientIdentity {
	switch {
	case secret == "", method == clientAuthNone:
		return &clientIdentity{id: id, method: clientAuthNone}
	case method == clientAuthPost, method == clientAuthBasic:
	case slices.Contains(server.clientAuth, clientAuthPost):
		method = clientAuthPost
	case slices.Contains(server.clientAuth, clientAuthBasic):
		method = clientAuthBasic
	default:
		method = clientAuthUnknown
	}
	return &clientIdentity{id: id, secret: secret, method: method}
}

func (h *codeHandler) register(ctx context.Context, endpoint, redirect string) (oauthjson.Object, error) {
	metadata := struct {
		ClientName              string   `json:"client_name"`
		RedirectURIs            []string `json:"redirect_uris"`
		GrantTypes              []string `json:"grant_types"`
		ResponseTypes           []string `json:"response_types"`
		TokenEndpointAuthMethod string   `json:"token_endpoint_auth_method"`
		ApplicationType         string   `json:"application_type"`
	}{
		ClientName: h.cfg.ClientName, RedirectURIs: []string{redirect}, GrantTypes: []string{authorizationGrant},
		ResponseTypes: []string{"code"},
		// A program on a person's machine cannot keep a secret, and the platform offers no other method.
		TokenEndpointAuthMethod: clientAuthNone,
		ApplicationType:         applicationType(redirect),
	}
	if !h.cfg.NoRefreshToken {
		metadata.GrantTypes = append(metadata.GrantTypes, refreshGrant)
	}
	body, err := json.Marshal(metadata)
	if err != nil {
		return nil, errors.New("the registration cannot be encoded")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, bytes.NewReader(body))
	if err != nil {
		return nil, errMetadata
	}
	req.Header.Set("Content-Type", "application/json")
	status, body, err := exchange(h.http, req)
	if err != nil {
		return nil, err
	}
	doc, ok := oauthjson.ParseObject(body)
	if !ok || status/100 != 2 || doc.Failed() {
		return nil, &Error{StatusCode: status, Code: doc.ErrorCode(), reason: "the client could not be registered"}
	}
	return doc, nil
}

// applicationType returns the OpenID Connect type of a client with this redirect URL.
func applicationType(redirect string) string {
	if u, err := url.Parse(redirect); err == nil && u.Scheme == "https" && !localHost(u.Hostname()) {
		return "web"
	}
	return "native"
}
