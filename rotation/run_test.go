package rotation

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

var errBroken = errors.New("broken")

// memory is a platform in memory. Before a list is read, the first function of onList is called.
type memory struct {
	all    []Summary
	hidden map[client.ID]bool // from lists
	onList []func()
	create func(made Summary) error // the response to a creation
	end    func(id client.ID) error
	waited time.Duration
}

func newMemory() *memory {
	return &memory{all: []Summary{{ID: "1", Text: "ETL"}}, hidden: make(map[client.ID]bool)}
}

func (m *memory) add(text string) Summary {
	made := Summary{ID: client.ID(strconv.Itoa(len(m.all) + 1)), Text: text}
	m.all = append(m.all, made)
	return made
}

func (m *memory) find(id client.ID) *Summary {
	i := slices.IndexFunc(m.all, func(v Summary) bool { return v.ID == id })
	if i < 0 {
		return nil
	}
	return &m.all[i]
}

func (m *memory) valid() []client.ID {
	ids := []client.ID{}
	for _, v := range m.all {
		if !v.Ended {
			ids = append(ids, v.ID)
		}
	}
	return ids
}

func (m *memory) driver() *Driver[Summary, Summary] {
	return &Driver[Summary, Summary]{
		Kind:    "API key",
		MaxText: 100,
		Get: func(_ context.Context, id client.ID) (*Summary, error) {
			if v := m.find(id); v != nil {
				found := *v
				return &found, nil
			}
			return nil, client.ErrNotFound
		},
		List: func(context.Context) iter.Seq2[Summary, error] {
			return func(yield func(Summary, error) bool) {
				if len(m.onList) > 0 {
					m.onList[0]()
					m.onList = m.onList[1:]
				}
				for _, v := range slices.Clone(m.all) {
					if !m.hidden[v.ID] && !yield(v, nil) {
						return
					}
				}
			}
		},
		End: func(_ context.Context, id client.ID) error {
			if m.end != nil {
				if err := m.end(id); err != nil {
					return err
				}
			}
			if v := m.find(id); v == nil || v.Ended {
				return client.ErrNotFound
			}
			m.find(id).Ended = true
			return nil
		},
		NewFactory: func(*Summary, *client.ParamError) Factory[Summary] {
			return Factory[Summary]{Create: func(_ context.Context, text string) (*Summary, error) {
				made := m.add(text)
				if m.create != nil {
					if err := m.create(made); err != nil {
						return nil, err
					}
				}
				return &made, nil
			}}
		},
		Summary: func(v *Summary) Summary { return *v },
		Record:  func(v *Summary) *Summary { return v },
		Sleep: func(ctx context.Context, d time.Duration) error {
			m.waited += d
			return ctx.Err()
		},
	}
}

func (m *memory) rotate(t *testing.T, plan Plan[Summary]) (*Summary, error) {
	t.Helper()
	return Rotate(t.Context(), m.driver(), "1", plan)
}

func (m *memory) plan() Plan[Summary] {
	return Plan[Summary]{
		Deploy:  func(context.Context, *Summary) error { return nil },
		Confirm: func(context.Context) (bool, error) { return true, nil },
	}
}

func failsAt(t *testing.T, err error, stage Stage) *Error {
	t.Helper()
	var failure *Error
	require.ErrorAs(t, err, &failure)
	assert.Equal(t, stage, failure.Stage)
	return failure
}

func none() {}

// The order of creations may be shown wrongly. A rival that does not leave had come first.
func TestRunLosesToARivalThatStays(t *testing.T) {
	t.Parallel()
	m := newMemory()
	m.onList = []func(){none, func() { m.add("ETL " + family("1") + "00000000]") }}
	_, err := m.rotate(t, m.plan())
	failure := failsAt(t, err, StageCreate)
	require.ErrorIs(t, err, ErrUnfinished)
	assert.Equal(t, []client.ID{"3"}, failure.Strays)
	assert.True(t, failure.NewEnded)
	assert.Equal(t, []client.ID{"1", "3"}, m.valid())
	assert.Equal(t, defaultVerifyWithin, m.waited)
}

