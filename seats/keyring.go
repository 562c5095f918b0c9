package seats

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
	"github.com/interchange-sdk/interchange-go/pace"
)

// Keyring holds one client for each seat that has a token of its own: the pattern for seats with different
// administrators, or where each is to have an audit trail of its own (docs/platform.md#seats-and-accounts). It is
// safe for concurrent use, and safe to print.
//
// The clients share the connections of the one that they derive from, and its limiter under one key: a 429 to one of
// them holds them all, because the platform counts by address and by account, and more tokens are not more quota
// (docs/platform.md#rate-limits). So are the clients of other keyrings held that have the same limiter.
type Keyring struct {
	base *client.Client
	opts []client.Option

	mu   sync.RWMutex
	keys map[client.ID]*key
}

// key is the token of a seat, which may change, and the client that uses it.
type key struct {
	token  client.Token
	source *client.TokenVar
	client *client.Client
}

// NewKeyring makes a Keyring from a client and the tokens of the seats, by seat id. All that is wrong with them is
// reported at once. Each client also names its seat as [client.WithSeat] does, so that none acts for the seat of
// base. The options are for each client, whose token and seat stay its own: with
// client.WithLimiter(pace.New()) every token is held by itself.
func NewKeyring(base *client.Client, tokens map[client.ID]client.Token, opts ...client.Option) (*Keyring, error) {
	k := &Keyring{base: base, opts: opts, keys: make(map[client.ID]*key, len(tokens))}
	var errs []error
	for _, seat := range slices.Sorted(maps.Keys(tokens)) {
		errs = append(errs, k.Set(seat, tokens[seat]))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return k, nil
}

// Set gives a seat its token. Where it had another, clients that have been handed out use the new one from their next
// attempt on: a rotation is deployed in this way. A token that is another seat's is refused; a token for several seats
// goes with [client.Client.ForSeat].
func (k *Keyring) Set(seat client.ID, token client.Token) error {
	if k == nil || k.base == nil || k.base.BaseURL() == "" {
		return errors.New("interchange: a keyring needs a client to derive from, see NewKeyring")
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if token.IsZero() {
		return &NoTokenError{Seat: seat}
	}
	for other, has := range k.keys {
		if has.token == token && other != seat {
			return fmt.Errorf("interchange: seats %s and %s have the same token", printable(other), printable(seat))
		}
	}
	if has, ok := k.keys[seat]; ok {
		has.token = token
		has.source.Set(token)
		return nil
	}
	source := client.NewTokenVar(token)
	opts := append([]client.Option{client.WithLimiter(oneBudget{k.base.Limiter()})}, k.opts...)
	derived, err := k.base.With(append(opts, client.WithTokenSource(source), client.WithSeat(seat))...)
	if err != nil {
		return fmt.Errorf("interchange: seat %s: %w", printable(seat), wire.Bare(err))
	}
	k.keys[seat] = &key{token, source, derived}
	return nil
}

// Client is the client of a seat. The error for one that has no token is a [*NoTokenError].
func (k *Keyring) Client(seat client.ID) (*client.Client, error) {
	if k == nil {
		return nil, &NoTokenError{Seat: seat}
	}
	k.mu.RLock()
	defer k.mu.RUnlock()
	has, ok := k.keys[seat]
	if !ok {
		return nil, &NoTokenError{Seat: seat}
	}
	return has.client, nil
}

// Missing are those of the seats that have no token.
func (k *Keyring) Missing(seats []Seat) []Seat {
	if k == nil {
		return slices.Clone(seats)
	}
	k.mu.RLock()
	defer k.mu.RUnlock()
	return slices.DeleteFunc(slices.Clone(seats), func(s Seat) bool {
		_, ok := k.keys[s.ID]
		return ok
	})
}

// String returns the number of keys.
func (k *Keyring) String() string {
	if k == nil {
		return "no keyring"
	}
	k.mu.RLock()
	defer k.mu.RUnlock()
	return fmt.Sprintf("keyring of %d seats", len(k.keys))
}

// Format shows String, whatever the verb.
func (k *Keyring) Format(f fmt.State, verb rune) { wire.Format(f, verb, k.String()) }

// LogValue shows String.
func (k *Keyring) LogValue() slog.Value { return slog.StringValue(k.String()) }

// NoTokenError says that a [Keyring] has no token for a seat. It matches [client.ErrNoToken].
type NoTokenError struct {
	// Seat is the seat.
	Seat client.ID
}

// Error names the seat.
func (e *NoTokenError) Error() string { return "interchange: no token for seat " + printable(e.Seat) }

// Is matches client.ErrNoToken.
func (e *NoTokenError) Is(target error) bool { return target == client.ErrNoToken }

func printable(seat client.ID) string { return wire.Printable(string(seat), 64) }

// oneBudget is a limiter that counts all credentials as one.
type oneBudget struct{ client.Limiter }

// Wait waits for the shared key.
func (b oneBudget) Wait(ctx context.Context, key pace.Key, longest time.Duration) error {
	return b.Limiter.Wait(ctx, shared(key), longest)
}

// Observe records a response for the shared key.
func (b oneBudget) Observe(key pace.Key, o pace.Observation) { b.Limiter.Observe(shared(key), o) }

// Release ends an attempt of the shared key.
func (b oneBudget) Release(key pace.Key, sent bool) { b.Limiter.Release(shared(key), sent) }

func shared(key pace.Key) pace.Key {
	key.Credential = "keyring"
	return key
}
