package servicetokens_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/rotation"
	"github.com/interchange-sdk/interchange-go/sandbox"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

func TestLostCreationIsFoundArchivedAndRepeated(t *testing.T) {
	for _, kind := range []sandbox.FaultKind{sandbox.FaultResetAfter, sandbox.FaultTruncate, sandbox.FaultResetBefore} {
		t.Run(string(kind), func(t *testing.T) {
			b := newBench(t, seatToken)
			twin, err := b.tokens.Create(b.ctx, seatToken) // the same in every respect, and there before
			require.NoError(t, err)
			b.srv.Inject(sandbox.Fault{Route: createRoute, Kind: kind, Times: 1})
			next, err := b.rotate(b.plan())
			require.NoError(t, err)
			assert.ElementsMatch(t, []string{string(twin.ID), string(next.ID)}, active(b.srv))
			assert.True(t, b.works(b.next))
		})
	}
}

// twinMaker creates, with somebody else's client, the same token whenever a creation fails.
type twinMaker struct {
	make  func() *servicetokens.Created
	twins []*servicetokens.Created
}

func (m *twinMaker) AttemptDone(_ context.Context, a client.Attempt) {
	if a.Operation == "createServiceToken" && a.Err != nil {
		m.twins = append(m.twins, m.make())
	}
}

// Somebody else creates the same token in the same moment. It is not ours to archive.
func TestLostCreationIsNotMistakenForAnothers(t *testing.T) {
	for _, kind := range []sandbox.FaultKind{sandbox.FaultResetAfter, sandbox.FaultResetBefore} {
		t.Run(string(kind), func(t *testing.T) {
			b := newBench(t, seatToken)
			others := servicetokens.New(b.srv.Connect(b.srv.AdminToken()))
			m := &twinMaker{make: func() *servicetokens.Created {
				twin, err := others.Create(b.ctx, seatToken)
				assert.NoError(t, err)
				return twin
			}}
			tokens := servicetokens.New(b.srv.Connect(b.srv.AdminToken(), client.WithHooks(m)))
			b.srv.Inject(sandbox.Fault{Route: createRoute, Kind: kind, Times: 1})
			next, err := rotation.Rotate(b.ctx, b.driverOf(tokens), b.old.ID, b.plan())
			require.NoError(t, err)
			require.Len(t, m.twins, 1)
			assert.True(t, b.works(m.twins[0]))
			assert.ElementsMatch(t, []string{string(m.twins[0].ID), string(next.ID)}, active(b.srv))
		})
	}
}

func TestCreationsThatAreLostAgainAndAgain(t *testing.T) {
	b := newBench(t, seatToken)
	b.srv.Inject(sandbox.Fault{Route: createRoute, Kind: sandbox.FaultResetAfter})
	_, err := b.rotate(b.plan())
	failure := b.failsAt(err, rotation.StageCreate)
	require.ErrorIs(t, err, client.ErrOutcomeUnknown)
	assert.Empty(t, failure.Strays)
	assert.Equal(t, []string{string(b.old.ID)}, active(b.srv))
}

func TestLostCreationIsCleanedUpAfterTheContextEnded(t *testing.T) {
	b := newBench(t, seatToken)
	ctx, cancel := context.WithCancel(b.ctx)
	defer cancel()
	m := &twinMaker{make: func() *servicetokens.Created { cancel(); return nil }}
	tokens := servicetokens.New(b.srv.Connect(b.srv.AdminToken(), client.WithHooks(m)))
	b.srv.Inject(sandbox.Fault{Route: createRoute, Kind: sandbox.FaultResetAfter})
	_, err := rotation.Rotate(ctx, b.driverOf(tokens), b.old.ID, b.plan())
	assert.Empty(t, b.failsAt(err, rotation.StageCreate).Strays)
	assert.Equal(t, []string{string(b.old.ID)}, active(b.srv))
	assert.Equal(t, 2, b.srv.Effects(createRoute))
}

