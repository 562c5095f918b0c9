package sandbox

import (
	"crypto/sha256"
	"slices"
	"strconv"
	"time"
)

// The scopes of service tokens.
const (
	ScopeCustomer = "CUSTOMER"
	ScopeSeat     = "SEAT"
)

// Token is a service token in the ledger, which keeps those that are archived or expired too. It has no secret.
type Token struct {
	ID          string
	ClientID    string // the public half of the full token
	Name        string
	Description string
	Scope       string // [ScopeCustomer] or [ScopeSeat]
	Account     int    // the account it belongs to
	Role        string // empty for a customer-scoped token
	SeatID      string // empty for a customer-scoped token
	CreatedBy   string // the id of the user, empty if a service token created it
	CreatedAt   time.Time
	UpdatedAt   time.Time // zero if it never was
	ExpiresAt   time.Time // zero if it never does
	ArchivedAt  time.Time // zero if it is not
}

// Active reports whether the token authenticates at the given time: it is neither archived nor expired.
func (t Token) Active(now time.Time) bool {
	return t.ArchivedAt.IsZero() && (t.ExpiresAt.IsZero() || now.Before(t.ExpiresAt))
}

// Tokens returns every service token ever created over the API, in the order of their creation.
func (s *Server) Tokens() []Token {
	return s.platform.allTokens()
}

func (p *platform) allTokens() []Token {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := make([]Token, len(p.tokens))
	for i, t := range p.tokens {
		all[i] = *t
	}
	return all
}

// createToken puts a token into the ledger. The secret is in the result and nowhere else.
func (p *platform) createToken(t Token) (created Token, fullToken string) {
	fullToken, t.ClientID = mint()
	p.mu.Lock()
	defer p.mu.Unlock()
	t.ID = strconv.Itoa(firstTokenID + len(p.tokens))
	entry := &t
	p.tokens = append(p.tokens, entry)
	p.tokenByID[t.ID] = entry
	p.credentials[sha256.Sum256([]byte(fullToken))] = &credential{
		holder: holder{clientID: t.ClientID, role: t.Role, seatID: t.SeatID, home: t.Account},
		token:  entry,
	}
	return t, fullToken
}

// findToken finds a token that the caller may see.
func (p *platform) findToken(caller holder, id string) (Token, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.tokenByID[id]
	if t == nil || !caller.sees(t) {
		return Token{}, false
	}
	return *t, true
}

// changeToken changes a token that the caller may see and that is not archived. The change reports whether it is
// allowed; if it is not, the token stays as it was.
func (p *platform) changeToken(caller holder, id string, change func(*Token) bool) (t Token, found, changed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	entry := p.tokenByID[id]
	if entry == nil || !caller.sees(entry) || !entry.ArchivedAt.IsZero() {
		return Token{}, false, false
	}
	next := *entry
	if !change(&next) {
		return *entry, true, false
	}
	*entry = next
	return next, true, true
}

// listTokens returns one page, newest first, and how many tokens there are in all.
func (p *platform) listTokens(keep func(*Token) bool, skip, take int) (page []Token, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	page = []Token{}
	for _, t := range slices.Backward(p.tokens) {
		if !keep(t) {
			continue
		}
		if total >= skip && len(page) < take {
			page = append(page, *t)
		}
		total++
	}
	return page, total
}

// sees reports whether a token is within the holder's reach.
func (h holder) sees(t *Token) bool {
	return h.seatID == "" || h.seatID == t.SeatID
}
