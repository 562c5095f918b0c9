package sandbox

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The storefront of the sandbox's customer, who is also a buyer in it.
const (
	storefrontNumber = 501
	storefrontName   = "Sandbox Storefront"
	firstBookID      = 7001
	consentPage      = "https://consent.sandbox.example/authorize"
)

// agentBook holds the agents. It keeps hashes of secrets.
type agentBook struct {
	mu          sync.Mutex
	sources     []*agentSource
	agents      []*agentEntry // those of deleted sources too
	credentials []*buyerCredential
	links       []*accountLink
	issued      int // how many ids were given away
	sales       []*salesEntry
	signals     []*signalsEntry
}

// agentEntry is an agent.
type agentEntry struct {
	id, typ, name, description string
	endpoint, protocol         string
	authType, status           string
	relationship               string
	configured                 bool
	secrets                    secretSet
	consent                    string // the page where a person has yet to consent
	created, updated           time.Time
}

// agentSource is an agent under an id that the caller chose.
type agentSource struct {
	id, sourceID string
	*agentEntry
}

// secretSet is the secrets of an agent, as hashes.
type secretSet map[secretHash]struct{}

// secretsOf hashes every text in a value, but for the one that says what form it has.
func secretsOf(value any) secretSet {
	set := make(secretSet)
	set.take(value)
	return set
}

func (s secretSet) take(value any) {
	switch v := value.(type) {
	case string:
		s[sha256.Sum256([]byte(v))] = struct{}{}
	case []any:
		for _, item := range v {
			s.take(item)
		}
	case map[string]any:
		for name, item := range v {
			if name != "type" && name != "auth_type" {
				s.take(item)
			}
		}
	}
}

func (s secretSet) has(secret string) bool {
	_, ok := s[sha256.Sum256([]byte(secret))]
	return ok
}

func newAgentBook(now time.Time) *agentBook {
	b := &agentBook{}
	for i, status := range [...]string{statusActive, "COMING_SOON"} {
		b.agents = append(b.agents, &agentEntry{
			id: "agent_" + strconv.Itoa(6001+i), typ: "SIGNAL", name: "Marketplace Signals " + strconv.Itoa(i+1),
			endpoint: "https://signals.marketplace.example/mcp", protocol: "MCP", authType: authOAuth, status: status,
			relationship: "MARKETPLACE", configured: status == statusActive, created: now, updated: now,
		})
	}
	return b
}

// The states of agents and sources, and how one authenticates to them.
const (
	statusPending  = "PENDING"
	statusActive   = "ACTIVE"
	statusDisabled = "DISABLED"

	authKey   = "API_KEY"
	authNone  = "NO_AUTH"
	authJWT   = "JWT"
	authOAuth = "OAUTH"
	authBasic = "BASIC_AUTH"
)

// newID is an id that nothing else has.
func (b *agentBook) newID(prefix string) string {
	b.issued++
	return prefix + strconv.Itoa(firstBookID+b.issued)
}

// newAgent puts an agent that the customer registers into the book.
func (b *agentBook) newAgent(e agentEntry) *agentEntry {
	e.id = b.newID("agent_")
	e.relationship = "SELF"
	b.agents = append(b.agents, &e)
	return &e
}

// updateStatus decides about an agent whose authentication has changed.
func (e *agentEntry) updateStatus() {
	switch {
	case e.authType == authNone:
		e.configured, e.secrets, e.consent = true, nil, ""
	case e.authType == authOAuth:
		e.configured, e.secrets, e.consent = false, nil, newConsent(e.id)
	default:
		e.configured, e.consent = len(e.secrets) > 0, ""
	}
	if e.configured {
		e.becomeActive()
	} else if e.status == statusActive {
		e.status = statusPending
	}
}

func (e *agentEntry) becomeActive() {
	if e.status == statusPending {
		e.status = statusActive
	}
}

// newConsent is a page where a person could consent.
func newConsent(about string) string {
	return consentPage + "?for=" + about + "&state=" + rand.Text()[:16]
}

// CompleteOAuth does what a person does who follows an authorization URL and consents. The id is that of a source, of
// an agent or of a buyer's credential; it must wait for that.
func (s *Server) CompleteOAuth(id string) error {
	b := s.platform.agents
	now := s.cfg.now()
	b.mu.Lock()
	defer b.mu.Unlock()
	settled := fmt.Errorf("sandbox: %q does not wait for anybody's consent", id)
	for _, c := range b.credentials {
		if c.id == id {
			if c.consent == "" {
				return settled
			}
			c.consent, c.status, c.updated = "", "active", now
			return nil
		}
	}
	e := b.agent(id)
	if source := b.source(id); source != nil {
		e = source.agentEntry
	}
	switch {
	case e == nil:
		return fmt.Errorf("sandbox: %q is no source, agent or credential that is there", id)
	case e.consent == "":
		return settled
	}
	e.consent, e.configured, e.updated = "", true, now
	e.becomeActive()
	return nil
}

// AgentSecret reports whether a secret is one that an agent was registered with, over REST or by a tool of the first
// platform. The id is that of a source, of an agent or of a buyer's credential.
func (s *Server) AgentSecret(id, secret string) bool {
	b := s.platform.agents
	b.mu.Lock()
	defer b.mu.Unlock()
	var sets []secretSet
	if source := b.source(id); source != nil {
		sets = append(sets, source.secrets)
	}
	if e := b.agent(id); e != nil {
		sets = append(sets, e.secrets)
	}
	for _, c := range b.credentials {
		if c.id == id {
			sets = append(sets, c.secrets)
		}
	}
	for _, e := range b.sales {
		if e.id == id {
			sets = append(sets, e.secrets)
		}
	}
	for _, e := range b.signals {
		if e.id == id {
			sets = append(sets, e.secrets)
		}
	}
	return slices.ContainsFunc(sets, func(set secretSet) bool { return set.has(secret) })
}

// source finds a source that has not been deleted; nil if there is none.
func (b *agentBook) source(sourceID string) *agentSource {
	for _, s := range b.sources {
		if s.sourceID == sourceID {
			return s
		}
	}
	return nil
}

func (b *agentBook) agent(id string) *agentEntry {
	for _, e := range b.agents {
		if e.id == id {
			return e
		}
	}
	return nil
}

// slug is the id of a source that was given none.
func slug(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	return strings.Join(words, "-")
}
