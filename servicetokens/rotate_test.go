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
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/rotation"
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
	srv    *sandboxtest.Sandbox
	tokens *servicetokens.Service
	old    *servicetokens.Created
	ctx    context.Context
	params servicetokens.RotateParams
	slept  []time.Duration
	next   *servicetokens.Created // as deployed
}

func newBench(t *testing.T, params servicetokens.CreateParams) *bench {
	t.Helper()
	b := &bench{T: t, params: servicetokens.RotateParams{SeatName: "Acme"}}
	b.srv, b.tokens = startSandbox(t)
	var cancel context.CancelFunc
	b.ctx, cancel = context.WithTimeout(context.Background(), 30*time.Second)
	t.Cleanup(cancel)
	var err error
	b.old, err = b.tokens.Create(b.ctx, params)
	require.NoError(t, err)
	return b
}

func (b *bench) works(created *servicetokens.Created) bool {
	return b.srv.Authenticates(created.Token.Reveal())
}

// driver returns the driver of the bench's service, whose waits take no time.
func (b *bench) driver() *rotation.Driver[servicetokens.ServiceToken, servicetokens.Created] {
	return b.driverOf(b.tokens)
}

func (b *bench) driverOf(
	tokens *servicetokens.Service,
) *rotation.Driver[servicetokens.ServiceToken, servicetokens.Created] {
	driver := tokens.RotationDriver(b.params)
	driver.Sleep = func(ctx context.Context, d time.Duration) error {
		b.slept = append(b.slept, d)
		return ctx.Err()
	}
	return driver
}

func (b *bench) rotate(plan rotation.Plan[servicetokens.Created]) (*servicetokens.ServiceToken, error) {
	return rotation.Rotate(b.ctx, b.driver(), b.old.ID, plan)
}

func (b *bench) resume(newID client.ID) (*servicetokens.ServiceToken, error) {
	return rotation.Resume(b.ctx, b.driver(), rotation.State{OldID: b.old.ID, NewID: newID}, b.plan())
}

