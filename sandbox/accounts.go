package sandbox

import (
	"errors"
	"fmt"
	"slices"
)

// The sides of the market that an account can be on.
const (
	Buyer  = "BUYER"
	Seller = "SELLER"
)

// Account is a customer of the platform, alone or below another one. Each has its own terms of service.
type Account struct {
	ID           int
	Name         string // empty: "Sandbox" for the first account, "Sandbox" and its id for the others
	Parent       int    // the id of the account above it; 0 if it is no child
	CustomerRole string // [Buyer] or [Seller]; empty means Buyer
	TermsPending bool   // writes respond with 403 TOS_ACCEPTANCE_REQUIRED until a direct administrator accepts
}

// WithAccounts replaces the customer by several accounts. The first is the home of [Server.AdminToken] and of a [Grant]
// that names no other. Who has a level in a parent has it in its children too, but not directly: see [Grant].
func WithAccounts(accounts ...Account) Option {
	return func(c *config) { c.accounts = append([]Account{}, accounts...) }
}

// WithCustomers lets every credential reach several customers: the first, and the others below it. Over MCP, api_call
// then answers changes with CUSTOMER_SCOPE_REQUIRED until customer_switch has chosen one of them; REST acts for the
// first until POST /api/v2/accounts/switch. It is short for [WithAccounts].
func WithCustomers(ids ...int) Option {
	accounts := make([]Account, len(ids))
	for i, id := range ids {
		accounts[i].ID = id
		if i > 0 {
			accounts[i].Parent = ids[0]
		}
	}
	return WithAccounts(accounts...)
}

// checkAccounts sets the defaults and returns the errors of the rest.
func checkAccounts(accounts []Account) error {
	if len(accounts) == 0 {
		return errors.New("sandbox: there must be an account")
	}
	var errs []error
	for i := range accounts {
		a := &accounts[i]
		same := func(other Account) bool { return other.ID == a.ID }
		if a.ID <= 0 || slices.ContainsFunc(accounts[:i], same) {
			errs = append(errs, fmt.Errorf("sandbox: the customer id %d is not positive or is there twice", a.ID))
		}
		above := func(other Account) bool { return other.ID == a.Parent && other.Parent == 0 }
		if a.Parent != 0 && (a.Parent == a.ID || !slices.ContainsFunc(accounts, above)) {
			errs = append(errs, fmt.Errorf("sandbox: the parent of account %d is not there, or is a child itself", a.ID))
		}
		switch a.CustomerRole {
		case "":
			a.CustomerRole = Buyer
		case Buyer, Seller:
		default:
			errs = append(errs, fmt.Errorf("sandbox: account %d has the unknown role %q", a.ID, a.CustomerRole))
		}
		if a.Name == "" {
			a.Name = "Sandbox"
			if i > 0 {
				a.Name = fmt.Sprintf("Sandbox %d", a.ID)
			}
		}
	}
	return errors.Join(errs...)
}

// account is an account as it is now.
type account struct {
	Account
	domain   string
	autoJoin bool
}

func newAccounts(cfg *config) []*account {
	all := make([]*account, len(cfg.accounts))
	for i, a := range cfg.accounts {
		a.TermsPending = a.TermsPending || cfg.termsPending
		all[i] = &account{Account: a}
		if i == 0 {
			all[i].domain = "sandbox.example"
		}
	}
	return all
}

// find finds an account; nil if there is none. The caller holds mu, as for all below.
func (p *platform) find(id int) *account {
	for _, a := range p.accounts {
		if a.ID == id {
			return a
		}
	}
	return nil
}

// kind is the type of an account. One that stands alone may become a parent, and counts as one.
func (a *account) kind() string {
	if a.Parent != 0 {
		return "CHILD"
	}
	return "PARENT"
}

func (p *platform) homeOf(h holder) int {
	if h.home != 0 {
		return h.home
	}
	return p.cfg.accounts[0].ID
}

// roleIn returns the role of a holder in an account: its direct role there, or else the role in the parent.
func (p *platform) roleIn(h holder, id int) (role string, direct, reached bool) {
	for at := p.find(id); at != nil; at = p.find(at.Parent) {
		if at.ID == p.homeOf(h) {
			return h.role, at.ID == id, true
		}
		if role, ok := h.also[at.ID]; ok {
			return role, at.ID == id, true
		}
	}
	return "", false, false
}

// reach lists the accounts of a holder, its home first.
func (p *platform) reach(h holder) []int {
	var ids []int
	for _, a := range p.accounts {
		if _, _, reached := p.roleIn(h, a.ID); !reached {
			continue
		}
		if a.ID == p.homeOf(h) {
			ids = slices.Insert(ids, 0, a.ID)
		} else {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

// actsOn is the account that a caller acts on: the one chosen in its MCP session, or for its credential where there is
// none; its home before that. That there is no other counts as chosen.
func (p *platform) actsOn(scope string, h holder) (id int, chosen bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	reach := p.reach(h)
	if id, ok := p.chosen[scope]; ok && slices.Contains(reach, id) {
		return id, true
	}
	return p.homeOf(h), len(reach) == 1
}

// choose makes a scope act on an account, if it is within reach.
func (p *platform) choose(scope string, h holder, id int) (within bool, reach []int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	reach = p.reach(h)
	if within = slices.Contains(reach, id); within {
		p.chosen[scope] = id
	}
	return within, reach
}

func (p *platform) reachOf(h holder) []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.reach(h)
}

// standing returns a caller's role in an account and whether its terms are pending.
func (p *platform) standing(h holder, id int) (role string, terms, reached bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	role, _, reached = p.roleIn(h, id)
	return role, reached && p.find(id).TermsPending, reached
}

func administers(role string) bool { return role == RoleAdmin || role == RoleSuperAdmin }

// acceptTerms accepts the terms of one account, or of all.
func (p *platform) acceptTerms(ids ...int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, a := range p.accounts {
		if len(ids) == 0 || slices.Contains(ids, a.ID) {
			a.TermsPending = false
		}
	}
}
