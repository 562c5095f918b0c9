package buyer

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// ErrLinkExpired is matched by the error of [Reporting.Download] when the host of the files refuses the link with 403
// or 410. It does so when the signature of the link is no longer valid: request the export again.
var ErrLinkExpired = errors.New("interchange: the link has expired; request the export again")

// expiredLinkError is the refusal of a link.
type expiredLinkError struct{ refusal *client.APIError }

// Error names the status.
func (e *expiredLinkError) Error() string {
	status := e.refusal.StatusCode
	return fmt.Sprintf("interchange: %s: %s (%d %s)",
		opDownload.ID, wire.Bare(ErrLinkExpired), status, strings.ToLower(http.StatusText(status)))
}

// Unwrap returns the sentinel and the response.
func (e *expiredLinkError) Unwrap() []error { return []error{ErrLinkExpired, e.refusal} }

// Format shows Error, whatever the verb.
func (e *expiredLinkError) Format(f fmt.State, verb rune) { wire.Format(f, verb, e.Error()) }
