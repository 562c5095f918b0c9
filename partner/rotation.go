package partner

import (
	"context"
	"fmt"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/rotate"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// KeyRotation says how [KeyService.Rotate] replaces a key.
type KeyRotation struct {
	// Deploy hands the new key to everything that holds the old one: it stores next.PlainKey.Reveal() in the secret manager
	// and starts the roll-out. Note next.ID with it, to be able to resume. Required.
	Deploy func(ctx context.Context, next *CreatedKey) error
	// Confirm tells whether every consumer uses the new key. It is asked until it says true, fails, or the context ends.
	// Required: revoking a key that something still uses cuts it off.
	Confirm func(ctx context.Context) (bool, error)
	// ConfirmEvery is how long to wait between two questions. Default 5 s.
	ConfirmEvery time.Duration

	// Scopes are those of the new key. Default: those of the old one. An old key without scopes has full access; then either
	// Scopes or FullAccess is required, so that such a key is not handed on by oversight.
	Scopes Scopes
	// FullAccess makes a key without scopes.
	FullAccess bool
	// ExpiresIn is the new key's lifetime. Default: that of the old one.
	ExpiresIn time.Duration

	// NewID resumes a rotation that got as far as deploying, by the id of its new key: nothing is created or deployed,
	// Confirm is asked and then the old key revoked. Set Scopes or FullAccess as before.
	NewID client.ID
}

// RotationStage is a step of a rotation.
type RotationStage string

// The stages, in order.
const (
	StageCreate  RotationStage = "create"
	StageDeploy  RotationStage = "deploy"
	StageConfirm RotationStage = "confirm"
	StageRevoke  RotationStage = "revoke"
)

// RotationError says where a rotation stopped and which keys are alive. It wraps the reason.
//
// In StageCreate and StageDeploy the old key is untouched, and the new one, if there was one, is revoked unless that
// failed too. In StageConfirm and StageRevoke both are valid: resume with [KeyRotation.NewID] set to NewID.
type RotationError struct {
	// Stage is the step that failed.
	Stage RotationStage
	// OldID is the key to be replaced. It is valid, except where StageRevoke failed with an unknown outcome.
	OldID client.ID
	// NewID is the replacement; empty when none is known to exist.
	NewID client.ID
	// NewRevoked tells whether the replacement was revoked again; if not, it is valid beside the old one.
	NewRevoked bool
	// Strays are keys that this rotation may have created and could not revoke. Look at them.
	Strays []client.ID
	// Mark ends the name of every key that this rotation created; empty before the first.
	Mark string
	// Unsearched tells that a creation's answer was lost and what it may have made could not be looked for: there may be a
	// key, not named here, whose name ends in Mark.
	Unsearched bool

	err error
}

// Error says which keys exist, on one line. Whatever has the form of a key or a token is masked: what Deploy calls may
// quote the one it was given.
func (e *RotationError) Error() string {
	w := words()
	failure := rotate.Failure{
		Stage: rotate.Stage(e.Stage), OldID: e.OldID, NewID: e.NewID, NewEnded: e.NewRevoked,
		Strays: e.Strays, Mark: e.Mark, Unsearched: e.Unsearched, Err: e.err,
	}
	return failure.Describe(&w)
}

// Unwrap gives the reason, as it was returned.
func (e *RotationError) Unwrap() error { return e.err }

// Format shows Error, whatever the verb.
func (e *RotationError) Format(f fmt.State, verb rune) { wire.Format(f, verb, e.Error()) }

func newRotationError(f *rotate.Failure) *RotationError {
	stage := RotationStage(f.Stage)
	if f.Stage == rotate.End {
		stage = StageRevoke
	}
	return &RotationError{
		Stage: stage, OldID: f.OldID, NewID: f.NewID, NewRevoked: f.NewEnded,
		Strays: f.Strays, Mark: f.Mark, Unsearched: f.Unsearched, err: f.Err,
	}
}

func words() rotate.Words {
	return rotate.Words{Kind: "API key", One: "key", Marked: "named", Ended: "revoked", Ending: "revoking", HasEnded: ErrRevoked}
}
