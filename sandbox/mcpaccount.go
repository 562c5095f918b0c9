package sandbox

import (
	"net/http"
	"strings"
)

const sessionScope = "session "

// scopeOf returns the key of the chosen account. Without sessions there is nothing but the credential.
func scopeOf(session string, caller holder) string {
	if session != "" {
		return sessionScope + session
	}
	return credentialScope(caller)
}

func credentialScope(caller holder) string { return "credential " + caller.clientID }

func (p *platform) forgetSessions() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for key := range p.chosen {
		if strings.HasPrefix(key, sessionScope) {
			delete(p.chosen, key)
		}
	}
}

func switchCustomer(s *Server, c *toolCall) result {
	sent, _ := c.args["customerId"].(float64) // the schema has seen to it
	within, reach := s.platform.choose(c.scope, c.caller, int(sent))
	if within {
		return currentUser(s, c)
	}
	r := failed("ACCESS_DENIED", "The credential does not reach this customer")
	r.failure.Field = "customerId"
	r.failure.Details = map[string]any{"availableCustomers": reach}
	return r
}

// acceptTerms does what REST does, for the account that the session acts on.
func acceptTerms(s *Server, c *toolCall) result {
	id, _ := s.platform.actsOn(c.scope, c.caller)
	if rep := acceptTermsOverREST(s.platform, &call{caller: c.caller, customer: id}); rep.status != http.StatusOK {
		return s.fromReply(rep)
	}
	return currentUser(s, c)
}

// currentUser returns the caller's user information.
func currentUser(s *Server, c *toolCall) result {
	id, _ := s.platform.actsOn(c.scope, c.caller)
	return jsonResult(s.platform.userInfo(c.caller, id))
}

// billingAccount is undocumented but for its name and its argument.
func billingAccount(s *Server, c *toolCall) result {
	id, _ := s.platform.actsOn(c.scope, c.caller)
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
