package sandbox

import (
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"
)

// What the sandbox's customer is made of.
const (
	customerNumber = 1001
	company        = "Sandbox Inc."
	creditLimit    = 50000
	currency       = "USD"
	firstTokenID   = 10001
	sandboxVersion = "2.0.0-sandbox"
)

// platform is the state behind the API.
type platform struct {
	cfg *config

	mu          sync.Mutex
	credentials map[secretHash]*credential
	tokens      []*Token // in the order of creation
	tokenByID   map[string]*Token
	accounts    []*account     // in the order of creation
	lastAccount int            // the id of the child created last
	people      int            // how many users [Server.Grant] made
	chosen      map[string]int // the account by what the choice is kept by, see scopeOf
	effects     map[string]int // by route

	kinds  map[string]*kind
	store  *store
	agents *agentBook
	feed   feed
}

func newPlatform(cfg *config, c *contract) *platform {
	return &platform{
		cfg:         cfg,
		credentials: make(map[secretHash]*credential),
		tokenByID:   make(map[string]*Token),
		accounts:    newAccounts(cfg),
		chosen:      make(map[string]int),
		effects:     make(map[string]int),
		kinds:       c.kinds,
		store:       newStore(),
		agents:      newAgentBook(cfg.now()),
		feed:        newFeed(),
	}
}

// action is the hand-written part of an operation.
type action struct {
	manages bool                           // takes an administrator
	selects bool                           // changes nothing that terms and roles are about
	rules   func(*platform, *call) []issue // what the contract cannot say; nil if nothing
	do      func(*platform, *call) reply
}

// call is a request that is allowed to happen.
type call struct {
	op       *operation
	caller   holder
	customer int
	now      time.Time
	vars     map[string]string // path variables
	params   map[string]any    // query parameters, typed
	body     map[string]any    // nil if the operation takes none
}

// actions maps operation ids to their hand-written part. The other operations follow from the document; see serve.
func actions() map[string]action {
	all := map[string]action{
		"getHealth":                {do: getHealth},
		"getCurrentAccount":        {do: getCurrentAccount},
		"listCustomerAccounts":     {do: listCustomerAccounts},
		"switchAccount":            {selects: true, do: switchAccount},
		"createChildAccount":       {manages: true, rules: childRules, do: createChildAccount},
		"updateCustomerDomain":     {do: updateCustomerDomain},
		"deleteChildAccount":       {do: deleteChildAccount},
		"getMembershipSettings":    {do: getMembershipSettings},
		"updateMembershipSettings": {do: updateMembershipSettings},
		"getAccountsLiveness":      {do: getAccountsLiveness},
		"getCurrentUser":           {do: getCurrentUser},
		"acceptTerms":              {selects: true, do: acceptTermsOverREST},
		"listServiceTokens":        {manages: true, do: listServiceTokens},
		"createServiceToken":       {manages: true, rules: createRules, do: createServiceToken},
		"getServiceToken":          {manages: true, do: getServiceToken},
		"updateServiceToken":       {manages: true, do: updateServiceToken},
		"archiveServiceToken":      {manages: true, do: archiveServiceToken},
	}
	maps.Copy(all, agentActions())
	maps.Copy(all, buyerActions())
	return all
}

// Effects returns how often a route, such as "POST /api/v2/service-tokens" or "GET /api/v2/service-tokens/{id}", was
// carried out with success, whether or not the reply reached anybody. A route that openapi.yaml does not have is one of
// the [Server.Violations]: a test that asks for it would never see an effect.
func (s *Server) Effects(route string) int {
	if method, path, _ := strings.Cut(route, " "); !s.contractOf(path).has(method, path) {
		s.recorder.note("Effects of " + route + ": openapi.yaml has no such route")
	}
	s.platform.mu.Lock()
	defer s.platform.mu.Unlock()
	return s.platform.effects[route]
}

func (p *platform) countEffect(route string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.effects[route]++
}

// id returns an id as it is sent: a string, or a number with [WithNumericIDs].
func (c *config) id(id string) any {
	if id == "" {
		return nil
	}
	if c.numericIDs {
		if n, ok := idNumber(id); ok {
			return n
		}
	}
	return id
}

func getHealth(p *platform, c *call) reply {
	rep := plain(http.StatusOK, struct {
		Status       string            `json:"status"`
		Version      string            `json:"version"`
		CommitSHA    string            `json:"commitSha"`
		InFlightJobs int               `json:"inFlightJobs"`
		Services     map[string]string `json:"services"`
		Timestamp    string            `json:"timestamp"`
	}{
		Status:    "ok",
		Version:   "2.0.0-sandbox",
		CommitSHA: "0000000",
		Services:  map[string]string{"database": "ok"},
		Timestamp: stamp(c.now),
	})
	return rep
}
