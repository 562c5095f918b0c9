package sandbox

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	interchange "github.com/interchange-sdk/interchange-go"
)

const (
	partnerMount     = "/api/v1/partner"
	partnerHeader    = "X-Partner-Api-Key"
	partnerKeyPrefix = "pk_live_"
	partnerID        = "partner_1"
	partnerPool      = 10_000 // credits
)

// The scopes of keys of the Partner API.
const (
	PartnerRead  = "read"
	PartnerWrite = "write"
	PartnerAdmin = "admin"
)

// PartnerKey is a key of the Partner API in the ledger, which keeps those that are revoked or expired too. It has no
// secret.
type PartnerKey struct {
	ID         string
	Name       string
	Prefix     string   // what the key begins with
	Scopes     []string // none is full access
	CreatedAt  time.Time
	ExpiresAt  time.Time // zero if it never does
	LastUsedAt time.Time // zero if it never was
	RevokedAt  time.Time // zero if it is not
}

// Active reports whether the key authenticates at the given time.
func (k PartnerKey) Active(now time.Time) bool {
	return k.RevokedAt.IsZero() && (k.ExpiresAt.IsZero() || now.Before(k.ExpiresAt))
}

// allows reports whether the key's scopes include one; a key without scopes may do everything.
func (k PartnerKey) allows(scope string) bool {
	ranks := []string{PartnerRead, PartnerWrite, PartnerAdmin}
	return len(k.Scopes) == 0 || slices.ContainsFunc(k.Scopes, func(has string) bool {
		return slices.Index(ranks, has) >= slices.Index(ranks, scope)
	})
}

// partnerAPI is the Partner API: another platform on the same socket, with a contract, state and limits of its own.
type partnerAPI struct {
	contract func() *contract                          // read when it is first wanted: most tests never do
	generic  func() *platform                          // serves the operations without an entry in acts
	acts     map[string]func(*partnerAPI, *call) reply // by the operation's name
	limiter  *limiter
	rootKey  string
	listLag  time.Duration

	mu            sync.Mutex
	secrets       map[secretHash]*PartnerKey
	keys          []*PartnerKey // those created over the API
	organizations []*partnerOrganization
	branding      map[string]any
	webhooks      map[string]*partnerWebhook
	logs          []partnerLog
	domain        string
	verified      bool
	dns           bool // the records are published
}

func newPartnerAPI(cfg *config, r *recorder) *partnerAPI {
	p := &partnerAPI{
		contract: sync.OnceValue(func() *contract {
			c, err := readContract("openapi.partner.yaml", interchange.PartnerOpenAPI(), nil)
			if err != nil { // nothing is there then
				r.note(err.Error())
				return &contract{}
			}
			return c
		}),
		acts: partnerActions(), limiter: newLimiter(partnerLimit(cfg.limit)), listLag: cfg.listLag,
		secrets:  make(map[secretHash]*PartnerKey),
		branding: map[string]any{"companyName": company, "logoUrl": nil, "primaryColor": "#1a2b3c", "secondaryColor": nil},
		webhooks: map[string]*partnerWebhook{"identification": {}, "billing": {}},
	}
	p.generic = sync.OnceValue(func() *platform {
		return &platform{cfg: cfg, kinds: p.contract().kinds, store: newStore()}
	})
	p.rootKey = p.issue(&PartnerKey{Name: "sandbox"})
	return p
}

// partnerLimit is the same budget, told as the Partner API does.
func partnerLimit(limit *RateLimit) *RateLimit {
	if limit == nil {
		return nil
	}
	told := *limit
	told.Headers = HeadersEpoch
	return &told
}

// PartnerKey is a key of the Partner API without scopes, which has full access and never expires. Lists do not show
// it and it cannot be revoked.
func (s *Server) PartnerKey() string { return s.partner.rootKey }

// GrantPartnerKey mints a key of the Partner API with some of the Partner scopes, or with full access if there are
// none. Like [Server.PartnerKey] it is not in the ledger.
func (s *Server) GrantPartnerKey(scopes ...string) string {
	return s.partner.issue(&PartnerKey{Name: "granted", Scopes: scopes})
}

// PartnerKeys returns every key ever created over the Partner API, in the order of their creation.
func (s *Server) PartnerKeys() []PartnerKey {
	s.partner.mu.Lock()
	defer s.partner.mu.Unlock()
	all := make([]PartnerKey, len(s.partner.keys))
	for i, k := range s.partner.keys {
		all[i] = *k
	}
	return all
}

