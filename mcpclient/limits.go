package mcpclient

import (
	"io"
	"net/http"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// Bounds of lists.
const (
	maxListPages  = 1000
	maxEmptyPages = 100     // in a row
	maxTools      = 2000    // of one list
	maxToolBytes  = 8 << 20 // of one list, as they were received
	maxToolName   = 1 << 10
	maxListCursor = 64 << 10
)

// wholeBody reads a body up to one byte beyond the limit. A body that the client has read is not copied.
func wholeBody(body io.Reader, limit int64) ([]byte, error) {
	if read, ok := body.(interface{ Bytes() []byte }); ok {
		return read.Bytes(), nil
	}
	return io.ReadAll(io.LimitReader(body, limit+1))
}

// checkCost returns an error for a response that takes too much memory to decode. The library decodes everything except
// the results of tools into maps.
func (x *exchange) checkCost(m *message) error {
	check := wire.CheckAny
	if x.readsResult(m) {
		check = func(raw []byte) error {
			if err := wire.CheckNames(raw); err != nil {
				return err
			}
			return wire.CheckResult(m.result, new(wireResult))
		}
	}
	if err := check(m.raw); err != nil {
		return x.withOutcome(client.NewDecodeError(x.operation(), http.StatusOK, nil, nil, err))
	}
	return nil
}

// depthOf returns the nesting depth of valid JSON.
func depthOf(raw []byte) (deepest int) {
	depth := 0
	for at := 0; at < len(raw); at++ {
		switch raw[at] {
		case '"':
			at = wire.SkipString(raw, at) - 1
		case '{', '[':
			depth++
			deepest = max(deepest, depth)
		case '}', ']':
			depth--
		}
	}
	return deepest
}

// allowance is a token bucket for the messages on a stream beside the response to a call, which the library queues
// without a limit.
type allowance struct {
	left float64
	last time.Time
}

const (
	allowanceUnit  = 4 << 10 // bytes
	allowanceBurst = 1 << 10 // units
	allowanceRate  = 256     // units a second
)

// allows reports whether a message of this size is within the allowance, and deducts it.
func (a *allowance) allows(size int, now time.Time) bool {
	if a.last.IsZero() {
		a.left = allowanceBurst
	} else {
		a.left = min(a.left+now.Sub(a.last).Seconds()*allowanceRate, allowanceBurst)
	}
	a.last = now
	cost := float64(1 + size/allowanceUnit)
	if a.left < cost {
		return false
	}
	a.left -= cost
	return true
}
