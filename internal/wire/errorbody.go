package wire

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// ErrorBody is the content of an error response, in any of the shapes of the platform and the servers in front of it.
type ErrorBody struct {
	Status     int // an HTTP status in the body; 0 if there is none
	Code       string
	Message    string
	Field      string
	Suggestion string
	Recovery   string
	Details    []byte // a JSON value, or nil
	Issues     []Issue
	RetryAfter time.Duration // 0 if absent
	ResetAt    time.Time     // zero if absent
}

// Issue is one entry of details.issues.
type Issue struct{ Path, Message string }

// textSample is the length of the message taken from a response that is not JSON.
const textSample = 200

// The limits of an ErrorBody.
const (
	maxText    = 64 << 10 // bytes of each text
	maxDetails = 1 << 20  // bytes; larger details are dropped, as a part of a JSON value is not JSON
	maxIssues  = 1000
	maxSteps   = 100 // of the path of an issue
)

// ReadError reads an error response. It never fails: fields that cannot be read stay empty. Anything in the form of a
// token is masked, in case a server quotes the credential that it rejects.
func ReadError(body []byte) ErrorBody {
	var e ErrorBody
	trimmed := TrimJSON(body)
	if len(trimmed) == 0 {
		return e
	}
	valid := CheckNames(trimmed) == nil && jsontext.Value(trimmed).IsValid(strictOptions)
	if !valid || !e.readValue(trimmed, 0) {
		e = ErrorBody{Message: plainText(trimmed, textSample)}
	}
	e.Mask(MaskTokens)
	if e.Code == "" && looksLikeCode(e.Message) {
		e.Code = e.Message
	}
	return e
}

// Mask applies mask to every text.
func (e *ErrorBody) Mask(mask func(string) string) {
	for _, s := range []*string{&e.Code, &e.Message, &e.Field, &e.Suggestion, &e.Recovery} {
		*s = mask(*s)
	}
	if e.Details != nil {
		e.Details = MaskJSON(e.Details, mask)
	}
	for i, issue := range e.Issues {
		e.Issues[i] = Issue{Path: mask(issue.Path), Message: mask(issue.Message)}
	}
}

// readValue reads an error that may be an object, text, or an array that begins with either. The value is valid JSON.
func (e *ErrorBody) readValue(value jsontext.Value, depth int) bool {
	switch value.Kind() {
	case '{':
		e.readObject(value, depth)
		return true
	case '"':
		if e.Message == "" {
			e.Message = shortText(value)
		}
		return e.Message != ""
	case '[':
		if walk := scanArray(value); walk.next() {
			return walk.value.Kind() != '[' && e.readValue(walk.value, depth)
		}
	}
	return false
}

// errorNames are the members that errors are read from.
var errorNames = map[string]bool{
	"error": true, "errors": true, "fault": true, "statusCode": true, "status_code": true, "httpStatus": true,
	"status": true, "code": true, "errorCode": true, "errorType": true, "message": true, "errorMessage": true,
	"error_description": true, "detail": true, "title": true, "faultstring": true, "field": true, "suggestion": true,
	"recovery": true, "details": true, "retryAfter": true, "retryAfterSeconds": true, "retry_after": true,
	"resetTime": true,
}

// readObject reads the error inside an object first, then the object itself.
func (e *ErrorBody) readObject(object jsontext.Value, depth int) {
	found := make(map[string]jsontext.Value)
	for walk := scanObject(object); walk.next(); {
		if errorNames[string(walk.name)] {
			found[string(walk.name)] = walk.value
		}
	}
	if inner := found["error"]; depth == 0 {
		if inner.Kind() == '"' {
			e.readErrorString(shortText(inner), found)
		} else {
			e.readValue(inner, depth+1)
		}
		for _, name := range [...]string{"errors", "fault"} {
			if e.Code == "" && e.Message == "" {
				e.readValue(found[name], depth+1)
			}
		}
	}
	for _, name := range [...]string{"statusCode", "status_code", "httpStatus", "status", "code"} {
		if e.Status == 0 {
			e.Status = int(statusOf(found[name]))
		}
	}
	if found["errorMessage"] != nil && found["errorType"] != nil && e.Status == 0 {
		e.Status = http.StatusInternalServerError // a serverless function that crashed or timed out
	}
	setText(&e.Code, found, "code", "errorCode", "errorType")
	setText(&e.Message, found, "message", "errorMessage", "error_description", "detail", "title", "faultstring")
	setText(&e.Field, found, "field")
	setText(&e.Suggestion, found, "suggestion")
	setText(&e.Recovery, found, "recovery")
	e.readDetails(found)
	if e.RetryAfter == 0 {
		for _, key := range [...]string{"retryAfter", "retryAfterSeconds", "retry_after"} {
			if v := found[key]; len(v) <= longestScalar {
				if d, ok := number(strings.Trim(string(v), `"`), time.Second); ok {
					e.RetryAfter = max(e.RetryAfter, d)
				}
			}
		}
	}
	if at, ok := parseTime(shortText(found["resetTime"]), found["resetTime"].Kind() == '"'); ok && e.ResetAt.IsZero() {
		e.ResetAt = at
	}
}

// readErrorString reads the form in which "error" is text: a code beside a message, or a message beside a code.
func (e *ErrorBody) readErrorString(s string, members map[string]jsontext.Value) {
	alone := true
	for _, name := range [...]string{"message", "error_description", "errorMessage", "detail"} {
		alone = alone && members[name] == nil
	}
	switch {
	case alone:
		e.Message = s
	case members["code"] == nil && members["errorCode"] == nil && looksLikeCode(s):
		e.Code = s
	}
}

