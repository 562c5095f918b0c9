package sandbox

// termsVersion is the version of the terms that is current.
const termsVersion = "2026-01"

// userInfo describes a caller and its current account in GET /auth/me, in the responses to a switch and to a creation,
// and in MCP tools. The user of a service token is null.
type userInfo struct {
	User             *person       `json:"user"`
	Customer         accountView   `json:"customer"`
	Customers        []accountView `json:"customers"`
	ShowTosBox       bool          `json:"showTosBox"`
	CanAcceptTos     bool          `json:"canAcceptTos"`
	TosUpdate        *tosUpdate    `json:"tosUpdate,omitempty"`
	HasContract      bool          `json:"hasContract"`
	LatestTosVersion string        `json:"latestTosVersion"`
	Converted        *bool         `json:"convertedFromStandalone,omitempty"`
}

type person struct {
	ID        any    `json:"id"`
	Email     string `json:"email"`
	FirstName string `json:"firstName"`
	LastName  string `json:"lastName"`
	Role      string `json:"role"`
}

// accountView is an account as lists and user information show it; each leaves out some of it.
type accountView struct {
	ID           int    `json:"id"`
	Company      string `json:"company"`
	Name         string `json:"name"`
	Active       *bool  `json:"active,omitempty"`
	Role         string `json:"role,omitempty"`
	CustomerRole string `json:"customerRole,omitempty"`
	CustomerType string `json:"customerType,omitempty"`
}

type tosUpdate struct {
	Action          string  `json:"action"`
	ChangeLevel     string  `json:"changeLevel"`
	AcceptedVersion *string `json:"acceptedVersion"`
	TargetVersion   string  `json:"targetVersion"`
	Deadline        *string `json:"deadline"`
	TermsURL        string  `json:"termsUrl"`
	ChangesURL      *string `json:"changesUrl"`
}

// canAcceptTerms reports whether a caller may accept the terms of an account: in person, and as its direct
// administrator.
func (p *platform) canAcceptTerms(h holder, id int) bool {
	role, direct, _ := p.roleIn(h, id)
	return h.userID != "" && direct && administers(role)
}

func (p *platform) userInfo(h holder, id int) userInfo {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := userInfo{
		CanAcceptTos:     p.canAcceptTerms(h, id),
		HasContract:      true,
		LatestTosVersion: termsVersion,
		Customers:        []accountView{},
	}
	if h.userID != "" {
		role, _, _ := p.roleIn(h, id)
		out.User = &person{
			ID: p.cfg.id(h.userID), Email: "user" + h.userID + "@sandbox.example",
			FirstName: "Sandy", LastName: "Box", Role: role,
		}
	}
	if at := p.find(id); at != nil {
		active := true
		out.Customer = accountView{
			ID: id, Company: company, Name: at.Name, Active: &active,
			CustomerRole: at.CustomerRole, CustomerType: at.kind(),
		}
		if out.ShowTosBox = at.TermsPending; out.ShowTosBox {
			out.TosUpdate = &tosUpdate{
				Action: "acceptance_required", ChangeLevel: "MAJOR", TargetVersion: termsVersion,
				TermsURL: "https://sandbox.example/terms",
			}
		}
	}
	for _, one := range p.summaries(h) {
		one.CustomerType = p.find(one.ID).kind()
		out.Customers = append(out.Customers, one)
	}
	return out
}

// summaries lists the accounts that a caller reaches. Levels below an administrator's are all the same to it.
func (p *platform) summaries(h holder) []accountView {
	all := []accountView{}
	for _, id := range p.reach(h) {
		role, _, _ := p.roleIn(h, id)
		switch {
		case h.userID == "": // the roles of tokens are others
			role = ""
		case role == RoleBasic || role == RolePremium:
			role = RoleMember
		}
		all = append(all, accountView{ID: id, Company: company, Name: p.find(id).Name, Role: role})
	}
	return all
}
