package buyer_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/buyer"
	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// pending is a task that is under way for a number of questions, and what it becomes then.
func pending(polls int, during, after string) (canned, *[]time.Time) {
	asked := new([]time.Time)
	return func(*http.Request) (int, string) {
		*asked = append(*asked, time.Now())
		state := after
		if len(*asked) <= polls {
			state = during
		}
		return 200, fmt.Sprintf(`{"data":{"task":{"taskId":"t","taskType":"audience_sync",%s}},"error":null}`, state)
	}, asked
}

func TestWaitForTask(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		answer, asked := pending(40, `"status":"working","retryAfterSeconds":null`, `"status":"completed","response":{"n":1}`)
		task, err := answering(t, answer).Tasks.WaitForTask(t.Context(), "t")
		require.NoError(t, err)
		assert.Equal(t, buyer.TaskStatusCompleted, task.Status)
		require.Len(t, *asked, 41)
		for i := 1; i < len(*asked); i++ {
			d := (*asked)[i].Sub((*asked)[i-1])
			switch {
			case i == 1:
				assert.GreaterOrEqual(t, d, 750*time.Millisecond)
				assert.LessOrEqual(t, d, 1250*time.Millisecond)
			case i > 10:
				assert.GreaterOrEqual(t, d, 22*time.Second, "question %d", i)
				assert.LessOrEqual(t, d, 38*time.Second, "question %d", i)
			}
		}
		assert.Greater(t, (*asked)[6].Sub((*asked)[5]), (*asked)[1].Sub((*asked)[0]), "more and more seldom")
	})
}

func TestWaitForTaskAsksWhenTheTaskWants(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for wish, want := range map[string]time.Duration{
			"90": 90 * time.Second, "1e300": time.Hour,
			"120.5": 120*time.Second + 500*time.Millisecond,
		} {
			answer, asked := pending(1, `"status":"submitted","retryAfterSeconds":`+wish, `"status":"completed"`)
			_, err := answering(t, answer).Tasks.WaitForTask(t.Context(), "t")
			require.NoError(t, err)
			assert.Equal(t, want, (*asked)[1].Sub((*asked)[0]))
		}
		answer, asked := pending(1, `"status":"submitted","retryAfterSeconds":-5`, `"status":"completed"`)
		_, err := answering(t, answer).Tasks.WaitForTask(t.Context(), "t")
		require.NoError(t, err)
		assert.Positive(t, (*asked)[1].Sub((*asked)[0]))
	})
}

func TestATaskThatEndsBadly(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]error{
		"failed":         buyer.ErrTaskFailed,
		"input-required": buyer.ErrTaskInputRequired,
	} {
		answer, _ := pending(0, ``,
			`"status":"`+status+`","error":{"code":"BAD_ROWS","message":"two\nlines","field":"add.0","retryAfter":3}`)
		task, err := answering(t, answer).Tasks.WaitForTask(t.Context(), "t")
		require.ErrorIs(t, err, want)
		var ended *buyer.TaskError
		require.ErrorAs(t, err, &ended)
		assert.Same(t, task, ended.Task)
		assert.Equal(t, want.Error()+": BAD_ROWS: two lines (field add.0)", err.Error())
	}
	answer, _ := pending(0, ``, `"status":"failed","error":null`)
	_, err := answering(t, answer).Tasks.WaitForTask(t.Context(), "t")
	require.EqualError(t, err, buyer.ErrTaskFailed.Error())
}

func TestAWaitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		answer, _ := pending(1_000_000, `"status":"pondering"`, ``)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
		defer cancel()
		begun := time.Now()
		task, err := answering(t, answer).Tasks.WaitForTask(ctx, "t")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, 5*time.Minute, time.Since(begun))
		assert.Equal(t, buyer.TaskStatus("pondering"), task.Status, "a state that is not known goes on")
		assert.Contains(t, err.Error(), "still pondering")
	})
	_, err := answering(t, func(*http.Request) (int, string) {
		return 404, `{"data":null,"error":{"code":"NOT_FOUND","message":"no"}}`
	}).
		Tasks.WaitForTask(t.Context(), "t")
	require.ErrorIs(t, err, client.ErrNotFound)
}

func TestTasksOfTheSandbox(t *testing.T) {
	t.Parallel()
	change := buyer.AudienceSync{Audiences: []buyer.AudienceChange{{AudienceID: "vip", Delete: true}}}
	plan := sandbox.TaskPlan{Polls: 2, RetryAfter: time.Second, End: sandbox.TaskFailed}
	_, b := startSandbox(t, sandbox.WithTasks(plan))
	started, err := b.Audiences.Sync(t.Context(), advertiser, change)
	require.NoError(t, err)
	for _, want := range []buyer.TaskStatus{buyer.TaskStatusSubmitted, buyer.TaskStatusWorking} {
		task, err := b.Tasks.Get(t.Context(), started.TaskID)
		require.NoError(t, err)
		assert.Equal(t, want, task.Status)
		assert.Equal(t, 1.0, task.RetryAfterSeconds)
	}
	task, err := b.Tasks.WaitForTask(t.Context(), started.TaskID)
	require.ErrorIs(t, err, buyer.ErrTaskFailed)
	assert.Equal(t, buyer.TaskRecoveryCorrectable, task.Error.Recovery)
}

// What was last seen of a task comes with the error that ends the wait.
func TestAWaitThatCannotLook(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		b := answering(t, func(*http.Request) (int, string) {
			if calls++; calls == 1 {
				return 200, `{"data":{"task":{"taskId":"t","status":"working"}}}`
			}
			return 403, `{"data":null,"error":{"code":"FORBIDDEN","message":"no"}}`
		})
		task, err := b.Tasks.WaitForTask(t.Context(), "t")
		require.ErrorIs(t, err, client.ErrForbidden)
		require.NotNil(t, task)
		assert.Equal(t, buyer.TaskStatusWorking, task.Status)
	})
}
