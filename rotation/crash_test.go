package rotation_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/rotation"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

func killPoints() []string {
	return []string{
		"before first reads", "after first reads",
		"before create", "after create",
		"before second list", "after second list",
		"before the store has it", "after the store has it",
		"confirm",
		"before last list", "after last list",
		"before end", "after end",
	}
}

// eachKill runs a test for every kind of credential, every kill point and lists that lag or not.
func eachKill(t *testing.T, test func(b *bench, killAt string, lag time.Duration)) {
	for kind, s := range subjects() {
		for _, lag := range []time.Duration{0, 4 * time.Second} {
			for _, killAt := range killPoints() {
				t.Run(fmt.Sprintf("%s/list lags %v/killed %s", kind, lag, killAt), func(t *testing.T) {
					t.Parallel()
					b := newBench(t, s, lag)
					synctest.Test(t, func(t *testing.T) {
						b.T = t
						b.prepare(lag)
						test(b, killAt, lag)
					})
				})
			}
		}
	}
}

// kill runs a rotation that is killed at a point.
func (b *bench) kill(killAt string, p func(*network) plan) {
	b.Helper()
	n := b.network()
	n.killAt = killAt
	_, ended := b.run(n, p(n))
	require.False(b, ended, "the rotation was not killed")
	b.safe()
}

// safe checks that the store holds a credential that works.
func (b *bench) safe() {
	b.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	assert.True(b, b.srv.Authenticates(b.secret), "the deployed credential does not work")
}

// reported checks that every replacement that is valid is named by one of the outcomes.
func (b *bench) reported(outcomes ...outcome) {
	b.Helper()
	for _, one := range b.replacements() {
		known := false
		for _, o := range outcomes {
			known = known || o.names(one)
		}
		assert.True(b, known, "%s (%s) is valid and unreported: %+v", one.id, one.text, outcomes)
	}
}

// complete checks that the rotation is over and nothing is left.
func (b *bench) complete() {
	b.Helper()
	b.safe()
	all := b.replacements()
	require.Len(b, all, 1)
	assert.Equal(b, b.stored(), all[0].id)
	assert.False(b, b.oldWorks(), "the old credential still works")
}

// completed reports whether an outcome states that the rotation is over: a success, or the old one has ended and its
// replacement is named.
func completed(o outcome) bool {
	return o.err == nil || errors.Is(o.err, rotation.ErrEnded) && o.newID != ""
}

func TestRerunReportsEveryCredentialOfAKilledRotation(t *testing.T) {
	t.Parallel()
	eachKill(t, func(b *bench, killAt string, _ time.Duration) {
		b.kill(killAt, b.plan)
		before := b.replacements()
		n := b.network()
		o, ended := b.run(n, b.plan(n))
		require.True(b, ended)
		b.safe()
		b.reported(o)
		if o.err == nil {
			b.complete()
			assert.Empty(b, before, "a replacement of unknown state was there")
			return
		}
		assert.Equal(b, before, b.replacements(), "the rerun changed something")
	})
}

// The caller follows the errors: it resumes with what its store holds and abandons the rest.
func TestKilledRotationIsCompletedByFollowingItsErrors(t *testing.T) {
	t.Parallel()
	eachKill(t, func(b *bench, killAt string, lag time.Duration) {
		b.kill(killAt, b.plan)
		var o outcome
		for range 4 {
			time.Sleep(2 * lag)
			n := b.network()
			p := b.plan(n)
			for _, id := range append(o.strays, o.newID) {
				switch {
				case id == "":
				case id == b.stored():
					p.newID = id
				default:
					require.NoError(b, b.abandon(b, b.network(), b.oldID, id))
				}
			}
			o, _ = b.run(n, p)
			b.safe()
			b.reported(o)
			if completed(o) {
				break
			}
		}
		assert.True(b, completed(o), "%v", o.err)
		b.complete()
	})
}

func TestRerunThatKnowsWhatIsDeployedCompletesAKilledRotation(t *testing.T) {
	t.Parallel()
	eachKill(t, func(b *bench, killAt string, lag time.Duration) {
		b.kill(killAt, b.knowing)
		var o outcome
		for range 3 {
			n := b.network()
			o, _ = b.run(n, b.knowing(n))
			b.safe()
			b.reported(o)
			if completed(o) {
				break
			}
			require.NotZero(b, lag, "a list that does not lag shows everything at once: %v", o.err)
			time.Sleep(2 * lag)
		}
		assert.True(b, completed(o), "%v", o.err)
		b.complete()
	})
}

