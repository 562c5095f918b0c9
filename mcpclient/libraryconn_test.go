package mcpclient

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

func connect(t *testing.T, srv *sandbox.Server) *client.Client {
	t.Helper()
	token, err := client.ParseToken(srv.AdminToken())
	require.NoError(t, err)
	c, err := client.New(client.WithEnvironment(client.BaseURL(srv.URL())), client.WithToken(token))
	require.NoError(t, err)
	t.Cleanup(c.CloseIdleConnections)
	return c
}

func startSandbox(t *testing.T, opts ...sandbox.Option) *sandbox.Server {
	t.Helper()
	srv, err := sandbox.Start(opts...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, srv.Close()) })
	return srv
}

// Whatever makes the library give its session up, the calls go on: on a new connection, made once for all callers, with
// the customer that was switched to, and with a hook that may call the session.
func TestCallsContinueWhenTheLibraryGivesUp(t *testing.T) {
	t.Parallel()
	for _, version := range []string{ProtocolSessions, ProtocolStateless} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			srv := startSandbox(t, sandbox.WithCustomers(1001, 2002))
			var hooks atomic.Int64
			fail := errors.New("the hook fails")
			var failing atomic.Bool
			s, err := Connect(t.Context(), connect(t, srv), WithProtocolVersion(version),
				OnListChanged(func(context.Context, ChangedList) {}),
				OnReconnect(func(ctx context.Context, r Reconnection) error {
					hooks.Add(1)
					if failing.Load() {
						return fail
					}
					_, err := r.Session.Health(ctx)
					return err
				}))
			require.NoError(t, err)
			defer func() { require.NoError(t, s.Close(context.Background())) }()
			require.NoError(t, s.SwitchCustomer(t.Context(), 2002))
			dead := s.conn
			require.NoError(t, dead.library.Close())

			var wg sync.WaitGroup
			for range 16 {
				wg.Go(func() {
					_, err := CallAPI[struct{}](t.Context(), s, "create_service_token", Request{Body: map[string]string{"name": "x"}})
					assert.NoError(t, err)
				})
			}
			wg.Wait()
			assert.NotSame(t, dead, s.conn)
			assert.Equal(t, 16, srv.Effects("POST /api/v2/service-tokens"))
			user, err := s.CurrentUser(t.Context())
			require.NoError(t, err)
			assert.Equal(t, client.ID("2002"), user.Customer.ID)
			if version == ProtocolStateless { // there is nothing to restore
				assert.Zero(t, hooks.Load())
				return
			}
			assert.EqualValues(t, 1, hooks.Load())

			failing.Store(true)
			require.NoError(t, s.conn.library.Close())
			_, err = s.Health(t.Context())
			require.ErrorIs(t, err, fail)
			failing.Store(false)
			_, err = s.Health(t.Context())
			require.NoError(t, err, "the next call tries again")
		})
	}
}
