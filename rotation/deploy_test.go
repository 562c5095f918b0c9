package rotation

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

func TestOnlyErrNotDeployedEndsTheReplacementAfterDeploy(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		deploy func() error
		want   error
		ended  bool
	}{
		"error":   {deploy: func() error { return errBroken }, want: errBroken},
		"context": {deploy: func() error { return context.Canceled }, want: context.Canceled},
		"not deployed": {
			deploy: func() error { return fmt.Errorf("%w: %w", ErrNotDeployed, errBroken) }, want: errBroken, ended: true,
		},
		"panic":                       {deploy: func() error { panic("boom") }},
		"panic with an error":         {deploy: func() error { panic(errBroken) }, want: errBroken},
		"panic with ErrNotDeployed":   {deploy: func() error { panic(ErrNotDeployed) }, want: ErrNotDeployed},
		"panic of the runtime itself": {deploy: func() error { _ = []int{}[len(errBroken.Error())]; return nil }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMemory()
			plan := m.plan()
			plan.Deploy = func(context.Context, *Summary) error { return tc.deploy() }
			_, err := m.rotate(t, plan)
			failure := failsAt(t, err, StageDeploy)
			assert.Equal(t, client.ID("2"), failure.NewID)
			assert.Equal(t, tc.ended, failure.NewEnded)
			if tc.want != nil {
				require.ErrorIs(t, failure.Err, tc.want)
			}
			if tc.ended {
				assert.Equal(t, []client.ID{"1"}, m.valid())
				return
			}
			assert.Equal(t, []client.ID{"1", "2"}, m.valid())
			_, err = Resume(t.Context(), m.driver(), failure.State(), plan)
			require.NoError(t, err, "it cannot be resumed")
			assert.Equal(t, []client.ID{"2"}, m.valid())
		})
	}
}

func TestPanicOfConfirmIsAnError(t *testing.T) {
	t.Parallel()
	m := newMemory()
	plan := m.plan()
	plan.Confirm = func(context.Context) (bool, error) { panic("boom\nscope3_ak_1_sk_live_0123456789abcdef") }
	_, err := m.rotate(t, plan)
	failure := failsAt(t, err, StageConfirm)
	var panicked *PanicError
	require.ErrorAs(t, failure.Err, &panicked)
	assert.NotEmpty(t, panicked.Stack)
	text := fmt.Sprintf("%v %+v %#v", panicked, panicked, panicked)
	assert.Contains(t, text, "Confirm panicked: boom")
	assert.NotContains(t, text, "0123456789")
	assert.NotContains(t, text, "\n")
}

func TestRunIsEndedByGoexitInDeploy(t *testing.T) {
	t.Parallel()
	m := newMemory()
	plan := m.plan()
	plan.Deploy = func(context.Context, *Summary) error { runtime.Goexit(); return nil }
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = Rotate(context.Background(), m.driver(), "1", plan)
		t.Error("it went on")
	}()
	<-done
	assert.Equal(t, []client.ID{"1", "2"}, m.valid())
}

func always(yes bool) func(client.ID) (bool, error) {
	return func(client.ID) (bool, error) { return yes, nil }
}

func only(id client.ID) func(client.ID) (bool, error) {
	return func(other client.ID) (bool, error) { return other == id, nil }
}

func TestRerunActsOnWhatDeployedReports(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		left     int
		deployed func(client.ID) (bool, error)
		want     error
		valid    []client.ID
	}{
		"nothing is known":    {left: 1, want: ErrUnfinished, valid: []client.ID{"1", "2"}},
		"not deployed":        {left: 1, deployed: always(false), valid: []client.ID{"3"}},
		"deployed":            {left: 1, deployed: always(true), valid: []client.ID{"2"}},
		"one of two deployed": {left: 2, deployed: only("3"), valid: []client.ID{"3"}},
		"both deployed":       {left: 2, deployed: always(true), want: ErrUnfinished, valid: []client.ID{"1", "2", "3"}},
		"error for one of two": {
			left: 2, want: errBroken, valid: []client.ID{"1", "2", "3"},
			deployed: func(id client.ID) (bool, error) {
				if id == "3" {
					return false, errBroken
				}
				return false, nil
			},
		},
		"panic": {
			left: 1, want: errBroken, valid: []client.ID{"1", "2"},
			deployed: func(client.ID) (bool, error) { panic(errBroken) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMemory()
			for i := range tc.left {
				m.add(fmt.Sprintf("ETL %s0000000%d]", family("1"), i))
			}
			plan := m.plan()
			if tc.deployed != nil {
				plan.Deployed = func(_ context.Context, id client.ID) (bool, error) { return tc.deployed(id) }
			}
			_, err := m.rotate(t, plan)
			assert.Equal(t, tc.valid, m.valid())
			if tc.want == nil {
				require.NoError(t, err)
				return
			}
			failure := failsAt(t, err, StageCreate)
			require.ErrorIs(t, failure.Err, tc.want)
			require.ErrorIs(t, failure.Err, ErrUnfinished)
			named := failure.Strays
			if failure.NewID != "" {
				named = append(named, failure.NewID)
			}
			assert.ElementsMatch(t, tc.valid[1:], named)
		})
	}
}
