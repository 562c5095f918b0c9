package servicetokens_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/rotation"
	"github.com/interchange-sdk/interchange-go/sandbox"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

func TestStepsWithAStoredState(t *testing.T) {
	b := newBench(t, seatToken)
	var none rotation.Plan[servicetokens.Created]
	next, state, err := rotation.Begin(b.ctx, b.driver(), b.old.ID, none)
	require.NoError(t, err)
	assert.Equal(t, rotation.State{OldID: b.old.ID, NewID: next.ID}, state)
	stored, err := json.Marshal(state)
	require.NoError(t, err)
	for _, text := range []string{string(stored), fmt.Sprintf("%v %+v %#v", state, state, state)} {
		assert.NotContains(t, text, next.Token.RevealSecret())
	}
	assert.True(t, b.works(b.old))
	assert.True(t, b.works(next))

	var restored rotation.State
	require.NoError(t, json.Unmarshal(stored, &restored))
	for range 2 {
		got, err := rotation.Finish(b.ctx, b.driver(), restored, none)
		require.NoError(t, err)
		assert.Equal(t, next.ID, got.ID)
		assert.Equal(t, []string{string(next.ID)}, active(b.srv))
	}
}

func TestAbandonedRotationCanBeginAgain(t *testing.T) {
	b := newBench(t, seatToken)
	var none rotation.Plan[servicetokens.Created]
	first, _, err := rotation.Begin(b.ctx, b.driver(), b.old.ID, none)
	require.NoError(t, err)

	_, _, err = rotation.Begin(b.ctx, b.driver(), b.old.ID, none) // the state was not stored
	require.ErrorIs(t, err, rotation.ErrUnfinished)
	state := b.failsAt(err, rotation.StageCreate).State()
	assert.Equal(t, rotation.State{OldID: b.old.ID, NewID: first.ID}, state)
	for range 2 {
		require.NoError(t, rotation.Abandon(b.ctx, b.driver(), state, none))
	}
	assert.Equal(t, []string{string(b.old.ID)}, active(b.srv))

	second, state, err := rotation.Begin(b.ctx, b.driver(), b.old.ID, none)
	require.NoError(t, err)
	_, err = rotation.Finish(b.ctx, b.driver(), state, none)
	require.NoError(t, err)
	require.ErrorIs(t, rotation.Abandon(b.ctx, b.driver(), state, none), rotation.ErrEnded)
	assert.Equal(t, []string{string(second.ID)}, active(b.srv))
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
				tokens := servicetokens.New(b.srv.Connect(b.srv.AdminToken(), client.WithTransport(page)))
				next, err := rotation.Rotate(b.ctx, b.driverOf(tokens), b.old.ID, b.plan())
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

// The old token is archived, and its replacement works: the run that did it was killed after its last request.
func TestRerunNamesTheReplacementOfAnArchivedToken(t *testing.T) {
	for _, hidden := range []bool{false, true} {
		b := newBench(t, seatToken)
		next, err := b.rotate(b.plan())
		require.NoError(t, err)
		want := rotation.ErrEnded
		if hidden {
			want = client.ErrNotFound
			b.srv.Inject(sandbox.Fault{Route: "GET /api/v2/service-tokens/" + string(b.old.ID), Status: http.StatusNotFound})
		}
		_, err = b.rotate(b.plan())
		require.ErrorIs(t, err, want)
		assert.Equal(t, next.ID, b.failsAt(err, rotation.StageCreate).NewID)
		assert.Equal(t, []string{string(next.ID)}, active(b.srv))
	}
}
