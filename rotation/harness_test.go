package rotation_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/partner"
	"github.com/interchange-sdk/interchange-go/rotation"
	"github.com/interchange-sdk/interchange-go/sandbox"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

// plan is a rotation of either kind of credential.
type plan struct {
	deploy   func(id client.ID, secret string) error
	deployed func(id client.ID) (bool, error)
	confirm  func() (bool, error)
	newID    client.ID
}

// outcome is the part of a rotation's result that names credentials.
type outcome struct {
	id         client.ID // of the replacement, after a success
	newID      client.ID // named by the error and not ended again
	strays     []client.ID
	mark       string
	unsearched bool
	err        error
}

// names reports whether a caller learns of a credential.
func (o *outcome) names(one listed) bool {
	for _, id := range append([]client.ID{o.id, o.newID}, o.strays...) {
		if id == one.id {
			return true
		}
	}
	return o.unsearched && strings.Contains(one.text, o.mark)
}

type listed struct {
	id   client.ID
	text string
}

// subject is a kind of credential.
type subject struct {
	route   string // of creations
	create  func(*bench, *network) (client.ID, string)
	rotate  func(*bench, *network, client.ID, plan) outcome
	abandon func(b *bench, n *network, oldID, newID client.ID) error
	valid   func(*sandboxtest.Sandbox) []listed
}

func subjects() map[string]subject {
	return map[string]subject{
		"service token": {
			route:  "POST /api/v2/service-tokens",
			create: createToken, rotate: rotateToken, abandon: abandonToken, valid: validTokens,
		},
		"partner key": {
			route:  "POST /api/v1/partner/api-keys",
			create: createKey, rotate: rotateKey, abandon: abandonKey, valid: validKeys,
		},
	}
}

// bench is a sandbox whose clock is that of the test's bubble, and a secret store.
type bench struct {
	*testing.T
	subject
	srv   *sandboxtest.Sandbox
	clock *atomic.Int64
	base  *http.Transport
	oldID client.ID

	mu      sync.Mutex
	current client.ID // what the store holds
	secret  string
	deploys int
}

// newBench starts the sandbox. Call it outside of a bubble: its goroutines wait for the network.
func newBench(t *testing.T, s subject, lag time.Duration) *bench {
	t.Helper()
	b := &bench{T: t, subject: s, clock: new(atomic.Int64)}
	clock := func() time.Time { return time.Unix(0, b.clock.Load()) }
	b.srv = sandboxtest.Start(t, sandbox.WithListLag(lag), sandbox.WithClock(clock))
	return b
}

// prepare creates the old credential and a bystander that is like it. Call it inside of the bubble.
func (b *bench) prepare(lag time.Duration) {
	b.base = &http.Transport{DisableKeepAlives: true} // an idle connection would keep the bubble's time from passing
	b.oldID, b.secret = b.create(b, b.network())
	b.current = b.oldID
	b.create(b, b.network())
	time.Sleep(2*lag + time.Second)
}

func (b *bench) store(id client.ID, secret string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.current, b.secret = id, secret
	b.deploys++
}

func (b *bench) stored() client.ID {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.current
}

// plan deploys to the store and confirms when the store holds another credential than the old one.
func (b *bench) plan(n *network) plan {
	return plan{
		deploy: func(id client.ID, secret string) error {
			n.point("before the store has it")
			b.store(id, secret)
			n.point("after the store has it")
			return nil
		},
		confirm: func() (bool, error) {
			n.point("confirm")
			n.confirmed = true
			return b.stored() != b.oldID, nil
		},
	}
}

// knowing is a plan that can tell which credential is deployed.
func (b *bench) knowing(n *network) plan {
	p := b.plan(n)
	p.deployed = func(id client.ID) (bool, error) { return b.stored() == id, nil }
	return p
}

// replacements are the valid credentials besides the old one and the bystander.
func (b *bench) replacements() []listed {
	var all []listed
	for _, one := range b.valid(b.srv) {
		if strings.Contains(one.text, "[rotation ") {
			all = append(all, one)
		}
	}
	return all
}

func (b *bench) oldWorks() bool {
	for _, one := range b.valid(b.srv) {
		if one.id == b.oldID {
			return true
		}
	}
	return false
}

// network carries requests to the sandbox and kills the goroutine that uses it at a point.
type network struct {
	b         *bench
	killAt    string
	random    *rand.Rand // delays requests, if set
	created   bool
	confirmed bool
	met       map[string]bool
	dead      bool
	late      int // requests after the death
}

func (b *bench) network() *network { return &network{b: b, met: make(map[string]bool)} }

func (n *network) point(name string) {
	first := !n.met[name]
	n.met[name] = true
	if name == n.killAt && first {
		n.dead = true
		runtime.Goexit()
	}
}

func (n *network) step(method string) string {
	switch {
	case method == http.MethodPost:
		return "create"
	case method == http.MethodDelete:
		return "end"
	case n.confirmed:
		return "last list"
	case n.created:
		return "second list"
	default:
		return "first reads"
	}
}

