package wire

import (
	"errors"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// DecodeList reads one page of a list in any of the platform's shapes (facts §E, §F): an array, or an object
// that holds the array under key, or under another name, beside what follows. It also returns the items as sent.
func DecodeList[T any](body []byte, key string) (items []T, raw []byte, says Pagination, err error) {
	const typical, most = 256, 1000 // bytes an item, items a page
	l := list[T]{key: key, capacity: min(len(body)/typical+1, most)}
	l.clear()
	page, err := decode(body, &l)
	l.page.merge(page)
	if err == nil {
		err = l.settle()
	}
	raw = body[l.raw[0]:l.raw[1]]
	if len(raw) == 0 && len(l.arrays) > 0 {
		raw = slices.Concat(l.arrays...)
	}
	return l.items, raw, l.page, err
}

type list[T any] struct {
	key      string
	capacity int
	items    []T
	found    bool
	arrays   []jsontext.Value // those under other names
	page     Pagination
	raw      [2]int64 // where in the body the items stand
}

func (l *list[T]) clear() {
	*l = list[T]{key: l.key, capacity: l.capacity, page: Unpaged()}
}

var errNoItems = errors.New("the answer holds no list")

func (l *list[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
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
func (l *list[T]) readItems(dec *jsontext.Decoder) error {
	l.found = true
	l.items = make([]T, 0, l.capacity)
	l.raw[0] = dec.InputOffset()
	err := json.UnmarshalDecode(dec, &l.items)
	l.raw[1] = dec.InputOffset()
	return err
}

func (l *list[T]) readMember(dec *jsontext.Decoder, name string) error {
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
		var members map[string]jsontext.Value
		if json.Unmarshal(value, &members, readOptions) == nil {
			for name, value := range members {
				l.page.read(name, value)
			}
		}
	default:
		l.page.read(name, value)
	}
	return nil
}

// settle takes the array under another name when none stood under the expected one: the only one, or the first that
// holds objects. Beside it there may be warnings and the like.
func (l *list[T]) settle() error {
	if l.found {
		return nil
	}
	for _, array := range l.arrays {
		if len(l.arrays) == 1 || holdsObjects(array) {
			return cleanError(json.Unmarshal(array, &l.items, readOptions))
		}
	}
	return errNoItems
}

func holdsObjects(array jsontext.Value) bool {
	rest := array[1:]
	rest = rest[skipSpace(rest):]
	return len(rest) > 0 && rest[0] == '{'
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
