package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// buyerCredential authenticates the buyer to a source.
type buyerCredential struct {
	id, identifier, status string
	sourceID               string
	consent                string
	secrets                secretSet
	by                     string
	created, updated       time.Time
}

// accountLink is an account that is linked to an advertiser.
type accountLink struct {
	id, advertiser, account, credential string
	sourceID, billing                   string
	created                             time.Time
}

// sourceRef names a source of the storefront.
type sourceRef struct {
	StorefrontID   int    `json:"storefrontId"`
	StorefrontName string `json:"storefrontName"`
	SourceID       string `json:"sourceId"`
	SourceName     string `json:"sourceName"`
}

// ref names a source, whether or not it is still there.
func (b *agentBook) ref(sourceID string) sourceRef {
	r := sourceRef{
		StorefrontID: storefrontNumber, StorefrontName: storefrontName, SourceID: sourceID,
		SourceName: sourceID,
	}
	if s := b.source(sourceID); s != nil {
		r.SourceName = s.name
	}
	return r
}

// credentialRules are the rules of auth, which depend on no authentication type here.
func credentialRules(_ *platform, c *call) []issue { return authRules(c.body["auth"], "") }

func registerCredential(p *platform, c *call) reply {
	b := p.agents
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.source(c.vars["sourceId"])
	if s == nil || c.vars["storefrontId"] != strconv.Itoa(storefrontNumber) {
		return noSource()
	}
	if forAll, _ := c.body["marketplaceAccount"].(bool); forAll && c.caller.role != RoleAdmin {
		return forbidden("Only an administrator registers an account of the marketplace")
	}
	cred := &buyerCredential{
		id: b.newID("cred_"), identifier: c.text("accountIdentifier"), status: "pending",
		sourceID: s.sourceID, secrets: secretsOf(c.body["auth"]), by: c.caller.userID, created: c.now, updated: c.now,
	}
	answer := map[string]any{}
	switch {
	case s.authType == authOAuth:
		cred.consent, cred.secrets = newConsent(cred.id), nil
		answer["oauth"] = map[string]any{
			"authorizationUrl": cred.consent, "storefrontId": storefrontNumber, "sourceId": s.sourceID, "sourceName": s.name,
		}
	case s.authType == authNone || len(cred.secrets) > 0:
		cred.status = "active"
	}
	b.credentials = append(b.credentials, cred)
	answer["id"], answer["accountIdentifier"], answer["status"] = cred.id, cred.identifier, cred.status
	answer["registeredBy"], answer["createdAt"] = maybe(cred.by), stamp(cred.created)
	return p.cfg.respond(http.StatusCreated, answer)
}

func listCredentials(p *platform, _ *call) reply {
	b := p.agents
	b.mu.Lock()
	defer b.mu.Unlock()
	views := []any{}
	for _, c := range b.credentials {
		views = append(views, map[string]any{
			"id": c.id, "accountIdentifier": c.identifier, "accountType": "customer", "status": c.status,
			"registeredBy": maybe(c.by), "createdAt": stamp(c.created), "updatedAt": stamp(c.updated),
			"sources": []sourceRef{b.ref(c.sourceID)},
		})
	}
	return p.cfg.respond(http.StatusOK, views)
}

// accountView is an account; a link adds to it.
func (b *agentBook) accountView(c *buyerCredential) map[string]any {
	status := "pending_approval"
	if c.status == "active" {
		status = "active"
	}
	return map[string]any{
		"accountId": c.account(), "credentialId": c.id, "name": "Account " + c.identifier, "advertiser": nil,
		"billingProxy": nil, "house": nil, "billing": usualBilling.Default, "sources": []sourceRef{b.ref(c.sourceID)},
		"status": status,
	}
}

// account is the one account that a credential reaches.
func (c *buyerCredential) account() string { return "acct_" + c.identifier }

