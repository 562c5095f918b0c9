package wire

import (
	"bytes"
	"errors"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// DecodeList reads one page of a list in any of the platform's shapes (facts §E, §F): an array, or an object
// that holds the array under key, or under another name, beside what follows. It also returns the items as sent.
func DecodeList[T any](body []byte, key string) (items []T, raw []byte, says Pagination, err error) {
	const typical, most = 256, 1000 // bytes an item, items a page
	room := min(len(body)/typical+1, most)
	l := list{key: key, items: &items, empty: func() { items = make([]T, 0, room) }}
	raw, says, err = l.decode(body)
	return items, raw, says, err
}

// list reads what is the same for items of all types.
type list struct {
	key    string
	items  any    // pointer to the slice
	empty  func() // gives the slice room, so that it need not grow on the way
	found  bool
	arrays []jsontext.Value // those under other names
	page   Pagination
	raw    [2]int64 // where in the body the items stand
}

func (l *list) decode(body []byte) (raw []byte, says Pagination, err error) {
	l.clear()
	page, err := decode(body, l)
	l.page.merge(page)
	if err == nil {
		err = l.settle()
	}
	raw = body[l.raw[0]:l.raw[1]]
	raw = raw[max(bytes.IndexByte(raw, '['), 0):] // the offset is that of the colon before it
	if !l.found && len(l.arrays) > 0 {
		raw = slices.Concat(l.arrays...)
	}
	return raw, l.page, err
}

func (l *list) clear() {
	*l = list{key: l.key, items: l.items, empty: l.empty, page: Unpaged()}
}

var errNoItems = errors.New("the answer holds no list")

func (l *list) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	switch dec.PeekKind() {
	case '[':
		return l.readItems(dec)
	case 'n':
		l.found = true
		return dec.SkipValue()
	case '{':
	default:
		return errNoItems
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() == '"' {
		token, err := dec.ReadToken()
		if err != nil {
			return err
		}
		name := token.String()
		if err := l.readMember(dec, name); err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}

// readItems reads the array into a slice that need not grow on the way.
func (l *list) readItems(dec *jsontext.Decoder) error {
	l.found = true
	l.empty()
	l.raw[0] = dec.InputOffset()
	err := json.UnmarshalDecode(dec, l.items)
	l.raw[1] = dec.InputOffset()
	return err
}

func (l *list) readMember(dec *jsontext.Decoder, name string) error {
	isArray := dec.PeekKind() == '['
	if isArray && name == l.key {
		return l.readItems(dec)
	}
	value, err := dec.ReadValue()
	if err != nil {
		return err
	}
	switch {
	case isArray:
		l.arrays = append(l.arrays, value.Clone())
	case name == l.key && value.Kind() == 'n':
		l.found = true
	case name == "pagination" || name == "page":
		l.page.readObject(value)
	default:
		l.page.read(name, value)
	}
	return nil
}

// settle takes the array under another name when none stood under the expected one: the only one, or the first that
// holds objects. Beside it there may be warnings and the like.
func (l *list) settle() error {
	if l.found {
		return nil
	}
	for _, array := range l.arrays {
		if len(l.arrays) == 1 || holdsObjects(array) {
			return cleanError(json.Unmarshal(array, l.items, readOptions))
		}
	}
	return errNoItems
}

func holdsObjects(array jsontext.Value) bool {
	rest := array[1:]
	rest = rest[skipSpace(rest):]
	return len(rest) > 0 && rest[0] == '{'
}

// LastID is the id of the last of some items, for lists that continue after it; empty when it has none.
func LastID(items []byte) string {
	var ids []struct {
		ID jsontext.Value `json:"id"`
	}
	if json.Unmarshal(items, &ids, readOptions) != nil || len(ids) == 0 {
		return ""
	}
	return text(ids[len(ids)-1].ID)
}

// merge takes from other what p does not say itself.
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
