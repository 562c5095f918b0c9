package oauth

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/interchange-sdk/interchange-go/internal/check"
	oauthjson "github.com/interchange-sdk/interchange-go/internal/oauth"
)

const (
	resourceDocument = "/.well-known/oauth-protected-resource"
	// documentTimeout leaves time for the documents that follow when a server does not respond.
	documentTimeout = 10 * time.Second
	// maxAuthServers bounds the authorization servers of one document that are tried.
	maxAuthServers = 8
)

// discovery finds the authorization server of an endpoint (RFC 9728, RFC 8414). The documents come from servers, so
// every URL in them is checked before use.
type discovery struct {
	http     *http.Client
	endpoint *url.URL
	resource *url.URL // configured; nil for none
	issuer   string   // pinned; empty for any
}

// protectedResource is the metadata of the endpoint.
type protectedResource struct {
	resource string
	servers  []string
	scopes   []string
	// assumed is set if the endpoint has no document. Its origin is the authorization server then, as in the protocol
	// version 2025-03-26.
	assumed bool
}

// authServer is the metadata of an authorization server.
type authServer struct {
	issuer            string
	authorizeURL      string
	tokenURL          string
	registrationURL   string
	scopes            []string
	clientAuth        []string
	acceptsClientURLs bool
	sendsIssuer       bool
}

// errNoDocument reports a 4xx: the server has no such document.
var errNoDocument = errors.New("no such document")

// protected reads the resource metadata. A document that cannot be used is skipped.
func (d *discovery) protected(ctx context.Context, challenged string) (*protectedResource, error) {
	var failed error
	skip := func(reason string) { failed = &Error{reason: reason} }
	var urls []string
	if u, err := d.endpoint.Parse(challenged); challenged != "" && (err != nil || !sameOrigin(u, d.endpoint)) {
		skip("the platform's metadata is on another origin than the endpoint")
	} else if challenged != "" {
		urls = append(urls, u.String())
	}
	for _, location := range []*url.URL{d.endpoint, d.resource, {}} {
		if location != nil {
			at := url.URL{Scheme: d.endpoint.Scheme, Host: d.endpoint.Host}
			urls = append(urls, at.JoinPath(resourceDocument, location.EscapedPath()).String())
		}
	}
	for i, u := range urls {
		if slices.Contains(urls[:i], u) {
			continue
		}
		doc, err := d.fetch(ctx, u)
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if err != nil {
			continue
		}
		p := &protectedResource{
			resource: doc.String("resource"), servers: doc.List("authorization_servers"), scopes: doc.List("scopes_supported"),
		}
		switch {
		case !covers(p.resource, d.endpoint) && (d.resource == nil || !covers(p.resource, d.resource)):
			skip("the platform's metadata is about another resource")
		case len(p.servers) == 0:
			skip("the platform names no authorization server")
		default:
			if d.resource != nil {
				p.resource = d.resource.String()
			}
			return p, nil
		}
	}
	if failed != nil {
		return nil, failed
	}
	p := &protectedResource{
		resource: d.endpoint.String(), servers: []string{d.endpoint.Scheme + "://" + d.endpoint.Host}, assumed: true,
	}
	if d.resource != nil {
		p.resource = d.resource.String()
	}
	return p, nil
}

// covers reports whether a resource identifier is that of u, or of the origin or a parent path of it.
func covers(resource string, u *url.URL) bool {
	r, err := url.Parse(resource)
	if err != nil || r.User != nil || r.Fragment != "" || !sameOrigin(r, u) ||
		(r.RawQuery != "" && r.RawQuery != u.RawQuery) {
		return false
	}
	parent := strings.TrimSuffix(r.EscapedPath(), "/")
	return strings.HasPrefix(strings.TrimSuffix(u.EscapedPath(), "/")+"/", parent+"/")
}

// server returns the first authorization server that has usable metadata and that identify accepts. If there is none,
// the first server without a document is assumed to have the paths of the protocol version 2025-03-26.
func (d *discovery) server(
	ctx context.Context, p *protectedResource, identify func(*authServer) error,
) (*authServer, error) {
	var (
		failed error
		bare   string
		tried  int
	)
	for _, issuer := range p.servers {
		if d.issuer != "" && !sameIssuer(issuer, d.issuer) {
			continue
		}
		if tried++; tried > maxAuthServers {
			break
		}
		var err error = errServerNotAllowed
		if d.allows(issuer) {
			var s *authServer
			if s, err = d.metadata(ctx, issuer, p.assumed); err == nil {
				err = identify(s)
			}
			if err == nil {
				return s, nil
			}
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if errors.Is(err, errNoDocument) {
			if bare == "" {
				bare = issuer
			}
		} else if failed == nil {
			failed = err
		}
	}
	switch {
	case tried == 0:
		return nil, &Error{reason: "the platform names another authorization server than Issuer"}
	case bare == "":
		return nil, failed
	}
	base := strings.TrimSuffix(bare, "/")
	s := &authServer{
		issuer: bare, authorizeURL: base + "/authorize", tokenURL: base + "/token", registrationURL: base + "/register",
	}
	return s, identify(s)
}

// metadata returns the first usable document of an authorization server. It returns errNoDocument if the server has
// none at all.
func (d *discovery) metadata(ctx context.Context, issuer string, assumed bool) (*authServer, error) {
	u, err := url.Parse(issuer)
	if err != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, &Error{reason: "the platform names an authorization server that is not an issuer URL"}
	}
	path := strings.Trim(u.EscapedPath(), "/")
	origin := url.URL{Scheme: u.Scheme, Host: u.Host}
	urls := []*url.URL{
		origin.JoinPath("/.well-known/oauth-authorization-server", path),
		origin.JoinPath("/.well-known/openid-configuration", path),
	}
	if path != "" {
		urls = append(urls, origin.JoinPath(path, "/.well-known/openid-configuration"))
	}
	failed := errNoDocument
	for _, at := range urls {
		doc, err := d.fetch(ctx, at.String())
		if err == nil {
			var s *authServer
			if s, err = d.readServer(doc, u, assumed); err == nil {
				return s, nil
			}
		}
		if errors.Is(failed, errNoDocument) {
			failed = err
		}
		if errors.Is(err, context.DeadlineExceeded) {
			break // the server is silent, so the next one is tried without another wait
		}
	}
	return nil, failed
}

