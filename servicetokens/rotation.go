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

// Rotation says how [Service.Rotate] replaces a token.
type Rotation struct {
	// Deploy hands the new credential to everything that holds the old one: it stores next.Token.Reveal() in the
	// secret manager and starts the roll-out. Note next.ID with it, to be able to resume. Required.
	Deploy func(ctx context.Context, next *Created) error
	// Confirm tells whether every consumer uses the new credential. It is asked until it says true, fails, or the
	// context ends. Required: archiving a token that something still uses cuts it off.
	Confirm func(ctx context.Context) (bool, error)
	// ConfirmEvery is how long to wait between two questions. Default 5 s.
	ConfirmEvery time.Duration

	// SeatName is the name of the old token's seat; required for a seat-scoped token, because the platform shows
	// seats by id and wants them by name. SeatType tells apart seats that share it.
	SeatName string
	SeatType SeatType
	// ExpiresInDays is the new token's lifetime. Default: that of the old one.
	ExpiresInDays int

	// NewID resumes a rotation that got as far as deploying, by the id of its new token: nothing is created or
	// deployed, Confirm is asked and then the old token archived.
	NewID client.ID
}

// RotationStage is a step of a rotation.
type RotationStage string

// The stages, in order.
const (
	StageCreate  RotationStage = "create"
	StageDeploy  RotationStage = "deploy"
	StageConfirm RotationStage = "confirm"
	StageArchive RotationStage = "archive"
)

// ErrArchived says that a rotation begins or resumes with a token that is archived already.
var ErrArchived = errors.New("the service token is archived")

// RotationError says where a rotation stopped and which tokens are alive. It wraps the reason.
//
// In StageCreate and StageDeploy the old token is untouched, and the new one, if there was one, is archived unless
// that failed too. In StageConfirm and StageArchive both are valid: resume with [Rotation.NewID] set to NewID.
type RotationError struct {
	// Stage is the step that failed.
	Stage RotationStage
	// OldID is the token to be replaced. It is valid, except where StageArchive failed with an unknown outcome.
	OldID client.ID
	// NewID is the replacement; empty when none is known to exist.
	NewID client.ID
	// NewArchived tells whether the replacement was archived again; if not, it is valid beside the old one.
	NewArchived bool
	// Strays are tokens that this rotation may have created and could not archive. Look at them.
	Strays []client.ID
	// Mark ends the description of every token that this rotation created; empty before the first.
	Mark string
	// Unsearched tells that a creation's answer was lost and what it may have made could not be looked for: there may
	// be a token, not named here, whose description ends in Mark.
	Unsearched bool

	err error
}

// Error says which tokens exist, on one line. Whatever has the form of a token is masked: what Deploy calls may quote
// the one it was given.
func (e *RotationError) Error() string {
	w := words()
	failure := rotate.Failure{
		Stage: rotate.Stage(e.Stage), OldID: e.OldID, NewID: e.NewID, NewEnded: e.NewArchived,
		Strays: e.Strays, Mark: e.Mark, Unsearched: e.Unsearched, Err: e.err,
	}
	return failure.Describe(&w)
}

func newRotationError(f *rotate.Failure) *RotationError {
	stage := RotationStage(f.Stage)
	if f.Stage == rotate.End {
		stage = StageArchive
	}
	return &RotationError{
		Stage: stage, OldID: f.OldID, NewID: f.NewID, NewArchived: f.NewEnded,
		Strays: f.Strays, Mark: f.Mark, Unsearched: f.Unsearched, err: f.Err,
	}
}

func words() rotate.Words {
	return rotate.Words{
		Kind: "service token", One: "token", Marked: "described as",
		Ended: "archived", Ending: "archiving", HasEnded: ErrArchived,
	}
}

// Unwrap gives the reason, as it was returned.
func (e *RotationError) Unwrap() error { return e.err }

// Format shows Error, whatever the verb.
func (e *RotationError) Format(f fmt.State, verb rune) { wire.Format(f, verb, e.Error()) }
