package oauth

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"

	oauthjson "github.com/interchange-sdk/interchange-go/internal/oauth"
)

const (
	authorizationGrant = "authorization_code"
	refreshGrant       = "refresh_token"
)

// tokenEndpoint is where one client gets tokens for one resource. It is not safe for concurrent use.
type tokenEndpoint struct {
	http     *http.Client
	url      string
	client   *clientIdentity
	resource string
}

// request sends one grant, and returns the token and its scopes; nil if the response does not list them.
func (e *tokenEndpoint) request(ctx context.Context, grant url.Values) (*oauth2.Token, []string, error) {
	if e.client.method != clientAuthUnknown {
		return e.send(ctx, grant, e.client.method)
	}
	// RFC 6749 §2.3.1: every server supports Basic. Some do not.
	token, scopes, err := e.send(ctx, grant, clientAuthBasic)
	method := clientAuthBasic
	if clientRefused(err) {
		method = clientAuthPost
		token, scopes, err = e.send(ctx, grant, method)
	}
	if err == nil {
		e.client.method = method
	}
	return token, scopes, err
}

// clientRefused reports whether the endpoint may have refused the method of client authentication.
func clientRefused(err error) bool {
	var refused *Error
	if !errors.As(err, &refused) || refused.Code == "invalid_grant" {
		return false
	}
	switch refused.StatusCode {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden:
		return true
	}
	return false
}

func (e *tokenEndpoint) send(ctx context.Context, grant url.Values, method string) (*oauth2.Token, []string, error) {
	form := url.Values{"resource": {e.resource}}
	for name, values := range grant {
		form[name] = values
	}
	if method != clientAuthBasic {
		form.Set("client_id", e.client.id)
	}
	if method == clientAuthPost {
		form.Set("client_secret", e.client.secret)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, nil, errMetadata
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if method == clientAuthBasic {
		req.SetBasicAuth(url.QueryEscape(e.client.id), url.QueryEscape(e.client.secret))
	}
	status, body, err := exchange(e.http, req)
	if err != nil {
		return nil, nil, err
	}
	token, scopes, failed := readTokenResponse(status, body, time.Now())
	if failed == nil {
		return token, scopes, nil
	}
	for _, sent := range []string{
		e.client.secret, grant.Get("code"), grant.Get("code_verifier"), grant.Get("refresh_token"),
	} {
		if sent != "" && strings.Contains(failed.Code, sent) {
			failed.Code = "" // an endpoint that quotes its request
		}
	}
	return nil, nil, failed
}

// readTokenResponse reads a token, or the error that the endpoint sent instead.
func readTokenResponse(status int, body []byte, now time.Time) (*oauth2.Token, []string, *Error) {
	doc, ok := oauthjson.ParseObject(body)
	failed := &Error{StatusCode: status, Code: doc.ErrorCode(), reason: "the token endpoint refused"}
	if status/100 != 2 || failed.Code != "" {
		return nil, nil, failed
	}
	if !ok {
		failed.reason = "the token endpoint's response cannot be read"
		return nil, nil, failed
	}
	granted, reason := oauthjson.ReadToken(doc)
	if reason != "" {
		failed.reason = reason
		return nil, nil, failed
	}
	token := &oauth2.Token{
		AccessToken: granted.AccessToken, RefreshToken: granted.RefreshToken,
		ExpiresIn: int64(granted.Lifetime / time.Second),
	}
	if granted.Lifetime != 0 {
		token.Expiry = now.Add(granted.Lifetime)
	}
	return token, granted.Scopes, nil
}
