package sandbox

import "net/http"

// answer is what the platform makes of a request. The order of its checks is the platform's: is there such a path,
// who asks, how often, for which seat, with what right, under which terms, and is the request well formed.
func (x *exchange) answer() reply {
	if x.alias != "" {
		rep := reply{status: http.StatusPermanentRedirect}
		rep.set("Location", x.alias)
		return rep
	}
	mcp := isMCP(x.path)
	op := x.visit.op
	switch {
	case mcp:
	case x.visit.place == nil:
		return notFound("There is nothing at this path")
	case op == nil:
		rep := refuse(http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "The path does not take this method")
		rep.set("Allow", x.visit.place.methods())
		return rep
	case op.public:
		return x.perform(holder{})
	}

	caller, works := x.s.platform.authenticate(presented(x.r.Header), x.s.cfg.now())
	switch {
	case !works && mcp:
		return mcpRefusal()
	case !works:
		return refuse(http.StatusUnauthorized, "UNAUTHORIZED", "A valid credential is required")
	}
	return x.limited(caller, func() reply {
		if mcp {
			return refuse(http.StatusNotImplemented, "NOT_IMPLEMENTED", "The sandbox has no MCP endpoint")
		}
		return x.permitted(caller)
	})
}

// limited answers if the caller's budget allows it.
func (x *exchange) limited(caller holder, answer func() reply) reply {
	l := x.s.limiter
	if l.limit == nil {
		return answer()
	}
	now := x.s.cfg.now()
	q := l.take(caller.clientID, now)
	var rep reply
	if q.allowed {
		rep = answer()
	} else {
		rep = l.over(q, now)
	}
	l.tell(q, now, &rep)
	return rep
}

// permitted answers if the caller may do what it asks for.
func (x *exchange) permitted(caller holder) reply {
	op := x.visit.op
	if asked := x.r.Header.Get("X-Scope3-Seat-Id"); asked != "" {
		seat, ok := x.s.cfg.seatByID(asked)
		if !ok || caller.seatID != "" && caller.seatID != seat.ID {
			return accessDenied("The credential does not reach this seat")
		}
	}
	write := writes(x.r.Method)
	if op.action.manages && caller.role != RoleAdmin || write && caller.role == RoleRead {
		return forbidden("The credential's role does not allow this")
	}
	if write && x.s.platform.termsPending() {
		return refuse(http.StatusForbidden, "TOS_ACCEPTANCE_REQUIRED", "The customer has yet to accept the terms of service")
	}
	return x.perform(caller)
}

// perform carries the operation out if the request is well formed.
func (x *exchange) perform(caller holder) reply {
	op := x.visit.op
	if op.action.do == nil {
		return refuse(http.StatusNotImplemented, "NOT_IMPLEMENTED", "The sandbox does not have this operation")
	}
	if x.refusal != nil {
		return *x.refusal
	}
	c := &call{
		caller: caller,
		now:    x.s.cfg.now(),
		vars:   x.visit.vars,
		params: x.params,
		body:   x.body,
	}
	issues := x.issues
	if op.action.rules != nil {
		issues = append(issues, op.action.rules(x.s.platform, c)...)
	}
	if len(issues) > 0 {
		return invalid(issues...)
	}
	return op.action.do(x.s.platform, c)
}
