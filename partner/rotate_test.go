package partner_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/partner"
	"github.com/interchange-sdk/interchange-go/rotation"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// bench is a sandbox with a key to rotate.
type bench struct {
	*testing.T
	srv    *sandboxtest.Sandbox
	keys   *partner.KeyService
	params partner.RotateKeyParams
	old    *partner.CreatedKey
	ctx    context.Context
	next   *partner.CreatedKey // as deployed
}

func newBench(t *testing.T, params partner.CreateKeyParams) *bench {
	t.Helper()
	b := &bench{T: t}
	var p *partner.Service
	b.srv, p = startSandbox(t)
	b.keys = p.Keys
	var cancel context.CancelFunc
	b.ctx, cancel = context.WithTimeout(context.Background(), 30*time.Second)
	t.Cleanup(cancel)
	var err error
	b.old, err = b.keys.Create(b.ctx, params)
	require.NoError(t, err)
	return b
}

func (b *bench) works(created *partner.CreatedKey) bool {
	return b.srv.Authenticates(created.PlainKey.Reveal())
}

// driver returns the driver of the bench's service, whose waits take no time.
func (b *bench) driver() *rotation.Driver[partner.Key, partner.CreatedKey] {
	return driverOf(b.keys, b.params)
}

func driverOf(
	keys *partner.KeyService, p partner.RotateKeyParams,
) *rotation.Driver[partner.Key, partner.CreatedKey] {
	driver := keys.RotationDriver(p)
	driver.Sleep = noSleep
	return driver
}

func (b *bench) rotate(plan rotation.Plan[partner.CreatedKey]) (*partner.Key, error) {
	return rotation.Rotate(b.ctx, b.driver(), b.old.ID, plan)
}

func (b *bench) resume(newID client.ID) (*partner.Key, error) {
	return rotation.Resume(b.ctx, b.driver(), rotation.State{OldID: b.old.ID, NewID: newID}, b.plan())
}

// none is the plan of steps that call nothing.
var none rotation.Plan[partner.CreatedKey]

// plan deploys into b.next and confirms at once.
func (b *bench) plan() rotation.Plan[partner.CreatedKey] {
	return rotation.Plan[partner.CreatedKey]{
		Deploy: func(_ context.Context, next *partner.CreatedKey) error {
			b.next = next
			return nil
		},
		Confirm: func(context.Context) (bool, error) { return true, nil },
	}
}

func (b *bench) failsAt(err error, stage rotation.Stage) *rotation.Error {
	b.Helper()
	var failure *rotation.Error
	require.ErrorAs(b, err, &failure)
	assert.Equal(b, stage, failure.Stage)
	assert.Equal(b, b.old.ID, failure.OldID)
	return failure
}

func TestRotateKeepsTheOldKeyUntilTheNewOneIsConfirmed(t *testing.T) {
	t.Parallel()
	params := readKey
	params.ExpiresAt = time.Now().Add(90 * 24 * time.Hour)
	b := newBench(t, params)
	plan := b.plan()
	asked := 0
	plan.Confirm = func(context.Context) (bool, error) {
		asked++
		assert.True(t, b.works(b.old), "the old key stopped before the confirmation")
		assert.True(t, b.works(b.next))
		return asked == 3, nil
	}
	next, err := b.rotate(plan)
	require.NoError(t, err)
	assert.Equal(t, b.next.Key, *next)
	assert.Equal(t, 3, asked)
	assert.False(t, b.works(b.old))
	assert.Equal(t, []string{string(next.ID)}, active(b.srv))
	assert.Equal(t, b.old.Scopes, next.Scopes)
	assert.WithinDuration(t, b.old.ExpiresAt, next.ExpiresAt, time.Minute)
	assert.Regexp(t, `^Nightly report \[rotation [0-9a-f]{16}\]$`, next.Name)

	again, err := rotation.Rotate(b.ctx, b.driver(), next.ID, b.plan())
	require.NoError(t, err)
	assert.Len(t, again.Name, len(next.Name), "the mark is replaced")
	assert.NotEqual(t, next.Name, again.Name)
}

func TestRotateTheKeyInUse(t *testing.T) {
	t.Parallel()
	b := newBench(t, partner.CreateKeyParams{Name: "admin", Scopes: partner.Scopes{partner.ScopeAdmin}})
	current := client.NewTokenVar(b.old.PlainKey)
	own := partner.New(b.srv.ConnectPartner("replaced", client.WithTokenSource(current)))
	plan := b.plan()
	plan.Deploy = func(_ context.Context, next *partner.CreatedKey) error {
		current.Set(next.PlainKey)
		return nil
	}
	_, err := rotation.Rotate(b.ctx, driverOf(own.Keys, b.params), b.old.ID, plan)
	require.NoError(t, err)
	assert.False(t, b.works(b.old))
	_, err = own.Keys.List().Page(b.ctx)
	require.NoError(t, err)
}

