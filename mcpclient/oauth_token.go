package mcpclient

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/oauthex"
	"golang.org/x/oauth2"

	"github.com/interchange-sdk/interchange-go/client"
)

type heldToken struct {
	token        client.Token
	refreshToken bool
	ends         time.Time // zero for never
}

// fresh tells whether the token can still be used.
func (h *heldToken) fresh() bool { return h != nil && (h.ends.IsZero() || time.Now().Before(h.ends)) }

// endOfToken is until when a token is used. Like the library it counts ten seconds less than the token has, but never
// more than a fifth: one that lives shorter than that would have ended before its first use.
func endOfToken(t *oauth2.Token) time.Time {
	if t.Expiry.IsZero() {
		return time.Time{}
	}
	life := time.Duration(t.ExpiresIn) * time.Second
	if life <= 0 { // not every source of the library tells
		life = max(time.Until(t.Expiry), 0)
	}
	return t.Expiry.Add(-min(10*time.Second, life/5))
}

func holdToken(t *oauth2.Token) (*heldToken, error) {
	if t == nil || t.AccessToken == "" {
		return nil, nil
	}
	token, err := client.ParseToken(t.AccessToken)
	if err != nil {
		token, err = client.OpaqueToken(t.AccessToken)
	}
	if err != nil {
		return nil, &OAuthError{reason: "the access token cannot stand in a header"}
	}
	return &heldToken{token: token, refreshToken: t.RefreshToken != "", ends: endOfToken(t)}, nil
}

// renewableSource is the token source of this package's handler. The library's own has no way to renew a token that
// is refused before its time.
type renewableSource struct {
	ctx context.Context // the library's: it holds the HTTP client and does not end
	cfg *oauth2.Config

	mu    sync.Mutex
	token *oauth2.Token
}

// errTokenEnded says that there is nothing to renew a token with.
var errTokenEnded = errors.New("the token has ended and there is none to refresh it with")

// Token gives the token, renewed where it has ended.
func (s *renewableSource) Token() (*oauth2.Token, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ends := endOfToken(s.token); s.token.AccessToken != "" && (ends.IsZero() || time.Now().Before(ends)) {
		return s.token, nil
	}
	return s.renew()
}

// replace renews the token if it is still the one refused.
func (s *renewableSource) replace(refused string) (*oauth2.Token, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.token.AccessToken != refused {
		return s.token, nil
	}
	return s.renew()
}

func (s *renewableSource) renew() (*oauth2.Token, error) {
	if s.token.RefreshToken == "" {
		return nil, errTokenEnded
	}
	t, err := s.cfg.TokenSource(s.ctx, &oauth2.Token{RefreshToken: s.token.RefreshToken}).Token()
	var refused *oauth2.RetrieveError
	switch {
	case err == nil:
		s.token = t
	case errors.As(err, &refused) && refused.ErrorCode == "invalid_grant":
		s.token = new(oauth2.Token) // not to be tried again
	}
	return t, err
}

// readChallenges reads WWW-Authenticate, and gives the header without the values that cannot be read: the library's
// handler fails on those, although what it wants to know can be had from well-known places.
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

func challengeError(challenges []oauthex.Challenge) string {
	for _, c := range challenges {
		if c.Scheme == "bearer" && c.Params["error"] != "" {
			return c.Params["error"]
		}
	}
	return ""
}
