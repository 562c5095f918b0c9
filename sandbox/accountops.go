package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

func getCurrentAccount(p *platform, c *call) reply {
	type standing struct {
		CreditLimit int    `json:"creditLimit"`
		Currency    string `json:"currency"`
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	at := p.find(c.customer)
	if at == nil { // deleted since the caller was let in
		return noAccount()
	}
	var role string
	if c.caller.userID != "" {
		role, _, _ = p.roleIn(c.caller, at.ID)
	}
	return p.cfg.respond(http.StatusOK, struct {
		ID             int      `json:"id"`
		Company        string   `json:"company"`
		Name           string   `json:"name"`
		Role           string   `json:"role,omitempty"`
		CustomerDomain *string  `json:"customerDomain"`
		Standing       standing `json:"standing"`
	}{
		ID:             at.ID,
		Company:        company,
		Name:           at.Name,
		Role:           role,
		CustomerDomain: maybe(at.domain),
		Standing:       standing{CreditLimit: creditLimit, Currency: currency},
	})
}

func listCustomerAccounts(p *platform, c *call) reply {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cfg.respond(http.StatusOK, map[string]any{"accounts": p.summaries(c.caller)})
}

func switchAccount(p *platform, c *call) reply {
	var id int
	switch sent := c.body["customerId"].(type) {
	case float64:
		id = int(sent)
	case string:
		id, _ = strconv.Atoi(sent)
	}
	if within, _ := p.choose(credentialScope(c.caller), c.caller, id); !within {
		return accessDenied("The credential does not reach this account")
	}
	return p.cfg.respond(http.StatusOK, p.userInfo(c.caller, id))
}

func getCurrentUser(p *platform, c *call) reply {
	return p.cfg.respond(http.StatusOK, p.userInfo(c.caller, c.customer))
}

func acceptTermsOverREST(p *platform, c *call) reply {
	p.mu.Lock()
	may := p.canAcceptTerms(c.caller, c.customer)
	p.mu.Unlock()
	if !may {
		return forbidden(acceptorsOnly)
	}
	p.acceptTerms(c.customer)
	return p.cfg.respond(http.StatusOK, p.userInfo(c.caller, c.customer))
}

// acceptorsOnly is the message for callers who may not accept terms.
const acceptorsOnly = "Only a direct administrator of the customer can accept its terms of service"

// childRules are the rules of a creation that the contract does not state.
func childRules(_ *platform, c *call) []issue {
	if domain := c.text("customerDomain"); strings.ContainsAny(domain, "/: @") {
		return []issue{{Path: "customerDomain", Message: "is not a host name"}}
	}
	return nil
}

func createChildAccount(p *platform, c *call) reply {
	p.mu.Lock()
	parent := p.find(c.customer)
	if parent == nil || parent.Parent != 0 {
		p.mu.Unlock()
		return invalidState("A child account has no children")
	}
	converted := !slices.ContainsFunc(p.accounts, func(a *account) bool { return a.Parent == parent.ID })
	if name := c.text("parentName"); name != "" && converted {
		parent.Name = name
	}
	child := &account{
		Account: Account{Name: c.text("name"), Parent: parent.ID, CustomerRole: c.text("customerRole"), TermsPending: true},
		domain:  c.text("customerDomain"),
	}
	for _, a := range p.accounts {
		child.ID = max(child.ID, a.ID+1)
	}
	child.ID = max(child.ID, p.lastAccount+1)
	p.lastAccount = child.ID
	p.accounts = append(p.accounts, child)
	p.mu.Unlock()

	answer := p.userInfo(c.caller, child.ID)
	answer.Converted = &converted
	return p.cfg.respond(http.StatusCreated, answer)
}

func noAccount() reply { return notFound("There is no such account") }

// administered finds the account that the path names, if the caller administers it.
func (p *platform) administered(c *call) (*account, *reply) {
	var refusal reply
	id, _ := strconv.Atoi(c.vars["customerId"])
	role, _, reached := p.roleIn(c.caller, id)
	switch {
	case !reached:
		refusal = noAccount()
	case !administers(role):
		refusal = forbidden("The credential's role does not allow this")
	default:
		return p.find(id), nil
	}
	return nil, &refusal
}

func updateCustomerDomain(p *platform, c *call) reply {
	p.mu.Lock()
	defer p.mu.Unlock()
	at, refusal := p.administered(c)
	if refusal != nil {
		return *refusal
	}
	at.domain = c.text("customerDomain")
	return p.cfg.respond(http.StatusOK, struct {
		ID       int     `json:"id"`
		Domain   *string `json:"customerDomain"`
		Approved bool    `json:"customerDomainApproved"`
	}{at.ID, maybe(at.domain), false})
}

func deleteChildAccount(p *platform, c *call) reply {
	p.mu.Lock()
	defer p.mu.Unlock()
	at, refusal := p.administered(c)
	switch {
	case refusal != nil:
		return *refusal
	case at.Parent == 0:
		return invalidState("Only a child account can be deleted")
	case p.linked(at.ID):
		return invalidState("There are seats or tokens of this account")
	}
	p.accounts = slices.DeleteFunc(p.accounts, func(a *account) bool { return a == at })
	return reply{status: http.StatusNoContent}
}

// linked reports whether something belongs to an account.
func (p *platform) linked(id int) bool {
	return slices.ContainsFunc(p.cfg.seats, func(s Seat) bool { return s.Account == id }) ||
		slices.ContainsFunc(p.tokens, func(t *Token) bool { return t.Account == id && t.ArchivedAt.IsZero() })
}

func getMembershipSettings(p *platform, c *call) reply {
	p.mu.Lock()
	defer p.mu.Unlock()
	id, _ := strconv.Atoi(c.vars["customerId"])
	if _, _, reached := p.roleIn(c.caller, id); !reached {
		return noAccount()
	}
	return p.membership(p.find(id))
}

func updateMembershipSettings(p *platform, c *call) reply {
	p.mu.Lock()
	defer p.mu.Unlock()
	at, refusal := p.administered(c)
	if refusal != nil {
		return *refusal
	}
	at.autoJoin, _ = c.body["allowDomainAutoJoin"].(bool)
	return p.membership(at)
}

func (p *platform) membership(at *account) reply {
	return p.cfg.respond(http.StatusOK, struct {
		CustomerID int  `json:"customerId"`
		AutoJoin   bool `json:"allowDomainAutoJoin"`
	}{at.ID, at.autoJoin})
}

// getAccountsLiveness reports every storefront as being set up. Accounts out of reach are left out.
func getAccountsLiveness(p *platform, c *call) reply {
	type liveness struct {
		State      string  `json:"state"`
		ReasonCode string  `json:"reasonCode"`
		Reason     string  `json:"reason"`
		Remaining  *int    `json:"remainingSteps"`
		ActionPath *string `json:"actionPath"`
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var asked []string
	if sent, _ := c.params["customerIds"].(string); sent != "" {
		asked = strings.Split(sent, ",")
	}
	steps, path := 3, "/setup"
	found := map[string]liveness{}
	for _, id := range p.reach(c.caller) {
		key := strconv.Itoa(id)
		if len(asked) == 0 || slices.Contains(asked, key) {
			found[key] = liveness{"setup", "setup_incomplete", "The set-up is not finished", &steps, &path}
		}
	}
	return p.cfg.respond(http.StatusOK, map[string]any{"liveness": found})
}
