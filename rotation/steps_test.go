package rotation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

func TestStepsOfARotation(t *testing.T) {
	t.Parallel()
	m := newMemory()
	var plan Plan[Summary]
	next, state, err := Begin(t.Context(), m.driver(), "1", plan)
	require.NoError(t, err)
	assert.Equal(t, State{OldID: "1", NewID: next.ID}, state)
	stored, err := json.Marshal(state)
	require.NoError(t, err)
	assert.JSONEq(t, `{"oldId":"1","newId":"2"}`, string(stored))

	_, _, err = Begin(t.Context(), m.driver(), "1", plan)
	require.ErrorIs(t, failsAt(t, err, StageCreate).Err, ErrUnfinished)
	assert.Equal(t, []client.ID{"1", "2"}, m.valid())

	for range 2 {
		require.NoError(t, Abandon(t.Context(), m.driver(), state, plan))
		assert.Equal(t, []client.ID{"1"}, m.valid())
	}
	_, err = Finish(t.Context(), m.driver(), state, plan)
	require.ErrorIs(t, failsAt(t, err, StageEnd).Err, ErrEnded)

	_, state, err = Begin(t.Context(), m.driver(), "1", plan)
	require.NoError(t, err)
	for range 2 {
		got, err := Finish(t.Context(), m.driver(), state, plan)
		require.NoError(t, err)
		assert.Equal(t, state.NewID, got.ID)
		assert.Equal(t, []client.ID{"3"}, m.valid())
	}
	require.ErrorIs(t, failsAt(t, Abandon(t.Context(), m.driver(), state, plan), StageAbandon).Err, ErrEnded)
	assert.Equal(t, []client.ID{"3"}, m.valid(), "nothing valid is left")
}

// A step-wise rotation that follows an interrupted one names the replacement that is deployed, and ends others.
func TestBeginActsOnWhatDeployedReports(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		deployed bool
		want     error
		newID    client.ID
		valid    []client.ID
	}{
		{deployed: true, want: ErrUnfinished, newID: "2", valid: []client.ID{"1", "2"}},
		{deployed: false, newID: "3", valid: []client.ID{"1", "3"}},
	} {
		m := newMemory()
		m.add("ETL " + family("1") + "00000000]")
		var plan Plan[Summary]
		plan.Deployed = func(context.Context, client.ID) (bool, error) { return tc.deployed, nil }
		_, state, err := Begin(t.Context(), m.driver(), "1", plan)
		require.ErrorIs(t, err, tc.want)
		if err != nil {
			state = failsAt(t, err, StageCreate).State()
		}
		assert.Equal(t, State{OldID: "1", NewID: tc.newID}, state)
		assert.Equal(t, tc.valid, m.valid())
	}
}

func TestAbandonRefusesWhatIsNoReplacement(t *testing.T) {
	t.Parallel()
	m := newMemory()
	m.add("another")
	m.add("of another " + newMark("9"))
	for _, id := range []client.ID{"2", "3", "99"} {
		err := Abandon(t.Context(), m.driver(), State{OldID: "1", NewID: id}, Plan[Summary]{})
		assert.Equal(t, State{OldID: "1", NewID: id}, failsAt(t, err, StageAbandon).State())
	}
	assert.Equal(t, []client.ID{"1", "2", "3"}, m.valid())
}

// The error names the credential that was given, although it forgets it as a replacement.
func TestResumeNamesTheCredentialItRefuses(t *testing.T) {
	t.Parallel()
	m := newMemory()
	m.add("another")
	m.find("2").Ended = true
	_, err := Resume(t.Context(), m.driver(), State{OldID: "1", NewID: "2"}, m.plan())
	assert.Empty(t, failsAt(t, err, StageConfirm).NewID)
	require.ErrorContains(t, err, "cannot resume with 2: the credential is archived or revoked")
}

// A creation whose response has no id cannot be deployed, because it could not be ended again.
func TestCreationWithoutAnIDIsEndedAndRepeated(t *testing.T) {
	t.Parallel()
	m := newMemory()
	driver := m.driver()
	record := driver.Record
	driver.Record = func(v *Summary) *Summary {
		if v.ID == "2" {
			return &Summary{Text: v.Text}
		}
		return record(v)
	}
	next, err := Rotate(t.Context(), driver, "1", m.plan())
	require.NoError(t, err)
	assert.Equal(t, client.ID("3"), next.ID)
	assert.Equal(t, []client.ID{"3"}, m.valid())
}

