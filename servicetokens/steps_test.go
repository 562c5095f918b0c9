package servicetokens_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/sandbox"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

func TestStepsWithAStoredState(t *testing.T) {
	b := newBench(t, seatToken)
	r := servicetokens.Rotation{SeatName: "Acme"}
	next, state, err := b.tokens.BeginRotation(b.ctx, b.old.ID, r)
	require.NoError(t, err)
	assert.Equal(t, servicetokens.RotationState{OldID: b.old.ID, NewID: next.ID}, state)
	stored, err := json.Marshal(state)
	require.NoError(t, err)
	for _, text := range []string{string(stored), fmt.Sprintf("%v %+v %#v", state, state, state)} {
		assert.NotContains(t, text, next.Token.RevealSecret())
	}
	assert.True(t, b.works(b.old))
	assert.True(t, b.works(next))

	var restored servicetokens.RotationState
	require.NoError(t, json.Unmarshal(stored, &restored))
	for range 2 {
		got, err := b.tokens.FinishRotation(b.ctx, restored, r)
		require.NoError(t, err)
		assert.Equal(t, next.ID, got.ID)
		assert.Equal(t, []string{string(next.ID)}, active(b.srv))
	}
}

func TestAbandonedRotationCanBeginAgain(t *testing.T) {
	b := newBench(t, seatToken)
	r := servicetokens.Rotation{SeatName: "Acme"}
	first, _, err := b.tokens.BeginRotation(b.ctx, b.old.ID, r)
	require.NoError(t, err)

	_, _, err = b.tokens.BeginRotation(b.ctx, b.old.ID, r) // the state was not stored
	require.ErrorIs(t, err, servicetokens.ErrUnfinished)
	state := b.failsAt(err, servicetokens.StageCreate).State()
	assert.Equal(t, servicetokens.RotationState{OldID: b.old.ID, NewID: first.ID}, state)
	for range 2 {
		require.NoError(t, b.tokens.AbandonRotation(b.ctx, state))
	}
	assert.Equal(t, []string{string(b.old.ID)}, active(b.srv))

	second, state, err := b.tokens.BeginRotation(b.ctx, b.old.ID, r)
	require.NoError(t, err)
	_, err = b.tokens.FinishRotation(b.ctx, state, r)
	require.NoError(t, err)
	require.ErrorIs(t, b.tokens.AbandonRotation(b.ctx, state), servicetokens.ErrArchived)
	assert.Equal(t, []string{string(second.ID)}, active(b.srv))
}

func TestStepsCheckTheirArguments(t *testing.T) {
	b := newBench(t, seatToken)
	before := len(b.srv.Requests())
	_, _, err := b.tokens.BeginRotation(b.ctx, "", servicetokens.Rotation{})
	require.ErrorIs(t, err, client.ErrInvalidParams)
	_, _, err = b.tokens.BeginRotation(b.ctx, "1", servicetokens.Rotation{ExpiresInDays: 366, VerifyWithin: -1})
	require.ErrorIs(t, err, client.ErrInvalidParams)
	require.ErrorContains(t, err, "VerifyWithin")
	for _, state := range []servicetokens.RotationState{{}, {OldID: "1"}, {NewID: "1"}, {OldID: "1", NewID: "1"}} {
		_, err := b.tokens.FinishRotation(b.ctx, state, servicetokens.Rotation{})
		require.ErrorIs(t, err, client.ErrInvalidParams)
		require.ErrorIs(t, b.tokens.AbandonRotation(b.ctx, state), client.ErrInvalidParams)
	}
	assert.Len(t, b.srv.Requests(), before)
}

// A login page in response to a write proves nothing, whatever its status.
func TestRotateDoesNotBelieveALoginPage(t *testing.T) {
	for _, effect := range []bool{true, false} {
		for _, route := range []string{createRoute, archiveRoute} {
			t.Run(fmt.Sprintf("%s, processed: %v", route, effect), func(t *testing.T) {
				b := newBench(t, seatToken)
				transport := client.NewTransport()
				t.Cleanup(transport.CloseIdleConnections)
				page := &loginPage{RoundTripper: transport, route: route, effect: effect}
				tokens := servicetokens.New(connect(t, b.srv, b.srv.AdminToken(), client.WithTransport(page)))
				tokens.SetSleep(noSleep)
				next, err := tokens.Rotate(b.ctx, b.old.ID, b.rotation())
				require.NoError(t, err)
				assert.Equal(t, []string{string(next.ID)}, active(b.srv))
				assert.True(t, b.works(b.next))
			})
		}
	}
}

// loginPage replaces the response to the first request of a route's method, which reaches the platform or not.
type loginPage struct {
	http.RoundTripper
	route  string
	effect bool
	done   bool
}

func (p *loginPage) RoundTrip(req *http.Request) (*http.Response, error) {
	if p.done || !strings.HasPrefix(p.route, req.Method+" ") {
		return p.RoundTripper.RoundTrip(req)
	}
	p.done = true
	if p.effect {
		resp, err := p.RoundTripper.RoundTrip(req)
		if err != nil {
			return nil, err
		}
		if err := resp.Body.Close(); err != nil {
			return nil, err
		}
	}
	return htmlPage(), nil
}

func TestRotationErrorsCanBeBuiltAndPrinted(t *testing.T) {
	reason := errors.New("broken")
	for name, tc := range map[string]struct {
		err  *servicetokens.RotationError
		want string
	}{
		"nil":  {want: "<nil>"},
		"zero": {err: &servicetokens.RotationError{}, want: "no replacement exists: unknown cause"},
		"filled": {
			err:  &servicetokens.RotationError{Stage: servicetokens.StageDeploy, OldID: "1", NewID: "2", Err: reason},
			want: "its replacement 2 is valid too: broken",
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
				assert.Contains(t, fmt.Sprintf(verb, tc.err), tc.want)
			}
			if tc.err == nil {
				require.NoError(t, tc.err.Unwrap())
			} else {
				assert.Equal(t, tc.err.Err, errors.Unwrap(tc.err))
			}
			assert.Equal(t, name == "filled", errors.Is(tc.err, reason))
			assert.NotPanics(t, func() { tc.err.State() })
		})
	}
}

// The old token is archived, and its replacement works: the run that did it was killed after its last request.
func TestRerunNamesTheReplacementOfAnArchivedToken(t *testing.T) {
	for _, hidden := range []bool{false, true} {
		b := newBench(t, seatToken)
		next, err := b.tokens.Rotate(b.ctx, b.old.ID, b.rotation())
		require.NoError(t, err)
		want := servicetokens.ErrArchived
		if hidden {
			want = client.ErrNotFound
			b.srv.Inject(sandbox.Fault{Route: "GET /api/v2/service-tokens/" + string(b.old.ID), Status: http.StatusNotFound})
		}
		_, err = b.tokens.Rotate(b.ctx, b.old.ID, b.rotation())
		require.ErrorIs(t, err, want)
		assert.Equal(t, next.ID, b.failsAt(err, servicetokens.StageCreate).NewID)
		assert.Equal(t, []string{string(next.ID)}, active(b.srv))
	}
}
