package partner

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/rotate"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// KeyRotation sets how [KeyService.Rotate] replaces a key.
type KeyRotation struct {
	// Deploy hands the new credential to everything that holds the old one: it stores next.PlainKey.Reveal() in the
	// secret manager and starts the roll-out. Store next.ID with it, for Deployed and NewID. Required.
	//
	// An error does not prove that the secret was not stored, so the new key stays valid. Return an error that
	// matches [ErrNotDeployed] to have it revoked.
	Deploy func(ctx context.Context, next *CreatedKey) error
	// Deployed reports whether the key with an id is stored or used anywhere. With it, a run that finds the key of
	// an interrupted one resumes with it or revokes it; without it, the run fails with [ErrUnfinished]. It must return
	// false only if no other process may still deploy that key.
	Deployed func(ctx context.Context, id client.ID) (bool, error)
	// Confirm reports whether every consumer uses the new credential. It is called until it returns true or fails, or
	// the context ends. Required: revoking a key that something still uses cuts it off.
	Confirm func(ctx context.Context) (bool, error)
	// ConfirmEvery is the wait between two calls of Confirm. Default 5 s.
	ConfirmEvery time.Duration
	// VerifyWithin limits the waits for the key list to reflect a write, each of them. Default 30 s.
	VerifyWithin time.Duration

	// Scopes are those of the new key. Default: those of the old one. An old key without scopes has full access; then
	// either Scopes or FullAccess is required, so that full access is never passed on by oversight.
	Scopes Scopes
	// FullAccess creates a key without scopes.
	FullAccess bool
	// ExpiresIn is the new key's lifetime. Default: that of the old one.
	ExpiresIn time.Duration

	// NewID resumes a rotation by the id of its new key: nothing is created or deployed, Confirm is called and then
	// the old key revoked. Set it only if that key is deployed, and Scopes or FullAccess as before.
	NewID client.ID
}

// RotationStage is a step of a rotation.
type RotationStage string

// The stages, in order. StageAbandon is that of [KeyService.AbandonRotation].
const (
	StageCreate  RotationStage = "create"
	StageDeploy  RotationStage = "deploy"
	StageConfirm RotationStage = "confirm"
	StageRevoke  RotationStage = "revoke"
	StageAbandon RotationStage = "abandon"
)

var (
	// ErrRevoked is returned if a rotation begins or resumes with a revoked key.
	ErrRevoked = errors.New("the API key is revoked")
	// ErrNotDeployed is returned by [KeyRotation.Deploy] to state that nothing holds the new key, which is then
	// revoked.
	ErrNotDeployed = rotate.ErrNotDeployed
	// ErrUnfinished is returned if another rotation of the same key was interrupted or is under way. The error names
	// its key, which is valid and may be deployed.
	ErrUnfinished = rotate.ErrUnfinished
)

// RotationState identifies a rotation between its steps. It contains ids only, may be stored as JSON and printed, and
// may be built from two ids. The secret of the new key is not part of it: store that where it is deployed from.
type RotationState = rotate.State

// PanicError reports that a function of a [KeyRotation] panicked.
type PanicError = rotate.PanicError

// RotationError reports the stage at which a rotation stopped and the keys that are valid. It wraps the reason.
//
// The old key is valid, except where StageRevoke failed with an unknown outcome or the reason is [ErrRevoked]. If NewID
// is set and NewRevoked is not, the replacement is valid too: resume with [KeyRotation.NewID] if it is deployed, or
// pass State to [KeyService.AbandonRotation] if it is not.
type RotationError struct {
	// Stage is the step that failed.
	Stage RotationStage
	// OldID is the key to be replaced.
	OldID client.ID
	// NewID is the replacement; empty if none is known to exist. If Err matches [ErrUnfinished] at StageCreate and
	// NewRevoked is not set, another run created it.
	NewID client.ID
	// NewRevoked reports whether the replacement was revoked again.
	NewRevoked bool
	// Strays are other valid keys that replace the old one or may do so: this rotation may have created them and
	// could not revoke them, or, if Err matches [ErrUnfinished], another rotation did. Check them before revoking.
	Strays []client.ID
	// Mark ends the name of every key that this rotation created. Before it created one, Mark is the beginning
	// of the mark of every replacement of the old key.
	Mark string
	// Unsearched is set if a key may exist that is not named here, whose name has the Mark: the list could not
	// be read, or did not reflect the last write in time.
	Unsearched bool
	// Err is the reason.
	Err error
}

// Error names the keys that exist, on one line. Anything in the form of a key is masked: an error of Deploy may
// quote the new one.
func (e *RotationError) Error() string {
	if e == nil {
		return "<nil>"
	}
	w := words()
	failure := rotate.Failure{
		Stage: rotate.Stage(e.Stage), OldID: e.OldID, NewID: e.NewID, NewEnded: e.NewRevoked,
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

// State returns the state of the rotation, for [KeyService.FinishRotation] and [KeyService.AbandonRotation].
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
		stage = StageRevoke
	}
	return &RotationError{
		Stage: stage, OldID: f.OldID, NewID: f.NewID, NewRevoked: f.NewEnded,
		Strays: f.Strays, Mark: f.Mark, Unsearched: f.Unsearched, Err: f.Err,
	}
}

func words() rotate.Words {
	return rotate.Words{
		Kind: "API key", One: "key", Marked: "named",
		Ended: "revoked", Ending: "revoke", HasEnded: ErrRevoked,
	}
}
