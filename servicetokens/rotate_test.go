package servicetokens_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/sandbox"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

const (
	createRoute  = "POST /api/v2/service-tokens"
	archiveRoute = "DELETE /api/v2/service-tokens/{id}"
)

// bench is a sandbox with a token to rotate.
type bench struct {
	*testing.T
	srv    *sandbox.Server
	tokens *servicetokens.Service
	old    *servicetokens.Created
	ctx    context.Context
	slept  []time.Duration
	next   *servicetokens.Created // as deployed
}

func newBench(t *testing.T, params servicetokens.CreateParams) *bench {
	t.Helper()
	b := &bench{T: t}
	b.srv, b.tokens = start(t)
	var cancel context.CancelFunc
	b.ctx, cancel = context.WithTimeout(context.Background(), 30*time.Second)
	t.Cleanup(cancel)
	b.tokens.SetSleep(func(ctx context.Context, d time.Duration) error {
		b.slept = append(b.slept, d)
		return ctx.Err()
	})
	var err error
	b.old, err = b.tokens.Create(b.ctx, params)
	require.NoError(t, err)
	return b
}

func (b *bench) works(created *servicetokens.Created) bool {
	return b.srv.Authenticates(created.Token.Reveal())
}

// rotation deploys into b.next and confirms at once.
func (b *bench) rotation() servicetokens.Rotation {
	return servicetokens.Rotation{
		SeatName: "Acme",
		Deploy: func(_ context.Context, next *servicetokens.Created) error {
			b.next = next
			return nil
		},
		Confirm: func(context.Context) (bool, error) { return true, nil },
	}
}

func (b *bench) failsAt(err error, stage servicetokens.RotationStage) *servicetokens.RotationError {
	b.Helper()
	var failure *servicetokens.RotationError
	require.ErrorAs(b, err, &failure)
	assert.Equal(b, stage, failure.Stage)
	assert.Equal(b, b.old.ID, failure.OldID)
	return failure
}

func TestRotateKeepsTheOldTokenUntilTheNewOneIsConfirmed(t *testing.T) {
	b := newBench(t, seatToken)
	r := b.rotation()
	asked := 0
	r.Confirm = func(context.Context) (bool, error) {
		asked++
		assert.True(t, b.works(b.old), "the old token stopped before the confirmation")
		assert.True(t, b.works(b.next))
		return asked == 3, nil
	}
	next, err := b.tokens.Rotate(b.ctx, b.old.ID, r)
	require.NoError(t, err)
	assert.Equal(t, []time.Duration{5 * time.Second, 5 * time.Second}, b.slept)
	assert.Equal(t, b.next.ServiceToken, *next)
	assert.False(t, b.works(b.old))
	assert.Equal(t, []string{string(next.ID)}, active(b.srv))

	assert.Equal(t, b.old.Name, next.Name)
	assert.Equal(t, b.old.Scope, next.Scope)
	assert.Equal(t, b.old.Role, next.Role)
	assert.Equal(t, b.old.SeatID, next.SeatID)
	assert.Equal(t, b.old.ExpiresAt.Sub(b.old.CreatedAt).Round(24*time.Hour), next.ExpiresAt.Sub(next.CreatedAt).Round(24*time.Hour))
	assert.Regexp(t, `^Pulls reporting data \[rotation [0-9a-f]{16}\]$`, next.Description)
}

func TestRotateAgainReplacesTheMark(t *testing.T) {
	b := newBench(t, servicetokens.CreateParams{Name: "customer-wide", NeverExpires: true})
	r := b.rotation()
	r.SeatName = ""
	first, err := b.tokens.Rotate(b.ctx, b.old.ID, r)
	require.NoError(t, err)
	assert.True(t, first.ExpiresAt.IsZero())
	second, err := b.tokens.Rotate(b.ctx, first.ID, r)
	require.NoError(t, err)
	assert.Len(t, second.Description, len(first.Description))
	assert.NotEqual(t, first.Description, second.Description)
}

func TestRotateChecksItsArguments(t *testing.T) {
	b := newBench(t, seatToken)
	before := len(b.srv.Requests())
	for _, r := range []servicetokens.Rotation{
		{},
		{Deploy: b.rotation().Deploy},
		{Confirm: b.rotation().Confirm},
		{Deploy: b.rotation().Deploy, Confirm: b.rotation().Confirm, ExpiresInDays: 366},
		{Confirm: b.rotation().Confirm, NewID: b.old.ID},
	} {
		_, err := b.tokens.Rotate(b.ctx, b.old.ID, r)
		require.ErrorIs(t, err, client.ErrInvalidParams)
	}
	assert.Len(t, b.srv.Requests(), before)

	r := b.rotation()
	r.SeatName = ""
	_, err := b.tokens.Rotate(b.ctx, b.old.ID, r)
	require.ErrorIs(t, err, client.ErrInvalidParams)
	assert.ErrorContains(t, err, "seatName")
	assert.Equal(t, 1, b.srv.Effects(createRoute))
}

