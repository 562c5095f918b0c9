package sandbox

import "strings"

// firstTools are the first generation's tools for user information. The library takes the slash that
// the documented name of the last has, although newer versions of MCP do not allow it.
func firstTools() []tool {
	all := []tool{{
		name:        "signals/get-partner-seats",
		description: "Lists the seats that the partner may act on.",
		input:       noArguments,
		readOnly:    true,
		do:          partnerSeats,
	}}
	for _, name := range [...]string{"auth_check", "check_auth_status"} {
		all = append(all, tool{
			name:        name,
			description: "Tells whether the credential works, and for which customer.",
			input:       noArguments,
			readOnly:    true,
			do:          authStatus,
		})
	}
	return all
}

// firstSuccess is a success of the first generation.
type firstSuccess struct {
	Message string `json:"message"`
	Success bool   `json:"success"`
	Data    any    `json:"data"`
}

// firstFailure is a failure of the first generation.
func firstFailure(e *toolError) []byte {
	return encodeJSON(struct {
		Message   string `json:"message"`
		Success   bool   `json:"success"`
		Error     string `json:"error"`
		ErrorCode string `json:"errorCode"`
		Details   any    `json:"details"`
	}{e.Message, false, e.Message, e.Code, e.Details})
}

func authStatus(s *Server, c *toolCall) result {
	id, _ := s.platform.actsOn(c.scope, c.caller)
	source := "authorization"
	if strings.TrimSpace(c.header.Get("X-Scope3-Api-Key")) != "" {
		source = "x-scope3-api-key"
	}
	return jsonResult(firstSuccess{"The credential is valid", true, struct {
		Authenticated bool   `json:"authenticated"`
		CustomerID    int    `json:"customerId"`
		Source        string `json:"apiKeySource"`
		Timestamp     string `json:"timestamp"`
	}{true, id, source, stamp(s.cfg.now())}})
}

func partnerSeats(s *Server, c *toolCall) result {
	type account struct {
		CustomerID int    `json:"customerId"`
		ID         string `json:"id"`
		Name       string `json:"name"`
	}
	accounts := []account{}
	for _, seat := range s.cfg.seats {
		if s.platform.reaches(c.caller, seat) {
			accounts = append(accounts, account{seat.Account, seat.ID, seat.Name})
		}
	}
	return jsonResult(firstSuccess{"The seats that the credential reaches", true, map[string]any{
		"accounts": accounts,
		"count":    len(accounts),
	}})
}