func (n *network) RoundTrip(req *http.Request) (*http.Response, error) {
	if n.dead {
		n.late++
		return nil, errors.New("the process is dead")
	}
	step := n.step(req.Method)
	n.point("before " + step)
	n.pause()
	n.b.clock.Store(time.Now().UnixNano())
	resp, err := n.b.base.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	if closeErr := resp.Body.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	n.created = n.created || step == "create"
	n.pause()
	n.point("after " + step)
	return resp, nil
}

func (n *network) pause() {
	if n.random != nil {
		time.Sleep(time.Duration(n.random.IntN(20)) * time.Millisecond)
	}
}

// run rotates in a goroutine that may be killed, and returns false if it was.
func (b *bench) run(n *network, p plan) (outcome, bool) {
	var o outcome
	ended, done := false, make(chan struct{})
	go func() {
		defer close(done)
		o = b.rotate(b, n, b.oldID, p)
		ended = true
	}()
	<-done
	assert.Zero(b, n.late, "a request was sent after the death of the process")
	return o, ended
}

func (b *bench) tokens(n *network) *servicetokens.Service {
	return servicetokens.New(b.srv.Connect(b.srv.AdminToken(), client.WithTransport(n)))
}

func createToken(b *bench, n *network) (client.ID, string) {
	created, err := b.tokens(n).Create(context.Background(), servicetokens.CreateParams{
		Name: "ETL", Description: "Pulls data", Scope: servicetokens.ScopeSeat, SeatName: "Acme",
		Role: servicetokens.RoleRead, ExpiresInDays: 90,
	})
	require.NoError(b, err)
	return created.ID, created.Token.Reveal()
}

func rotateToken(b *bench, n *network, oldID client.ID, p plan) outcome {
	driver := b.tokens(n).RotationDriver(servicetokens.RotateParams{SeatName: "Acme"})
	return rotate(b, driver, oldID, p, func(t *servicetokens.ServiceToken) client.ID { return t.ID },
		func(next *servicetokens.Created) error { return p.deploy(next.ID, next.Token.Reveal()) })
}

// rotate rotates or resumes a rotation.
func rotate[T, C any](
	b *bench, driver *rotation.Driver[T, C], oldID client.ID, p plan, id func(*T) client.ID, deploy func(*C) error,
) outcome {
	full := rotation.Plan[C]{
		Deploy:  func(_ context.Context, next *C) error { return deploy(next) },
		Confirm: func(context.Context) (bool, error) { return p.confirm() },
	}
	if p.deployed != nil {
		full.Deployed = func(_ context.Context, id client.ID) (bool, error) { return p.deployed(id) }
	}
	var next *T
	var err error
	if p.newID == "" {
		next, err = rotation.Rotate(context.Background(), driver, oldID, full)
	} else {
		next, err = rotation.Resume(context.Background(), driver, rotation.State{OldID: oldID, NewID: p.newID}, full)
	}
	if err == nil {
		return outcome{id: id(next)}
	}
	var failure *rotation.Error
	require.ErrorAs(b, err, &failure)
	o := outcome{strays: failure.Strays, mark: failure.Mark, unsearched: failure.Unsearched, err: err}
	if !failure.NewEnded {
		o.newID = failure.NewID
	}
	return o
}

func abandonToken(b *bench, n *network, oldID, newID client.ID) error {
	driver := b.tokens(n).RotationDriver(servicetokens.RotateParams{})
	state := rotation.State{OldID: oldID, NewID: newID}
	return rotation.Abandon(context.Background(), driver, state, rotation.Plan[servicetokens.Created]{})
}

func validTokens(srv *sandboxtest.Sandbox) (all []listed) {
	for _, t := range srv.Tokens() {
		if t.ArchivedAt.IsZero() {
			all = append(all, listed{client.ID(t.ID), t.Description})
		}
	}
	return all
}

func (b *bench) keys(n *network) *partner.KeyService {
	return partner.New(b.srv.ConnectPartner(b.srv.PartnerKey(), client.WithTransport(n))).Keys
}

func createKey(b *bench, n *network) (client.ID, string) {
	created, err := b.keys(n).Create(context.Background(),
		partner.CreateKeyParams{Name: "ETL", Scopes: partner.Scopes{partner.ScopeRead}})
	require.NoError(b, err)
	return created.ID, created.PlainKey.Reveal()
}

func rotateKey(b *bench, n *network, oldID client.ID, p plan) outcome {
	driver := b.keys(n).RotationDriver(partner.RotateKeyParams{})
	return rotate(b, driver, oldID, p, func(k *partner.Key) client.ID { return k.ID },
		func(next *partner.CreatedKey) error { return p.deploy(next.ID, next.PlainKey.Reveal()) })
}

func abandonKey(b *bench, n *network, oldID, newID client.ID) error {
	driver := b.keys(n).RotationDriver(partner.RotateKeyParams{})
	state := rotation.State{OldID: oldID, NewID: newID}
	return rotation.Abandon(context.Background(), driver, state, rotation.Plan[partner.CreatedKey]{})
}

func validKeys(srv *sandboxtest.Sandbox) (all []listed) {
	for _, k := range srv.PartnerKeys() {
		if k.RevokedAt.IsZero() {
			all = append(all, listed{client.ID(k.ID), k.Name})
		}
	}
	return all
}
