package rotation

import (
	"cmp"
	"context"
	"iter"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
)

// Driver holds the calls that manage one kind of credential, and the parameters of its replacement. T is the record of
// a credential, C a new one with its secret. Packages servicetokens and partner return drivers; build one only to
// rotate credentials of another kind. All fields are required unless stated otherwise.
type Driver[T, C any] struct {
	// Kind names the kind of credential in error texts.
	Kind string

	// Get returns one credential. Its error matches [client.ErrNotFound] if there is none.
	Get func(ctx context.Context, id client.ID) (*T, error)
	// List iterates over all credentials.
	List func(ctx context.Context) iter.Seq2[T, error]
	// End archives or revokes a credential.
	End func(ctx context.Context, id client.ID) error
	// NewFactory returns a Factory of replacements of a credential, or adds to problems why there can be none.
	NewFactory func(old *T, problems *client.ParamError) Factory[C]
	// MaxText is the number of characters that the text with the mark may have.
	MaxText int

	// Summary returns the fields that a rotation reads.
	Summary func(*T) Summary
	// Record returns the record of a new credential.
	Record func(*C) *T

	// Check adds to problems what is wrong with the parameters of the replacement. Optional.
	Check func(problems *client.ParamError)
	// CheckReach returns an error if a replacement may do other things than it should. Optional.
	CheckReach func(old, next *T) error
	// Sleep waits between two reads of the list and two confirmations. Default: real time.
	Sleep func(ctx context.Context, d time.Duration) error
}

// Factory creates the replacements of one credential.
type Factory[C any] struct {
	// Name is the name of all of them; empty if the text is the name.
	Name string
	// Create creates one with the given text, which ends in the mark.
	Create func(ctx context.Context, text string) (*C, error)
}

// Summary holds the fields of a credential that a rotation reads.
type Summary struct {
	ID client.ID
	// Name is empty if the platform does not show it, or if it is the Text.
	Name string
	// Text is the field that carries the mark; empty if the platform does not show it.
	Text string
	// Ended reports whether the credential is archived or revoked.
	Ended bool
	// Created is zero if the platform does not show it.
	Created time.Time
}

// problems returns an error for the arguments, to which the driver and the id have been added if they cannot be used.
func (d *Driver[T, C]) problems(oldID client.ID) *client.ParamError {
	if d == nil {
		d = new(Driver[T, C])
	}
	problems := &client.ParamError{Operation: "rotate " + cmp.Or(d.Kind, credential)}
	if d.Get == nil || d.List == nil || d.End == nil || d.NewFactory == nil || d.Summary == nil || d.Record == nil {
		problems.Add("driver", "must have all calls: servicetokens and partner return one")
	}
	if oldID == "" {
		problems.Add("id", "is required")
	}
	return problems
}
