package buyer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/retry"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// Tasks are what the platform works at after it has answered.
type Tasks struct{ client *client.Client }

// Get returns one task as it is now. Safe to repeat. Errors: [client.ErrNotFound].
func (s Tasks) Get(ctx context.Context, id client.ID, opts ...client.CallOption) (*Task, error) {
	got, err := get[taskAnswer](ctx, s.client, &opGetTask, opts, id)
	if err != nil {
		return nil, err
	}
	return &got.Task, nil
}

type taskAnswer struct {
	Task Task `json:"task"`
}

func (a *taskAnswer) CheckAnswer() error { return shown(a.Task.TaskID) }

// How often WaitForTask asks. The platform's own wish comes first, up to an hour.
const (
	firstPoll = time.Second
	slowPoll  = 30 * time.Second
	longest   = time.Hour
)

// WaitForTask asks for a task until it has ended, or until ctx has. It asks after a second at first and more and more
// seldom later, up to every half minute, each time a little earlier or later than that, and never before the task's own
// retryAfterSeconds. Each question is repeated as every read is.
//
// A task that is completed is returned without an error. One that has failed, or that cannot go on without the caller,
// is returned with a [*TaskError]; when ctx ends, or a read fails for good, what was last seen of the task is returned
// with that error. A state that is not known is taken for one in which the task goes on.
func (s Tasks) WaitForTask(ctx context.Context, id client.ID, opts ...client.CallOption) (*Task, error) {
	var last *Task
	for n := 1; ; n++ {
		task, err := s.Get(ctx, id, opts...)
		if err != nil {
			return last, err
		}
		last = task
		switch task.Status {
		case TaskStatusCompleted:
			return task, nil
		case TaskStatusFailed, TaskStatusInputRequired:
			return task, &TaskError{Task: task}
		case TaskStatusSubmitted, TaskStatusWorking:
		}
		if err := retry.Wait(ctx, pause(n, task)); err != nil {
			return task, fmt.Errorf("interchange: the task is still %s: %w", wire.Printable(string(task.Status), 64), err)
		}
	}
}

// pause is the time between the nth question and the next.
func pause(n int, task *Task) time.Duration {
	d := retry.Poll(n, firstPoll, slowPoll)
	if wish := task.RetryAfterSeconds; wish > 0 {
		d = max(d, time.Duration(min(wish, longest.Seconds())*float64(time.Second)))
	}
	return d
}

// What a [TaskError] matches.
var (
	ErrTaskFailed        = errors.New("interchange: the task has failed")
	ErrTaskInputRequired = errors.New("interchange: the task cannot go on without its caller")
)

// TaskError says that a task has ended, and not well. It matches [ErrTaskFailed] or [ErrTaskInputRequired].
type TaskError struct {
	// Task is the task; its Error says why.
	Task *Task
}

// Error gives the state and the reason, on one line.
func (e *TaskError) Error() string {
	text := e.state().Error()
	if e.Task == nil {
		return text
	}
	failure := e.Task.Error
	if failure.Code != "" {
		text += ": " + wire.Printable(failure.Code, 64)
	}
	if failure.Message != "" {
		text += ": " + wire.Printable(failure.Message, 512)
	}
	if failure.Field != "" {
		text += " (field " + wire.Printable(failure.Field, 64) + ")"
	}
	return text
}

// Is matches the sentinel of the state.
func (e *TaskError) Is(target error) bool { return target == e.state() }

func (e *TaskError) state() error {
	if e != nil && e.Task != nil && e.Task.Status == TaskStatusInputRequired {
		return ErrTaskInputRequired
	}
	return ErrTaskFailed
}
