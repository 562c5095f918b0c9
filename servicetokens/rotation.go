package servicetokens

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/rotate"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// Rotation sets how [Service.Rotate] replaces a token.
type Rotation struct {
	// Deploy hands the new credential to everything that holds the old one: it stores next.Token.Reveal() in the
	// secret manager and starts the roll-out. Store next.ID with it, for Deployed and NewID. Required.
	//
	// An error does not prove that the secret was not stored, so the new token stays valid. Return an error that
	// matches [ErrNotDeployed] to have it archived.
	Deploy func(ctx context.Context, next *Created) error
	// Deployed reports whether the token with an id is stored or used anywhere. With it, a run that finds the token of
	// an interrupted one resumes with it or archives it; without it, the run fails with [ErrUnfinished]. It must return
	// false only if no other process may still deploy that token.
	Deployed func(ctx context.Context, id client.ID) (bool, error)
	// Confirm reports whether every consumer uses the new credential. It is called until it returns true or fails, or
	// the context ends. Required: archiving a token that something still uses cuts it off.
	Confirm func(ctx context.Context) (bool, error)
	// ConfirmEvery is the wait between two calls of Confirm. Default 5 s.
	ConfirmEvery time.Duration
	// VerifyWithin limits the waits for the token list to reflect a write, each of them. Default 30 s.
	VerifyWithin time.Duration

	// SeatName is the name of the old token's seat. Required for a seat-scoped token: the platform shows seats by id
	// and requires their names. SeatType distinguishes seats of the same name.
	SeatName string
	SeatType SeatType
	// ExpiresInDays is the new token's lifetime. Default: that of the old one.
	ExpiresInDays int

	// NewID resumes a rotation by the id of its new token: nothing is created or deployed, Confirm is called and then
	// the old token archived. Set it only if that token is deployed.
	NewID client.ID
}

// RotationStage is a step of a rotation.
type RotationStage string

// The stages, in order. StageAbandon is that of [Service.AbandonRotation].
const (
	StageCreate  RotationStage = "create"
	StageDeploy  RotationStage = "deploy"
	StageConfirm RotationStage = "confirm"
	StageArchive RotationStage = "archive"
	StageAbandon RotationStage = "abandon"
)

var (
	// ErrArchived is returned if a rotation begins or resumes with an archived token.
	ErrArchived = errors.New("the service token is archived")
	// ErrNotDeployed is returned by [Rotation.Deploy] to state that nothing holds the new token, which is then
	// archived.
	ErrNotDeployed = rotate.ErrNotDeployed
	// ErrUnfinished is returned if another rotation of the same token was interrupted or is under way. The error names
	// its token, which is valid and may be deployed.
	ErrUnfinished = rotate.ErrUnfinished
)

// RotationState identifies a rotation between its steps. It contains ids only, may be stored as JSON and printed, and
// may be built from two ids. The secret of the new token is not part of it: store that where it is deployed from.
type RotationState = rotate.State

// PanicError reports that a function of a [Rotation] panicked.
type PanicError = rotate.PanicError

// RotationError reports the stage at which a rotation stopped and the tokens that are valid. It wraps the reason.
//
// The old token is valid, except where StageArchive failed with an unknown outcome or the reason is [ErrArchived]. If
// NewID is set and NewArchived is not, the replacement is valid too: resume with [Rotation.NewID] if it is deployed, or
// pass State to [Service.AbandonRotation] if it is not.
type RotationError struct {
	// Stage is the step that failed.
	Stage RotationStage
	// OldID is the token to be replaced.
	OldID client.ID
	// NewID is the replacement; empty if none is known to exist. If Err matches [ErrUnfinished] at StageCreate and
	// NewArchived is not set, another run created it.
	NewID client.ID
	// NewArchived reports whether the replacement was archived again.
	NewArchived bool
	// Strays are other valid tokens that replace the old one or may do so: this rotation may have created them and
	// could not archive them, or, if Err matches [ErrUnfinished], another rotation did. Check them before archiving.
	Strays []client.ID
	// Mark ends the description of every token that this rotation created. Before it created one, Mark is the beginning
	// of the mark of every replacement of the old token.
	Mark string
	// Unsearched is set if a token may exist that is not named here, whose description has the Mark: the list could not
	// be read, or did not reflect the last write in time.
	Unsearched bool
	// Err is the reason.
	Err error
}

// Error names the tokens that exist, on one line. Anything in the form of a token is masked: an error of Deploy may
// quote the new one.
func (e *RotationError) Error() string {
	if e == nil {
		return "<nil>"
	}
	w := words()
	failure := rotate.Failure{
		Stage: rotate.Stage(e.Stage), OldID: e.OldID, NewID: e.NewID, NewEnded: e.NewArchived,
		Strays: e.Strays, Mark: e.Mark, Unsearched: e.Unsearched, Err: e.Err,
	}
	return failure.Describe(&w)
}

// Unwrap returns Err.
func (e *RotationError) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Err
}

// State returns the state of the rotation, for [Service.FinishRotation] and [Service.AbandonRotation].
func (e *RotationError) State() RotationState {
	if e == nil {
		return RotationState{}
	}
	return RotationState{OldID: e.OldID, NewID: e.NewID}
}

// Format prints Error, whatever the verb.
func (e *RotationError) Format(f fmt.State, verb rune) { wire.Format(f, verb, e.Error()) }

// rotationError converts the failure of a run. Other errors stay as they are.
func rotationError(err error) error {
	var f *rotate.Failure
	if !errors.As(err, &f) {
		return err
	}
	stage := RotationStage(f.Stage)
	if f.Stage == rotate.End {
		stage = StageArchive
	}
	return &RotationError{
		Stage: stage, OldID: f.OldID, NewID: f.NewID, NewArchived: f.NewEnded,
		Strays: f.Strays, Mark: f.Mark, Unsearched: f.Unsearched, Err: f.Err,
	}
}

func words() rotate.Words {
	return rotate.Words{
		Kind: "service token", One: "token", Marked: "described as",
		Ended: "archived", Ending: "archive", HasEnded: ErrArchived,
	}
}
