package oauth

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/oauthex"
	"golang.org/x/oauth2"

	"github.com/interchange-sdk/interchange-go/client"
	oauthjson "github.com/interchange-sdk/interchange-go/internal/oauth"
)

type heldToken struct {
	token        client.Token
	refreshToken bool
	ends         time.Time // zero for never
	since        time.Time // when it was first held
}

// fresh reports whether the token can still be used.
func (h *heldToken) fresh() bool { return h != nil && (h.ends.IsZero() || time.Now().Before(h.ends)) }

// endOfToken returns the time until which a token is used. Like the library it subtracts ten seconds, but at most a
// fifth of the lifetime: a token with a shorter one would expire before its first use.
func endOfToken(t *oauth2.Token) time.Time {
	if t.Expiry.IsZero() {
		return time.Time{}
	}
	life := time.Duration(t.ExpiresIn) * time.Second
	if life <= 0 { // not every source of the library states it
		life = max(time.Until(t.Expiry), 0)
	}
	return t.Expiry.Add(-min(10*time.Second, life/5))
}

func holdToken(t *oauth2.Token) (*heldToken, error) {
	if t == nil || t.AccessToken == "" {
		return nil, nil
	}
	if !oauthjson.Bearer(t.TokenType) {
		return nil, &Error{reason: "the token is not a bearer token"}
	}
	token, err := client.ParseToken(t.AccessToken)
	if err != nil {
		token, err = client.ParseOpaqueToken(t.AccessToken)
	}
	if err != nil {
		return nil, &Error{reason: "the access token cannot stand in a header"}
	}
	return &heldToken{token: token, refreshToken: t.RefreshToken != "", ends: endOfToken(t)}, nil
}

// renewableSource is the token source of a [codeHandler]. It can also renew a token that is refused before it expires.
type renewableSource struct {
	endpoint *tokenEndpoint

	mu    sync.Mutex
	token *oauth2.Token
}

// errTokenEnded reports that there is nothing to renew a token with.
var errTokenEnded = errors.New("the token has ended and there is none to refresh it with")

// Token returns the token, renewed if it has expired.
func (s *renewableSource) Token() (*oauth2.Token, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ends := endOfToken(s.token); s.token.AccessToken != "" && (ends.IsZero() || time.Now().Before(ends)) {
		return s.token, nil
	}
	return s.renew(context.Background()) // the interface has no context; the HTTP client has a timeout
}

// replace renews the token if it is still the refused one.
func (s *renewableSource) replace(ctx context.Context, refused string) (*oauth2.Token, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.token.AccessToken != refused {
		return s.token, nil
	}
	return s.renew(context.WithoutCancel(ctx)) // a lost response could hold the next refresh token
}

// renew uses the refresh token. A refresh token that was refused is not used again.
func (s *renewableSource) renew(ctx context.Context) (*oauth2.Token, error) {
	if s.token.RefreshToken == "" {
		return nil, errTokenEnded
	}
	t, _, err := s.endpoint.request(ctx, url.Values{
		"grant_type": {refreshGrant}, "refresh_token": {s.token.RefreshToken},
	})
	switch {
	case err == nil:
		if t.RefreshToken == "" { // RFC 6749 §6: it stays the same
			t.RefreshToken = s.token.RefreshToken
		}
		s.token = t
	case refreshRefused(err):
		s.token = new(oauth2.Token)
	}
	return t, err
}

// refreshRefused reports whether the authorization server has refused a refresh token. If it is merely unavailable, the
// refresh token may still be good, and no person needs to be asked.
func refreshRefused(err error) bool {
	var (
		own     *Error
		library *oauth2.RetrieveError
		status  int
		code    string
	)
	switch {
	case errors.As(err, &own):
		status, code = own.StatusCode, own.Code
	case errors.As(err, &library):
		code = library.ErrorCode
		if library.Response != nil {
			status = library.Response.StatusCode
		}
	}
	switch status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return false
	}
	switch code {
	case "temporarily_unavailable", "server_error", "slow_down":
		return false
	}
	return status/100 == 4 || (status/100 == 2 && code != "")
}

// readChallenges parses WWW-Authenticate. It also returns the header without the values that cannot be parsed: the
// library's handlers fail on those, although well-known locations have what they look for.
func readChallenges(header http.Header) ([]oauthex.Challenge, http.Header) {
	const name = "Www-Authenticate"
	var challenges []oauthex.Challenge
	header = header.Clone()
	values := header[name]
	delete(header, name)
	for _, value := range values {
		if read, err := oauthex.ParseWWWAuthenticate([]string{value}); err == nil {
			challenges = append(challenges, read...)
			header.Add(name, value)
		}
	}
	return challenges, header
}

// challengeParameter returns a parameter of the first bearer challenge that has it. The metadata may be named next to
// any scheme.
func challengeParameter(challenges []oauthex.Challenge, name string) string {
	for _, c := range challenges {
		if (c.Scheme == "bearer" || name == "resource_metadata") && c.Params[name] != "" {
			return c.Params[name]
		}
	}
	return ""
}
