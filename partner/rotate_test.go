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
	"github.com/interchange-sdk/interchange-go/partner"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// bench is a sandbox with a key to rotate.
type bench struct {
	*testing.T
	srv  *sandbox.Server
	keys *partner.KeyService
	old  *partner.CreatedKey
	ctx  context.Context
	next *partner.CreatedKey // as deployed
}

func newBench(t *testing.T, params partner.CreateKeyParams) *bench {
	t.Helper()
	b := &bench{T: t}
	var p *partner.Service
	b.srv, p = start(t)
	b.keys = p.Keys
	b.keys.SetSleep(noSleep)
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

// rotation deploys into b.next and confirms at once.
func (b *bench) rotation() partner.KeyRotation {
	return partner.KeyRotation{
		Deploy: func(_ context.Context, next *partner.CreatedKey) error {
			b.next = next
			return nil
		},
		Confirm: func(context.Context) (bool, error) { return true, nil },
	}
}

func (b *bench) failsAt(err error, stage partner.RotationStage) *partner.RotationError {
	b.Helper()
	var failure *partner.RotationError
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
	r := b.rotation()
	asked := 0
	r.Confirm = func(context.Context) (bool, error) {
		asked++
		assert.True(t, b.works(b.old), "the old key stopped before the confirmation")
		assert.True(t, b.works(b.next))
		return asked == 3, nil
	}
	next, err := b.keys.Rotate(b.ctx, b.old.ID, r)
	require.NoError(t, err)
	assert.Equal(t, b.next.Key, *next)
	assert.Equal(t, 3, asked)
	assert.False(t, b.works(b.old))
	assert.Equal(t, []string{string(next.ID)}, active(b.srv))
	assert.Equal(t, b.old.Scopes, next.Scopes)
	assert.WithinDuration(t, b.old.ExpiresAt, next.ExpiresAt, time.Minute)
	assert.Regexp(t, `^Nightly report \[rotation [0-9a-f]{16}\]$`, next.Name)

	again, err := b.keys.Rotate(b.ctx, next.ID, b.rotation())
	require.NoError(t, err)
	assert.Len(t, again.Name, len(next.Name), "the mark is replaced")
	assert.NotEqual(t, next.Name, again.Name)
}

func TestRotateTheKeyInUse(t *testing.T) {
	t.Parallel()
	b := newBench(t, partner.CreateKeyParams{Name: "admin", Scopes: partner.Scopes{partner.ScopeAdmin}})
	current := client.NewTokenVar(b.old.PlainKey)
	own := partner.New(connect(t, b.srv, "replaced", client.WithTokenSource(current)))
	r := b.rotation()
	r.Deploy = func(_ context.Context, next *partner.CreatedKey) error {
		current.Set(next.PlainKey)
		return nil
	}
	_, err := own.Keys.Rotate(b.ctx, b.old.ID, r)
	require.NoError(t, err)
	assert.False(t, b.works(b.old))
	_, err = own.Keys.List(b.ctx)
	require.NoError(t, err)
}

func TestRotateChecksItsArguments(t *testing.T) {
	t.Parallel()
	b := newBench(t, readKey)
	before := len(b.srv.Requests())
	good := b.rotation()
	for _, r := range []partner.KeyRotation{
		{},
		{Deploy: good.Deploy},
		{Confirm: good.Confirm},
		{Deploy: good.Deploy, Confirm: good.Confirm, ExpiresIn: -1},
		{Deploy: good.Deploy, Confirm: good.Confirm, ConfirmEvery: -1},
		{Deploy: good.Deploy, Confirm: good.Confirm, Scopes: partner.Scopes{"reed"}},
		{Deploy: good.Deploy, Confirm: good.Confirm, Scopes: readKey.Scopes, FullAccess: true},
		{Confirm: good.Confirm, NewID: b.old.ID},
	} {
		_, err := b.keys.Rotate(b.ctx, b.old.ID, r)
		require.ErrorIs(t, err, client.ErrInvalidParams)
	}
	_, err := b.keys.Rotate(b.ctx, "", good)
	require.ErrorIs(t, err, client.ErrInvalidParams)
	assert.Len(t, b.srv.Requests(), before)
}

// The new key lives long enough to be deployed, and its name with the mark is no longer than names are taken to be.
func TestRotateShortLivesAndLongNames(t *testing.T) {
	t.Parallel()
	b := newBench(t, partner.CreateKeyParams{Name: strings.Repeat("é", 255), Scopes: readKey.Scopes, ExpiresAt: time.Now().Add(5 * time.Second)})
	next, err := b.keys.Rotate(b.ctx, b.old.ID, b.rotation())
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now().Add(time.Minute), next.ExpiresAt, 10*time.Second)
	assert.Equal(t, 255, utf8.RuneCountInString(next.Name))
}

