package rotation

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// Stage is a step of a rotation.
type Stage string

// The stages, in order. StageAbandon is that of [Abandon].
const (
	StageCreate  Stage = "create"
	StageDeploy  Stage = "deploy"
	StageConfirm Stage = "confirm"
	StageEnd     Stage = "end"
	StageAbandon Stage = "abandon"
)

var (
	// ErrNotDeployed is returned by [Plan.Deploy] to state that nothing holds the new credential, which is then ended.
	// It is returned by [Resume] if [Plan.Deployed] reports that the replacement is not deployed.
	ErrNotDeployed = errors.New("the new credential is not deployed")
	// ErrUnfinished is returned if another rotation of the same credential was interrupted or is under way. The error
	// names its replacement, which is valid and may be deployed.
	ErrUnfinished = errors.New("another rotation of the same credential is not finished")
	// ErrEnded is returned if a rotation begins or resumes with a credential that is archived or revoked.
	ErrEnded = errors.New("the credential is archived or revoked")
)

var (
	errUnlisted = errors.New("the list does not show the replacement, so other rotations cannot be ruled out")
	errNoID     = errors.New("the response to the creation has no id")
)

// Error reports the stage at which a rotation stopped and the credentials that are valid. It wraps the reason.
//
// The old credential is valid, except where StageEnd failed with an unknown outcome or the reason is [ErrEnded]. If
// NewID is set and NewEnded is not, the replacement is valid too: pass State to [Resume] if it is deployed, and to
// [Abandon] if it is not.
type Error struct {
	// Kind is the kind of credential: "service token" or "API key".
	Kind string
	// Stage is the step that failed.
	Stage Stage
	// OldID is the credential to be replaced.
	OldID client.ID
	// NewID is the replacement; empty if none is known to exist. If Err matches [ErrUnfinished] at StageCreate and
	// NewEnded is not set, another run created it.
	NewID client.ID
	// NewEnded reports whether the replacement was archived or revoked again.
	NewEnded bool
	// Strays are other valid credentials that replace the old one or may do so: this rotation may have created them and
	// could not end them, or, if Err matches [ErrUnfinished], another rotation did. Check them before ending them.
	Strays []client.ID
	// Mark ends the description or name of every credential that this rotation created. Before it created one, Mark is
	// the beginning of the mark of every replacement of the old credential.
	Mark string
	// Unsearched is set if a credential may exist that is not named here and has the Mark: the list could not be read,
	// or did not reflect the last write in time.
	Unsearched bool
	// Err is the reason.
	Err error
}

const (
	maxReason  = 1 << 10
	credential = "credential"
)

// Error names the credentials that exist, on one line. Anything in the form of a token is masked: an error of Deploy
// may quote the new one, and a caller may pass a token as an id.
func (e *Error) Error() string {
	if e == nil {
		return "<nil>"
	}
	text := "interchange: rotating " + cmp.Or(e.Kind, credential)
	if e.OldID != "" {
		text += " " + string(e.OldID)
	}
	text += " stopped"
	if e.Stage != "" {
		text += " at " + string(e.Stage)
	}
	switch {
	case e.NewID == "" && e.Unsearched:
		text += ": a replacement may exist, marked " + e.Mark
	case e.NewID == "" && len(e.Strays) > 0:
		text += ": replacements may exist"
	case e.NewID == "":
		text += ": no replacement exists"
	case e.NewEnded:
		text += fmt.Sprintf(": its replacement %s was ended again", e.NewID)
	default:
		text += fmt.Sprintf(": its replacement %s is valid too", e.NewID)
	}
	if len(e.Strays) > 0 {
		text += fmt.Sprintf("; %s may be left over", e.Strays)
	}
	if e.NewID != "" && e.Unsearched {
		text += "; more may exist, marked " + e.Mark
	}
	return wire.Printable(text, maxReason) + ": " + wire.Printable(wire.Bare(e.Err).Error(), maxReason)
}

// Unwrap returns Err.
func (e *Error) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Err
}

// State returns the state of the rotation, for [Resume], [Finish] and [Abandon].
func (e *Error) State() State {
	if e == nil {
		return State{}
	}
	return State{OldID: e.OldID, NewID: e.NewID}
}

// Format prints Error, whatever the verb.
func (e *Error) Format(f fmt.State, verb rune) { wire.Format(f, verb, e.Error()) }

// add names replacements that other runs made.
func (e *Error) add(others []Summary) {
	if len(others) == 1 && e.NewID == "" {
		e.NewID = others[0].ID
		return
	}
	for _, other := range others {
		if !slices.Contains(e.Strays, other.ID) {
			e.Strays = append(e.Strays, other.ID)
		}
	}
}

// PanicError reports that a function of a [Plan] panicked. The rotation stops where it would after an error.
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
	if e == nil {
		return "<nil>"
	}
	text := cmp.Or(e.Func, "a function") + " panicked"
	if e.Value == nil {
		return text
	}
	return text + ": " + wire.Printable(fmt.Sprint(e.Value), maxReason)
}

// Unwrap returns the value of the panic if it is an error.
func (e *PanicError) Unwrap() error {
	if e == nil {
		return nil
	}
	err, _ := e.Value.(error)
	return err
}

// Format prints Error, whatever the verb.
func (e *PanicError) Format(f fmt.State, verb rune) { wire.Format(f, verb, e.Error()) }
