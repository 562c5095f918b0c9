package wire

import (
	"errors"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// This file alone decides, for every kind of call, between a success, a failure inside a 2xx and a response that is not
// the platform's.

// Failure is an error in a response with a success status.
type Failure struct{ Body ErrorBody }

func (*Failure) Error() string { return "the response carries an error" }

// NotPlatformError reports a body that the platform cannot have sent in response to the call, such as the login page of
// a network or a proxy's message. It does not prove that a write was processed.
type NotPlatformError struct {
	reason  string
	excerpt string // sanitized
}

func (e *NotPlatformError) Error() string {
	text := "the response is not the platform's: " + e.reason
	if e.excerpt != "" {
		text += ": " + strconv.Quote(e.excerpt)
	}
	return text
}

// ErrEmpty is returned for an empty body where one is required.
var ErrEmpty = errors.New("the response is empty")

// ErrMalformed is returned for a body that starts as JSON but is not valid to its end.
var ErrMalformed = errors.New("the response is not complete, valid JSON")

// interpretation is a response without an error in it.
type interpretation struct {
	payload   jsontext.Value
	page      Pagination
	enveloped bool
	object    object // summary of the payload, if it is an object
}

// maxEnvelopes limits the nesting of envelopes: some results inside an envelope have a data field of their own.
const maxEnvelopes = 2

// interpret finds the payload of a 2xx body for a result of shape s; name is a further member that belongs to the
// result. A nil error does not mean that the payload fits the result.
func interpret(body []byte, s *shape, name string) (interpretation, error) {
	found := interpretation{page: Unpaged()}
	body = TrimJSON(body)
	if len(body) == 0 {
		return found, ErrEmpty
	}
	if err := CheckNames(body); err != nil {
		return found, err
	}
	found.payload = body
	if body[0] != '{' && body[0] != '[' && !found.payload.IsValid(strictOptions) {
		return found, NotJSON(body)
	}
	for level := 0; found.payload.Kind() == '{'; level++ {
		o, ok := readObject(found.payload, s, name)
		if !ok {
			return found, ErrMalformed
		}
		inner := Unpaged()
		o.readPagination(&inner)
		inner.merge(found.page)
		found.page = inner
		isEnvelope := o.marked && o.has(memberData) // data beside error or meta, and not a member of an open result
		inResult := level > 0 && (o.others > 0 || s.isOpen() && !isEnvelope || s.accepts([]byte("data")))
		if level == maxEnvelopes || inResult || !o.unwraps(s, name) {
			found.object = o.asResult(s)
			return found, found.failure(s)
		}
		if o.fails(true, true) {
			return found, &Failure{ReadError(found.payload)}
		}
		if !o.hasDataOrSuccess(s) {
			return found, &NotPlatformError{reason: "it has no data and does not state a success"}
		}
		found.enveloped, found.payload = true, o.members[memberData]
	}
	return found, failureIn(found.payload, s)
}

// failure returns the error in the object that may be the result.
func (f *interpretation) failure(s *shape) error {
	o := &f.object
	failed := o.fails(true, !o.isResult())
	if f.enveloped { // the envelope has no error, so only an object that is not the result can be one
		failed = !s.isOpen() && o.fails(!o.identified, !o.isResult())
	}
	if failed {
		return &Failure{ReadError(f.payload)}
	}
	return nil
}

// failureIn finds the error in an array that holds an error instead of a result.
func failureIn(array jsontext.Value, s *shape) error {
	nothing := s.expectsNothing()
	if s.element != nil {
		s = s.element
	} else if s.isOpen() {
		s = emptyShape
	}
	walk := scanArray(array)
	for walk.next() {
		element := walk.value
		o, isObject := readObject(element, s, "")
		if isObject && (nothing || !o.isResult()) && o.fails(true, !o.isResult()) {
			return &Failure{ReadError(element)}
		}
		if !nothing {
			break // the first item of a list is enough
		}
	}
	return nil
}

// NotJSON reports a body that is not JSON.
func NotJSON(body []byte) error {
	if LooksLikeMarkup(body) {
		return &NotPlatformError{reason: "it is an HTML or XML page"}
	}
	return &NotPlatformError{reason: "it is not JSON"}
}

// Failed returns a [*Failure] if a body is JSON that contains an error instead of a result, and nil otherwise.
func Failed(body []byte) error {
	_, err := interpret(body, new(shape), "")
	if failure, ok := err.(*Failure); ok { //nolint:errorlint // interpret never wraps it
		return failure
	}
	return nil
}

// Acknowledged checks the response to a call without a result. It accepts an empty body, an envelope and an object that
// states a success. Any other response may not be the platform's; the error quotes the start of the body.
func Acknowledged(body []byte) error {
	found, err := interpret(body, emptyShape, "")
	var foreign *NotPlatformError
	switch {
	case errors.Is(err, ErrEmpty):
		return nil
	case errors.As(err, &foreign):
	case err != nil:
		return err
	case !jsontext.Value(TrimJSON(body)).IsValid(strictOptions):
		return ErrMalformed
	case found.acknowledges():
		return nil
	default:
		foreign = &NotPlatformError{reason: "it does not state a success"}
	}
	foreign.excerpt = plainText(TrimJSON(body), excerptLength)
	return foreign
}

const excerptLength = 100

// acknowledges reports whether a payload states that the call succeeded.
func (f *interpretation) acknowledges() bool {
	switch f.payload.Kind() {
	case 'n':
		return true
	case '{':
		if f.enveloped {
			return !f.object.deniesDeletion()
		}
		return f.object.succeeds() || f.holdsResource()
	case '"':
		word := text(f.payload)
		return f.enveloped && (word == "" || isSuccessWord(word))
	case 't', '[':
		return f.enveloped
	}
	return false
}

// holdsResource reports whether the payload is a resource under its name, such as {"apiKey":{"id":…}}.
func (f *interpretation) holdsResource() bool {
	if f.object.others != 1 {
		return false
	}
	for walk := scanObject(f.payload); walk.next(); {
		if o, ok := readObject(walk.value, emptyShape, ""); ok && o.id {
			return true
		}
	}
	return false
}
