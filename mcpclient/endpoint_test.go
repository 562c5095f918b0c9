package mcpclient_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// TestSessionIDsAreKeptSecret: whoever has the id of a session can act in it, so it is in no error, log or dump.
func TestSessionIDsAreKeptSecret(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var log strings.Builder
	logger := slog.New(slog.NewTextHandler(locked{&mu, &log}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	r := newRig(t, sandboxtest.Start(t, threeTools()...), client.WithLogger(logger))
	var seen []string
	s := r.connect(mcpclient.WithProtocolVersion(withSessions), mcpclient.OnReconnect(
		func(_ context.Context, re mcpclient.Reconnection) error {
			seen = append(seen, fmt.Sprintf("%+v %#v", re, re.Cause))
			return nil
		}))
	host, err := mcp.NewClient(&mcp.Implementation{Name: "host"}, nil).Connect(t.Context(), s.Transport(),
		&mcp.ClientSessionOptions{ProtocolVersion: withSessions})
	require.NoError(t, err)
	for i := range troubles {
		k := &troubles[i]
		if k.retryAfter > 0 || k.fault.Kind == sandbox.FaultTruncate {
			continue // they take time
		}
		if k.strike != nil {
			require.NoError(t, k.strike(r))
		} else {
			defer k.inject(r.srv, toolAct, 2).Remove()
		}
		_, err := mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
		seen = append(seen, fmt.Sprintf("%v %+v %#v", err, err, err))
		_, err = host.CallTool(t.Context(), &mcp.CallToolParams{Name: toolAct})
		seen = append(seen, fmt.Sprintf("%v %+v", err, err))
	}
	seen = append(seen, host.ID(), fmt.Sprintf("%+v", s))
	require.NoError(t, host.Close())
	closeSession(t, s)
	mu.Lock()
	defer mu.Unlock()
	ids := r.tap.sessions()
	require.Greater(t, len(ids), 4)
	all := strings.Join(append(seen, log.String()), "\n")
	require.Contains(t, all, "interchange attempt")
	for _, id := range ids {
		require.NotContains(t, all, id)
	}
}

type locked struct {
	mu *sync.Mutex
	to *strings.Builder
}

func (l locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.to.Write(p)
}

// TestSessionIDsThatTheProtocolForbids are not sent back.
func TestSessionIDsThatTheProtocolForbids(t *testing.T) {
	t.Parallel()
	for name, id := range map[string]string{"long": strings.Repeat("x", 5<<10), "spaces": "a b", "not ASCII": "sess\xc3\xa9"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPeer(t)
			p.sessionID = id
			_, err := mcpclient.Connect(t.Context(), p.client(), mcpclient.WithProtocolVersion(withSessions))
			var unreadable *client.DecodeError
			require.ErrorAs(t, err, &unreadable)
			require.NotContains(t, err.Error(), id)
			require.Less(t, len(err.Error()), 2<<10)
			require.Equal(t, []string{"initialize"}, p.methods())
		})
	}
}

// TestUnversionedEndpoint: the alias redirects to the pinned path on its origin, and the session lives there.
func TestUnversionedEndpoint(t *testing.T) {
	t.Parallel()
	for _, generation := range []string{withSessions, withoutSessions} {
		r := newRig(t, sandboxtest.Start(t, threeTools()...), client.Unversioned())
		s := r.connect(mcpclient.WithProtocolVersion(generation))
		callers[0].works(t, r, s)
		r.srv.DropSessions()
		callers[0].works(t, r, s)
		alias := 0
		for _, req := range r.srv.Requests() {
			if req.Path == "/mcp/buyer" {
				alias++
				require.Equal(t, http.StatusPermanentRedirect, req.Status)
			}
		}
		require.Equal(t, len(r.srv.Requests()), 2*alias, "each request came by the alias")
	}
}

// TestRedirectsElsewhereAreNotFollowed: neither the credential nor the session, nor what was to be called.
func TestRedirectsElsewhereAreNotFollowed(t *testing.T) {
	t.Parallel()
	var visits atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visits.Add(1) }))
	defer elsewhere.Close()
	for _, generation := range []string{withSessions, withoutSessions} {
		for _, code := range []int{301, 302, 303, 307, 308} {
			r := newRig(t, sandboxtest.Start(t, threeTools()...))
			s := r.connect(mcpclient.WithProtocolVersion(generation))
			redirect := sandbox.Fault{Kind: sandbox.FaultRedirect, Status: code, Location: elsewhere.URL + "/mcp?token=canary"}
			fault := r.srv.Inject(redirect)
			_, err := mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
			var refused *client.RedirectError
			require.ErrorAs(t, err, &refused)
			require.Equal(t, code, refused.StatusCode)
			require.Equal(t, elsewhere.URL, refused.To)
			require.Equal(t, code < 307, errors.Is(err, client.ErrOutcomeUnknown))
			require.NotContains(t, err.Error(), "canary")
			_, err = mcpclient.Connect(t.Context(), r.client)
			require.ErrorAs(t, err, &refused)
			fault.Remove()
			callers[0].works(t, r, s)
		}
	}
	require.Zero(t, visits.Load())
}

// TestAPIKeyHeader: the first platform's header carries the credential, and no other does.
func TestAPIKeyHeader(t *testing.T) {
	t.Parallel()
	for _, generation := range []string{withSessions, withoutSessions} {
		r := newRig(t, sandboxtest.Start(t, threeTools()...))
		s, err := mcpclient.Connect(t.Context(), r.client, mcpclient.WithAPIKeyHeader(), mcpclient.WithProtocolVersion(generation))
		require.NoError(t, err)
		callers[0].works(t, r, s)
		r.srv.DropSessions()
		callers[0].works(t, r, s)
		closeSession(t, s)
		for _, req := range r.srv.Requests() {
			require.Contains(t, req.Header, "X-Scope3-Api-Key", req.RPC)
			require.NotContains(t, req.Header, "Authorization", req.RPC)
		}
	}
}
