package client

import "math"

const (
	defaultMaxListMemory = 256 << 20
	// minMaxItems is the number of items up to which a page is accepted whatever was requested.
	minMaxItems = 1000
)

// listLimits bounds what one list response may hold. It is checked before the items are decoded: a small body can hold
// millions of them.
type listLimits struct {
	maxItems  int   // 0 means no limit
	maxMemory int64 // of the decoded items, in bytes
	bounded   bool  // reading and decoding together obey the limit for responses that are no lists
}

// limits returns the bounds of a page of which size items were requested; 0 means the default of the platform. Where
// the number of items is not known in advance, only memory is bounded.
func (w *walk) limits(size int64) listLimits {
	limits := listLimits{maxMemory: w.client.in().cfg.maxListSize}
	if w.op.Paging == PagingNone {
		return limits
	}
	limits.bounded = limits.maxMemory == defaultMaxListMemory
	if size <= 0 {
		size = int64(w.op.MaxPage)
	}
	if size > 0 {
		limits.maxItems = int(min(max(size, minMaxItems/2), math.MaxInt/2) * 2)
	}
	return limits
}
