package wire

import (
	"slices"
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
	memberNeutral // in envelopes, without a meaning for success
	memberRPC     // of a JSON-RPC message, whose id is not a resource's
)

// memberKinds classifies member names. An object with any other member is not an envelope. An array under one of these
// names is not a list of results.
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
	"cursor": memberNeutral, "jsonrpc": memberRPC, "path": memberNeutral,
}

// object summarizes one level of a body. Values are parts of the body.
type object struct {
	members         [memberCount]jsontext.Value
	declared        [memberCount]bool // by the result's type
	pages           []pageMember
	count           int
	others          int  // members that envelopes do not have
	matched         bool // a member belongs to the result's type
	identified      bool // one that belongs to the type is not found in errors and envelopes
	id              bool // the id of a resource
	done            bool // a deletion was done
	undone          bool // a deletion was not done
	message         bool // a text about the outcome that does not state a success
	messageDeclared bool
	marked          bool // error or meta, by which the platform's envelopes are known
	named           bool // it has the member that readObject was asked for
}

// pageMember is a member that may describe how a list continues.
type pageMember struct {
	name  string
	value jsontext.Value
}

// readObject reads one level; also is the name of a further member that belongs to the result. It returns false if
// value is not a valid object; the data in it is not checked.
func readObject(value jsontext.Value, s *shape, also string) (object, bool) {
	var (
		o   object
		rpc bool
	)
	walk := scanObject(value)
	for walk.next() {
		name, member := walk.name, walk.value
		o.count++
		kind, known := memberKinds[string(name)]
		belongs := s.accepts(name)
		if also != "" && string(name) == also {
			if o.named {
				return o, false // readers would disagree about which of the two counts
			}
			o.named, belongs = true, true
		}
		if belongs {
			o.matched = o.matched || o.named || !known || !s.identifying || !describesError(kind)
			o.identified = o.identified || o.named || isIdentifying(kind, known)
		}
		o.marked = o.marked || known && (kind == memberError || kind == memberErrors || kind == memberMeta)
		switch {
		case !known:
			o.others++
		case kind == memberID:
			o.id = true
			o.others++
		case kind == memberDone:
			o.done, o.undone = o.done || isTrue(member), o.undone || isFalse(member)
			o.others++
		case kind == memberMessage:
			if !isSuccessWord(text(member)) {
				o.message, o.messageDeclared = true, o.messageDeclared || belongs
			}
		case kind == memberRPC:
			rpc = !belongs
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
	if rpc {
		o.id, o.matched, o.identified = false, false, false
	}
	return o, walk.complete
}

// isIdentifying reports whether members of a kind are not found in errors and envelopes.
func isIdentifying(kind int, known bool) bool {
	return !known || kind == memberID || kind == memberDone
}

// describesError reports whether members of a kind are usual in errors, so that such a member alone is no result.
func describesError(kind int) bool {
	switch kind {
	case memberError, memberErrors, memberIsError, memberMessage:
		return true
	}
	return kind >= memberStatusCode && kind < memberCount
}

func (o *object) has(index int) bool { return o.members[index] != nil }

// isResult reports whether the object looks like the result of the call or another resource.
func (o *object) isResult() bool { return o.identified || o.id }

// asResult returns the object without the members that the result declares, as they are data whatever their names.
// An object without an identifying field may be an error that shares fields with the result. It keeps its members,
// unless the type has no identifying field at all.
func (o object) asResult(s *shape) object {
	for i, declared := range o.declared {
		isError := i == memberError || i == memberErrors || i == memberIsError
		if declared && (o.identified || (!s.identifying && !isError)) {
			o.members[i] = nil
		}
	}
	if o.messageDeclared && (o.identified || !s.identifying) {
		o.message = false
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
	case o.marked || o.others == 0:
		return true
	case s.isOpen():
		return false
	}
	return !o.identified || (data.Kind() != 'n' && canBeResult(data, s, also))
}

// canBeResult reports whether a value can be a result of shape s. Lists and empty shapes are not compared.
func canBeResult(value jsontext.Value, s *shape, also string) bool {
	if s.isOpen() || len(s.names) == 0 || value.Kind() == 'n' || isEmptyValue(value) {
		return true
	}
	o, ok := readObject(value, s, also)
	return ok && o.matched
}

// hasDataOrSuccess reports whether an envelope has data or states a success. One without either passes if it has no
// member that could explain the missing data, such as a message.
func (o *object) hasDataOrSuccess(s *shape) bool {
	data := o.members[memberData]
	missing := data.Kind() == 'n' || (s.expectsNothing() && isNothing(data))
	explains := o.others > 0 || o.message || o.has(memberStatus) || o.has(memberStatusCode) || o.holdsError(memberCode)
	return !missing || o.marked || o.succeeds() || !explains
}

// fails reports whether the object states a failure. Some members mean a failure only at the level of the
// envelope, some only where there is no result beside them (alone).
func (o *object) fails(envelope, alone bool) bool {
	if isFalse(o.members[memberSuccess]) || isFalse(o.members[memberOK]) {
		return true
	}
	if envelope && (o.holdsError(memberError, memberErrors) || isTrue(o.members[memberIsError]) ||
		statusOf(o.members[memberStatusCode]) >= 400) {
		return true
	}
	if !alone {
		return false
	}
	status, code := o.members[memberStatus], o.members[memberCode]
	return isFailureWord(word(status)) || status.Kind() == 'f' || statusOf(status) >= 400 || statusOf(code) >= 400 ||
		o.holdsError(memberErrorMessage, memberErrorType, memberErrorCode, memberFault, memberException) || o.isErrorCode()
}

// isErrorCode reports whether the object is a code and a message, or a code and data that is null.
func (o *object) isErrorCode() bool {
	data, code := o.members[memberData], o.members[memberCode]
	if (data == nil && !o.message) || (data != nil && !isNothing(data)) || (!o.message && data.Kind() != 'n') {
		return false
	}
	return o.holdsError(memberCode) && statusOf(code) == 0 && !isSuccessWord(word(code)) && word(code) != "0"
}

// succeeds reports whether an object states a success.
func (o *object) succeeds() bool {
	if o.deniesDeletion() {
		return false
	}
	noError := o.members[memberError]
	return o.count == 0 || o.id || o.done || o.has(memberMeta) || isTrue(o.members[memberSuccess]) ||
		isTrue(o.members[memberOK]) || isSuccess(o.members[memberStatus]) || isSuccess(o.members[memberStatusCode]) ||
		isSuccess(o.members[memberCode]) || (noError != nil && (noError.Kind() == 'n' || noError.Kind() == 'f'))
}

// deniesDeletion reports whether an object that is not a resource states that a deletion was not done.
func (o *object) deniesDeletion() bool { return o.undone && !o.done && !o.id }

// isNothing reports whether a value is null or empty.
func isNothing(v jsontext.Value) bool {
	switch v.Kind() {
	case 'n':
		return true
	case '{', '[':
		return isEmptyValue(v)
	case '"':
		return text(v) == ""
	}
	return false
}

// isSuccess reports whether a status or code means a success.
func isSuccess(v jsontext.Value) bool { return statusOf(v)/100 == 2 || isSuccessWord(word(v)) }

// holdsError reports whether one of the members is not empty.
func (o *object) holdsError(kinds ...int) bool {
	return slices.ContainsFunc(kinds, func(kind int) bool { return isError(o.members[kind]) })
}

// isError reports whether the value of an error member is an error.
func isError(v jsontext.Value) bool {
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

// word returns the text of a value. It is empty for a text too long to be a word or a number.
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

// statusOf reads an HTTP status. It returns 0 for any other value.
func statusOf(v jsontext.Value) int64 {
	n, ok := parseInteger(word(v))
	if !ok || n < 100 || n > 599 {
		return 0
	}
	return n
}

func isFailureWord(s string) bool {
	switch strings.ToLower(s) {
	case "error", "fail", "failed", "failure", "false":
		return true
	}
	return false
}

func isSuccessWord(s string) bool {
	switch strings.ToLower(s) {
	case "ok", "success", "succeeded", "accepted", "completed", "done", "archived", "deleted", "revoked", "removed":
		return true
	}
	return false
}
