package client

import "math"

// minMaxItems is the number of items up to which a page is accepted whatever was requested.
const minMaxItems = 1000

// listLimits bounds what one list response may hold. It is checked before the items are decoded: a small body can hold
// millions of them.
type listLimits struct {
	maxItems  int   // 0 means no limit
	maxMemory int64 // of the decoded items, in bytes
	bounded   bool  // body and items together obey the limit for other responses, because no other limit is set
}

// limits returns the bounds of a page of which size items were requested; 0 means the default of the platform. Where
// the number of items is not known in advance, only memory is bounded.
func (w *walk) limits(size int64) listLimits {
	limits := listLimits{maxMemory: w.client.in().cfg.maxListSize}
	limits.bounded = limits.maxMemory == 0
	if w.op.Paging == PagingNone {
		return limits
	}
	if size <= 0 {
		size = int64(w.op.MaxPage)
	}
	if size > 0 {
		limits.maxItems = int(min(max(size, minMaxItems/2), math.MaxInt/2) * 2)
	}
	return limits
}
