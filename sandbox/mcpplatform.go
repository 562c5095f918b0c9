package sandbox

// platformTools are the tools of the current platform, without the gateway.
func platformTools() []tool {
	return []tool{
		{
			name:        "health",
			description: "Tells whether the platform is up, and which build answers.",
			input:       noArguments,
			readOnly:    true,
			do: func(s *Server, c *toolCall) result {
				return s.fromReply(getHealth(s.platform, &call{caller: c.caller, now: s.cfg.now()}))
			},
		},
		{
			name:        "help",
			description: "Tells what can be done here, and what is new.",
			input:       noArguments,
			readOnly:    true,
			do:          help,
		},
		{
			name:        "ask_about_capability",
			description: "Answers a question about what the platform can do.",
			input: `{"type": "object", "additionalProperties": false, "required": ["question"], "properties": {
				"question": {"type": "string", "minLength": 1}}}`,
			readOnly: true,
			do: func(*Server, *toolCall) result {
				return result{text: "This is a sandbox: it knows service tokens, accounts and terms of service. Call " +
					gatewayName + "."}
			},
		},
		{
			name:        "customer_switch",
			description: "Chooses the customer that the following calls act for.",
			input: `{"type": "object", "additionalProperties": false, "required": ["customerId"], "properties": {
				"customerId": {"type": "integer", "minimum": 1}}}`,
			repeatable: true,
			do:         switchCustomer,
		},
		{
			name:        "accept_tos",
			description: "Accepts the terms of service on behalf of the customer.",
			input:       noArguments,
			repeatable:  true,
			do:          acceptTerms,
		},
		{
			name:        "user_get_current",
			description: "Tells who the credential belongs to, and which customers it reaches.",
			input:       noArguments,
			readOnly:    true,
			do:          currentUser,
		},
		{
			name:        "get_billing_account",
			description: "Describes the billing account, or one section of it.",
			input: `{"type": "object", "additionalProperties": false, "properties": {
				"section": {"type": "string", "description": "summary or invoices"}}}`,
			readOnly: true,
			do:       billingAccount,
		},
	}
}

func help(s *Server, _ *toolCall) result {
	type tip struct {
		Name        string `json:"name"`
		Description string `json:"description"`
	}
	tips := []tip{}
	for _, t := range s.tools {
		tips = append(tips, tip{t.name, t.description})
	}
	return jsonResult(map[string]any{
		"message":       "Call a tool, or an operation of the REST API through " + gatewayName + ".",
		"tools":         tips,
		"notifications": []any{},
	})
}