// plan deploys into b.next and confirms at once.
func (b *bench) plan() rotation.Plan[servicetokens.Created] {
	return rotation.Plan[servicetokens.Created]{
		Deploy: func(_ context.Context, next *servicetokens.Created) error {
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

func TestRotateKeepsTheOldTokenUntilTheNewOneIsConfirmed(t *testing.T) {
	b := newBench(t, seatToken)
	plan := b.plan()
	asked := 0
	plan.Confirm = func(context.Context) (bool, error) {
		asked++
		assert.True(t, b.works(b.old), "the old token stopped before the confirmation")
		assert.True(t, b.works(b.next))
		return asked == 3, nil
	}
	next, err := b.rotate(plan)
	require.NoError(t, err)
	assert.Equal(t, []time.Duration{5 * time.Second, 5 * time.Second}, b.slept)
	assert.Equal(t, b.next.ServiceToken, *next)
	assert.False(t, b.works(b.old))
	assert.Equal(t, []string{string(next.ID)}, active(b.srv))

	assert.Equal(t, b.old.Name, next.Name)
	assert.Equal(t, b.old.Scope, next.Scope)
	assert.Equal(t, b.old.Role, next.Role)
	assert.Equal(t, b.old.SeatID, next.SeatID)
	assert.Equal(t, b.old.ExpiresAt.Sub(b.old.CreatedAt).Round(24*time.Hour),
		next.ExpiresAt.Sub(next.CreatedAt).Round(24*time.Hour))
	assert.Regexp(t, `^Pulls reporting data \[rotation [0-9a-f]{16}\]$`, next.Description)
}

func TestRotateAgainReplacesTheMark(t *testing.T) {
	b := newBench(t, servicetokens.CreateParams{Name: "customer-wide", NeverExpires: true})
	plan := b.plan()
	b.params.SeatName = ""
	first, err := b.rotate(plan)
	require.NoError(t, err)
	assert.True(t, first.ExpiresAt.IsZero())
	second, err := rotation.Rotate(b.ctx, b.driver(), first.ID, plan)
	require.NoError(t, err)
	assert.Len(t, second.Description, len(first.Description))
	assert.NotEqual(t, first.Description, second.Description)
}

func TestRotateChecksItsArguments(t *testing.T) {
	b := newBench(t, seatToken)
	before := len(b.srv.Requests())
	for _, plan := range []rotation.Plan[servicetokens.Created]{
		{},
		{Deploy: b.plan().Deploy},
		{Confirm: b.plan().Confirm},
	} {
		_, err := b.rotate(plan)
		require.ErrorIs(t, err, client.ErrInvalidParams)
	}
	_, err := b.resume(b.old.ID)
	require.ErrorIs(t, err, client.ErrInvalidParams)
	b.params.ExpiresInDays = 366
	_, err = b.rotate(b.plan())
	require.ErrorIs(t, err, client.ErrInvalidParams)
	assert.ErrorContains(t, err, "rotate service token: expiresInDays")
	assert.Len(t, b.srv.Requests(), before)

	b.params = servicetokens.RotateParams{}
	_, err = b.rotate(b.plan())
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
			deploy:   func(func()) error { return fmt.Errorf("%w: %w", rotation.ErrNotDeployed, broken) },
			archived: true,
		},
		"not deployed, and the context is over": {
			deploy:   func(cancel func()) error { cancel(); return errors.Join(rotation.ErrNotDeployed, broken) },
			archived: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, seatToken)
			ctx, cancel := context.WithCancel(b.ctx)
			defer cancel()
			plan := b.plan()
			plan.Deploy = func(_ context.Context, next *servicetokens.Created) error {
				b.next = next
				return tc.deploy(cancel)
			}
			_, err := rotation.Rotate(ctx, b.driver(), b.old.ID, plan)
			failure := b.failsAt(err, rotation.StageDeploy)
			require.ErrorIs(t, err, broken)
			assert.Equal(t, tc.archived, failure.NewEnded)
			assert.Equal(t, b.next.ID, failure.NewID)
			for _, id := range []client.ID{b.old.ID, b.next.ID} {
				require.ErrorContains(t, err, string(id))
			}
			assert.True(t, b.works(b.old))
			assert.Equal(t, !tc.archived, b.works(b.next))
			if tc.archived {
				return
			}

			_, err = b.rotate(b.plan())
			require.ErrorIs(t, err, rotation.ErrUnfinished, "it may be deployed")
			assert.Equal(t, failure.NewID, b.failsAt(err, rotation.StageCreate).NewID)
			assert.True(t, b.works(b.old))
			assert.True(t, b.works(b.next))

			_, err = b.resume(failure.NewID)
			require.NoError(t, err)
			assert.Equal(t, []string{string(failure.NewID)}, active(b.srv))
		})
	}
}

func TestRotateWhenTheReplacementCannotBeArchivedAgain(t *testing.T) {
	b := newBench(t, seatToken)
	b.srv.Inject(sandbox.Fault{Route: archiveRoute, Status: http.StatusForbidden})
	plan := b.plan()
	plan.Deploy = func(context.Context, *servicetokens.Created) error { return rotation.ErrNotDeployed }
	_, err := b.rotate(plan)
	failure := b.failsAt(err, rotation.StageDeploy)
	require.ErrorIs(t, err, rotation.ErrNotDeployed)
	require.ErrorIs(t, err, client.ErrForbidden)
	assert.False(t, failure.NewEnded)
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
			plan := b.plan()
			plan.Confirm = func(context.Context) (bool, error) { return confirm(cancel) }
			_, err := rotation.Rotate(ctx, b.driver(), b.old.ID, plan)
			failure := b.failsAt(err, rotation.StageConfirm)
			assert.True(t, errors.Is(err, context.Canceled) || errors.Is(err, refused))
			assert.True(t, b.works(b.old))
			assert.True(t, b.works(b.next))
			assert.Equal(t, b.next.ID, failure.NewID)

			next, err := b.resume(failure.NewID)
			require.NoError(t, err)
			assert.Equal(t, b.next.ID, next.ID)
			assert.Equal(t, []string{string(next.ID)}, active(b.srv))
			assert.Equal(t, 2, b.srv.Effects(createRoute))

			next, err = b.resume(failure.NewID) // and once more
			require.NoError(t, err)
			assert.Equal(t, b.next.ID, next.ID)
		})
	}
}