func TestRotateChecksItsArguments(t *testing.T) {
	t.Parallel()
	b := newBench(t, readKey)
	before := len(b.srv.Requests())
	good := b.plan()
	for _, plan := range []rotation.Plan[partner.CreatedKey]{
		{},
		{Deploy: good.Deploy},
		{Confirm: good.Confirm},
		{Deploy: good.Deploy, Confirm: good.Confirm, ConfirmEvery: -1},
	} {
		_, err := b.rotate(plan)
		require.ErrorIs(t, err, client.ErrInvalidParams)
	}
	_, err := b.resume(b.old.ID)
	require.ErrorIs(t, err, client.ErrInvalidParams)
	for _, b.params = range []partner.RotateKeyParams{
		{ExpiresIn: -1},
		{Scopes: partner.Scopes{"reed"}},
		{Scopes: readKey.Scopes, FullAccess: true},
	} {
		_, err := b.rotate(good)
		require.ErrorIs(t, err, client.ErrInvalidParams)
		_, _, err = rotation.Begin(b.ctx, b.driver(), b.old.ID, none)
		require.ErrorIs(t, err, client.ErrInvalidParams)
	}
	_, err = rotation.Rotate(b.ctx, b.driver(), "", good)
	require.ErrorIs(t, err, client.ErrInvalidParams)
	assert.Len(t, b.srv.Requests(), before)
}

// The new key lives long enough to be deployed, and its name with the mark is no longer than names are taken to be.
func TestRotateShortLivesAndLongNames(t *testing.T) {
	t.Parallel()
	b := newBench(t,
		partner.CreateKeyParams{
			Name: strings.Repeat("é", 255), Scopes: readKey.Scopes,
			ExpiresAt: time.Now().Add(5 * time.Second),
		})
	next, err := b.rotate(b.plan())
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now().Add(time.Minute), next.ExpiresAt, 10*time.Second)
	assert.Equal(t, 255, utf8.RuneCountInString(next.Name))
}

// A key with full access is not handed on by oversight, and can be given scopes on the way.
func TestRotateAKeyWithFullAccess(t *testing.T) {
	t.Parallel()
	b := newBench(t, partner.CreateKeyParams{Name: "mighty", FullAccess: true})
	_, err := b.rotate(b.plan())
	require.ErrorIs(t, err, client.ErrInvalidParams)
	require.ErrorContains(t, err, "the old key names no scopes, which is full access")
	assert.Equal(t, 1, b.srv.Effects(createRoute))

	b.params.FullAccess = true
	next, err := b.rotate(b.plan())
	require.NoError(t, err)
	assert.True(t, next.Scopes.FullAccess())

	b.params = partner.RotateKeyParams{
		Scopes: partner.Scopes{partner.ScopeWrite, partner.ScopeRead}, ExpiresIn: time.Hour,
	}
	next, err = rotation.Rotate(b.ctx, b.driver(), next.ID, b.plan())
	require.NoError(t, err)
	assert.Equal(t, b.params.Scopes, next.Scopes)
	assert.WithinDuration(t, time.Now().Add(time.Hour), next.ExpiresAt, time.Minute)
	assert.Equal(t, []string{string(next.ID)}, active(b.srv))
}

func TestRotateKeepsBothKeysAfterDeployFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("the secret manager is away")
	for name, tc := range map[string]struct {
		deploy func(secret string) error
		text   string
	}{
		"error": {
			deploy: func(secret string) error { return fmt.Errorf("%w: it had %s", broken, secret) },
			text:   "is valid too",
		},
		"panic": {
			deploy: func(secret string) error { panic(fmt.Errorf("%w: it had %s", broken, secret)) },
			text:   "is valid too",
		},
		"not deployed": {
			deploy: func(secret string) error {
				return fmt.Errorf("%w: %w: %s", rotation.ErrNotDeployed, broken, secret)
			},
			text: "was ended again",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, readKey)
			plan := b.plan()
			plan.Deploy = func(_ context.Context, next *partner.CreatedKey) error {
				b.next = next
				return tc.deploy(next.PlainKey.Reveal())
			}
			_, err := b.rotate(plan)
			failure := b.failsAt(err, rotation.StageDeploy)
			require.ErrorIs(t, err, broken)
			require.ErrorContains(t, err, "interchange: rotating API key "+string(b.old.ID)+
				" stopped at deploy: its replacement "+string(b.next.ID)+" "+tc.text)
			secret := strings.TrimPrefix(b.next.PlainKey.Reveal(), "pk_live_")
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
				assert.NotContains(t, fmt.Sprintf(verb, err), secret[:8])
			}
			revoked := errors.Is(err, rotation.ErrNotDeployed)
			assert.Equal(t, revoked, failure.NewEnded)
			assert.True(t, b.works(b.old))
			assert.Equal(t, !revoked, b.works(b.next))
			if revoked {
				return
			}
			_, err = b.resume(failure.NewID)
			require.NoError(t, err)
			assert.Equal(t, []string{string(failure.NewID)}, active(b.srv))
		})
	}
}

