package wire

import (
	"bytes"
	"errors"
	"reflect"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// A small body can decode into a hundred times its size: `{},` becomes a whole struct. This file estimates the memory
// before anything is decoded.

// maxLive limits the memory of a body together with its decoded values. Garbage that is not collected yet can double
// the memory of a call.
const maxLive = 32 << 20

// ErrTooLarge is returned if decoding a response would take too much memory.
var ErrTooLarge = errors.New("the decoded response would exceed the memory limit")

// The minimum cost of a value, beside its size. It includes the garbage of growing, which is about as much again.
const (
	nameCost   = 128 // of a member name that the decoder remembers, to find names that come twice
	fewNames   = 64  // per object, which are searched without being stored
	mapCost    = 352 // of a map with entries, as it is made
	entryCost  = 64  // of a map's entry, beside the value
	headerCost = 32  // of a slice or string in an interface
	maxDepth   = 10_000
)

// CheckNames returns ErrTooLarge for a body with so many or such long member names that the search for duplicates takes
// too much memory. Every decoder of this module searches for them.
func CheckNames(body []byte) error {
	const most = 100_000
	if len(body) <= smallBody {
		return nil
	}
	return checkSize(body, nil, most*nameCost)
}

// smallBody is the size up to which the memory of the body itself is neglected.
const smallBody = 1 << 20

// checkDecoded returns ErrTooLarge if the decoded body would take more than limit bytes. A limit of 0 is none.
func (s *shape) checkDecoded(data []byte, l func() *layout, limit int64) error {
	if limit <= 0 {
		return nil
	}
	objects := int64(bytes.Count(data, []byte("{")) + bytes.Count(data, []byte("null")))
	values := int64(bytes.Count(data, []byte(",")) + bytes.Count(data, []byte("[")))
	if objects*max(2*s.largest, mapCost)+values*max(nameCost, min(s.largest, 256))+int64(len(data)) <= limit {
		return nil // even if each were as large as possible
	}
	return checkSize(data, l(), limit)
}

// decodeBudget returns the part of maxLive that a body leaves for its decoded values.
func decodeBudget(body []byte) int64 {
	if len(body) <= smallBody {
		return maxLive
	}
	return max(maxLive-int64(cap(body)), 4*smallBody)
}

// CheckResult returns ErrTooLarge for JSON that takes too much memory when it is decoded into v once.
func CheckResult(data []byte, v any) error {
	if len(data) <= smallBody/64 {
		return nil
	}
	m := meter{data: data, left: decodeBudget(data), copies: 1}
	return m.check(layoutOf(reflect.TypeOf(v).Elem()))
}

// CheckAny returns ErrTooLarge for JSON that would take too much memory in maps and slices, with a decoder that copies
// texts several times.
func CheckAny(data []byte) error {
	if len(data) <= smallBody/64 {
		return nil
	}
	m := meter{data: data, left: decodeBudget(data), copies: 4}
	return m.check(&layout{kind: layoutAny, size: 16})
}

// checkSize estimates the decoded size and returns ErrTooLarge if it exceeds limit bytes.
func checkSize(data []byte, l *layout, limit int64) error {
	m := meter{data: data, left: limit, copies: 2}
	return m.check(l)
}

func (m *meter) check(l *layout) error {
	m.value(skipSpace(m.data, 0), l, 0)
	if m.left < 0 {
		return ErrTooLarge
	}
	return nil
}

// layout describes the memory of a Go type per JSON value. A nil layout is for JSON that is skipped.
type layout struct {
	size   int64 // of one value
	kind   layoutKind
	elem   *layout
	fields map[string]*layout
	rest   *layout // of unknown members; nil if they are skipped
}

type layoutKind uint8

const (
	layoutScalar layoutKind = iota
	layoutText
	layoutPointer // to elem
	layoutStruct
	layoutSlice
	layoutArray
	layoutMap
	layoutAny
	layoutOpaque // decodes itself, into values of at most size
	layoutRaw    // keeps the JSON
)

var layouts sync.Map // of reflect.Type to *layout

func layoutOf(t reflect.Type) *layout {
	if cached, ok := layouts.Load(t); ok {
		return cached.(*layout) //nolint:forcetypeassert // only layouts are stored
	}
	l := newLayout(t, make(map[reflect.Type]*layout))
	layouts.Store(t, l)
	return l
}

func (s *shape) layout() *layout { return layoutOf(s.of) }

func newLayout(t reflect.Type, known map[reflect.Type]*layout) *layout {
	if l := known[t]; l != nil {
		return l
	}
	l := &layout{size: int64(t.Size())} //nolint:gosec // sizes of types are small
	known[t] = l
	switch kind := t.Kind(); {
	case t == reflect.TypeFor[jsontext.Value]():
		l.kind = layoutRaw
	case decodesItself(t):
		l.kind, l.size = layoutOpaque, largestValue(t, make(map[reflect.Type]bool))
	case kind == reflect.String:
		l.kind = layoutText
	case kind == reflect.Pointer:
		l.kind, l.elem = layoutPointer, newLayout(t.Elem(), known)
	case kind == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
		l.kind = layoutRaw
	case kind == reflect.Slice:
		l.kind, l.elem = layoutSlice, newLayout(t.Elem(), known)
	case kind == reflect.Array:
		l.kind, l.elem = layoutArray, newLayout(t.Elem(), known)
	case kind == reflect.Map:
		l.kind, l.elem = layoutMap, newLayout(t.Elem(), known)
	case kind == reflect.Interface:
		l.kind = layoutAny
	case kind == reflect.Struct:
		l.kind, l.fields = layoutStruct, make(map[string]*layout)
		closed := eachField(t, func(name string, field reflect.Type) { l.fields[name] = newLayout(field, known) })
		if !closed {
			l.rest = &layout{kind: layoutRaw}
		}
	}
	return l
}

// ofItems returns the layout of a slice of l.
func (l *layout) ofItems() *layout { return &layout{kind: layoutSlice, elem: l} }

// meter walks a body together with its layout and subtracts the memory of each value from a limit.
type meter struct {
	data   []byte
	left   int64
	copies int64 // of each text: two if it may be decoded strictly and then liberally
	names  []int // the most members of an object so far, by depth: the decoder keeps room for them
}

// value subtracts the memory that a value allocates outside of its holder. It returns the end of the value, or the
// length of the data to stop.
func (m *meter) value(at int, l *layout, depth int) int {
	if at >= len(m.data) || m.left < 0 || depth > maxDepth {
		return len(m.data)
	}
	if l != nil && l.kind == layoutPointer && m.data[at] != 'n' {
		m.left -= l.elem.size
		return m.value(at, l.elem, depth+1)
	}
	switch m.data[at] {
	case '{':
		return m.object(at, l, depth)
	case '[':
		return m.array(at, l, depth)
	}
	end := max(skipValue(m.data, at), at+1)
	m.scalar(m.data[at:min(end, len(m.data))], l)
	return end
}

// scalar subtracts the memory of a string, number, boolean or null.
func (m *meter) scalar(v []byte, l *layout) {
	if l == nil {
		return
	}
	n := int64(len(v))
	switch {
	case l.kind == layoutRaw:
	case n > longestScalar && (v[0] != '"' || l.kind == layoutScalar):
		n *= 8 // the text of an error has copies
	case v[0] != '"':
	case n > longestScalar && (bytes.IndexByte(v, '\\') >= 0 || !utf8.Valid(v)):
		n *= 8 // a byte that is not valid becomes three, in a buffer that grows
	default:
		n *= m.copies
	}
	if l.kind == layoutAny {
		n += headerCost
	}
	m.left -= n
}

func (m *meter) object(at int, l *layout, depth int) int {
	var elem *layout
	var entry int64
	if l != nil {
		switch l.kind {
		case layoutOpaque:
			m.left -= 2 * l.size
			elem = l
		case layoutMap:
			m.left -= mapCost
			elem, entry = l.elem, entryCost+2*l.elem.size
		case layoutAny:
			m.left -= mapCost
			elem, entry = l, entryCost
		case layoutRaw:
			m.left -= int64(skipValue(m.data, at) - at)
		}
	}
	count := 0
	for at = skipSpace(m.data, at+1); at < len(m.data) && m.data[at] == '"' && m.left >= 0; {
		nameEnd := SkipString(m.data, at)
		if count++; !m.remember(depth, count, nameEnd-at) {
			break
		}
		if entry > 0 {
			m.left -= entry + int64(nameEnd-at)
		}
		name := m.data[at:nameEnd]
		at = skipSpace(m.data, nameEnd)
		if at >= len(m.data) || m.data[at] != ':' {
			break
		}
		of := elem
		if l != nil && l.kind == layoutStruct {
			if of = l.fields[string(unquoteName(name))]; of == nil {
				of = l.rest
			}
		}
		at = skipSpace(m.data, m.value(skipSpace(m.data, at+1), of, depth+1))
		if at >= len(m.data) || m.data[at] != ',' {
			break
		}
		at = skipSpace(m.data, at+1)
	}
	return m.close(at, '}')
}

// remember subtracts the memory of the names that the decoder remembers.
func (m *meter) remember(depth, count, size int) bool {
	for len(m.names) <= depth {
		m.names = append(m.names, 0)
	}
	switch {
	case size > longestScalar: // it is copied, unquoted and folded
		m.left -= 4 * int64(size)
	case count > fewNames && count > m.names[depth]:
		m.names[depth] = count
		m.left -= nameCost + 4*int64(size)
	}
	return m.left >= 0
}

func (m *meter) array(at int, l *layout, depth int) int {
	var elem *layout
	var each int64
	if l != nil {
		switch l.kind {
		case layoutOpaque:
			elem, each = l, 2*l.size
		case layoutSlice:
			elem, each = l.elem, 2*l.elem.size
		case layoutArray:
			elem = l.elem
		case layoutAny:
			elem, each = l, 2*l.size
			m.left -= headerCost
		case layoutRaw:
			m.left -= int64(skipValue(m.data, at) - at)
		}
	}
	for at = skipSpace(m.data, at+1); at < len(m.data) && m.data[at] != ']' && m.left >= 0; {
		m.left -= each
		at = skipSpace(m.data, m.value(at, elem, depth+1))
		if at >= len(m.data) || m.data[at] != ',' {
			break
		}
		at = skipSpace(m.data, at+1)
	}
	return m.close(at, ']')
}

// close returns the end of an object or array whose content ends at a position. Malformed JSON ends the walk, as it
// ends decoding.
func (m *meter) close(at int, bracket byte) int {
	if at < len(m.data) && m.data[at] == bracket {
		return at + 1
	}
	return len(m.data)
}
