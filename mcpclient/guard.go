package mcpclient

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// Guard decides whether a tool call may be sent. An error keeps it from being sent and becomes the error of the call; a
// [GuardError] is a refusal. It is asked once for a call, however often that is retried, and from many goroutines.
//
// A guard sees exactly what is sent. A call that a server could read in another way is refused before the guard is asked,
// with the rule "malformed": names that occur twice or in other letters, and operations, paths or path parameters with
// other characters than the platform's have.
type Guard interface {
	Check(ctx context.Context, call *ToolCall) error
}

// GuardFunc is a function as a [Guard].
type GuardFunc func(ctx context.Context, call *ToolCall) error

// Check asks the function.
func (f GuardFunc) Check(ctx context.Context, call *ToolCall) error { return f(ctx, call) }

// ToolCall is a call that a [Guard] decides about. Printed, logged or encoded it shows the names and the size of the
// arguments only: these may hold a secret, such as an agent's.
type ToolCall struct {
	// Tool is the tool's name.
	Tool string
	// Operation is what the gateway tool is told to do: an operation's name, or a method and a path. Empty for other tools.
	Operation string
	// Arguments is a copy of the JSON object that is sent.
	Arguments jsontext.Value

	gateway   bool
	annotated func(context.Context) (annotations, error) // nil unless the server's hints are trusted
}

// String names the call.
func (c ToolCall) String() string {
	name := wire.Printable(c.Tool, 128)
	if c.Operation != "" {
		name += " " + wire.Printable(c.Operation, 128)
	}
	return fmt.Sprintf("%s with %d bytes of arguments", name, len(c.Arguments))
}

// Format shows String, whatever the verb.
func (c ToolCall) Format(f fmt.State, verb rune) { wire.Format(f, verb, c.String()) }

// LogValue shows String.
func (c ToolCall) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalText returns String, so that JSON and XML do not contain the arguments. To encode those, encode Arguments.
func (c ToolCall) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// GobEncode returns String, as MarshalText does.
func (c ToolCall) GobEncode() ([]byte, error) { return c.MarshalText() }

// ErrRefused is matched by every [GuardError].
var ErrRefused = errors.New("interchange: refused by the guard")

// GuardError says that a guard refused a call. Nothing was sent. It matches [ErrRefused].
type GuardError struct {
	// Tool and Operation name the call.
	Tool, Operation string
	// Rule names the rule: "read-only", "allow-list", "confirm-spend", "max-calls", "malformed", or one of your own.
	Rule string
	// Reason says why, in words that a model may be shown.
	Reason string
}

// Error names the call and the reason.
func (e *GuardError) Error() string {
	name := e.Tool
	if e.Operation != "" {
		name += " " + e.Operation
	}
	return fmt.Sprintf("interchange: %s refused (%s): %s", wire.Printable(name, 128), e.Rule, wire.Printable(e.Reason, 512))
}

// Format shows Error, whatever the verb.
func (e *GuardError) Format(f fmt.State, verb rune) { wire.Format(f, verb, e.Error()) }

// Is matches ErrRefused.
func (e *GuardError) Is(target error) bool { return target == ErrRefused }

// Refuse makes the error with which a guard of your own refuses a call.
func (c *ToolCall) Refuse(rule, reason string) error {
	return &GuardError{
		Tool: wire.Printable(c.Tool, 128), Operation: wire.Printable(c.Operation, 128), Rule: rule, Reason: wire.Printable(reason, 512),
	}
}

// Guards asks all of its guards in turn; the first refusal counts.
func Guards(guards ...Guard) Guard {
	guards = slices.Clone(guards)
	return GuardFunc(func(ctx context.Context, call *ToolCall) error {
		for _, g := range guards {
			if g == nil {
				continue
			}
			if err := g.Check(ctx, call); err != nil {
				return err
			}
		}
		return nil
	})
}

// ReadOnly refuses every call that is not known to change nothing, see [ToolCall.ReadOnly].
func ReadOnly() Guard {
	return GuardFunc(func(ctx context.Context, call *ToolCall) error {
		ok, err := call.ReadOnly(ctx)
		if err == nil && !ok {
			err = call.Refuse("read-only", "only calls that change nothing are allowed")
		}
		return err
	})
}

// AllowTools refuses all calls but those of the named tools and gateway operations. Naming the gateway tool itself allows
// all of its operations.
func AllowTools(names ...string) Guard {
	names = slices.Clone(names)
	return GuardFunc(func(_ context.Context, call *ToolCall) error {
		if slices.Contains(names, call.Tool) || (call.Operation != "" && slices.Contains(names, call.Operation)) {
			return nil
		}
		return call.Refuse("allow-list", "it is not among the tools that are allowed")
	})
}

// ConfirmSpend asks confirm before every call that may spend money, and refuses what it does not confirm. Which
// operations cost something is not documented, so it asks about every call that is not known to change nothing, but for
// the tools and gateway operations named in free.
func ConfirmSpend(confirm func(ctx context.Context, call *ToolCall) (bool, error), free ...string) Guard {
	free = slices.Clone(free)
	return GuardFunc(func(ctx context.Context, call *ToolCall) error {
		if slices.Contains(free, call.Tool) || (call.Operation != "" && slices.Contains(free, call.Operation)) {
			return nil
		}
		if assumeRead, err := call.ReadOnly(ctx); err != nil || assumeRead {
			return err
		}
		yes := false
		if confirm != nil {
			var err error
			if yes, err = confirm(ctx, call); err != nil {
				return err
			}
		}
		if !yes {
			return call.Refuse("confirm-spend", "it may spend money and was not confirmed")
		}
		return nil
	})
}

// MaxCalls refuses all calls after the first n. Put it last among [Guards], so that what others refuse does not count.
func MaxCalls(n int) Guard {
	var made atomic.Int64
	return GuardFunc(func(_ context.Context, call *ToolCall) error {
		if made.Add(1) > int64(n) {
			return call.Refuse("max-calls", fmt.Sprintf("the %d calls that are allowed have been made", n))
		}
		return nil
	})
}