// PublishPartnerDNS sets the DNS records that the Partner API looks for when a domain is verified.
func (s *Server) PublishPartnerDNS() {
	s.partner.mu.Lock()
	defer s.partner.mu.Unlock()
	s.partner.dns = true
}

// issue mints the secret of a key.
func (p *partnerAPI) issue(k *PartnerKey) (plain string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.issueLocked(k)
}

func (p *partnerAPI) issueLocked(k *PartnerKey) (plain string) {
	secret := make([]byte, 20)
	_, _ = rand.Read(secret) // never fails
	plain = partnerKeyPrefix + hex.EncodeToString(secret)
	k.Prefix = plain[:len(partnerKeyPrefix)+4]
	p.secrets[sha256.Sum256([]byte(plain))] = k
	return plain
}

// authenticate finds the key that a secret is of, if it works, and notes that it was used.
func (p *partnerAPI) authenticate(plain string, now time.Time) *PartnerKey {
	p.mu.Lock()
	defer p.mu.Unlock()
	k := p.secrets[sha256.Sum256([]byte(plain))]
	if k == nil || !k.Active(now) {
		return nil
	}
	copied := *k
	return &copied
}

// used notes when a key was used.
func (p *partnerAPI) used(plain string, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.secrets[sha256.Sum256([]byte(plain))].LastUsedAt = now
}

// prefixOf is the public half of the key that was presented, whether or not it works.
func (p *partnerAPI) prefixOf(h http.Header) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if k := p.secrets[sha256.Sum256([]byte(h.Get(partnerHeader)))]; k != nil {
		return k.Prefix
	}
	return ""
}

func isPartner(path string) bool {
	_, ok := cutPrefix(path, partnerMount)
	return ok
}

// contractOf is the contract that a path is under.
func (s *Server) contractOf(path string) *contract {
	if isPartner(path) {
		return s.partner.contract()
	}
	return s.contract
}

// respondPartner handles a request of the Partner API. It checks the path, the key, the rate limit, the
// scopes, and is the request well formed.
func (x *exchange) respondPartner() reply {
	return partnerRefusal(x.partnerReply())
}

func (x *exchange) partnerReply() reply {
	p, op := x.s.partner, x.match.op
	switch {
	case x.match.path == nil:
		return notFound("There is nothing at this path")
	case op == nil:
		rep := refuse(http.StatusMethodNotAllowed, "", "The path does not take this method")
		rep.set("Allow", x.match.path.methods())
		return rep
	}
	plain := x.r.Header.Get(partnerHeader)
	key := p.authenticate(plain, x.s.cfg.now())
	if key == nil {
		return refuse(http.StatusUnauthorized, "", "Invalid or missing API key")
	}
	rep := x.limited(p.limiter, partnerID, func() reply {
		p.used(plain, x.s.cfg.now())
		act := p.acts[op.name]
		switch {
		case !key.allows(op.scope):
			return forbidden("The key's scopes do not allow this")
		case x.request.refusal != nil:
			return *x.request.refusal
		case len(x.request.issues) > 0:
			return invalid(x.request.issues...)
		}
		c := &call{op: op, now: x.s.cfg.now(), vars: x.request.vars, params: x.request.params, body: x.request.body}
		if act == nil {
			return p.generic().serve(op, c)
		}
		return act(p, c)
	})
	rep.header.Del("Retry-After") // not promised
	return rep
}

// partnerRefusal converts an error to the Partner API's form, which documents no code for some statuses.
func partnerRefusal(rep reply) reply {
	var sent envelope
	if rep.status < 400 || rep.contentType != jsonType || json.Unmarshal(rep.body, &sent) != nil || sent.Error == nil {
		return rep
	}
	code := strings.ReplaceAll(http.StatusText(rep.status), " ", "")
	if rep.status == http.StatusInternalServerError {
		code = "InternalError"
	}
	var details any = struct{}{}
	if sent.Error.Details != nil {
		details = sent.Error.Details
	}
	rep.body = encodeJSON(struct {
		Code    string `json:"code"`
		Message string `json:"message"`
		Details any    `json:"details"`
	}{code, sent.Error.Message, details})
	return rep
}

// partnerName is the id of the n-th thing of a kind.
func partnerName(kind string, n int) string { return fmt.Sprintf("%s_%d", kind, firstTokenID+n) }
