package sandbox

import (
	"net/http"
	"strconv"
	"time"
)

// ListShape selects how GET /api/v2/service-tokens wraps its items, which the platform does not document.
type ListShape int

// The shapes of lists, each shown with one page of tokens.
const (
	ListDataArray         ListShape = iota // {"data": […], "error": null, "meta": {"pagination": {…}}}
	ListDataServiceTokens                  // {"data": {"serviceTokens": […], "total": n}, "error": null}
	ListDataTokens                         // {"data": {"tokens": […], "total": n}, "error": null}
	ListDataItems                          // {"data": {"items": […], "total": n}, "error": null}
	ListBareArray                          // […]
	ListBareObject                         // {"serviceTokens": […], "total": n}
)

// tokenFields are in every response about a service token.
type tokenFields struct {
	ID             any     `json:"id"`
	CustomerID     any     `json:"customerId"`
	OrganizationID any     `json:"organizationId,omitempty"`
	SeatID         any     `json:"seatId"`
	UserID         any     `json:"userId"`
	Name           *string `json:"name"`
	Description    *string `json:"description"`
	AccessClientID string  `json:"accessClientId"`
	ExpiresAt      *string `json:"expiresAt"`
	CreatedAt      string  `json:"createdAt"`
	Role           *string `json:"role"`
	CreatedBy      any     `json:"createdByUserId"`
}

// tokenView is a token in responses to lists, reads and updates.
type tokenView struct {
	tokenFields
	Scope      string  `json:"scope"`
	UpdatedAt  *string `json:"updatedAt"`
	ArchivedAt *string `json:"archivedAt"`
}

// tokenCreated is the response to a creation, which shows no scope.
type tokenCreated struct {
	tokenFields
	FullToken string `json:"fullToken"`
}

// customerID returns the id of an account in service tokens.
func customerID(account int) string { return "cust_" + strconv.Itoa(account) }

func (c *config) fields(t Token) tokenFields {
	f := tokenFields{
		ID:             c.id(t.ID),
		CustomerID:     c.id(customerID(t.Account)),
		SeatID:         c.id(t.SeatID),
		Name:           maybe(t.Name),
		Description:    maybe(t.Description),
		AccessClientID: t.ClientID,
		ExpiresAt:      maybeStamp(t.ExpiresAt),
		CreatedAt:      stamp(t.CreatedAt),
		Role:           maybe(t.Role),
		CreatedBy:      c.id(t.CreatedBy),
	}
	if c.numericIDs {
		f.OrganizationID = c.id(customerID(t.Account)) // only the earlier generation sends it
	}
	return f
}

func (c *config) view(t Token) tokenView {
	return tokenView{
		tokenFields: c.fields(t),
		Scope:       t.Scope,
		UpdatedAt:   maybeStamp(t.UpdatedAt),
		ArchivedAt:  maybeStamp(t.ArchivedAt),
	}
}

func listServiceTokens(p *platform, c *call) reply {
	seatID, _ := c.params["seatId"].(string)
	archived, _ := c.params["includeArchived"].(bool)
	skip, take := c.number("skip", 0), c.number("take", 50)
	found, total := p.listTokens(func(t *Token) bool {
		ended := t.ArchivedAt
		return c.caller.sees(t) && asOf(c.now, p.cfg.listLag, t.CreatedAt, &ended) && (archived || ended.IsZero()) &&
			(seatID == "" || t.SeatID != "" && p.cfg.isSeat(t.SeatID, seatID))
	}, skip, take)

	items := make([]tokenView, len(found))
	for i, t := range found {
		asOf(c.now, p.cfg.listLag, t.CreatedAt, &t.ArchivedAt)
		items[i] = p.cfg.view(t)
	}
	switch p.cfg.list {
	case ListDataServiceTokens:
		return p.cfg.respond(http.StatusOK, map[string]any{"serviceTokens": items, "total": total})
	case ListDataTokens:
		return p.cfg.respond(http.StatusOK, map[string]any{"tokens": items, "total": total})
	case ListDataItems:
		return p.cfg.respond(http.StatusOK, map[string]any{"items": items, "total": total})
	case ListBareArray:
		return bare(items)
	case ListBareObject:
		return bare(map[string]any{"serviceTokens": items, "total": total})
	case ListDataArray:
	}
	if p.cfg.bare {
		return bare(items)
	}
	return plain(http.StatusOK, envelope{Data: items, Meta: &listMeta{pagination{
		Skip: skip, Take: take, Total: total, HasMore: skip+len(items) < total,
	}}})
}

