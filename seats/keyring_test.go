package seats_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/pace"
	"github.com/interchange-sdk/interchange-go/sandbox"
	"github.com/interchange-sdk/interchange-go/seats"
)

// seatTokens gives each seat of a sandbox a token of its own.
func seatTokens(t *testing.T, srv *sandboxtest.Sandbox, ids ...string) map[client.ID]client.Token {
	t.Helper()
	tokens := make(map[client.ID]client.Token)
	for _, id := range ids {
		token, _, err := srv.Grant(sandbox.Grant{Role: sandbox.RoleRead, SeatID: id})
		require.NoError(t, err)
		tokens[client.ID(id)] = parse(t, token)
	}
	return tokens
}

func TestKeyringGivesEachSeatItsOwn(t *testing.T) {
	t.Parallel()
	srv, _ := startSandbox(t)
	base := srv.Client.ForSeat("seat_103")
	tokens := seatTokens(t, srv, "seat_101", "seat_102")
	keys, err := seats.NewKeyring(base, tokens)
	require.NoError(t, err)
	for id, token := range tokens {
		c, err := keys.Client(id)
		require.NoError(t, err)
		_, err = seats.New(c).Current(t.Context())
		require.NoError(t, err)
		last := srv.Requests()[len(srv.Requests())-1]
		assert.Equal(t, token.ClientID(), last.ClientID)
		assert.Equal(t, string(id), last.SeatID, "and none acts for the seat of the client that they derive from")
	}
	other := seatTokens(t, srv, "seat_103")["seat_103"]
	with, err := seats.NewKeyring(base, tokens, client.WithToken(other), client.WithSeat("seat_103"),
		client.WithApplication("audit", "7"))
	require.NoError(t, err)
	c, err := with.Client("seat_102")
	require.NoError(t, err)
	_, err = seats.New(c).Current(t.Context())
	require.NoError(t, err)
	last := srv.Requests()[len(srv.Requests())-1]
	assert.Equal(t, tokens["seat_102"].ClientID(), last.ClientID, "no option takes its token from a seat")
	assert.Equal(t, "seat_102", last.SeatID)
	assert.Contains(t, last.Header.Get("User-Agent"), "audit/7")

	_, err = keys.Client("seat_103")
	var missing *seats.NoTokenError
	require.ErrorAs(t, err, &missing)
	require.ErrorIs(t, err, client.ErrNoToken)
	require.EqualError(t, err, "interchange: no token for seat seat_103")
	all := []seats.Seat{{ID: "seat_101"}, {ID: "seat_103"}, {ID: "seat_104"}}
	assert.Equal(t, []seats.Seat{{ID: "seat_103"}, {ID: "seat_104"}}, keys.Missing(all))
	assert.Equal(t, client.ID("seat_101"), all[0].ID, "what was given is left as it was")
}

// A token that is replaced takes effect in the clients that are out already.
func TestKeyringRotates(t *testing.T) {
	t.Parallel()
	srv, _ := startSandbox(t)
	tokens := seatTokens(t, srv, "seat_101")
	old := tokens["seat_101"]
	keys, err := seats.NewKeyring(srv.Client, tokens)
	require.NoError(t, err)
	c, err := keys.Client("seat_101")
	require.NoError(t, err)
	next := seatTokens(t, srv, "seat_101")["seat_101"]
	require.NoError(t, keys.Set("seat_101", next))
	_, err = seats.New(c).Current(t.Context())
	require.NoError(t, err)
	assert.Equal(t, next.ClientID(), srv.Requests()[0].ClientID)
	require.NoError(t, keys.Set("seat_101", next), "the same again is nothing new")
	require.ErrorContains(t, keys.Set("seat_102", next), "have the same token")
	require.NoError(t, keys.Set("seat_102", old), "what a seat no longer has may be another's")
}

func TestKeyringSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	srv, _ := startSandbox(t)
	base := srv.Client
	one := seatTokens(t, srv, "seat_101")["seat_101"]
	_, err := seats.NewKeyring(base, map[client.ID]client.Token{
		"seat_101": one, "seat_102": one, "seat_103": {}, "a\nb": seatTokens(t, srv, "seat_102")["seat_102"],
	})
	require.ErrorContains(t, err, "seats seat_101 and seat_102 have the same token")
	require.ErrorContains(t, err, "no token for seat seat_103")
	require.ErrorIs(t, err, client.ErrNoToken)
	require.ErrorIs(t, err, client.ErrInvalidParams)
	assert.NotContains(t, err.Error(), one.Reveal())

	_, err = seats.NewKeyring(base, map[client.ID]client.Token{"seat_101": one}, client.WithLimiter(nil))
	require.ErrorContains(t, err, "the limiter is nil")
	_, err = seats.NewKeyring(nil, map[client.ID]client.Token{"seat_101": one})
	require.ErrorContains(t, err, "needs a client")
	keys, err := seats.NewKeyring(base, nil)
	require.NoError(t, err)
	require.NoError(t, keys.Set("seat_101", one))
}