func TestStraysThatCannotBeArchivedAreNamed(t *testing.T) {
	b := newBench(t, seatToken)
	b.srv.Inject(sandbox.Fault{Route: createRoute, Kind: sandbox.FaultResetAfter})
	b.srv.Inject(sandbox.Fault{Route: archiveRoute, Status: http.StatusForbidden})
	_, err := b.rotate(b.plan())
	failure := b.failsAt(err, rotation.StageCreate)
	require.ErrorIs(t, err, client.ErrOutcomeUnknown)
	require.Len(t, failure.Strays, 1)
	assert.ErrorContains(t, err, string(failure.Strays[0]))
	assert.ElementsMatch(t, []string{string(b.old.ID), string(failure.Strays[0])}, active(b.srv))
}

// hideDescriptions stands for a platform that does not show them: the documents leave that open.
type hideDescriptions struct{ http.RoundTripper }

var description = regexp.MustCompile(`"description":"[^"]*",?`)

func (h hideDescriptions) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := h.RoundTripper.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(description.ReplaceAll(body, nil)))
	resp.ContentLength = -1
	return resp, nil
}

func TestStraysThatCannotBeToldApartAreLeftAlone(t *testing.T) {
	b := newBench(t, seatToken)
	transport := client.NewTransport()
	t.Cleanup(transport.CloseIdleConnections)
	tokens := servicetokens.New(b.srv.Connect(b.srv.AdminToken(), client.WithTransport(hideDescriptions{transport})))
	b.srv.Inject(sandbox.Fault{Route: createRoute, Kind: sandbox.FaultResetAfter, Times: 1})
	_, err := rotation.Rotate(b.ctx, b.driverOf(tokens), b.old.ID, b.plan())
	failure := b.failsAt(err, rotation.StageCreate)
	require.Len(t, failure.Strays, 1)
	assert.Len(t, active(b.srv), 2)
}

func noSleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// Whatever goes wrong, wherever: no token is left over that no error names, none that was there before is touched,
// and what is deployed works.
func TestRotateUnderRandomFaults(t *testing.T) {
	kinds := []sandbox.Fault{
		{Status: 429, RetryAfter: "0.001"},
		{Status: 500},
		{Status: 503},
		{Kind: sandbox.FaultHTML, Status: 502},
		{Kind: sandbox.FaultResetBefore},
		{Kind: sandbox.FaultResetAfter},
		{Kind: sandbox.FaultTruncate},
	}
	succeeded := 0
	for seed := range uint64(60) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			b := newBench(t, seatToken)
			random := rand.New(rand.NewPCG(seed, 0))
			bystander, err := b.tokens.Create(b.ctx, seatToken)
			require.NoError(t, err)
			for range 1 + random.IntN(4) {
				fault := kinds[random.IntN(len(kinds))]
				fault.Rate, fault.Times = 0.2+random.Float64()/2, 1+random.IntN(4)
				b.srv.Inject(fault)
			}
			tokens := servicetokens.New(b.srv.Connect(b.srv.AdminToken(), client.WithRetry(client.RetryPolicy{BaseDelay: 1})))
			next, err := rotation.Rotate(b.ctx, b.driverOf(tokens), b.old.ID, b.plan())
			b.srv.ClearFaults()

			allowed := []string{string(bystander.ID)}
			if err == nil {
				succeeded++
				allowed = append(allowed, string(next.ID))
				assert.True(t, b.works(b.next))
				assert.Equal(t, b.next.ID, next.ID)
			} else {
				failure := b.failsAt(err, stageOf(err))
				allowed = append(allowed, string(b.old.ID), string(failure.NewID))
				for _, stray := range failure.Strays {
					allowed = append(allowed, string(stray))
				}
				assert.True(t, b.works(b.old) || b.works(b.next))
			}
			for _, id := range active(b.srv) {
				assert.True(t, slices.Contains(allowed, id), "token %s is left over after %v", id, err)
			}
			assert.True(t, b.works(bystander))
		})
	}
	assert.Greater(t, succeeded, 30)
}

func stageOf(err error) rotation.Stage {
	var failure *rotation.Error
	if errors.As(err, &failure) {
		return failure.Stage
	}
	return ""
}