// race runs two rotations at once, with requests that take random times.
func (b *bench) race(seed uint64, killAt string) (outcomes []outcome) {
	var wg sync.WaitGroup
	results, ended := make([]outcome, 2), make([]bool, 2)
	for i := range results {
		n := b.network()
		n.random = rand.New(rand.NewPCG(seed, uint64(i)))
		if i == 0 {
			n.killAt = killAt
		}
		wg.Go(func() {
			n.pause()
			results[i], ended[i] = b.run(n, b.plan(n))
		})
	}
	wg.Wait()
	for i, o := range results {
		if ended[i] {
			outcomes = append(outcomes, o)
		}
	}
	return outcomes
}

func TestOneOfTwoRotationsWinsAndTheOtherLeavesNothing(t *testing.T) {
	t.Parallel()
	for kind, s := range subjects() {
		for _, lag := range []time.Duration{0, 4 * time.Second} {
			for seed := range uint64(15) {
				t.Run(fmt.Sprintf("%s/list lags %v/%d", kind, lag, seed), func(t *testing.T) {
					t.Parallel()
					b := newBench(t, s, lag)
					synctest.Test(t, func(t *testing.T) {
						b.T = t
						b.prepare(lag)
						start := time.Now()
						outcomes := b.race(seed, "")
						assert.Less(t, time.Since(start), lag*3+5*time.Second, "the later one does not wait for the earlier one")
						b.complete()
						won := 0
						for _, o := range outcomes {
							if o.err == nil {
								won++
							}
						}
						assert.Equal(t, 1, won, "%+v", outcomes)
						assert.Equal(t, 1, b.deploys)
					})
				})
			}
		}
	}
}

func TestTwoRotationsOfWhichOneIsKilledLeaveNothingUnreported(t *testing.T) {
	t.Parallel()
	eachKill(t, func(b *bench, killAt string, lag time.Duration) {
		b.race(7, killAt)
		b.safe()
		assert.LessOrEqual(b, b.deploys, 1)
		time.Sleep(2 * lag)
		n := b.network()
		o, ended := b.run(n, b.plan(n))
		require.True(b, ended)
		b.safe()
		b.reported(o)
	})
}

// Two reruns at once, after a kill, change nothing that either cannot know about.
func TestTwoRerunsAfterAKillLeaveNothingUnreported(t *testing.T) {
	t.Parallel()
	eachKill(t, func(b *bench, killAt string, _ time.Duration) {
		b.kill(killAt, b.plan)
		before := b.replacements()
		outcomes := b.race(3, "")
		b.safe()
		b.reported(outcomes...)
		if len(before) > 0 {
			assert.Equal(b, before, b.replacements())
		}
		for _, o := range outcomes {
			assert.NotContains(b, o.strays, client.ID(""))
		}
	})
}

// The responses to creations are lost and the list lags, within the limit and beyond it.
func TestLostCreationsInALaggingListAreEndedOrReported(t *testing.T) {
	t.Parallel()
	for kind, s := range subjects() {
		for _, lag := range []time.Duration{0, 4 * time.Second, 20 * time.Second, 40 * time.Second} {
			for _, lost := range []int{1, 2, 3} {
				t.Run(fmt.Sprintf("%s/list lags %v/%d lost", kind, lag, lost), func(t *testing.T) {
					t.Parallel()
					b := newBench(t, s, lag)
					synctest.Test(t, func(t *testing.T) {
						b.T = t
						b.prepare(lag)
						b.srv.Inject(sandbox.Fault{Route: b.route, Kind: sandbox.FaultResetAfter, Times: lost})
						n := b.network()
						o, ended := b.run(n, b.plan(n))
						require.True(t, ended)
						b.safe()
						b.reported(o)
						switch {
						case lag > 30*time.Second:
							assert.True(t, o.unsearched, "%v", o.err)
						case lost < 3:
							require.NoError(t, o.err)
							b.complete()
						default:
							require.ErrorIs(t, o.err, client.ErrOutcomeUnknown)
							assert.False(t, o.unsearched)
							assert.Empty(t, b.replacements())
						}
					})
				})
			}
		}
	}
}