func TestArgumentsAreCheckedTogether(t *testing.T) {
	t.Parallel()
	m := newMemory()
	m.onList = []func(){func() { t.Error("the list was read") }}
	driver, good := m.driver(), m.plan()
	driver.Check = func(problems *client.ParamError) { problems.Add("Lifetime", "is odd") }
	wrong := Plan[Summary]{ConfirmEvery: -1, VerifyWithin: -1}
	const state = "newId is required"
	for name, tc := range map[string]struct {
		run  func() error
		want []string
	}{
		"Rotate": {
			run: func() error { _, err := Rotate(t.Context(), driver, "", wrong); return err },
			want: []string{
				"rotate API key: id is required", "Deploy is required", "Confirm is required", "Lifetime is odd",
				"ConfirmEvery must not be negative", "VerifyWithin must not be negative",
			},
		},
		"Resume": {
			run:  func() error { _, err := Resume(t.Context(), driver, State{OldID: "1"}, wrong); return err },
			want: []string{state, "Confirm is required", "ConfirmEvery", "VerifyWithin"},
		},
		"Begin": {
			run:  func() error { _, _, err := Begin(t.Context(), driver, "", wrong); return err },
			want: []string{"id is required", "Lifetime is odd", "VerifyWithin"},
		},
		"Finish": {
			run:  func() error { _, err := Finish(t.Context(), driver, State{}, wrong); return err },
			want: []string{"id is required", state, "VerifyWithin"},
		},
		"Abandon": {
			run:  func() error { return Abandon(t.Context(), driver, State{OldID: "1"}, wrong) },
			want: []string{state, "VerifyWithin"},
		},
		"the same credential twice": {
			run: func() error {
				_, err := Resume(t.Context(), driver, State{OldID: "1", NewID: "1"}, good)
				return err
			},
			want: []string{"newId is the credential to be replaced"},
		},
		"no driver": {
			run:  func() error { _, err := Rotate[Summary](t.Context(), nil, "1", good); return err },
			want: []string{"rotate credential: driver must have all calls"},
		},
		"zero driver": {
			run:  func() error { return Abandon(t.Context(), new(Driver[Summary, Summary]), State{}, good) },
			want: []string{"driver must have all calls"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := tc.run()
			require.ErrorIs(t, err, client.ErrInvalidParams)
			for _, text := range tc.want {
				require.ErrorContains(t, err, text)
			}
		})
	}
}

func TestErrorsCanBeBuiltAndPrinted(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		err  *Error
		want string
	}{
		"nil": {want: "<nil>"},
		"zero": {
			err:  new(Error),
			want: "interchange: rotating credential stopped: no replacement exists: unknown cause",
		},
		"valid": {
			err: &Error{Kind: "service token", Stage: StageDeploy, OldID: "1", NewID: "2", Err: errBroken},
			want: "interchange: rotating service token 1 stopped at deploy: " +
				"its replacement 2 is valid too: broken",
		},
		"ended": {
			err:  &Error{OldID: "1", NewID: "2", NewEnded: true, Strays: []client.ID{"3"}, Err: errBroken},
			want: "its replacement 2 was ended again; [3] may be left over: broken",
		},
		"strays": {err: &Error{Strays: []client.ID{"3"}}, want: "replacements may exist; [3] may be left over"},
		"unsearched": {
			err:  &Error{Unsearched: true, Mark: "[rotation 1"},
			want: "a replacement may exist, marked [rotation 1",
		},
		"more": {
			err:  &Error{NewID: "2", Unsearched: true, Mark: "[rotation 1"},
			want: "its replacement 2 is valid too; more may exist, marked [rotation 1",
		},
		"token as an id": {
			err:  &Error{OldID: "1\nscope3_ak_1_sk_live_0123456789abcdef", Err: errors.New("a\nb")},
			want: "rotating credential 1",
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
				text := fmt.Sprintf(verb, tc.err)
				assert.Contains(t, text, tc.want)
				assert.NotContains(t, text, "\n")
				assert.NotContains(t, text, "0123456789")
			}
			if tc.err == nil {
				assert.Zero(t, tc.err.State())
				assert.NoError(t, tc.err.Unwrap())
				return
			}
			assert.Equal(t, State{OldID: tc.err.OldID, NewID: tc.err.NewID}, tc.err.State())
			assert.Equal(t, tc.err.Err, errors.Unwrap(tc.err))
		})
	}
	assert.Equal(t, "a function panicked", new(PanicError).Error())
}