func TestRotateWhenTheOldTokenCannotBeArchived(t *testing.T) {
	b := newBench(t, seatToken)
	fault := b.srv.Inject(sandbox.Fault{Route: archiveRoute, Status: http.StatusForbidden})
	_, err := b.rotate(b.plan())
	failure := b.failsAt(err, rotation.StageEnd)
	require.ErrorIs(t, err, client.ErrForbidden)
	fault.Remove()
	_, err = b.resume(failure.NewID)
	require.NoError(t, err)
	assert.Equal(t, []string{string(failure.NewID)}, active(b.srv))
}

func TestRotateRefusesWhatIsGone(t *testing.T) {
	b := newBench(t, seatToken)
	_, err := rotation.Rotate(b.ctx, b.driver(), "99999", b.plan())
	require.ErrorIs(t, err, client.ErrNotFound)

	other, err := b.tokens.Create(b.ctx, seatToken)
	require.NoError(t, err)
	require.NoError(t, b.tokens.Archive(b.ctx, other.ID))
	_, err = b.resume(other.ID)
	require.ErrorIs(t, err, rotation.ErrEnded)
	assert.Empty(t, b.failsAt(err, rotation.StageConfirm).NewID)
	assert.True(t, b.works(b.old))

	_, err = rotation.Rotate(b.ctx, b.driver(), other.ID, b.plan())
	require.ErrorIs(t, err, rotation.ErrEnded)
	assert.Equal(t, []string{string(b.old.ID)}, active(b.srv))
}

// A seat's name that belongs to another seat, or an id mistyped, must not end with the right token archived.
func TestRotateRefusesAnotherReach(t *testing.T) {
	b := newBench(t, seatToken)
	b.params = servicetokens.RotateParams{SeatName: "Globex", SeatType: servicetokens.SeatTypeBuyer}
	_, err := b.rotate(b.plan())
	failure := b.failsAt(err, rotation.StageCreate)
	assert.ErrorContains(t, err, "its seat is seat_102, that of the old token is seat_101")
	assert.True(t, failure.NewEnded)
	assert.Nil(t, b.next, "it was deployed")

	mighty := seatToken
	mighty.Role = servicetokens.RoleAdmin
	other, err := b.tokens.Create(b.ctx, mighty)
	require.NoError(t, err)
	_, err = b.resume(other.ID)
	assert.Empty(t, b.failsAt(err, rotation.StageConfirm).NewID)
	assert.True(t, b.works(b.old))
	assert.True(t, b.works(other))
}

// A secret manager's client may quote the request that it failed with.
func TestRotationErrorMasksWhatDeployQuotes(t *testing.T) {
	b := newBench(t, seatToken)
	b.srv.Inject(sandbox.Fault{Route: archiveRoute, Status: http.StatusForbidden})
	plan := b.plan()
	plan.Deploy = func(_ context.Context, next *servicetokens.Created) error {
		return errors.New("vault is sealed:\n" + next.Token.Reveal())
	}
	_, err := b.rotate(plan)
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
	own, err := b.srv.Connect(b.srv.AdminToken()).With(client.WithTokenSource(current))
	require.NoError(t, err)
	plan := b.plan()
	plan.Deploy = func(_ context.Context, next *servicetokens.Created) error {
		current.Set(next.Token)
		return nil
	}
	_, err = rotation.Rotate(b.ctx, b.driverOf(servicetokens.New(own)), b.old.ID, plan)
	require.NoError(t, err)
	assert.False(t, b.works(b.old))
	_, err = servicetokens.New(own).List(servicetokens.ListParams{}).Page(b.ctx)
	require.NoError(t, err)
}
