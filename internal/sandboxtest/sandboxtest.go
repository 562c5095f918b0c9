// Package sandboxtest starts sandboxes for tests and examples, with clients that are connected to them.
package sandboxtest

import (
	"log"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// Sandbox is a running sandbox with a client.
type Sandbox struct {
	*sandbox.Server

	// Client uses [sandbox.Server.AdminToken].
	Client *client.Client

	t                 testing.TB // nil in an example
	violationsAllowed bool

	mu      sync.Mutex
	clients []*client.Client // guarded by mu
}

// Start starts a sandbox that is closed when the test ends. The test fails if a request or response violated the
// OpenAPI documents, unless [Sandbox.AllowViolations] is called.
func Start(t testing.TB, opts ...sandbox.Option) *Sandbox {
	t.Helper()
	s := start(t, opts)
	t.Cleanup(func() {
		if !s.violationsAllowed {
			assert.Empty(t, s.Violations())
		}
		assert.NoError(t, s.Close())
	})
	return s
}

// Run starts a sandbox for an example, which must Close it. An error ends the process.
func Run(opts ...sandbox.Option) *Sandbox { return start(nil, opts) }

func start(t testing.TB, opts []sandbox.Option) *Sandbox {
	s := &Sandbox{t: t}
	srv, err := sandbox.Start(opts...)
	s.check(err)
	s.Server = srv
	s.Client = s.Connect(srv.AdminToken())
	return s
}

// AllowViolations lets the test pass although requests or responses violate the OpenAPI documents.
func (s *Sandbox) AllowViolations() { s.violationsAllowed = true }

// Connect returns a client that uses token. The options are applied last. Close closes its idle connections.
func (s *Sandbox) Connect(token string, opts ...client.Option) *client.Client {
	parsed, err := client.ParseToken(token)
	s.check(err)
	return s.connect(parsed, opts...)
}

// ConnectGrant returns a client that uses a new token with the rights of g.
func (s *Sandbox) ConnectGrant(g sandbox.Grant, opts ...client.Option) *client.Client {
	token, _, err := s.Grant(g)
	s.check(err)
	return s.Connect(token, opts...)
}

// ConnectPartner returns a client of the Partner API that uses key.
func (s *Sandbox) ConnectPartner(key string, opts ...client.Option) *client.Client {
	token, err := client.ParseOpaqueToken(key)
	s.check(err)
	return s.connect(token, append([]client.Option{client.WithProfile(client.ProfilePartner)}, opts...)...)
}

func (s *Sandbox) connect(token client.Token, opts ...client.Option) *client.Client {
	c, err := client.New(append([]client.Option{
		client.WithEnvironment(client.BaseURL(s.URL())), client.WithToken(token),
	}, opts...)...)
	s.check(err)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clients = append(s.clients, c)
	return c
}

// Close closes the idle connections of the clients, and the sandbox.
func (s *Sandbox) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.clients {
		c.CloseIdleConnections()
	}
	return s.Server.Close()
}

func (s *Sandbox) check(err error) {
	switch {
	case err == nil:
	case s.t == nil:
		log.Fatal(err)
	default:
		s.t.Helper()
		s.t.Fatal(err)
	}
}