func TestRotateWithoutConfirmationIsResumed(t *testing.T) {
	t.Parallel()
	b := newBench(t, readKey)
	refused := errors.New("half of the fleet is down")
	plan := b.plan()
	plan.Confirm = func(context.Context) (bool, error) { return false, refused }
	_, err := b.rotate(plan)
	failure := b.failsAt(err, rotation.StageConfirm)
	require.ErrorIs(t, err, refused)
	assert.True(t, b.works(b.old))
	assert.True(t, b.works(b.next))

	// Somebody gave the id of a key that may do more.
	mighty, err := b.keys.Create(b.ctx, partner.CreateKeyParams{Name: "mighty", FullAccess: true})
	require.NoError(t, err)
	_, err = b.resume(mighty.ID)
	assert.Empty(t, b.failsAt(err, rotation.StageConfirm).NewID)
	require.ErrorContains(t, err, "its scopes are [], those wanted are [read]")
	assert.True(t, b.works(b.old))

	for range 2 { // and once more
		next, err := b.resume(failure.NewID)
		require.NoError(t, err)
		assert.Equal(t, b.next.ID, next.ID)
	}
	assert.ElementsMatch(t, []string{string(b.next.ID), string(mighty.ID)}, active(b.srv))

	_, err = b.rotate(b.plan())
	require.ErrorIs(t, err, rotation.ErrEnded)
	_, err = rotation.Rotate(b.ctx, b.driver(), "key_99", b.plan())
	require.ErrorIs(t, err, client.ErrNotFound)
}

func TestLostKeyIsFoundRevokedAndRepeated(t *testing.T) {
	t.Parallel()
	for _, kind := range []sandbox.FaultKind{sandbox.FaultResetAfter, sandbox.FaultTruncate, sandbox.FaultResetBefore} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, readKey)
			twin, err := b.keys.Create(b.ctx, readKey) // the same in every respect, and there before
			require.NoError(t, err)
			b.srv.Inject(sandbox.Fault{Route: createRoute, Kind: kind, Times: 1})
			next, err := b.rotate(b.plan())
			require.NoError(t, err)
			assert.ElementsMatch(t, []string{string(twin.ID), string(next.ID)}, active(b.srv))
			assert.True(t, b.works(b.next))
		})
	}
}

// twinMaker creates, with somebody else's client, the same key whenever a creation fails.
type twinMaker struct{ make func() }

func (m *twinMaker) AttemptDone(_ context.Context, a client.Attempt) {
	if a.Operation == "createApiKey" && a.Err != nil {
		m.make()
	}
}

// Somebody else creates the same key in the same moment. It is not ours to revoke.
func TestLostKeyIsNotMistakenForAnothers(t *testing.T) {
	t.Parallel()
	b := newBench(t, readKey)
	var twin *partner.CreatedKey
	m := &twinMaker{func() {
		var err error
		twin, err = b.keys.Create(b.ctx, readKey)
		assert.NoError(t, err)
	}}
	p := partner.New(b.srv.ConnectPartner(b.srv.PartnerKey(), client.WithHooks(m)))
	b.srv.Inject(sandbox.Fault{Route: createRoute, Kind: sandbox.FaultResetAfter, Times: 1})
	next, err := rotation.Rotate(b.ctx, driverOf(p.Keys, b.params), b.old.ID, b.plan())
	require.NoError(t, err)
	assert.True(t, b.works(twin))
	assert.ElementsMatch(t, []string{string(twin.ID), string(next.ID)}, active(b.srv))
}