// A key with full access is not handed on by oversight, and can be given scopes on the way.
func TestRotateAKeyWithFullAccess(t *testing.T) {
	t.Parallel()
	b := newBench(t, partner.CreateKeyParams{Name: "mighty", FullAccess: true})
	_, err := b.keys.Rotate(b.ctx, b.old.ID, b.rotation())
	require.ErrorIs(t, err, client.ErrInvalidParams)
	require.ErrorContains(t, err, "the old key names no scopes, which is full access")
	assert.Equal(t, 1, b.srv.Effects(createRoute))

	r := b.rotation()
	r.FullAccess = true
	next, err := b.keys.Rotate(b.ctx, b.old.ID, r)
	require.NoError(t, err)
	assert.True(t, next.Scopes.FullAccess())

	r = b.rotation()
	r.Scopes, r.ExpiresIn = partner.Scopes{partner.ScopeWrite, partner.ScopeRead}, time.Hour
	next, err = b.keys.Rotate(b.ctx, next.ID, r)
	require.NoError(t, err)
	assert.Equal(t, r.Scopes, next.Scopes)
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
			deploy: func(secret string) error { return fmt.Errorf("%w: %w: %s", partner.ErrNotDeployed, broken, secret) },
			text:   "is revoked again",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, readKey)
			r := b.rotation()
			r.Deploy = func(_ context.Context, next *partner.CreatedKey) error {
				b.next = next
				return tc.deploy(next.PlainKey.Reveal())
			}
			_, err := b.keys.Rotate(b.ctx, b.old.ID, r)
			failure := b.failsAt(err, partner.StageDeploy)
			require.ErrorIs(t, err, broken)
			require.ErrorContains(t, err, "interchange: rotating API key "+string(b.old.ID)+
				" stopped at deploy: its replacement "+string(b.next.ID)+" "+tc.text)
			secret := strings.TrimPrefix(b.next.PlainKey.Reveal(), "pk_live_")
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
				assert.NotContains(t, fmt.Sprintf(verb, err), secret[:8])
			}
			revoked := errors.Is(err, partner.ErrNotDeployed)
			assert.Equal(t, revoked, failure.NewRevoked)
			assert.True(t, b.works(b.old))
			assert.Equal(t, !revoked, b.works(b.next))
			if revoked {
				return
			}
			r.NewID = failure.NewID
			_, err = b.keys.Rotate(b.ctx, b.old.ID, r)
			require.NoError(t, err)
			assert.Equal(t, []string{string(failure.NewID)}, active(b.srv))
		})
	}
}

func TestRotateWithoutConfirmationIsResumed(t *testing.T) {
	t.Parallel()
	b := newBench(t, readKey)
	refused := errors.New("half of the fleet is down")
	r := b.rotation()
	r.Confirm = func(context.Context) (bool, error) { return false, refused }
	_, err := b.keys.Rotate(b.ctx, b.old.ID, r)
	failure := b.failsAt(err, partner.StageConfirm)
	require.ErrorIs(t, err, refused)
	assert.True(t, b.works(b.old))
	assert.True(t, b.works(b.next))

	// Somebody gave the id of a key that may do more.
	mighty, err := b.keys.Create(b.ctx, partner.CreateKeyParams{Name: "mighty", FullAccess: true})
	require.NoError(t, err)
	_, err = b.keys.Rotate(b.ctx, b.old.ID, partner.KeyRotation{NewID: mighty.ID, Confirm: b.rotation().Confirm})
	assert.Empty(t, b.failsAt(err, partner.StageConfirm).NewID)
	require.ErrorContains(t, err, "its scopes are [], those wanted are [read]")
	assert.True(t, b.works(b.old))

	for range 2 { // and once more
		next, err := b.keys.Rotate(b.ctx, b.old.ID, partner.KeyRotation{NewID: failure.NewID, Confirm: b.rotation().Confirm})
		require.NoError(t, err)
		assert.Equal(t, b.next.ID, next.ID)
	}
	assert.ElementsMatch(t, []string{string(b.next.ID), string(mighty.ID)}, active(b.srv))

	_, err = b.keys.Rotate(b.ctx, b.old.ID, b.rotation())
	require.ErrorIs(t, err, partner.ErrRevoked)
	_, err = b.keys.Rotate(b.ctx, "key_99", b.rotation())
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
			next, err := b.keys.Rotate(b.ctx, b.old.ID, b.rotation())
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
	p := partner.New(connect(t, b.srv, b.srv.PartnerKey(), client.WithHooks(m)))
	p.Keys.SetSleep(noSleep)
	b.srv.Inject(sandbox.Fault{Route: createRoute, Kind: sandbox.FaultResetAfter, Times: 1})
	next, err := p.Keys.Rotate(b.ctx, b.old.ID, b.rotation())
	require.NoError(t, err)
	assert.True(t, b.works(twin))
	assert.ElementsMatch(t, []string{string(twin.ID), string(next.ID)}, active(b.srv))
}

