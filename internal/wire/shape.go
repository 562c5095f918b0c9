package wire

import (
	"bytes"
	"encoding"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// shape describes the responses that a Go type can hold.
type shape struct {
	names       map[string]struct{} // of its members; nil when the type accepts any JSON
	anything    bool                // the type holds every JSON value as it is
	identifying bool                // one of the names is not found in errors and envelopes
	element     *shape              // of a slice's elements
	largest     int64               // bytes of the largest value that one JSON object or array element becomes
	of          reflect.Type        // nil if there is no result
}

// accepts reports whether the type declares a member.
func (s *shape) accepts(name []byte) bool {
	_, ok := s.names[string(name)]
	return ok
}

// isOpen reports whether the type accepts any members, such as a map or a type that decodes itself.
func (s *shape) isOpen() bool { return s.names == nil }

// expectsNothing reports whether a call has no result.
func (s *shape) expectsNothing() bool { return s.names != nil && len(s.names) == 0 && s.element == nil }

// shapes caches what reflection finds about a type, which never changes.
var shapes sync.Map // of reflect.Type to *shape

func shapeOf(t reflect.Type) *shape {
	if cached, ok := shapes.Load(t); ok {
		return cached.(*shape) //nolint:forcetypeassert // only shapes are stored
	}
	s := &shape{of: t, largest: largestValue(t, make(map[reflect.Type]bool))}
	defer shapes.Store(t, s)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[jsontext.Value]() || t.Kind() == reflect.Interface:
		s.anything = true
	case decodesItself(t):
	case t.Kind() == reflect.Struct:
		s.names = make(map[string]struct{})
		if !s.addFields(t) {
			s.names = nil
		}
		for name := range s.names {
			kind, known := memberKinds[name]
			s.identifying = s.identifying || isIdentifying(kind, known)
		}
	case t.Kind() == reflect.Slice || t.Kind() == reflect.Array:
		s.element = shapeOf(t.Elem())
	}
	return s
}

// addFields collects the member names of a struct; it returns false if the struct accepts unknown members as well.
func (s *shape) addFields(t reflect.Type) bool {
	return eachField(t, func(name string, _ reflect.Type) { s.names[name] = struct{}{} })
}

// eachField calls f for each member that a struct declares; it returns false if the struct accepts others as well.
func eachField(t reflect.Type, f func(name string, field reflect.Type)) (closed bool) {
	closed = true
	for i := range t.NumField() {
		field := t.Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "-" && options == "" {
			continue
		}
		if strings.Contains(options, "unknown") {
			closed = false
			continue
		}
		inner := field.Type
		for inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if (field.Anonymous && name == "") || strings.Contains(options, "inline") {
			if decodesItself(inner) || inner.Kind() != reflect.Struct || !eachField(inner, f) {
				closed = false
			}
			continue
		}
		if !field.IsExported() {
			continue
		}
		if name == "" {
			name = field.Name
		}
		f(strings.Trim(name, "'"), field.Type)
	}
	return closed
}

// decodesItself reports whether a type has a decoder of its own.
func decodesItself(t reflect.Type) bool {
	pointer := reflect.PointerTo(t)
	return t == reflect.TypeFor[time.Time]() ||
		pointer.Implements(reflect.TypeFor[json.UnmarshalerFrom]()) ||
		pointer.Implements(reflect.TypeFor[json.Unmarshaler]()) ||
		pointer.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// largestValue returns the size of the largest struct or element that decoding into t can allocate for one object
// or array element of the body.
func largestValue(t reflect.Type, visited map[reflect.Type]bool) int64 {
	if visited[t] {
		return 0
	}
	visited[t] = true
	largest := int64(t.Size()) //nolint:gosec // sizes of types are small
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		largest = max(largest, largestValue(t.Elem(), visited))
	case reflect.Struct:
		for i := range t.NumField() {
			largest = max(largest, largestValue(t.Field(i).Type, visited))
		}
	}
	return largest
}

// emptyShape is the shape of a call without a result.
var emptyShape = &shape{names: map[string]struct{}{}}

// checkMemory bounds what decoding can allocate: each object, and each null in an array, becomes at most the largest
// value of the type.
func (s *shape) checkMemory(data []byte, limit int64) error {
	if limit <= 0 || int64(len(data)) <= limit/(s.largest+1) {
		return nil
	}
	values := int64(bytes.Count(data, []byte("{")))
	for rest := data; ; {
		i := bytes.Index(rest, []byte("null"))
		if i < 0 {
			break
		}
		if before := bytes.TrimRight(rest[:i], spaces); len(before) > 0 && before[len(before)-1] != ':' {
			values++
		}
		rest = rest[i+len("null"):]
	}
	if values > limit/max(s.largest, 1) {
		return ErrTooLarge
	}
	return nil
}