func TestStraysThatCannotBeRevokedAreNamed(t *testing.T) {
	t.Parallel()
	b := newBench(t, readKey)
	b.srv.Inject(sandbox.Fault{Route: createRoute, Kind: sandbox.FaultResetAfter})
	b.srv.Inject(sandbox.Fault{Route: revokeRoute, Status: http.StatusForbidden})
	_, err := b.rotate(b.plan())
	failure := b.failsAt(err, rotation.StageCreate)
	require.ErrorIs(t, err, client.ErrOutcomeUnknown)
	require.Len(t, failure.Strays, 1)
	require.ErrorContains(t, err, "["+string(failure.Strays[0])+"] may be left over")

	b.srv.ClearFaults()
	stray := rotation.State{OldID: b.old.ID, NewID: failure.Strays[0]}
	require.NoError(t, rotation.Abandon(b.ctx, b.driver(), stray, none))
	b.srv.Inject(sandbox.Fault{Route: createRoute, Kind: sandbox.FaultResetAfter, Times: 1})
	b.srv.Inject(sandbox.Fault{Route: listRoute, Status: http.StatusForbidden, After: 2})
	_, err = b.rotate(b.plan())
	failure = b.failsAt(err, rotation.StageCreate)
	assert.True(t, failure.Unsearched)
	require.ErrorContains(t, err, "a replacement may exist, marked "+failure.Mark)
	keys := b.srv.PartnerKeys()
	assert.True(t, strings.HasSuffix(keys[len(keys)-1].Name, failure.Mark))
}

func TestRotateWhenTheOldKeyCannotBeRevoked(t *testing.T) {
	t.Parallel()
	b := newBench(t, readKey)
	fault := b.srv.Inject(sandbox.Fault{Route: revokeRoute, Status: http.StatusForbidden})
	_, err := b.rotate(b.plan())
	failure := b.failsAt(err, rotation.StageEnd)
	require.ErrorIs(t, err, client.ErrForbidden)
	fault.Remove()
	_, err = b.resume(failure.NewID)
	require.NoError(t, err)
	assert.Equal(t, []string{string(failure.NewID)}, active(b.srv))
}

// A platform that does not do as it was told must not end with a mightier key deployed.
func TestRotateRefusesAnotherReach(t *testing.T) {
	t.Parallel()
	for _, scopes := range []string{`["admin"]`, `["read","write"]`, `[]`, `null`} {
		p := mocked(t, http.StatusOK, `{"success":true,"apiKeys":[{"id":"key_1","name":"x","scopes":["read"]}],
			"apiKey":{"id":"key_2","name":"x","scopes":`+scopes+`},"plainKey":"pk_live_x"}`)
		plan := rotation.Plan[partner.CreatedKey]{
			Deploy:  func(context.Context, *partner.CreatedKey) error { t.Error("deployed"); return nil },
			Confirm: func(context.Context) (bool, error) { return true, nil },
		}
		_, err := rotation.Rotate(t.Context(), driverOf(p.Keys, partner.RotateKeyParams{}), "key_1", plan)
		var failure *rotation.Error
		require.ErrorAs(t, err, &failure)
		assert.Equal(t, rotation.StageCreate, failure.Stage)
		assert.True(t, failure.NewEnded)
		all := partner.Scopes{partner.ScopeRead, partner.ScopeAdmin, partner.ScopeWrite}
		_, err = rotation.Rotate(t.Context(), driverOf(p.Keys, partner.RotateKeyParams{Scopes: all}), "key_1", plan)
		require.ErrorContains(t, err, "those wanted are [read admin write]", "less is not what was wanted either")
	}
	p := mocked(t, http.StatusOK,
		`{"apiKeys":[{"id":"key_1","name":"x","scopes":["read"],"expiresAt":"2027-01-01T00:00:00Z"}]}`)
	_, _, err := rotation.Begin(t.Context(), driverOf(p.Keys, partner.RotateKeyParams{}), "key_1", none)
	require.ErrorIs(t, err, client.ErrInvalidParams)
	require.ErrorContains(t, err, "ExpiresIn is required")
}

// Whatever the ids are that somebody gave, or the platform, the error is one line without a key in it.
func TestRotationErrorsAreOneLine(t *testing.T) {
	t.Parallel()
	const id = `key\n2 pk_live_0123456789abcdef`
	p := mocked(t, http.StatusOK, `{"apiKeys":[{"id":"key_1","name":"x","scopes":["read"]}],
		"apiKey":{"id":"`+id+`","name":"x","scopes":["admin"]},"plainKey":"pk_live_x"}`)
	for _, old := range []client.ID{"key_1", "key_1\npk_live_0123456789abcdef"} {
		_, _, err := rotation.Begin(t.Context(), driverOf(p.Keys, partner.RotateKeyParams{}), old, none)
		require.Error(t, err)
		assert.NotContains(t, err.Error(), "\n")
		assert.NotContains(t, err.Error(), "0123456789")
	}
}