func TestRotateKeepsBothTokensAfterDeployFails(t *testing.T) {
	broken := errors.New("the secret manager is away")
	for name, tc := range map[string]struct {
		deploy   func(cancel func()) error
		archived bool
	}{
		"error":           {deploy: func(func()) error { return broken }},
		"context is over": {deploy: func(cancel func()) error { cancel(); return broken }},
		"panic":           {deploy: func(func()) error { panic(broken) }},
		"not deployed": {
			deploy:   func(func()) error { return fmt.Errorf("%w: %w", servicetokens.ErrNotDeployed, broken) },
			archived: true,
		},
		"not deployed, and the context is over": {
			deploy:   func(cancel func()) error { cancel(); return errors.Join(servicetokens.ErrNotDeployed, broken) },
			archived: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, seatToken)
			ctx, cancel := context.WithCancel(b.ctx)
			defer cancel()
			r := b.rotation()
			r.Deploy = func(_ context.Context, next *servicetokens.Created) error {
				b.next = next
				return tc.deploy(cancel)
			}
			_, err := b.tokens.Rotate(ctx, b.old.ID, r)
			failure := b.failsAt(err, servicetokens.StageDeploy)
			require.ErrorIs(t, err, broken)
			assert.Equal(t, tc.archived, failure.NewArchived)
			assert.Equal(t, b.next.ID, failure.NewID)
			for _, id := range []client.ID{b.old.ID, b.next.ID} {
				require.ErrorContains(t, err, string(id))
			}
			assert.True(t, b.works(b.old))
			assert.Equal(t, !tc.archived, b.works(b.next))
			if tc.archived {
				return
			}

			_, err = b.tokens.Rotate(b.ctx, b.old.ID, b.rotation())
			require.ErrorIs(t, err, servicetokens.ErrUnfinished, "it may be deployed")
			assert.Equal(t, failure.NewID, b.failsAt(err, servicetokens.StageCreate).NewID)
			assert.True(t, b.works(b.old))
			assert.True(t, b.works(b.next))

			r.NewID = failure.NewID
			_, err = b.tokens.Rotate(b.ctx, b.old.ID, r)
			require.NoError(t, err)
			assert.Equal(t, []string{string(failure.NewID)}, active(b.srv))
		})
	}
}

func TestRotateWhenTheReplacementCannotBeArchivedAgain(t *testing.T) {
	b := newBench(t, seatToken)
	b.srv.Inject(sandbox.Fault{Route: archiveRoute, Status: http.StatusForbidden})
	r := b.rotation()
	r.Deploy = func(context.Context, *servicetokens.Created) error { return servicetokens.ErrNotDeployed }
	_, err := b.tokens.Rotate(b.ctx, b.old.ID, r)
	failure := b.failsAt(err, servicetokens.StageDeploy)
	require.ErrorIs(t, err, servicetokens.ErrNotDeployed)
	require.ErrorIs(t, err, client.ErrForbidden)
	assert.False(t, failure.NewArchived)
	assert.ErrorContains(t, err, "its replacement "+string(failure.NewID)+" is valid too")
}

func TestRotateWithoutConfirmationIsResumed(t *testing.T) {
	refused := errors.New("half of the fleet is down")
	for name, confirm := range map[string]func(context.CancelFunc) (bool, error){
		"never":   func(cancel context.CancelFunc) (bool, error) { cancel(); return false, nil },
		"refused": func(context.CancelFunc) (bool, error) { return false, refused },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, seatToken)
			ctx, cancel := context.WithCancel(b.ctx)
			defer cancel()
			r := b.rotation()
			r.Confirm = func(context.Context) (bool, error) { return confirm(cancel) }
			_, err := b.tokens.Rotate(ctx, b.old.ID, r)
			failure := b.failsAt(err, servicetokens.StageConfirm)
			assert.True(t, errors.Is(err, context.Canceled) || errors.Is(err, refused))
			assert.True(t, b.works(b.old))
			assert.True(t, b.works(b.next))
			assert.Equal(t, b.next.ID, failure.NewID)

			r = servicetokens.Rotation{NewID: failure.NewID, Confirm: b.rotation().Confirm}
			next, err := b.tokens.Rotate(b.ctx, b.old.ID, r)
			require.NoError(t, err)
			assert.Equal(t, b.next.ID, next.ID)
			assert.Equal(t, []string{string(next.ID)}, active(b.srv))
			assert.Equal(t, 2, b.srv.Effects(createRoute))

			next, err = b.tokens.Rotate(b.ctx, b.old.ID, r) // and once more
			require.NoError(t, err)
			assert.Equal(t, b.next.ID, next.ID)
		})
	}
}