func TestStraysThatCannotBeRevokedAreNamed(t *testing.T) {
	t.Parallel()
	b := newBench(t, readKey)
	b.srv.Inject(sandbox.Fault{Route: createRoute, Kind: sandbox.FaultResetAfter})
	b.srv.Inject(sandbox.Fault{Route: revokeRoute, Status: http.StatusForbidden})
	_, err := b.keys.Rotate(b.ctx, b.old.ID, b.rotation())
	failure := b.failsAt(err, partner.StageCreate)
	require.ErrorIs(t, err, client.ErrOutcomeUnknown)
	require.Len(t, failure.Strays, 1)
	require.ErrorContains(t, err, "keys ["+string(failure.Strays[0])+"] may be left over")

	b.srv.ClearFaults()
	require.NoError(t, b.keys.AbandonRotation(b.ctx, partner.RotationState{OldID: b.old.ID, NewID: failure.Strays[0]}))
	b.srv.Inject(sandbox.Fault{Route: createRoute, Kind: sandbox.FaultResetAfter, Times: 1})
	b.srv.Inject(sandbox.Fault{Route: listRoute, Status: http.StatusForbidden, After: 2})
	_, err = b.keys.Rotate(b.ctx, b.old.ID, b.rotation())
	failure = b.failsAt(err, partner.StageCreate)
	assert.True(t, failure.Unsearched)
	require.ErrorContains(t, err, "a replacement may exist, named "+failure.Mark)
	keys := b.srv.PartnerKeys()
	assert.True(t, strings.HasSuffix(keys[len(keys)-1].Name, failure.Mark))
}

func TestRotateWhenTheOldKeyCannotBeRevoked(t *testing.T) {
	t.Parallel()
	b := newBench(t, readKey)
	fault := b.srv.Inject(sandbox.Fault{Route: revokeRoute, Status: http.StatusForbidden})
	_, err := b.keys.Rotate(b.ctx, b.old.ID, b.rotation())
	failure := b.failsAt(err, partner.StageRevoke)
	require.ErrorIs(t, err, client.ErrForbidden)
	fault.Remove()
	_, err = b.keys.Rotate(b.ctx, b.old.ID, partner.KeyRotation{NewID: failure.NewID, Confirm: b.rotation().Confirm})
	require.NoError(t, err)
	assert.Equal(t, []string{string(failure.NewID)}, active(b.srv))
}

// A platform that does not do as it was told must not end with a mightier key deployed.
func TestRotateRefusesAnotherReach(t *testing.T) {
	t.Parallel()
	for _, scopes := range []string{`["admin"]`, `["read","write"]`, `[]`, `null`} {
		p := mocked(t, http.StatusOK, `{"success":true,"apiKeys":[{"id":"key_1","name":"x","scopes":["read"]}],
			"apiKey":{"id":"key_2","name":"x","scopes":`+scopes+`},"plainKey":"pk_live_x"}`)
		p.Keys.SetSleep(noSleep)
		_, err := p.Keys.Rotate(t.Context(), "key_1", partner.KeyRotation{
			Deploy:  func(context.Context, *partner.CreatedKey) error { t.Error("deployed"); return nil },
			Confirm: func(context.Context) (bool, error) { return true, nil },
		})
		var failure *partner.RotationError
		require.ErrorAs(t, err, &failure)
		assert.Equal(t, partner.StageCreate, failure.Stage)
		assert.True(t, failure.NewRevoked)
		_, err = p.Keys.Rotate(t.Context(), "key_1", partner.KeyRotation{
			Deploy:  func(context.Context, *partner.CreatedKey) error { t.Error("deployed"); return nil },
			Confirm: func(context.Context) (bool, error) { return true, nil },
			Scopes:  partner.Scopes{partner.ScopeRead, partner.ScopeAdmin, partner.ScopeWrite},
		})
		require.ErrorContains(t, err, "those wanted are [read admin write]", "less is not what was wanted either")
	}
	p := mocked(t, http.StatusOK, `{"apiKeys":[{"id":"key_1","name":"x","scopes":["read"],"expiresAt":"2027-01-01T00:00:00Z"}]}`)
	_, err := p.Keys.Rotate(t.Context(), "key_1", partner.KeyRotation{
		Deploy:  func(context.Context, *partner.CreatedKey) error { return nil },
		Confirm: func(context.Context) (bool, error) { return true, nil },
	})
	require.ErrorIs(t, err, client.ErrInvalidParams)
	require.ErrorContains(t, err, "ExpiresIn is required")
}

// Whatever the ids are that somebody gave, or the platform, the error is one line without a key in it.
func TestRotationErrorsAreOneLine(t *testing.T) {
	t.Parallel()
	const id = `key\n2 pk_live_0123456789abcdef`
	p := mocked(t, http.StatusOK, `{"apiKeys":[{"id":"key_1","name":"x","scopes":["read"]}],
		"apiKey":{"id":"`+id+`","name":"x","scopes":["admin"]},"plainKey":"pk_live_x"}`)
	p.Keys.SetSleep(noSleep)
	for _, old := range []client.ID{"key_1", "key_1\npk_live_0123456789abcdef"} {
		_, err := p.Keys.Rotate(t.Context(), old, partner.KeyRotation{
			Deploy:  func(context.Context, *partner.CreatedKey) error { return nil },
			Confirm: func(context.Context) (bool, error) { return true, nil },
		})
		require.Error(t, err)
		assert.NotContains(t, err.Error(), "\n")
		assert.NotContains(t, err.Error(), "0123456789")
	}
}