func TestRunWaitsForALaterRivalToLeave(t *testing.T) {
	t.Parallel()
	m := newMemory()
	m.onList = []func(){
		none,
		func() { m.add("ETL " + family("1") + "00000000]") },
		none,
		func() { m.find("3").Ended = true },
	}
	next, err := m.rotate(t, m.plan())
	require.NoError(t, err)
	assert.Equal(t, client.ID("2"), next.ID)
	assert.Equal(t, []client.ID{"2"}, m.valid())
}

func TestOldCredentialStaysValidBesideAReplacementThatAppearsLate(t *testing.T) {
	t.Parallel()
	m := newMemory()
	m.onList = []func(){none, none, func() { m.add("ETL " + family("1") + "00000000]") }}
	_, err := m.rotate(t, m.plan())
	failure := failsAt(t, err, StageEnd)
	require.ErrorIs(t, err, ErrUnfinished)
	assert.Equal(t, client.ID("2"), failure.NewID)
	assert.Equal(t, []client.ID{"3"}, failure.Strays)
	assert.Equal(t, []client.ID{"1", "2", "3"}, m.valid())
}

func TestReplacementThatIsNotListedInTimeIsEnded(t *testing.T) {
	t.Parallel()
	m := newMemory()
	m.hidden["2"] = true
	plan := m.plan()
	plan.VerifyWithin = 3 * time.Second
	plan.Deploy = func(context.Context, *Summary) error { t.Error("it was deployed"); return nil }
	_, err := m.rotate(t, plan)
	failure := failsAt(t, err, StageCreate)
	require.ErrorIs(t, err, errUnlisted)
	assert.True(t, failure.Unsearched)
	assert.True(t, failure.NewEnded)
	assert.Equal(t, []client.ID{"1"}, m.valid())
	assert.Equal(t, 3*time.Second, m.waited)
}

// The response to the first creation is lost, and the list shows what it made only together with the second.
func TestLostCreationIsEndedOnceALaterOneIsListed(t *testing.T) {
	t.Parallel()
	m := newMemory()
	m.create = func(made Summary) error {
		if made.ID == "2" {
			m.hidden["2"], m.hidden["3"] = true, true
			return client.ErrOutcomeUnknown
		}
		return nil
	}
	m.onList = []func(){none, none, none, none, func() { clear(m.hidden) }}
	next, err := m.rotate(t, m.plan())
	require.NoError(t, err)
	assert.Equal(t, client.ID("3"), next.ID)
	assert.Equal(t, []client.ID{"3"}, m.valid())
}

func TestLostCreationThatIsNeverListedIsReported(t *testing.T) {
	t.Parallel()
	m := newMemory()
	m.create = func(made Summary) error {
		m.hidden[made.ID] = true
		return client.ErrOutcomeUnknown
	}
	_, err := m.rotate(t, m.plan())
	failure := failsAt(t, err, StageCreate)
	require.ErrorIs(t, err, client.ErrOutcomeUnknown)
	require.ErrorContains(t, err, "the list does not show after 30s what it made")
	assert.True(t, failure.Unsearched)
	assert.Equal(t, failure.Mark, markOf(m.find("2").Text))
}

// A creation was not processed, as far as the list shows: it is looked for a little longer, and the old credential is
// still valid meanwhile.
func TestLostCreationIsLookedForBeforeTheOldOneEnds(t *testing.T) {
	t.Parallel()
	for _, late := range []bool{false, true} {
		m := newMemory()
		m.create = func(made Summary) error {
			if made.ID == "2" {
				m.hidden["2"] = true
				return client.ErrOutcomeUnknown
			}
			return nil
		}
		m.end = func(id client.ID) error {
			if id == "1" && !late {
				assert.Equal(t, lateWithin, m.waited)
				m.find("2").Ended = true // it was never there
			}
			return nil
		}
		if late {
			m.onList = []func(){none, none, none, none, none, none, func() { clear(m.hidden) }}
		}
		_, err := m.rotate(t, m.plan())
		require.NoError(t, err)
		assert.Equal(t, []client.ID{"3"}, m.valid())
	}
}

