package sandbox

import (
	"net/http"
	"slices"
)

// request is a call of an operation, over REST or through a tool.
type request struct {
	op     *operation
	seat   string            // that X-SCOPE3-SEAT-ID names
	vars   map[string]string // path variables
	params map[string]any    // query parameters, typed
	body   map[string]any    // nil if the operation takes none

	customer int     // the account that an MCP session acts on; 0 over REST
	issues   []issue // what the contract has against the parameters and the body
	refusal  *reply  // why the body cannot even be looked at; nil if it can
}

// setBody takes the body and checks it.
func (o *request) setBody(value any) {
	o.issues = append(o.issues, checkSent(o.op.body, value, "")...)
	o.body, _ = value.(map[string]any)
}

// permitted performs the request if the caller is authorized.
func (s *Server) permitted(caller holder, o *request) reply {
	if o.seat != "" {
		seat, ok := s.cfg.seatByID(o.seat)
		if !ok || !s.platform.reaches(caller, seat) {
			return accessDenied("The credential does not reach this seat")
		}
	}
	if o.customer == 0 {
		o.customer, _ = s.platform.actsOn(credentialScope(caller), caller)
	}
	role, termsPending, reached := s.platform.standing(caller, o.customer)
	if !reached {
		return accessDenied("The credential does not reach this account")
	}
	writes := o.op.writes && !o.op.action.selects
	if o.op.action.manages && !administers(role) || writes && role == RoleRead {
		return forbidden("The credential's role does not allow this")
	}
	if writes && termsPending {
		return refuse(http.StatusForbidden, "TOS_ACCEPTANCE_REQUIRED", "The customer has yet to accept the terms of service")
	}
	return s.perform(caller, o)
}

// perform carries the operation out if the request is well formed.
func (s *Server) perform(caller holder, o *request) reply {
	if o.refusal != nil {
		return *o.refusal
	}
	c := &call{
		op:       o.op,
		caller:   caller,
		customer: o.customer,
		now:      s.cfg.now(),
		vars:     o.vars,
		params:   o.params,
		body:     o.body,
	}
	issues := o.issues
	if o.op.action.rules != nil {
		for _, found := range o.op.action.rules(s.platform, c) {
			if !slices.ContainsFunc(o.issues, func(known issue) bool { return known.Path == found.Path }) {
				issues = append(issues, found)
			}
		}
	}
	if len(issues) > 0 {
		return invalid(issues...)
	}
	if o.op.action.do == nil {
		return s.platform.serve(o.op, c)
	}
	return o.op.action.do(s.platform, c)
}

// checkReply counts the effect of an operation and returns the violations of its response.
func (s *Server) checkReply(op *operation, rep reply) []issue {
	if rep.status < 300 {
		s.platform.countEffect(op.route)
	}
	if rep.unchecked {
		return nil
	}
	return op.checkReply(rep)
}
