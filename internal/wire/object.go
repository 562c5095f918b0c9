package wire

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// The members that decide what a body means.
const (
	memberData = iota
	memberError
	memberErrors
	memberMeta
	memberSuccess
	memberOK
	memberIsError
	memberStatus
	memberStatusCode
	memberCode
	memberErrorMessage
	memberErrorType
	memberErrorCode
	memberFault
	memberException
	memberCount

	// Members of which only the presence counts.
	memberID
	memberDone    // a deletion was done, if true
	memberMessage // a text about the outcome
	memberNeutral // of envelopes, and says nothing about success
)

// memberKinds classifies member names. All others occur in results only, so an object that has one is no envelope, and
// an array under one of these is not a list of results.
var memberKinds = map[string]int{
	"data": memberData, "error": memberError, "errors": memberErrors, "meta": memberMeta, "success": memberSuccess,
	"ok": memberOK, "isError": memberIsError, "status": memberStatus, "statusCode": memberStatusCode,
	"status_code": memberStatusCode, "httpStatus": memberStatusCode, "code": memberCode,
	"errorMessage": memberErrorMessage, "error_message": memberErrorMessage, "error_description": memberErrorMessage,
	"errorType": memberErrorType, "errorCode": memberErrorCode, "error_code": memberErrorCode, "fault": memberFault,
	"exception": memberException,

	"id": memberID,

	"deleted": memberDone, "archived": memberDone, "removed": memberDone, "revoked": memberDone, "unlinked": memberDone,
	"retired": memberDone, "disconnected": memberDone, "unsubscribed": memberDone, "canceled": memberDone,
	"cancelled": memberDone,

	"message": memberMessage, "detail": memberMessage, "title": memberMessage,

	"messages": memberNeutral, "details": memberNeutral, "requestId": memberNeutral, "request_id": memberNeutral,
	"traceId": memberNeutral, "timestamp": memberNeutral, "version": memberNeutral, "apiVersion": memberNeutral,
	"warnings": memberNeutral, "notices": memberNeutral, "links": memberNeutral, "_links": memberNeutral,
	"included": memberNeutral, "pagination": memberNeutral, "page": memberNeutral, "pageSize": memberNeutral,
	"total": memberNeutral, "totalCount": memberNeutral, "count": memberNeutral, "hasMore": memberNeutral,
	"has_more": memberNeutral, "nextCursor": memberNeutral, "next_cursor": memberNeutral, "nextOffset": memberNeutral,
	"skip": memberNeutral, "take": memberNeutral, "limit": memberNeutral, "offset": memberNeutral,
	"cursor": memberNeutral, "jsonrpc": memberNeutral, "path": memberNeutral,
}

// object is what one level of a body says. Values are parts of the body.
type object struct {
	members  [memberCount]jsontext.Value
	declared [memberCount]bool // by the result's type
	pages    []pageMember
	count    int
	matched  bool // a member belongs to the result's type
	id       bool
	done     bool
	message  bool
	marked   bool // error or meta, by which the platform's envelopes are known
	other    bool // a member that envelopes do not have
	named    bool // the member that readObject was asked for
}

// pageMember is a member that may say how a list continues.
type pageMember struct {
	name  string
	value jsontext.Value
}

// readObject reads one level; also is the name of a further member that belongs to the result. It returns false if value
// is not a valid object; the data in it is not checked.
func readObject(value jsontext.Value, s *shape, also string) (object, bool) {
	var (
		o        object
		complete bool
	)
	for name, member := range members(value, &complete) {
		o.count++
		kind, known := memberKinds[string(name)]
		belongs := s.accepts(name)
		if also != "" && string(name) == also {
			if o.named {
				return o, false // readers would disagree about which of the two counts
			}
			o.named, belongs = true, true
		}
		o.matched = o.matched || belongs
		o.marked = o.marked || known && (kind == memberError || kind == memberErrors || kind == memberMeta)
		switch {
		case !known:
			o.other = true
		case kind == memberID:
			o.id, o.other = true, true
		case kind == memberDone:
			o.done, o.other = o.done || member.Kind() == 't', true
		case kind == memberMessage:
			o.message = o.message || !belongs
		case kind == memberNeutral:
		default:
			if o.members[kind] != nil && kind <= memberMeta {
				return o, false
			}
			if kind != memberData && !member.IsValid(strictOptions) {
				return o, false
			}
			o.members[kind], o.declared[kind] = member, belongs
		}
		if isPageName(name) {
			o.pages = append(o.pages, pageMember{string(name), member})
		}
	}
	return o, complete
}

