package check

import (
	"fmt"
	"net/url"
)

// Query reports what the rules of its parameters do not allow in a query.
func Query(reporter Reporter, params []Field, query url.Values) {
	c := newChecker(reporter)
	for _, p := range params {
		c.param(p, query[p.Name])
	}
}

// Numbers is Query for parameters that are numbers. It keeps the rest of the checker out of programs that only list.
func Numbers(reporter Reporter, params []Field, query url.Values) {
	for _, p := range params {
		message, value := "", query.Get(p.Name)
		switch {
		case value != "":
			message = p.Rule.number(value, p.Required)
		case p.Required:
			message = "is required"
		}
		if message != "" {
			reporter.Add(p.Name, message)
		}
	}
}

// Path reports what the rules of its parameters do not allow in the values of a path, which come in order.
func Path(reporter Reporter, params []Field, values []string) {
	c := newChecker(reporter)
	for i, p := range params {
		if i < len(values) && values[i] != "" { // the client rejects the empty value
			c.param(p, values[i:i+1])
		}
	}
}

func (c *checker) param(p Field, values []string) {
	r := p.Rule
	if len(values) == 0 && p.Required {
		c.add(p.Name, "is required")
	}
	if r == nil || len(values) == 0 {
		return
	}
	list := r.Type == Array
	if message := r.size(len(values), "items"); list && message != "" {
		c.add(p.Name, message)
	}
	for i, value := range values {
		at, rule := p.Name, r
		if list {
			at, rule = fmt.Sprintf("%s[%d]", p.Name, i), r.Items
		}
		message := c.plain(rule, value, p.Required)
		if list && value == "" {
			message = "must not be empty"
		}
		if message != "" {
			c.add(at, message)
		}
	}
}

// plain returns a message if the rule does not allow a value that is written as text.
func (c *checker) plain(r *Rule, value string, required bool) string {
	if r == nil {
		return ""
	}
	if r.Ref != nil {
		return c.plain(r.Ref, value, required)
	}
	for _, part := range r.AllOf {
		if message := c.plain(part, value, required); message != "" {
			return message
		}
	}
	for i, variant := range r.AnyOf {
		if c.plain(variant, value, required) == "" {
			break
		}
		if i == len(r.AnyOf)-1 {
			return "must have one of the documented forms"
		}
	}
	switch r.Type {
	case Number:
		return r.number(value, required)
	case Boolean:
		if value != "true" && value != "false" {
			return "must be true or false"
		}
		return ""
	default:
		return c.text(r, value, required)
	}
}