func availableAccounts(p *platform, c *call) reply {
	b := p.agents
	b.mu.Lock()
	defer b.mu.Unlock()
	sourceID, _ := c.params["sourceId"].(string)
	if b.source(sourceID) == nil || c.number("storefrontId", 0) != storefrontNumber {
		return noSource()
	}
	views := []map[string]any{}
	for _, cred := range b.credentials {
		if cred.sourceID == sourceID && lets(c, "credentialId", cred.id) && lets(c, "billingType", usualBilling.Default) {
			views = append(views, b.accountView(cred))
		}
	}
	return p.cfg.respond(http.StatusOK, map[string]any{
		"accounts": pageOf(views, c.number("skip", 0), c.number("take", 50)), "total": len(views), "synced": true,
		"billingOptions": usualBilling,
	})
}

func linkAccount(p *platform, c *call) reply {
	b := p.agents
	b.mu.Lock()
	defer b.mu.Unlock()
	number, _ := c.body["storefrontId"].(float64)
	var cred *buyerCredential
	for _, one := range b.credentials {
		if one.sourceID == c.text("sourceId") && one.account() == c.text("accountId") &&
			(c.text("credentialId") == "" || c.text("credentialId") == one.id) && number == storefrontNumber {
			cred = one
		}
	}
	if cred == nil {
		return notFound("There is no such account")
	}
	if slices.ContainsFunc(b.links, func(l *accountLink) bool {
		return l.advertiser == c.vars["advertiserId"] && l.credential == cred.id
	}) {
		return refuse(http.StatusConflict, "CONFLICT", "The account is linked to the advertiser already")
	}
	b.links = append(b.links, &accountLink{
		id: b.newID(""), advertiser: c.vars["advertiserId"], account: cred.account(),
		credential: cred.id, sourceID: cred.sourceID, billing: c.text("billingType"), created: c.now,
	})
	return reply{status: http.StatusCreated}
}

// linkView is a link, with the account as its credential shows it.
func (b *agentBook) linkView(l *accountLink) map[string]any {
	at := slices.IndexFunc(b.credentials, func(c *buyerCredential) bool { return c.id == l.credential })
	view := b.accountView(b.credentials[at]) // they are never removed
	view["linkId"], view["advertiserId"] = l.id, l.advertiser
	view["createdAt"], view["updatedAt"] = stamp(l.created), stamp(l.created)
	if l.billing != "" {
		view["billing"] = l.billing
	}
	return view
}

func listLinkedAccounts(p *platform, c *call) reply {
	b := p.agents
	b.mu.Lock()
	defer b.mu.Unlock()
	views := []map[string]any{}
	for _, l := range b.links {
		view := b.linkView(l)
		status, _ := view["status"].(string)
		if l.advertiser == c.vars["advertiserId"] && lets(c, "sourceId", l.sourceID) && lets(c, "status", status) &&
			c.number("storefrontId", storefrontNumber) == storefrontNumber {
			views = append(views, view)
		}
	}
	return p.cfg.respond(http.StatusOK, map[string]any{
		"accounts": pageOf(views, c.number("skip", 0), c.number("take", 50)), "total": len(views),
	})
}

func getLinkedAccount(p *platform, c *call) reply {
	b := p.agents
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.links {
		if l.advertiser == c.vars["advertiserId"] && l.account == c.vars["accountId"] {
			return p.cfg.respond(http.StatusOK, b.linkView(l))
		}
	}
	return notFound("The account is not linked to the advertiser")
}

// unlinkRules want the id of a link, which is a number.
func unlinkRules(_ *platform, c *call) []issue {
	if id := c.vars["accountId"]; len(id) > 15 || strings.Trim(id, "0123456789") != "" {
		return []issue{{Path: "linkId", Message: "must be a number of at most 15 digits"}}
	}
	return nil
}

func unlinkAccount(p *platform, c *call) reply {
	b := p.agents
	b.mu.Lock()
	defer b.mu.Unlock()
	before := len(b.links)
	b.links = slices.DeleteFunc(b.links, func(l *accountLink) bool {
		return l.advertiser == c.vars["advertiserId"] && l.id == c.vars["accountId"]
	})
	if len(b.links) == before {
		return notFound("There is no such link")
	}
	return p.cfg.respond(http.StatusOK, map[string]any{"unlinked": true})
}
