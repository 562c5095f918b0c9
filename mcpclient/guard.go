package mcpclient

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// Guard decides whether a tool call may be sent. If Check returns an error, the call is not sent and fails with it; a
// [GuardError] is a refusal. Check is called once for a call, not for its retries, and from many goroutines.
//
// A guard sees exactly the arguments that are sent. Ambiguous calls are refused before, with the rule "malformed":
// names that occur twice or in another case, and operations, paths or path parameters with unusual characters.
type Guard interface {
	Check(ctx context.Context, call *ToolCall) error
}

// GuardFunc is a function as a [Guard].
type GuardFunc func(ctx context.Context, call *ToolCall) error

// Check calls f.
func (f GuardFunc) Check(ctx context.Context, call *ToolCall) error { return f(ctx, call) }

// ToolCall is a call that a [Guard] decides about. Printed, logged or encoded, it shows only its names and the size of
// the arguments, which may hold a secret.
type ToolCall struct {
	// Tool is the tool's name.
	Tool string
	// Operation is the operation of a call of the gateway tool, by name or by method and path. Empty for other tools.
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

// MarshalText returns String, so that JSON and XML do not contain the arguments.
func (c ToolCall) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// GobEncode returns String, as MarshalText does.
func (c ToolCall) GobEncode() ([]byte, error) { return c.MarshalText() }

func (c *ToolCall) isOneOf(names []string) bool {
	return slices.Contains(names, c.Tool) || (c.Operation != "" && slices.Contains(names, c.Operation))
}

// ErrRefused is matched by every [GuardError].
var ErrRefused = errors.New("interchange: refused by the guard")

// GuardError is the error of a call that a guard refused. Nothing was sent. It matches [ErrRefused].
type GuardError struct {
	// Tool and Operation name the call.
	Tool, Operation string
	// Rule names the rule: "read-only", "allow-list", "confirm-spend", "max-calls", "malformed", or one of your own.
	Rule string
	// Reason may be shown to a model.
	Reason string
}

// Error names the call and the reason.
func (e *GuardError) Error() string {
	name := wire.Printable(strings.TrimSpace(e.Tool+" "+e.Operation), 128)
	return fmt.Sprintf("interchange: %s refused (%s): %s", name, e.Rule, wire.Printable(e.Reason, 512))
}

// Format shows Error, whatever the verb.
func (e *GuardError) Format(f fmt.State, verb rune) { wire.Format(f, verb, e.Error()) }

// Is matches ErrRefused.
func (e *GuardError) Is(target error) bool { return target == ErrRefused }

// Refuse returns the error with which a guard refuses a call.
func (c *ToolCall) Refuse(rule, reason string) error {
	return &GuardError{
		Tool: wire.Printable(c.Tool, 128), Operation: wire.Printable(c.Operation, 128),
		Rule: rule, Reason: wire.Printable(reason, 512),
	}
}

// Guards returns a guard that asks the given ones in turn, up to the first refusal.
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

// ReadOnly returns a guard that refuses calls that are not known to change nothing, see [ToolCall.ReadOnly].
func ReadOnly() Guard {
	return GuardFunc(func(ctx context.Context, call *ToolCall) error {
		ok, err := call.ReadOnly(ctx)
		if err == nil && !ok {
			err = call.Refuse("read-only", "only calls that change nothing are allowed")
		}
		return err
	})
}

// AllowTools returns a guard that allows only the named tools and gateway operations. The name of the gateway tool
// allows all operations.
func AllowTools(names ...string) Guard {
	names = slices.Clone(names)
	return GuardFunc(func(_ context.Context, call *ToolCall) error {
		if call.isOneOf(names) {
			return nil
		}
		return call.Refuse("allow-list", "it is not among the tools that are allowed")
	})
}

// ConfirmSpend returns a guard that calls confirm before every call that may spend money, and refuses the call if
// confirm returns false. The platform does not document which operations cost money, so that is every call that is not
// known to change nothing, except the tools and gateway operations in free.
func ConfirmSpend(confirm func(ctx context.Context, call *ToolCall) (bool, error), free ...string) Guard {
	free = slices.Clone(free)
	return GuardFunc(func(ctx context.Context, call *ToolCall) error {
		if call.isOneOf(free) {
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

// MaxCalls returns a guard that refuses all calls after the first n. Put it last among [Guards], so that calls that
// others refuse do not count.
func MaxCalls(n int) Guard {
	var made atomic.Int64
	return GuardFunc(func(_ context.Context, call *ToolCall) error {
		if made.Add(1) > int64(n) {
			return call.Refuse("max-calls", fmt.Sprintf("the %d calls that are allowed have been made", n))
		}
		return nil
	})
}
