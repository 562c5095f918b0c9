package wire

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Pagination describes the rest of a list.
type Pagination struct {
	Total      int64 // -1 if absent
	HasMore    Tristate
	NextOffset int64 // -1 if absent
	NextCursor string
	PageSize   int64 // 0 if absent
	EndSaid    bool  // the next cursor or offset is null: this is the last page
}

// maxCursor limits the length of a cursor. No server accepts a longer URL.
const maxCursor = 2 << 20

// Unpaged returns the Pagination of a response that has none.
func Unpaged() Pagination { return Pagination{Total: -1, NextOffset: -1} }

// Tristate is a boolean that may be absent.
type Tristate int8

// The states.
const (
	Unsaid Tristate = iota
	No
	Yes
)

func tristate(b bool) Tristate {
	if b {
		return Yes
	}
	return No
}

// isPageName reports whether a member describes how a list continues.
func isPageName(name []byte) bool {
	switch string(name) {
	case "total", "totalCount", "pageSize", "hasMore", "has_more", "nextOffset", "nextCursor", "next_cursor",
		"pagination", "page":
		return true
	}
	return false
}

// readPagination reads the members of an envelope that describe a list. A member beside the items wins over meta.
func (o *object) readPagination(p *Pagination) {
	for _, m := range o.pages {
		p.readMember(m.name, m.value)
	}
	if meta := o.members[memberMeta]; meta.Kind() == '{' {
		for walk := scanObject(meta); walk.next(); {
			if isPageName(walk.name) {
				inMeta := Unpaged()
				inMeta.readMember(string(walk.name), walk.value)
				p.merge(inMeta)
			}
		}
	}
}

// readObject reads the members of an object that describes a list. Other JSON is ignored.
func (p *Pagination) readObject(value jsontext.Value) {
	var fields map[string]jsontext.Value
	if json.Unmarshal(value, &fields, strictOptions) == nil {
		for name, field := range fields {
			p.readScalar(name, field)
		}
	}
}

// readMember reads a member that may describe a list or contain such an object.
func (p *Pagination) readMember(name string, value jsontext.Value) {
	if (name == "pagination" || name == "page") && value.Kind() == '{' {
		p.readObject(value)
		return
	}
	p.readScalar(name, value)
}

func (p *Pagination) readScalar(name string, value jsontext.Value) {
	switch name {
	case "total", "totalCount":
		if n, ok := countOf(value); ok {
			p.Total = n
		}
	case "pageSize":
		if n, ok := countOf(value); ok {
			p.PageSize = n
		}
	case "hasMore", "has_more":
		if b := boolOf(value); b != Unsaid {
			p.HasMore = b
		}
	case "nextOffset":
		if n, ok := countOf(value); ok {
			p.NextOffset = n
		} else if value.Kind() == 'n' {
			p.EndSaid = true
		}
	case "nextCursor", "next_cursor":
		p.readCursor(value)
	}
}

// readCursor reads the next cursor. A cursor that cannot be sent back still means that more follows.
func (p *Pagination) readCursor(value jsontext.Value) {
	if len(value) > maxCursor {
		p.HasMore = Yes
		return
	}
	switch value.Kind() {
	case '{', '[', 't':
		if p.HasMore == Unsaid && !isNothing(value) {
			p.HasMore = Yes
		}
	default:
		p.NextCursor = text(value)
		p.EndSaid = p.EndSaid || p.NextCursor == ""
	}
}

// countOf reads a count, also one sent as text.
func countOf(value jsontext.Value) (int64, bool) {
	s := word(value)
	if s == "" {
		return 0, false
	}
	n, ok := parseInteger(s)
	return n, ok && n >= 0
}

// merge fills the absent fields of p.
func (p *Pagination) merge(other Pagination) {
	if p.Total < 0 {
		p.Total = other.Total
	}
	if p.NextOffset < 0 {
		p.NextOffset = other.NextOffset
	}
	if p.HasMore == Unsaid {
		p.HasMore = other.HasMore
	}
	if p.NextCursor == "" {
		p.NextCursor = other.NextCursor
	}
	if p.PageSize == 0 {
		p.PageSize = other.PageSize
	}
	p.EndSaid = p.EndSaid || other.EndSaid
}