var (
	errServerNotAllowed = &Error{
		reason: "the authorization server is not https, or is on a loopback or private address",
	}
	errMetadata = &Error{reason: "the authorization server's metadata cannot be read"}
)

func (d *discovery) readServer(doc oauthjson.Object, issuer *url.URL, assumed bool) (*authServer, error) {
	s := &authServer{
		issuer:            doc.String("issuer"),
		authorizeURL:      doc.String("authorization_endpoint"),
		tokenURL:          doc.String("token_endpoint"),
		registrationURL:   doc.String("registration_endpoint"),
		scopes:            doc.List("scopes_supported"),
		clientAuth:        doc.List("token_endpoint_auth_methods_supported"),
		acceptsClientURLs: doc.Bool("client_id_metadata_document_supported"),
		sendsIssuer:       doc.Bool("authorization_response_iss_parameter_supported"),
	}
	// Without resource metadata nothing names the issuer. The document is on the endpoint's own origin; so must the
	// issuer be.
	stated, err := url.Parse(s.issuer)
	matches := sameIssuer(s.issuer, issuer.String()) ||
		(assumed && d.issuer == "" && err == nil && sameOrigin(stated, issuer))
	switch {
	case s.issuer == "" || s.authorizeURL == "" || s.tokenURL == "":
		return nil, errMetadata
	case !matches:
		return nil, &Error{reason: "the authorization server says it is another"}
	case !slices.Contains(doc.List("code_challenge_methods_supported"), "S256"):
		return nil, &Error{reason: "the authorization server does not support PKCE"}
	case !d.allows(s.authorizeURL), !d.allows(s.tokenURL), s.registrationURL != "" && !d.allows(s.registrationURL):
		return nil, errServerNotAllowed
	}
	return s, nil
}

// sameIssuer compares issuers. Servers and configurations differ in a slash at the end and in the case of the host.
func sameIssuer(a, b string) bool {
	normal := func(s string) string {
		if u, err := url.Parse(s); err == nil {
			u.Host = strings.ToLower(u.Host)
			s = u.String()
		}
		return strings.TrimSuffix(s, "/")
	}
	return normal(a) == normal(b)
}

// fetch reads one document, whatever its content type.
func (d *discovery) fetch(ctx context.Context, u string) (oauthjson.Object, error) {
	ctx, cancel := context.WithTimeout(ctx, documentTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u, http.NoBody)
	if err != nil {
		return nil, errMetadata
	}
	status, body, err := exchange(d.http, req)
	switch {
	case status/100 == 4:
		return nil, errNoDocument
	case status != 0 && status != http.StatusOK:
		return nil, &Error{StatusCode: status, reason: errMetadata.reason}
	case err != nil:
		return nil, err
	}
	doc, ok := oauthjson.ParseObject(body)
	if !ok {
		return nil, errMetadata
	}
	return doc, nil
}

// allows reports whether a URL named by a server may be used. An endpoint on the network must not lead to services of
// the user's own machine or network.
func (d *discovery) allows(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil || !encryptedOrLoopback(u) {
		return false
	}
	if sameOrigin(u, d.endpoint) {
		return true
	}
	local := localHost(u.Hostname())
	if d.endpoint.Scheme == "https" {
		return u.Scheme == "https" && !local && !privateHost(u.Hostname())
	}
	return local || !privateHost(u.Hostname())
}

func localHost(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return check.Loopback(host) || strings.HasSuffix(host, ".localhost")
}

// privateHost reports whether a host is an address that is not public, or a number that some resolvers accept as an
// address, such as 2130706433.
func privateHost(host string) bool {
	host = strings.TrimSuffix(host, ".")
	ip, err := netip.ParseAddr(host)
	if err != nil {
		last := host[strings.LastIndexByte(host, '.')+1:]
		return strings.Trim(last, "0123456789") == "" || strings.HasPrefix(strings.ToLower(last), "0x")
	}
	ip = ip.Unmap()
	return ip.IsPrivate() || ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified() || ip.IsLoopback() ||
		netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 64}), 10).Contains(ip) // carrier-grade NAT
}
