package sandbox

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// The roles a credential can have.
const (
	RoleAdmin     = "ADMIN"      // of a user or a service token: may manage service tokens
	RoleReadWrite = "READ_WRITE" // of a service token
	RoleRead      = "READ"       // of a service token: writes answer 403
	RoleMember    = "MEMBER"     // of a user without admin rights
)

const adminUserID = "90001"

// holder is who a credential stands for.
type holder struct {
	clientID string
	userID   string // set for a personal API key
	role     string // empty for a customer-scoped service token
	seatID   string // set if limited to a seat
}

// credential is a secret that once worked. Whether it still does is a matter of time and of its ledger entry.
type credential struct {
	holder
	expires time.Time // zero means never; service tokens have theirs in the ledger
	token   *Token    // the ledger entry of a service token created over the API
}

// secretHash is how the sandbox stores a full token.
type secretHash [sha256.Size]byte

// Grant describes a credential to mint with [Server.Grant].
type Grant struct {
	// Role is one of the Role constants. Empty means RoleAdmin.
	// ADMIN without a seat, and MEMBER, are personal API keys; the rest act as service tokens.
	Role string
	// SeatID limits the credential to a seat. Empty means the whole customer.
	SeatID string
	// ExpiresIn is the lifetime. Zero means forever; a negative one gives a credential that has already expired.
	ExpiresIn time.Duration
}

// Grant mints a credential and returns its full token and the token's public half. It is not a service token of the
// ledger: lists do not show it and it cannot be archived.
func (s *Server) Grant(g Grant) (token, clientID string, err error) {
	h := holder{role: g.Role}
	switch g.Role {
	case "", RoleAdmin:
		h.role = RoleAdmin
		if g.SeatID == "" {
			h.userID = adminUserID
		}
	case RoleMember:
		if g.SeatID != "" {
			return "", "", fmt.Errorf("sandbox: %s is the role of a user, who has no seat", RoleMember)
		}
		h.userID = "90002"
	case RoleReadWrite, RoleRead:
	default:
		return "", "", fmt.Errorf("sandbox: the role %q is unknown", g.Role)
	}
	if g.SeatID != "" {
		seat, ok := s.cfg.seatByID(g.SeatID)
		if !ok {
			return "", "", fmt.Errorf("sandbox: there is no seat %q", g.SeatID)
		}
		h.seatID = seat.ID
	}
	var expires time.Time
	if g.ExpiresIn != 0 {
		expires = s.cfg.now().Add(g.ExpiresIn)
	}
	token, clientID = s.platform.issueUntil(h, expires)
	return token, clientID, nil
}

// Authenticates reports whether a full token, or a key of the Partner API, is accepted at this moment.
func (s *Server) Authenticates(token string) bool {
	_, works := s.platform.authenticate(token, s.cfg.now())
	return works || s.partner.authenticate(token, s.cfg.now()) != nil
}

// mint makes a full token and its public half. The secret is drawn at run time and has the documented form.
func mint() (token, clientID string) {
	clientID = "ak_01" + strings.ToUpper(rand.Text()[:24])
	secret := make([]byte, 20)
	_, _ = rand.Read(secret) // never fails
	return "scope3_" + clientID + "_sk_live_" + hex.EncodeToString(secret), clientID
}

// issue mints a credential that never expires.
func (p *platform) issue(h holder) (token, clientID string) {
	return p.issueUntil(h, time.Time{})
}

func (p *platform) issueUntil(h holder, expires time.Time) (token, clientID string) {
	token, h.clientID = mint()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.credentials[sha256.Sum256([]byte(token))] = &credential{holder: h, expires: expires}
	return token, h.clientID
}

// authenticate finds the holder of a token. The holder of one that has stopped working is still named.
func (p *platform) authenticate(token string, now time.Time) (h holder, works bool) {
	if token == "" {
		return holder{}, false
	}
	hash := secretHash(sha256.Sum256([]byte(token)))
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.credentials[hash]
	if c == nil {
		return holder{}, false
	}
	if c.token != nil {
		return c.holder, c.token.Active(now)
	}
	return c.holder, c.expires.IsZero() || now.Before(c.expires)
}

// presented reads the credential of a request. As in the platform's first generation, the custom header wins.
func presented(h http.Header) string {
	if key := h.Get("X-Scope3-Api-Key"); key != "" {
		return strings.TrimSpace(key)
	}
	scheme, token, ok := strings.Cut(h.Get("Authorization"), " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}
