package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"
	"unicode/utf8"
)

const jsonType = "application/json"

// reply is the platform's response before fault injection.
type reply struct {
	status      int
	header      http.Header // besides the ones every response has; may be nil
	contentType string      // empty if there is no body
	body        []byte
	bare        bool       // the body is not in an envelope although the contract wants one
	unchecked   bool       // not meant to match the contract
	mcp         generation // the library answers; of the rest, only the headers count
}

// envelope wraps responses.
type envelope struct {
	Data  any       `json:"data"`
	Error *apiError `json:"error"`
	Meta  *listMeta `json:"meta,omitempty"`
}

type apiError struct {
	Code    string        `json:"code"`
	Message string        `json:"message"`
	Details *errorDetails `json:"details,omitempty"`
}

type errorDetails struct {
	Issues []issue `json:"issues"`
}

type listMeta struct {
	Pagination pagination `json:"pagination"`
}

type pagination struct {
	Skip    int  `json:"skip"`
	Take    int  `json:"take"`
	Total   int  `json:"total"`
	HasMore bool `json:"hasMore"`
}

// respond returns a success in its envelope, or without it with [WithBareResponses].
func (c *config) respond(status int, data any) reply {
	if c.bare {
		rep := plain(status, data)
		rep.bare = true
		return rep
	}
	return plain(status, envelope{Data: data})
}

// plain sends a value as it is.
func plain(status int, value any) reply {
	return reply{status: status, contentType: jsonType, body: encodeJSON(value)}
}

func refuse(status int, code, message string, issues ...issue) reply {
	failure := &apiError{Code: code, Message: message}
	if len(issues) > 0 {
		failure.Details = &errorDetails{Issues: issues}
	}
	return plain(status, envelope{Error: failure})
}

func invalid(issues ...issue) reply {
	return refuse(http.StatusBadRequest, "VALIDATION_ERROR", "The request is not valid", issues...)
}

func badRequest(message string) reply {
	return refuse(http.StatusBadRequest, "BAD_REQUEST", message)
}

func bodyRequired() reply {
	return badRequest("A JSON body is required")
}

func bodyTooLarge() reply {
	return refuse(http.StatusRequestEntityTooLarge, "PAYLOAD_TOO_LARGE", "The body is too large")
}

func invalidState(message string) reply {
	return refuse(http.StatusBadRequest, "INVALID_STATE", message)
}

func notFound(message string) reply {
	return refuse(http.StatusNotFound, "NOT_FOUND", message)
}

func forbidden(message string) reply {
	return refuse(http.StatusForbidden, "FORBIDDEN", message)
}

func accessDenied(message string) reply {
	return refuse(http.StatusForbidden, "ACCESS_DENIED", message)
}

// set adds a header to a reply.
func (r *reply) set(name, value string) {
	if r.header == nil {
		r.header = make(http.Header)
	}
	r.header.Set(name, value)
}

// writeHead sets the headers of a response with n bytes.
func (r *reply) writeHead(h http.Header, n int) {
	for name, values := range r.header {
		h[name] = values
	}
	if r.contentType != "" {
		h.Set("Content-Type", r.contentType)
	}
	if r.status != http.StatusNoContent {
		h.Set("Content-Length", strconv.Itoa(n))
	}
}

func encodeJSON(v any) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return []byte("null") // no value of the sandbox is unencodable; the contract check would report this one
	}
	return bytes.TrimRight(buf.Bytes(), "\n")
}

// decodeJSON reads exactly one JSON value in valid UTF-8.
func decodeJSON(data []byte) (any, error) {
	if !utf8.Valid(data) {
		return nil, errors.New("not UTF-8")
	}
	var v any
	dec := json.NewDecoder(bytes.NewReader(data))
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one JSON value")
	}
	return v, nil
}

// stamp writes a time as the platform does.
func stamp(t time.Time) string {
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// maybeStamp is null for the zero time.
func maybeStamp(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := stamp(t)
	return &s
}

// maybe is null for an empty string.
func maybe(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