func (e *ErrorBody) readDetails(found map[string]jsontext.Value) {
	details, ok := found["details"]
	if !ok || e.Details != nil || details.Kind() == 'n' {
		return
	}
	if len(details) <= maxDetails {
		e.Details = slices.Clone(details)
	}
	for walk := scanObject(details); walk.next(); {
		if string(walk.name) == "issues" {
			e.readIssues(walk.value)
		}
	}
}

func (e *ErrorBody) readIssues(issues jsontext.Value) {
	for list := scanArray(issues); list.next() && len(e.Issues) < maxIssues; {
		var read Issue
		for walk := scanObject(list.value); walk.next(); {
			switch string(walk.name) {
			case "path":
				read.Path = dotted(walk.value)
			case "message":
				read.Message = shortText(walk.value)
			}
		}
		e.Issues = append(e.Issues, read)
	}
}

// dotted reads a path as text, or as the list of steps that Zod uses.
func dotted(v jsontext.Value) string {
	if v.Kind() != '[' {
		return shortText(v)
	}
	var names []string
	for walk := scanArray(v); walk.next() && walk.index < maxSteps; {
		name := shortText(walk.value)
		if name == "" {
			name = Printable(string(walk.value[:min(len(walk.value), textSample)]), textSample)
		}
		names = append(names, name)
	}
	path := strings.Join(names, ".")
	return path[:min(len(path), maxText)]
}

func setText(dst *string, members map[string]jsontext.Value, keys ...string) {
	for _, key := range keys {
		if *dst == "" {
			*dst = shortText(members[key])
		}
	}
}

// shortText returns the text of a value, cut after maxText bytes.
func shortText(v jsontext.Value) string {
	if v.Kind() == '0' && len(v) > longestScalar {
		return ""
	}
	s := text(beginning(v))
	if len(s) > maxText {
		return strings.Clone(s[:maxText])
	}
	return s
}

// beginning cuts a long JSON string, so that decoding does not copy all of it. An escape takes up to six bytes.
func beginning(v jsontext.Value) jsontext.Value {
	const most, longestEscape = 6 * maxText, len(`\u0000`)
	if v.Kind() != '"' || len(v) <= most {
		return v
	}
	for cut := most; cut > most-longestEscape; cut-- { // the cut may be inside an escape
		if head := append(slices.Clone(v[:cut]), '"'); head.IsValid(strictOptions) {
			return head
		}
	}
	return v
}

// text returns the content of a JSON string or the digits of a number. Other values have none.
func text(v jsontext.Value) string {
	switch v.Kind() {
	case '"':
		var s string
		if json.Unmarshal(v, &s, strictOptions) == nil {
			return s
		}
	case '0':
		return string(v)
	}
	return ""
}

// looksLikeCode reports whether s is a code such as RATE_LIMITED or customer_not_found, not a sentence.
func looksLikeCode(s string) bool {
	if s == "" || len(s) > 64 {
		return false
	}
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' {
			return false
		}
	}
	return strings.Contains(s, "_") || s == strings.ToUpper(s) || s == strings.ToLower(s)
}

// plainText returns a readable line of a response that is not JSON, such as a proxy's HTML page: its title, or its
// text without the tags.
func plainText(body []byte, limit int) string {
	const window = 8 << 10
	s := string(body[:min(len(body), window)])
	if !strings.Contains(s, "<") {
		return Printable(s, limit)
	}
	lower := strings.ToLower(s)
	if start := strings.Index(lower, "<title>"); start >= 0 && len(lower) == len(s) {
		if end := strings.Index(lower[start:], "</title>"); end >= 0 {
			return Printable(s[start+len("<title>"):start+end], limit)
		}
	}
	var b strings.Builder
	inTag := false
	for _, r := range s {
		switch {
		case r == '<':
			inTag = true
			b.WriteByte(' ')
		case r == '>':
			inTag = false
		case !inTag:
			b.WriteRune(r)
		}
	}
	return Printable(strings.Join(strings.Fields(b.String()), " "), limit)
}

// Printable returns s as one line of at most limit bytes that is safe to log: without control characters and tokens.
func Printable(s string, limit int) string {
	clean := len(s) <= limit && !holdsToken(s)
	for i := 0; clean && i < len(s); i++ {
		clean = s[i] >= ' ' && s[i] < 0x7f
	}
	if clean {
		return s
	}
	var b strings.Builder
	space := false
	for _, r := range MaskTokens(s) {
		if r <= ' ' || (r >= 0x7f && r <= 0xa0) || r == '\u2028' || r == '\u2029' {
			space = b.Len() > 0
			continue
		}
		if b.Len() >= limit-len("… …") {
			b.WriteString("…")
			break
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// tokenPrefixes are the beginnings of the credentials of both APIs.
var tokenPrefixes = [...]string{"scope3_", "pk_live_", "bsk_live_"}

func holdsToken(s string) bool {
	return slices.ContainsFunc(tokenPrefixes[:], func(prefix string) bool { return strings.Contains(s, prefix) })
}

// MaskTokens masks everything that has the form of a token, in case a server quotes one.
func MaskTokens(s string) string {
	for _, prefix := range tokenPrefixes {
		s = maskAfter(s, prefix)
	}
	return s
}

func maskAfter(s, prefix string) string {
	if !strings.Contains(s, prefix) {
		return s
	}
	var b strings.Builder
	for {
		i := strings.Index(s, prefix)
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		i += len(prefix)
		b.WriteString(s[:i])
		s = strings.TrimLeftFunc(s[i:], inToken)
		b.WriteString("…")
	}
}

// inToken reports whether a token may contain r. Characters that usually surround a token do not count.
func inToken(r rune) bool {
	return r > ' ' && r < 0x7f && !strings.ContainsRune("\"'`<>()[]{},;\\", r)
}
