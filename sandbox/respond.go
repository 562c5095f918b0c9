package sandbox

import "net/http"

// respond handles a request. The order of its checks is the platform's: is there such a path,
// who asks, how often, for which seat, with what right, under which terms, and is the request well formed.
func (x *exchange) respond() reply {
	if x.alias != "" {
		rep := reply{status: http.StatusPermanentRedirect}
		rep.set("Location", x.alias)
		return rep
	}
	if isPartner(x.path) {
		return x.respondPartner()
	}
	mcp := isMCP(x.path)
	op := x.match.op
	switch {
	case mcp:
	case isDownload(x.path):
		return x.respondDownload()
	case x.match.path == nil:
		return notFound("There is nothing at this path")
	case op == nil:
		rep := refuse(http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "The path does not take this method")
		rep.set("Allow", x.match.path.methods())
		return rep
	case op.public:
		return x.s.perform(holder{}, &x.request)
	}

	caller, works := x.s.platform.authenticate(presented(x.r.Header), x.s.cfg.now())
	switch {
	case !works && mcp:
		return mcpRefusal()
	case !works:
		return refuse(http.StatusUnauthorized, "UNAUTHORIZED", "A valid credential is required")
	}
	return x.limited(x.s.limiter, caller.clientID, func() reply {
		if mcp {
			return x.respondMCP()
		}
		return x.s.permitted(caller, &x.request)
	})
}

// limited calls answer if the budget of an id allows it.
func (x *exchange) limited(l *limiter, id string, answer func() reply) reply {
	now := x.s.cfg.now()
	q, limited := l.take(id, now)
	if !limited {
		return answer()
	}
	var rep reply
	if q.allowed {
		rep = answer()
	} else {
		rep = q.over(now)
	}
	q.tell(now, &rep)
	return rep
}