// A creation with a lost response, then one that is refused: the first one is still looked for.
func TestLostCreationIsLookedForAfterARefusal(t *testing.T) {
	t.Parallel()
	m := newMemory()
	m.create = func(made Summary) error {
		if made.ID == "2" {
			m.hidden["2"] = true
			return client.ErrOutcomeUnknown
		}
		m.all = slices.DeleteFunc(m.all, func(v Summary) bool { return v.ID == made.ID })
		return client.ErrForbidden
	}
	m.onList = []func(){none, none, none, none, func() { clear(m.hidden) }}
	_, err := m.rotate(t, m.plan())
	failure := failsAt(t, err, StageCreate)
	require.ErrorIs(t, err, client.ErrForbidden)
	assert.False(t, failure.Unsearched)
	assert.Equal(t, []client.ID{"1"}, m.valid())
}

func TestEndIsNotBelievedWithoutProof(t *testing.T) {
	t.Parallel()
	page := fmt.Errorf("a login page: %w", client.ErrOutcomeUnknown)
	both := []client.ID{"1", "2"}
	for name, tc := range map[string]struct {
		responses []error // before those of the platform
		effect    bool    // the first one comes after the credential ended
		want      error
		valid     []client.ID
	}{
		"a page, then success":       {responses: []error{page}, valid: []client.ID{"2"}},
		"a page after it ended":      {responses: []error{page}, effect: true, valid: []client.ID{"2"}},
		"a 404 although it is there": {responses: []error{client.ErrNotFound}, valid: []client.ID{"2"}},
		"a 404 because it is gone":   {responses: []error{client.ErrNotFound}, effect: true, valid: []client.ID{"2"}},
		"nothing but pages": {
			responses: slices.Repeat([]error{page}, 100), want: client.ErrOutcomeUnknown, valid: both,
		},
		"nothing but 404s for what works": {
			responses: slices.Repeat([]error{client.ErrNotFound}, 100), want: client.ErrNotFound, valid: both,
		},
		"refused": {responses: []error{client.ErrForbidden}, want: client.ErrForbidden, valid: both},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMemory()
			m.end = func(id client.ID) error {
				if len(tc.responses) == 0 {
					return nil
				}
				err := tc.responses[0]
				tc.responses = tc.responses[1:]
				if tc.effect {
					m.find(id).Ended = true
				}
				return err
			}
			_, err := m.rotate(t, m.plan())
			if tc.want == nil {
				require.NoError(t, err)
			} else {
				_ = failsAt(t, err, StageEnd)
				require.ErrorIs(t, err, tc.want)
			}
			assert.Equal(t, tc.valid, m.valid())
		})
	}
}

func TestCreationThatAppearsWhenTheOldOneEndsIsEnded(t *testing.T) {
	t.Parallel()
	m := newMemory()
	m.create = func(made Summary) error {
		if made.ID == "2" {
			m.hidden["2"] = true
			return client.ErrOutcomeUnknown
		}
		return nil
	}
	m.end = func(client.ID) error { clear(m.hidden); return nil }
	_, err := m.rotate(t, m.plan())
	require.NoError(t, err)
	assert.Equal(t, []client.ID{"3"}, m.valid())
}

// The list lags, so that it does not show the replacement. Its absence is no proof that it ended.
func TestReplacementThatIsNotListedIsEndedForCertain(t *testing.T) {
	t.Parallel()
	m := newMemory()
	m.hidden["2"] = true
	losses := 2
	m.end = func(client.ID) error {
		if losses == 0 {
			return nil
		}
		losses--
		return client.ErrOutcomeUnknown
	}
	_, err := m.rotate(t, m.plan())
	assert.True(t, failsAt(t, err, StageCreate).NewEnded)
	assert.Equal(t, []client.ID{"1"}, m.valid())
}
