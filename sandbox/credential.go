package sandbox

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The roles a credential can have.
const (
	RoleAdmin      = "ADMIN"       // of a user or a service token: may manage service tokens and accounts
	RoleReadWrite  = "READ_WRITE"  // of a service token
	RoleRead       = "READ"        // of a service token: writes respond with 403
	RoleMember     = "MEMBER"      // of a user without admin rights
	RoleBasic      = "BASIC"       // like MEMBER, which lists show in its place
	RolePremium    = "PREMIUM"     // like MEMBER, which lists show in its place
	RoleSuperAdmin = "SUPER_ADMIN" // of a user: like ADMIN
)

// The users that a sandbox begins with.
const (
	adminUserID  = "90001"
	memberUserID = "90002"
)

// holder is the user or service token behind a credential.
type holder struct {
	clientID string
	userID   string         // set for a personal API key
	role     string         // empty for a customer-scoped service token
	seatID   string         // set if limited to a seat
	home     int            // the account it acts on at first, in which it has its role; 0 is the first one
	also     map[int]string // the roles that it has directly in other accounts; not changed
}

// credential is a secret that once worked. Whether it still does is a matter of time and of its ledger entry.
type credential struct {
	holder
	expires time.Time // zero means never; service tokens have theirs in the ledger
	token   *Token    // the ledger entry of a service token created over the API
}

// secretHash is the stored form of a full token.
type secretHash [sha256.Size]byte

// Grant describes a credential to mint with [Server.Grant].
type Grant struct {
	// Role is one of the Role constants. Empty means RoleAdmin.
	// ADMIN without a seat, SUPER_ADMIN, MEMBER, BASIC and PREMIUM are personal API keys; the rest act as service tokens.
	Role string
	// SeatID limits the credential to a seat. Empty means the whole customer.
	SeatID string
	// Account is where the holder has the role directly, and what the credential acts on at first. Zero is the first
	// account, or that of the seat. In the children of the account the role holds too, but not directly.
	Account int
	// Also gives roles, directly, in further accounts.
	Also map[int]string
	// ExpiresIn is the lifetime. Zero means forever; a negative one gives a credential that has already expired.
	ExpiresIn time.Duration
}

// Grant mints a credential and returns its full token and the token's public half. It is not a service token of the
// ledger: lists do not show it and it cannot be archived.
func (s *Server) Grant(g Grant) (token, clientID string, err error) {
	h := holder{role: g.Role, home: g.Account, also: maps.Clone(g.Also)}
	if h.role == "" {
		h.role = RoleAdmin
	}
	if err := s.platform.checkGrant(g); err != nil {
		return "", "", err
	}
	switch h.role {
	case RoleAdmin:
		if g.SeatID == "" {
			h.userID = adminUserID
		}
	case RoleMember, RoleBasic, RolePremium, RoleSuperAdmin:
		if g.SeatID != "" {
			return "", "", fmt.Errorf("sandbox: %s is the role of a user, who has no seat", h.role)
		}
		h.userID = memberUserID
	case RoleReadWrite, RoleRead:
	default:
		return "", "", fmt.Errorf("sandbox: the role %q is unknown", g.Role)
	}
	if h.userID != "" && (g.Account != 0 || len(g.Also) > 0 || h.role != RoleAdmin && h.role != RoleMember) {
		h.userID = s.platform.newUser()
	}
	if g.SeatID != "" {
		seat, ok := s.cfg.seatByID(g.SeatID)
		if !ok {
			return "", "", fmt.Errorf("sandbox: there is no seat %q", g.SeatID)
		}
		h.seatID, h.home = seat.ID, seat.Account
	}
	var expires time.Time
	if g.ExpiresIn != 0 {
		expires = s.cfg.now().Add(g.ExpiresIn)
	}
	token, clientID = s.platform.issueUntil(h, expires)
	return token, clientID, nil
}

// checkGrant reports an account of the grant that does not exist.
func (p *platform) checkGrant(g Grant) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if g.Account != 0 && p.find(g.Account) == nil {
		return fmt.Errorf("sandbox: there is no account %d", g.Account)
	}
	for id := range g.Also {
		if p.find(id) == nil {
			return fmt.Errorf("sandbox: there is no account %d", id)
		}
	}
	return nil
}

// newUser returns the id of a new user.
func (p *platform) newUser() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.people++
	return strconv.Itoa(90002 + p.people)
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