func TestRotateWhenTheOldTokenCannotBeArchived(t *testing.T) {
	b := newBench(t, seatToken)
	fault := b.srv.Inject(sandbox.Fault{Route: archiveRoute, Status: http.StatusForbidden})
	_, err := b.tokens.Rotate(b.ctx, b.old.ID, b.rotation())
	failure := b.failsAt(err, servicetokens.StageArchive)
	require.ErrorIs(t, err, client.ErrForbidden)
	fault.Remove()
	_, err = b.tokens.Rotate(b.ctx, b.old.ID, servicetokens.Rotation{NewID: failure.NewID, Confirm: b.rotation().Confirm})
	require.NoError(t, err)
	assert.Equal(t, []string{string(failure.NewID)}, active(b.srv))
}

func TestRotateRefusesWhatIsGone(t *testing.T) {
	b := newBench(t, seatToken)
	_, err := b.tokens.Rotate(b.ctx, "99999", b.rotation())
	require.ErrorIs(t, err, client.ErrNotFound)

	other, err := b.tokens.Create(b.ctx, seatToken)
	require.NoError(t, err)
	require.NoError(t, b.tokens.Archive(b.ctx, other.ID))
	_, err = b.tokens.Rotate(b.ctx, b.old.ID, servicetokens.Rotation{NewID: other.ID, Confirm: b.rotation().Confirm})
	require.ErrorIs(t, err, servicetokens.ErrArchived)
	assert.Empty(t, b.failsAt(err, servicetokens.StageConfirm).NewID)
	assert.True(t, b.works(b.old))

	_, err = b.tokens.Rotate(b.ctx, other.ID, b.rotation())
	require.ErrorIs(t, err, servicetokens.ErrArchived)
	assert.Equal(t, []string{string(b.old.ID)}, active(b.srv))
}

// A seat's name that belongs to another seat, or an id mistyped, must not end with the right token archived.
func TestRotateRefusesAnotherReach(t *testing.T) {
	b := newBench(t, seatToken)
	r := b.rotation()
	r.SeatName, r.SeatType = "Globex", servicetokens.SeatTypeBuyer
	_, err := b.tokens.Rotate(b.ctx, b.old.ID, r)
	failure := b.failsAt(err, servicetokens.StageCreate)
	assert.ErrorContains(t, err, "its seat is seat_102, that of the old token is seat_101")
	assert.True(t, failure.NewArchived)
	assert.Nil(t, b.next, "it was deployed")

	mighty := seatToken
	mighty.Role = servicetokens.RoleAdmin
	other, err := b.tokens.Create(b.ctx, mighty)
	require.NoError(t, err)
	_, err = b.tokens.Rotate(b.ctx, b.old.ID, servicetokens.Rotation{NewID: other.ID, Confirm: b.rotation().Confirm})
	assert.Empty(t, b.failsAt(err, servicetokens.StageConfirm).NewID)
	assert.True(t, b.works(b.old))
	assert.True(t, b.works(other))
}

// A secret manager's client may quote the request that it failed with.
func TestRotationErrorMasksWhatDeployQuotes(t *testing.T) {
	b := newBench(t, seatToken)
	b.srv.Inject(sandbox.Fault{Route: archiveRoute, Status: http.StatusForbidden})
	r := b.rotation()
	r.Deploy = func(_ context.Context, next *servicetokens.Created) error {
		return errors.New("vault is sealed:\n" + next.Token.Reveal())
	}
	_, err := b.tokens.Rotate(b.ctx, b.old.ID, r)
	require.ErrorContains(t, err, "vault is sealed")
	for _, text := range []string{err.Error(), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", err)} {
		assert.NotContains(t, text, "sk_live")
		assert.NotContains(t, text, "\n")
	}
}

// A backend rotates the credential it works with itself.
func TestRotateItsOwnCredential(t *testing.T) {
	params := seatToken
	params.Role = servicetokens.RoleAdmin
	b := newBench(t, params)
	current := client.NewTokenVar(b.old.Token)
	own, err := connect(t, b.srv, b.srv.AdminToken()).With(client.WithTokenSource(current))
	require.NoError(t, err)
	_, err = servicetokens.New(own).Rotate(b.ctx, b.old.ID, servicetokens.Rotation{
		SeatName: "Acme",
		Deploy: func(_ context.Context, next *servicetokens.Created) error {
			current.Set(next.Token)
			return nil
		},
		Confirm: func(context.Context) (bool, error) { return true, nil },
	})
	require.NoError(t, err)
	assert.False(t, b.works(b.old))
	_, err = servicetokens.New(own).List(b.ctx, servicetokens.ListParams{})
	require.NoError(t, err)
}