// asOf reports whether a lagging list shows an item created at a time, and clears the time of its end if the list does
// not show that yet.
func asOf(now time.Time, lag time.Duration, created time.Time, ended *time.Time) bool {
	if lag == 0 {
		return true
	}
	shown := now.Add(-lag)
	if ended.After(shown) {
		*ended = time.Time{}
	}
	return !created.After(shown)
}

func bare(value any) reply {
	rep := plain(http.StatusOK, value)
	rep.bare = true
	return rep
}

// createRules are the rules of a creation that depend on more than one member or on the seats there are.
func createRules(p *platform, c *call) []issue {
	if c.body["scope"] != ScopeSeat {
		return nil
	}
	var found []issue
	for _, member := range [...]string{"seatName", "role", "expiresInDays"} {
		if _, ok := c.body[member]; !ok {
			found = append(found, issue{Path: member, Message: "is required when scope is SEAT"})
		}
	}
	name, named := c.body["seatName"].(string)
	typ, _ := c.body["seatType"].(string)
	if !named || name == "" {
		return found
	}
	switch len(p.seatsNamed(c.customer, name, typ)) {
	case 0:
		found = append(found, issue{Path: "seatName", Message: "there is no such seat"})
	case 1:
	default:
		found = append(found, issue{Path: "seatType", Message: "is required because several seats have this name"})
	}
	return found
}

func createServiceToken(p *platform, c *call) reply {
	t := Token{
		Name:        c.text("name"),
		Description: c.text("description"),
		Scope:       ScopeCustomer,
		Account:     c.customer,
		CreatedBy:   c.caller.userID,
		CreatedAt:   c.now,
	}
	if days, ok := c.body["expiresInDays"].(float64); ok {
		t.ExpiresAt = inDays(c.now, days)
	}
	if c.body["scope"] == ScopeSeat {
		t.Scope = ScopeSeat
		t.Role = c.text("role")
		seat := p.seatsNamed(c.customer, c.text("seatName"), c.text("seatType"))[0] // createRules found exactly one
		t.SeatID, t.Account = seat.ID, seat.Account
	}
	if !c.caller.sees(&t) {
		return accessDenied("A token of a seat cannot create tokens beyond that seat")
	}
	t, fullToken := p.createToken(t)
	return p.cfg.respond(http.StatusCreated, tokenCreated{tokenFields: p.cfg.fields(t), FullToken: fullToken})
}

func getServiceToken(p *platform, c *call) reply {
	t, ok := p.findToken(c.caller, c.vars["id"])
	if !ok {
		return noToken()
	}
	return p.cfg.respond(http.StatusOK, p.cfg.view(t))
}

func updateServiceToken(p *platform, c *call) reply {
	t, found, changed := p.changeToken(c.caller, c.vars["id"], func(t *Token) bool {
		if days, ok := c.body["expiresInDays"].(float64); ok {
			until := inDays(c.now, days)
			if t.ExpiresAt.IsZero() || until.Before(t.ExpiresAt) {
				return false
			}
			t.ExpiresAt = until
		}
		if _, sent := c.body["name"]; sent {
			t.Name = c.text("name")
		}
		if _, sent := c.body["description"]; sent {
			t.Description = c.text("description")
		}
		t.UpdatedAt = c.now
		return true
	})
	switch {
	case !found:
		return noToken()
	case !changed:
		return invalid(issue{Path: "expiresInDays", Message: "must not shorten the lifetime; archive the token instead"})
	}
	return p.cfg.respond(http.StatusOK, p.cfg.view(t))
}

func archiveServiceToken(p *platform, c *call) reply {
	_, found, _ := p.changeToken(c.caller, c.vars["id"], func(t *Token) bool {
		t.ArchivedAt = c.now
		return true
	})
	if !found {
		return noToken()
	}
	return reply{status: http.StatusNoContent}
}

func noToken() reply {
	return notFound("There is no such service token")
}

func inDays(now time.Time, days float64) time.Time {
	return now.Add(time.Duration(days) * 24 * time.Hour)
}

// text is a member of the body; absent and null are empty.
func (c *call) text(member string) string {
	s, _ := c.body[member].(string)
	return s
}

// number is a query parameter.
func (c *call) number(name string, absent int) int {
	if n, ok := c.params[name].(float64); ok {
		return int(n)
	}
	return absent
}
