package rotate

import (
	"fmt"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// Stage is a step of a rotation.
type Stage string

// The stages, in order. Each kind of credential has its own word for the last.
const (
	Create  Stage = "create"
	Deploy  Stage = "deploy"
	Confirm Stage = "confirm"
	End     Stage = "end"
)

// Words are what people say of a kind of credential.
type Words struct {
	Kind     string // service token
	One      string // token
	Marked   string // how its text is called: described as
	Ended    string // archived
	Ending   string // archiving
	HasEnded error  // why one that has ended cannot be rotated
}

// Failure says where a run stopped and which credentials are alive.
type Failure struct {
	Stage        Stage
	OldID, NewID client.ID
	NewEnded     bool
	Strays       []client.ID
	Mark         string
	Unsearched   bool
	Err          error
}

// Error gives the reason alone: the kinds of credentials have errors of their own, with more in them.
func (f *Failure) Error() string { return f.Err.Error() }

const maxReason = 1 << 10

// Describe says which credentials exist, on one line. Whatever has the form of a token is masked: what Deploy calls may
// quote the one it was given, and somebody may give a token for its id.
func (f *Failure) Describe(w *Words) string {
	text := fmt.Sprintf("interchange: rotating %s %s stopped at %s: ", w.Kind, f.OldID, f.Stage)
	switch {
	case f.NewID == "" && f.Unsearched:
		text += "a replacement may exist, " + w.Marked + " " + f.Mark
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
	return wire.Printable(text, maxReason) + ": " + wire.Printable(wire.Bare(f.Err).Error(), maxReason)
}