func TestKeyringDoesNotPrintTokens(t *testing.T) {
	t.Parallel()
	srv, _ := startSandbox(t)
	tokens := seatTokens(t, srv, "seat_101", "seat_102")
	keys, err := seats.NewKeyring(srv.Client, tokens)
	require.NoError(t, err)
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("keys", "keys", keys)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("keys", "keys", keys)
	assert.Equal((*reflecting)(&log), keys, &seats.Keyring{}) // a difference is shown by reflection
	printed := log.String()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		printed += fmt.Sprintf(verb, keys) + fmt.Sprintf(verb, []*seats.Keyring{keys}) +
			fmt.Sprintf(verb, struct{ K *seats.Keyring }{keys})
	}
	assert.Contains(t, printed, "keyring of 2 seats")
	for _, token := range append([]client.Token{parse(t, srv.AdminToken())}, tokens["seat_101"], tokens["seat_102"]) {
		assert.NotContains(t, printed, token.RevealSecret())
	}
}

// reflecting takes the failures of assertions.
type reflecting strings.Builder

func (r *reflecting) Errorf(format string, args ...any) {
	fmt.Fprintf((*strings.Builder)(r), format, args...)
}

// noting remembers the keys that a limiter is asked about.
type noting struct {
	mu   sync.Mutex
	keys map[pace.Key]int
}

func (n *noting) Wait(_ context.Context, key pace.Key, _ time.Duration) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.keys[key]++
	return nil
}

func (n *noting) Release(pace.Key, bool) {}

func (n *noting) Observe(key pace.Key, _ pace.Observation) {
	_ = n.Wait(context.Background(), key, 0)
}

// A refusal of one token holds them all, unless the caller says that they are counted apart.
func TestKeyringSharesTheGate(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		opts []client.Option
		held error
	}{
		"shared": {nil, client.ErrRateLimited},
		"apart":  {[]client.Option{client.WithLimiter(pace.New())}, nil},
	} {
		srv, _ := startSandbox(t)
		keys, err := seats.NewKeyring(srv.Client, seatTokens(t, srv, "seat_101", "seat_102"), tt.opts...)
		require.NoError(t, err)
		current := func(id client.ID) error {
			c, err := keys.Client(id)
			require.NoError(t, err)
			_, err = seats.New(c).Current(t.Context())
			return err
		}
		srv.Inject(sandbox.Fault{Route: "GET /api/v2/accounts/current", Status: 429, RetryAfter: "3600", Times: 1})
		require.ErrorIs(t, current("seat_101"), client.ErrRateLimited, name)
		sent := len(srv.Requests())
		err = current("seat_102")
		require.ErrorIs(t, err, tt.held, name)
		if tt.held != nil {
			var limited *client.LimitError
			require.ErrorAs(t, err, &limited)
			assert.Len(t, srv.Requests(), sent, "it was not even sent")
		}
	}

	srv, _ := startSandbox(t)
	limiter := &noting{keys: make(map[pace.Key]int)}
	base := srv.Connect(srv.AdminToken(), client.WithLimiter(limiter))
	keys, err := seats.NewKeyring(base, seatTokens(t, srv, "seat_101", "seat_102"))
	require.NoError(t, err)
	for _, id := range []client.ID{"seat_101", "seat_102"} {
		c, err := keys.Client(id)
		require.NoError(t, err)
		_, err = seats.New(c).Current(t.Context())
		require.NoError(t, err)
	}
	assert.Len(t, limiter.keys, 1, "a limiter of the caller's own is told the same")
	for _, n := range limiter.keys {
		assert.Equal(t, 4, n)
	}
}

func TestKeyringIsForManyGoroutines(t *testing.T) {
	t.Parallel()
	srv, _ := startSandbox(t)
	tokens := seatTokens(t, srv, "seat_101", "seat_102", "seat_103")
	keys, err := seats.NewKeyring(srv.Client, tokens)
	require.NoError(t, err)
	all := numberedSeats(24)
	for i := range all {
		all[i].ID = client.ID(fmt.Sprintf("seat_10%d", 1+i%3))
	}
	results := seats.Each(t.Context(), all, 8, func(ctx context.Context, seat seats.Seat) (*seats.Account, error) {
		if len(keys.Missing([]seats.Seat{seat})) > 0 {
			return nil, errors.New("missing")
		}
		if err := keys.Set(seat.ID, tokens[seat.ID]); err != nil {
			return nil, err
		}
		c, err := keys.Client(seat.ID)
		if err != nil {
			return nil, err
		}
		return seats.New(c).Current(ctx)
	})
	require.NoError(t, results.Err())
}