func (o *object) has(index int) bool { return o.members[index] != nil }

// isResult reports whether the object looks like the result of the call or another resource.
func (o *object) isResult() bool { return o.matched || o.id }

// asResult is the object as a result, of which a declared field decides nothing, whatever its name.
func (o object) asResult() object {
	for i, declared := range o.declared {
		if declared {
			o.members[i] = nil
		}
	}
	return o
}

// unwraps reports whether the object is an envelope around data.
func (o *object) unwraps(s *shape, also string) bool {
	data := o.members[memberData]
	if data == nil {
		return false
	}
	switch {
	case s.accepts([]byte("data")): // the result may have a member of this name itself
		return (o.marked || o.count == 1) && canBeResult(data, s, also)
	case o.marked || !o.other:
		return true
	case s.isOpen():
		return false
	}
	return !o.matched || canBeResult(data, s, also)
}

// canBeResult reports whether a value can be a result of shape s. A list's or an empty shape is not compared.
func canBeResult(value jsontext.Value, s *shape, also string) bool {
	if s.isOpen() || len(s.names) == 0 || value.Kind() == 'n' || isEmptyValue(value) {
		return true
	}
	o, ok := readObject(value, s, also)
	return ok && o.matched
}

// fails reports whether the object says that the call failed. Some members mean a failure only at the level of the
// envelope, some only where there is no result beside them (alone).
func (o *object) fails(envelope, alone bool) bool {
	if isFalse(o.members[memberSuccess]) || isFalse(o.members[memberOK]) {
		return true
	}
	if envelope && (says(o.members[memberError]) || says(o.members[memberErrors]) || isTrue(o.members[memberIsError]) ||
		statusOf(o.members[memberStatusCode]) >= 400) {
		return true
	}
	if !alone {
		return false
	}
	status, code := o.members[memberStatus], o.members[memberCode]
	withoutData := !o.has(memberData) || o.members[memberData].Kind() == 'n'
	return isFailureWord(word(status)) || statusOf(status) >= 400 || statusOf(code) >= 400 ||
		says(o.members[memberErrorMessage]) || says(o.members[memberErrorType]) || says(o.members[memberErrorCode]) ||
		says(o.members[memberFault]) || says(o.members[memberException]) ||
		(withoutData && o.message && says(code) && statusOf(code) < 100 && !isSuccessWord(word(code)))
}

// succeeds reports whether an object that is not an envelope states a success.
func (o *object) succeeds() bool {
	noError := o.members[memberError]
	return o.count == 0 || o.id || o.done || o.has(memberMeta) || isTrue(o.members[memberSuccess]) ||
		isTrue(o.members[memberOK]) || isSuccessWord(word(o.members[memberStatus])) ||
		(noError != nil && (noError.Kind() == 'n' || noError.Kind() == 'f'))
}

// says reports whether an error member holds an error.
func says(v jsontext.Value) bool {
	switch v.Kind() {
	case 0, 'n', 'f':
		return false
	case '0':
		f, ok := parseFloat(string(v))
		return !ok || f != 0
	case '"':
		return len(v) > len(`""`)
	case '{', '[':
		return !isEmptyValue(v)
	}
	return true
}

// word is the text of a value that may be a word or a number, and empty if it is too long for one.
func word(v jsontext.Value) string {
	if len(v) > longestScalar {
		return ""
	}
	return text(v)
}

func isFalse(v jsontext.Value) bool { return boolOf(v) == No }
func isTrue(v jsontext.Value) bool  { return boolOf(v) == Yes }

// boolOf reads a boolean, also one sent as text or number.
func boolOf(v jsontext.Value) Tristate {
	switch v.Kind() {
	case 't':
		return Yes
	case 'f':
		return No
	case '"', '0':
		if s := word(v); s != "" {
			if b, ok := parseBool(s); ok {
				return tristate(b)
			}
		}
	}
	return Unsaid
}

// statusOf reads an HTTP status; 0 if v is none.
func statusOf(v jsontext.Value) int64 {
	n, ok := parseInteger(word(v))
	if !ok || n < 100 || n > 599 {
		return 0
	}
	return n
}

func isFailureWord(s string) bool {
	switch strings.ToLower(s) {
	case "error", "fail", "failed", "failure":
		return true
	}
	return false
}

func isSuccessWord(s string) bool {
	switch strings.ToLower(s) {
	case "ok", "success", "succeeded", "accepted", "completed", "done", "archived", "deleted", "revoked", "removed", "0":
		return true
	}
	return false
}
