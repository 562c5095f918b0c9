package wire

import (
	"errors"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// This file decides, for every kind of call, between a success, a failure inside a 2xx and a response that is not the
// platform's. Nothing else may.

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

// ErrEmpty means that a body was expected and none came.
var ErrEmpty = errors.New("the response is empty")

// ErrMalformed means that a body starts as JSON and is not valid to its end.
var ErrMalformed = errors.New("the response is not complete, valid JSON")

// interpretation is a response without an error in it.
type interpretation struct {
	payload   jsontext.Value
	page      Pagination
	enveloped bool
	object    object // what the payload says, if it is an object
}

// interpret finds the payload of a 2xx body for a result of shape s; name is a further member that belongs to the result.
// A nil error does not mean that the payload fits the result.
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
	switch body[0] {
	case '{':
	case '[':
		return found, failureIn(body, s)
	default:
		if !found.payload.IsValid(strictOptions) {
			return found, NotJSON(body)
		}
		return found, nil
	}
	top, ok := readObject(body, s, name)
	if !ok {
		return found, ErrMalformed
	}
	top.readPagination(&found.page)
	if !top.unwraps(s, name) {
		found.object = top.asResult()
		if found.object.fails(true, !top.isResult()) {
			return found, &Failure{ReadError(body)}
		}
		return found, nil
	}
	if top.fails(true, true) {
		return found, &Failure{ReadError(body)}
	}
	found.enveloped, found.payload = true, top.members[memberData]
	if found.payload.Kind() != '{' {
		return found, failureIn(found.payload, s)
	}
	inner, ok := readObject(found.payload, s, name)
	if !ok {
		return found, ErrMalformed
	}
	found.object = inner.asResult()
	if inner = found.object; !s.isOpen() && inner.fails(!inner.matched, !inner.isResult()) {
		return found, &Failure{ReadError(found.payload)}
	}
	return found, nil
}

// failureIn finds the error in an array that holds an error instead of a result.
func failureIn(array jsontext.Value, s *shape) error {
	if s.element != nil {
		s = s.element
	} else if s.isOpen() {
		s = emptyShape
	}
	var ok bool
	for _, first := range elements(array, &ok) {
		if o, isObject := readObject(first, s, ""); isObject && !o.isResult() && o.fails(true, true) {
			return &Failure{ReadError(first)}
		}
		break
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

// Failed returns a [*Failure] if a body is JSON that carries an error, and nil otherwise.
func Failed(body []byte) error {
	_, err := interpret(body, emptyShape, "")
	if failure, ok := err.(*Failure); ok { //nolint:errorlint // made above, never wrapped
		return failure
	}
	return nil
}

// Acknowledged checks the response to a call without a result. It accepts an empty body, an envelope and an object that
// states a success; anything else may come from somewhere else, and its error shows how the body begins.
func Acknowledged(body []byte) error {
	found, err := interpret(body, emptyShape, "")
	var foreign *NotPlatformError
	switch {
	case errors.Is(err, ErrEmpty):
		return nil
	case errors.As(err, &foreign):
	case err != nil:
		return err
	case found.acknowledges():
		return nil
	default:
		foreign = &NotPlatformError{reason: "it does not state a success"}
	}
	foreign.excerpt = plainText(TrimJSON(body), excerptLength)
	return foreign
}

const excerptLength = 100

// acknowledges reports whether a payload states that the call did what it should.
func (f *interpretation) acknowledges() bool {
	switch f.payload.Kind() {
	case 'n':
		return true
	case '{':
		return f.enveloped || f.object.succeeds()
	case '"':
		return f.enveloped && isSuccessWord(text(f.payload))
	case 't', '[':
		return f.enveloped
	}
	return false
}
