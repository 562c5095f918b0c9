package sandbox

import (
	"strings"
	"sync"
)

// scopes remembers which customer was chosen, for an MCP session or for a credential.
type scopes struct {
	mu     sync.Mutex
	chosen map[string]int
}

const sessionScope = "session "

func newScopes() *scopes { return &scopes{chosen: make(map[string]int)} }

// scopeOf is what a choice is kept by. Without sessions there is nothing but the credential.
func scopeOf(session string, caller holder) string {
	if session != "" {
		return sessionScope + session
	}
	return "credential " + caller.clientID
}

func (s *scopes) forgetSessions() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key := range s.chosen {
		if strings.HasPrefix(key, sessionScope) {
			delete(s.chosen, key)
		}
	}
}

// customerOf is the customer that a call acts for. Reads get the first one where none has been chosen.
func (s *Server) customerOf(c *toolCall) (id int, chosen bool) {
	s.scopes.mu.Lock()
	defer s.scopes.mu.Unlock()
	if id, chosen = s.scopes.chosen[c.scope]; chosen {
		return id, true
	}
	return s.cfg.customers[0], len(s.cfg.customers) == 1
}

func switchCustomer(s *Server, c *toolCall) result {
	sent, _ := c.args["customerId"].(float64) // the schema has seen to it
	id := int(sent)
	for _, reached := range s.cfg.customers {
		if reached == id {
			s.scopes.mu.Lock()
			s.scopes.chosen[c.scope] = id
			s.scopes.mu.Unlock()
			return currentUser(s, c)
		}
	}
	r := failed("ACCESS_DENIED", "The credential does not reach this customer")
	r.failure.Field = "customerId"
	r.failure.Details = map[string]any{"availableCustomers": s.cfg.customers}
	return r
}

// acceptTerms is for an administrator in person, which a service token is not.
func acceptTerms(s *Server, c *toolCall) result {
	if !c.caller.canAcceptTerms() {
		return failed("FORBIDDEN", "Only an administrator of the customer can accept its terms of service")
	}
	s.platform.acceptTerms()
	return currentUser(s, c)
}

func (h holder) canAcceptTerms() bool { return h.userID != "" && h.role == RoleAdmin }

// currentUser tells who the caller is. A service token is nobody: its user is null.
func currentUser(s *Server, c *toolCall) result {
	type user struct {
		ID        any    `json:"id"`
		Email     string `json:"email"`
		FirstName string `json:"firstName"`
		LastName  string `json:"lastName"`
		Role      string `json:"role"`
	}
	type customer struct {
		ID           int    `json:"id"`
		Company      string `json:"company"`
		Name         string `json:"name"`
		Active       *bool  `json:"active,omitempty"`
		Role         string `json:"role,omitempty"`
		CustomerRole string `json:"customerRole,omitempty"`
		CustomerType string `json:"customerType"`
	}
	about := func(id int) customer {
		one := customer{ID: id, Company: company, Name: s.cfg.customerName(id), CustomerType: "PARENT"}
		if id != s.cfg.customers[0] {
			one.CustomerType = "CHILD"
		}
		return one
	}
	out := struct {
		User         *user      `json:"user"`
		Customer     customer   `json:"customer"`
		Customers    []customer `json:"customers"`
		ShowTosBox   bool       `json:"showTosBox"`
		CanAcceptTos bool       `json:"canAcceptTos"`
		HasContract  bool       `json:"hasContract"`
	}{
		ShowTosBox:   s.platform.termsPending(),
		CanAcceptTos: c.caller.canAcceptTerms(),
		HasContract:  true,
	}
	if c.caller.userID != "" {
		out.User = &user{
			ID: s.cfg.id(c.caller.userID), Email: "user" + c.caller.userID + "@sandbox.example",
			FirstName: "Sandy", LastName: "Box", Role: c.caller.role,
		}
	}
	id, _ := s.customerOf(c)
	active := true
	out.Customer = about(id)
	out.Customer.Active, out.Customer.CustomerRole = &active, "BUYER"
	for _, id := range s.cfg.customers {
		one := about(id)
		one.Role = c.caller.role
		out.Customers = append(out.Customers, one)
	}
	return jsonResult(out)
}

// billingAccount is undocumented but for its name and its argument.
func billingAccount(s *Server, c *toolCall) result {
	id, _ := s.customerOf(c)
	sections := map[string]any{
		"summary":  map[string]any{"status": "active", "creditLimit": creditLimit, "currency": currency},
		"invoices": []any{},
	}
	asked, _ := c.args["section"].(string)
	if asked != "" {
		section, ok := sections[asked]
		if !ok {
			return invalidCall([]issue{{Path: "section", Message: "must be summary or invoices"}})
		}
		sections = map[string]any{asked: section}
	}
	sections["customerId"] = id
	return jsonResult(sections)
}
