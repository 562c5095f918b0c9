package wire

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Unknown members pass, lone surrogates (a name that JavaScript cut in the middle of an emoji) become U+FFFD
// instead of failing a page, and member names are compared exactly.
//
// The first pass is made without readTime: with an unmarshaler of ours every value costs a lookup, a tenth of the whole.
// An answer with a time that is not RFC 3339 fails it, and is read again.
var (
	firstPass   = jsontext.AllowInvalidUTF8(true)
	readOptions = json.JoinOptions(firstPass, json.WithUnmarshalers(json.UnmarshalFromFunc(readTime)))
)

// readTime reads RFC 3339 and plain dates; "" and null are the zero time.
func readTime(dec *jsontext.Decoder, t *time.Time) error {
	tok, err := dec.ReadToken()
	if err != nil {
		return err
	}
	switch tok.Kind() {
	case 'n':
		*t = time.Time{}
		return nil
	case '"':
		s := tok.String()
		if s == "" {
			*t = time.Time{}
			return nil
		}
		if at, err := time.Parse(time.RFC3339, s); err == nil {
			*t = at
			return nil
		}
		if at, err := time.Parse(time.DateOnly, s); err == nil {
			*t = at
			return nil
		}
	}
	return errors.New("not a time")
}

// Failure is the error object of an envelope that came with a success status.
type Failure struct{ Body ErrorBody }

func (*Failure) Error() string { return "the answer carries an error" }

// ErrEmpty says that a body was expected and none came.
var ErrEmpty = errors.New("the answer is empty")

// Pagination is what an answer says about what follows, beside its items.
type Pagination struct {
	Total      int64 // -1 when not said
	HasMore    Tristate
	NextOffset int64 // -1 when not said
	NextCursor string
	PageSize   int64 // 0 when not said
	EndSaid    bool  // a next place was mentioned, as null: nothing follows
}

// Unpaged is what an answer says that says nothing.
func Unpaged() Pagination { return Pagination{Total: -1, NextOffset: -1} }

// Tristate is a boolean that may not have been said.
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

// Decode reads a success answer into v: the data of an envelope, or the body itself. An object is an envelope
// when it has data together with error or meta, or nothing but data (facts §C). The usual answer is read in one
// pass; only one that is not what it looked like, or may not be, is read again.
func Decode(body []byte, v any) error {
	_, err := decode(body, v)
	return err
}

// DecodeMember reads an answer whose result stands under a name: {"partner": {…}} (facts §K). Where no object stands there,
// the result is the whole, read as [Decode] does; so it is where name is empty.
func DecodeMember(body []byte, name string, v any) error {
	if name == "" {
		return Decode(body, v)
	}
	var whole jsontext.Value
	if err := Decode(body, &whole); err != nil {
		return err
	}
	var members map[string]jsontext.Value
	if json.Unmarshal(whole, &members, readOptions) == nil && members[name].Kind() == '{' {
		whole = members[name]
	}
	return cleanError(json.Unmarshal(whole, v, readOptions))
}

// Failed tells what is wrong with an answer that holds nothing of interest: that it is a [*Failure], or not an answer of
// the platform at all, as the page of a proxy.
func Failed(body []byte) error {
	var ignored jsontext.Value
	if _, err := decode(body, &ignored); !errors.Is(err, ErrEmpty) {
		return err
	}
	return nil
}

func decode(body []byte, v any) (Pagination, error) {
	e := newEnvelope(v)
	start := skipSpace(body)
	if start == len(body) {
		return e.page, ErrEmpty
	}
	likely := startsLikeEnvelope(body[start:])
	if likely {
		if err := json.Unmarshal(body, &e, firstPass); err == nil && e.failure == nil && e.complete() {
			return e.page, nil
		}
		clearTarget(v)
		e = newEnvelope(v)
	} else if body[start] != '{' || !bytes.Contains(body, []byte(`"data"`)) { // an error alone comes first, or is not alone
		if json.Unmarshal(body, v, firstPass) == nil {
			return e.page, nil
		}
		clearTarget(v)
		return e.page, cleanError(json.Unmarshal(body, v, readOptions))
	}
	// The names of the top object decide, in whatever order they come.
	top := newEnvelope(new(jsontext.Value))
	if err := json.Unmarshal(body, &top, readOptions); err != nil {
		return e.page, cleanError(err)
	}
	switch {
	case top.failure != nil && (top.data || !top.foreign):
		return top.page, &Failure{ReadError(body)}
	case top.complete():
		err := json.Unmarshal(body, &e, readOptions)
		return e.page, cleanError(err)
	default:
		return e.page, cleanError(json.Unmarshal(body, v, readOptions))
	}
}

