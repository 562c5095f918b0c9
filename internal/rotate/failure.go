package rotate

import (
	"errors"
	"fmt"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// Stage is a step of a rotation.
type Stage string

// The stages, in order. Each kind of credential has its own word for End.
const (
	Create  Stage = "create"
	Deploy  Stage = "deploy"
	Confirm Stage = "confirm"
	End     Stage = "end"
	Abandon Stage = "abandon"
)

// ErrNotDeployed is returned by Deploy to state that no consumer and no secret store holds the new credential.
var ErrNotDeployed = errors.New("the new credential is not deployed")

// ErrUnfinished means that another rotation of the same credential was interrupted or is under way. Its replacement
// is valid and may be deployed.
var ErrUnfinished = errors.New("another rotation of the same credential is not finished")

// errUnlisted means that a list did not reflect a creation in time.
var errUnlisted = errors.New("the list does not show the replacement, so other rotations cannot be ruled out")

// State identifies a rotation between its steps. It contains ids only and may be stored and printed. The secret of the
// new credential is not part of it: the platform shows it once, and the caller must store it.
type State struct {
	OldID client.ID `json:"oldId"`
	NewID client.ID `json:"newId"`
}

// PanicError reports that a function of the caller panicked. The rotation stops where it would after an error.
type PanicError struct {
	// Func is the name of the function.
	Func string
	// Value is the value of the panic.
	Value any
	// Stack is the stack of the goroutine at the panic.
	Stack []byte
}

// Error returns the name of the function and the value of the panic on one line, with tokens masked.
func (e *PanicError) Error() string {
	return e.Func + " panicked: " + wire.Printable(fmt.Sprint(e.Value), maxReason)
}

// Unwrap returns the value of the panic if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// Format prints Error, whatever the verb.
func (e *PanicError) Format(f fmt.State, verb rune) { wire.Format(f, verb, e.Error()) }

// Words name a kind of credential in error texts.
type Words struct {
	Kind     string // service token
	One      string // token
	Marked   string // where the mark is: described as
	Ended    string // archived
	Ending   string // archive
	HasEnded error  // why one that has ended cannot be rotated
}

// Failure is the stage at which a run stopped, and the credentials that are valid.
type Failure struct {
	Stage        Stage
	OldID, NewID client.ID
	NewEnded     bool
	Strays       []client.ID
	Mark         string
	Unsearched   bool
	Err          error
}

// Error returns the reason alone. The packages of the credentials have error types with the whole text.
func (f *Failure) Error() string { return f.Err.Error() }

// Unwrap returns Err.
func (f *Failure) Unwrap() error { return f.Err }

const maxReason = 1 << 10

// Describe names the credentials that exist, on one line. Anything in the form of a token is masked: an error of
// Deploy may quote the new one, and a caller may pass a token as an id.
func (f *Failure) Describe(w *Words) string {
	text := fmt.Sprintf("interchange: rotating %s %s stopped at %s: ", w.Kind, f.OldID, f.Stage)
	switch {
	case f.NewID == "" && f.Unsearched:
		text += "a replacement may exist, " + w.Marked + " " + f.Mark
	case f.NewID == "" && len(f.Strays) > 0:
		text += "replacements may exist"
	case f.NewID == "":
		text += "no replacement exists"
	case f.NewEnded:
		text += fmt.Sprintf("its replacement %s is %s again", f.NewID, w.Ended)
	default:
		text += fmt.Sprintf("its replacement %s is valid too", f.NewID)
	}
	if len(f.Strays) > 0 {
		text += fmt.Sprintf("; %ss %s may be left over", w.One, f.Strays)
	}
	if f.NewID != "" && f.Unsearched {
		text += fmt.Sprintf("; more may exist, %s %s", w.Marked, f.Mark)
	}
	reason := "unknown cause"
	if f.Err != nil {
		reason = wire.Printable(wire.Bare(f.Err).Error(), maxReason)
	}
	return wire.Printable(text, maxReason) + ": " + reason
}