// clearTarget forgets what a pass that counts for nothing has read.
func clearTarget(v any) {
	if l, ok := v.(interface{ clear() }); ok {
		l.clear()
		return
	}
	reflect.ValueOf(v).Elem().SetZero()
}

type envelope struct {
	payload                    any
	page                       Pagination
	failure                    jsontext.Value
	data, errorOrMeta, foreign bool
}

func newEnvelope(payload any) envelope {
	return envelope{payload: payload, page: Unpaged()}
}

func (e *envelope) complete() bool { return e.data && (e.errorOrMeta || !e.foreign) }

func (e *envelope) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() == '"' {
		token, err := dec.ReadToken()
		if err != nil {
			return err
		}
		name := token.String() // the token is gone with the next one
		switch name {
		case "data":
			e.data = true
			err = json.UnmarshalDecode(dec, e.payload)
		case "error":
			e.errorOrMeta = true
			var v jsontext.Value
			if v, err = dec.ReadValue(); err == nil && !saysNothing(v) {
				e.failure = v.Clone()
			}
		case "meta":
			e.errorOrMeta = true
			err = e.readMeta(dec)
		default:
			e.foreign = true
			var v jsontext.Value
			if v, err = dec.ReadValue(); err == nil { // a total or a cursor may stand beside data
				e.page.read(name, v)
			}
		}
		if err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}

// saysNothing tells the values of an error member by which there is no error.
func saysNothing(v jsontext.Value) bool {
	switch string(v) {
	case "null", "false", `""`, "{}":
		return true
	}
	return false
}

func (e *envelope) readMeta(dec *jsontext.Decoder) error {
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	var meta struct {
		Pagination jsontext.Value `json:"pagination"`
	}
	if json.Unmarshal(raw, &meta, readOptions) != nil {
		return nil //nolint:nilerr // meta is a hint: one of another shape says nothing
	}
	e.page.readObject(meta.Pagination)
	return nil
}

// readObject takes the members of an object that is about how a list continues; anything else says nothing.
func (p *Pagination) readObject(value jsontext.Value) {
	var members map[string]jsontext.Value
	if json.Unmarshal(value, &members, readOptions) == nil {
		for name, member := range members {
			p.read(name, member)
		}
	}
}

// read takes one member that may say how a list continues.
func (p *Pagination) read(name string, value jsontext.Value) {
	switch name {
	case "total", "totalCount":
		if n, ok := wholeNumber(string(value)); ok {
			p.Total = n
		}
	case "pageSize":
		if n, ok := wholeNumber(string(value)); ok {
			p.PageSize = n
		}
	case "hasMore", "has_more":
		switch value.Kind() {
		case 't', 'f':
			p.HasMore = tristate(value.Kind() == 't')
		}
	case "nextOffset":
		if n, ok := wholeNumber(string(value)); ok {
			p.NextOffset = n
		} else if value.Kind() == 'n' {
			p.EndSaid = true
		}
	case "nextCursor", "next_cursor":
		if p.NextCursor = text(value); p.NextCursor == "" {
			p.EndSaid = true
		}
	}
}

func skipSpace(b []byte) int {
	for i, c := range b {
		switch c {
		case ' ', '\t', '\r', '\n':
		default:
			return i
		}
	}
	return len(b)
}

// startsLikeEnvelope looks at the first member's name only.
func startsLikeEnvelope(b []byte) bool {
	if b[0] != '{' {
		return false
	}
	b = b[1:]
	b = b[skipSpace(b):]
	for _, name := range [...]string{`"data"`, `"error"`, `"meta"`} {
		if len(b) >= len(name) && string(b[:len(name)]) == name {
			return true
		}
	}
	return false
}

// cleanError drops what a decoding error quotes from the body: it may be a secret.
func cleanError(err error) error {
	if err == nil {
		return nil
	}
	var semantic *json.SemanticError
	if errors.As(err, &semantic) {
		return fmt.Errorf("the answer has another shape than expected at %q", Printable(string(semantic.JSONPointer), textSample))
	}
	return errors.New("the answer is not complete, valid JSON")
}
