package client

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// APIError is an error response of the platform. Match it with errors.Is against the sentinels of this
// package, or take it with errors.As. [RetryAfter] and [MayHaveApplied] answer the two usual questions without it.
//
// Every error of this module that matches [ErrRateLimited] also fills an *APIError in errors.As, with its RetryAfter.
// If it is no response of the platform, such as a [LimitError], Attempts is 0. All methods accept a nil *APIError.
//
// Its text, in every form of printing, holds the operation, the route template, status, the platform's code and
// message, and the request id, on one line of at most 2 KiB. It adds no URL, query, header or body, and no
// credential.
type APIError struct {
	// Operation names the operation, Method and Route are its method and its template with the mount.
	Operation, Method, Route string
	// StatusCode is the HTTP status. It can be 200, when the platform put an error into a success.
	StatusCode int
	// Code is the platform's code, such as "VALIDATION_ERROR"; the set is open. Empty when the answer had none.
	Code string
	// Message is for people; it may quote what was sent.
	Message string
	// Field is the offending field, where one is named.
	Field string
	// Issues lists every offending field of a validation error.
	Issues []Issue
	// Suggestion says what to do, where the platform knows.
	Suggestion string
	// Details is the platform's own detail object, as sent; nil when there is none.
	Details jsontext.Value
	// RequestID is the platform's id of the request (x-request-id), for support.
	RequestID string
	// RetryAfter is the wait that the platform requested; 0 if none.
	RetryAfter time.Duration
	// Attempts counts the attempts made, this one included.
	Attempts int

	body             func() []byte
	stated           int // an HTTP status in the body
	effect           Effect
	level            Level
	outcomeUncertain bool // an earlier attempt of this call may have taken effect
}

// sentinel is an error that APIErrors match by code and, where it stands for a whole class, by status.
type sentinel struct {
	text   string
	status int
	codes  []string
}

func (s *sentinel) Error() string { return "interchange: " + s.text }

// As fills an *APIError with the sentinel's status and code, so that a match with errors.Is implies one with errors.As.
func (s *sentinel) As(target any) bool {
	e := &APIError{StatusCode: s.status}
	if len(s.codes) > 0 {
		e.Code = s.codes[0]
	}
	return asAPIError(target, e)
}

// asAPIError implements As for errors that match a sentinel without being an *APIError: callers who asked errors.Is
// read the fields of the *APIError next, and often without looking at the result of errors.As.
func asAPIError(target any, e *APIError) bool {
	out, ok := target.(**APIError)
	if ok {
		*out = e
	}
	return ok
}

func byCode(text string, codes ...string) error { return &sentinel{text: text, codes: codes} }

func byStatus(text string, status int, codes ...string) error {
	return &sentinel{text: text, status: status, codes: codes}
}

// Sentinels that stand for a whole status. They match by status, and by the code where an answer carries one
// without the status, such as the result of an MCP tool or a JSON-RPC error.
var (
	ErrBadRequest = byStatus("bad request", http.StatusBadRequest, "BAD_REQUEST", "BadRequest", "INVALID_REQUEST",
		"-32700", "-32600", "-32602")
	ErrUnauthorized = byStatus("unauthorized", http.StatusUnauthorized, "UNAUTHORIZED", "Unauthorized",
		"unauthorized", "AUTH_INVALID_KEY", "AUTH_MISSING", "AUTHENTICATION_FAILED")
	ErrPaymentRequired = byStatus("payment required", http.StatusPaymentRequired)
	ErrForbidden       = byStatus("forbidden", http.StatusForbidden, "FORBIDDEN", "Forbidden", "forbidden")
	ErrNotFound        = byStatus("not found", http.StatusNotFound, "NOT_FOUND", "NotFound", "customer_not_found")
	ErrConflict        = byStatus("conflict", http.StatusConflict, "CONFLICT")
	ErrUnprocessable   = byStatus("unprocessable", http.StatusUnprocessableEntity)
	ErrRateLimited     = byStatus("rate limited", http.StatusTooManyRequests, "RATE_LIMITED", "RATE_LIMIT_EXCEEDED")
	ErrInternal        = byStatus("internal error", http.StatusInternalServerError, "INTERNAL_ERROR", "InternalError",
		"UNKNOWN_ERROR", "-32603")
	ErrNotImplemented     = byStatus("not implemented", http.StatusNotImplemented, "NOT_IMPLEMENTED", "-32601")
	ErrServiceUnavailable = byStatus("service unavailable", http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE")
)

// Sentinels that stand for one documented code (docs/platform.md#responses-and-errors). An error may match one of
// these and one of the above.
var (
	ErrValidation              = byCode("validation failed", "VALIDATION_ERROR")
	ErrCurrencyMismatch        = byCode("currency mismatch", "CURRENCY_MISMATCH")
	ErrInvalidState            = byCode("not possible in the current state", "INVALID_STATE")
	ErrCreditLimitExceeded     = byCode("credit limit exceeded", "CREDIT_LIMIT_EXCEEDED")
	ErrAccessDenied            = byCode("access denied", "ACCESS_DENIED")
	ErrAlphaOptInRequired      = byCode("alpha opt-in required", "ALPHA_OPT_IN_REQUIRED")
	ErrTermsAcceptanceRequired = byCode("terms of service must be accepted", "TOS_ACCEPTANCE_REQUIRED")
	ErrCustomerScopeRequired   = byCode("a customer must be chosen", "CUSTOMER_SCOPE_REQUIRED")
	ErrFeatureNotEnabled       = byCode("feature not enabled", "FEATURE_NOT_ENABLED")
	ErrPricingNotConfigured    = byCode("pricing not configured", "PRICING_NOT_CONFIGURED")
	ErrInsufficientMediaBudget = byCode("insufficient media budget", "INSUFFICIENT_MEDIA_BUDGET")
	ErrOperatorAuthRequired    = byCode("routed agent requires operator auth", "ROUTED_AGENT_REQUIRES_OPERATOR_AUTH")
	ErrCapabilityNotSupported  = byCode("capability not supported", "CAPABILITY_NOT_SUPPORTED")
	ErrStalePreviewBaseline    = byCode("stale preview baseline", "STALE_PREVIEW_BASELINE")
	ErrAdapterPermissionDenied = byCode("ad server adapter: permission denied", "ADAPTER_PERMISSION_DENIED")
	ErrAdapterKeyLimitExceeded = byCode("ad server adapter: key limit exceeded", "ADAPTER_KEY_LIMIT_EXCEEDED")
	ErrAdapterNetworkNotFound  = byCode("ad server adapter: network not found", "ADAPTER_NETWORK_NOT_FOUND")
	ErrAgentsFetchFailed       = byCode("agents could not be fetched", "AGENTS_FETCH_FAILED")
	ErrCampaignCreationFailed  = byCode("campaign could not be created", "CAMPAIGN_CREATION_FAILED")
	ErrCampaignUpdateFailed    = byCode("campaign could not be updated", "CAMPAIGN_UPDATE_FAILED")
)

// ErrOutcomeUnknown is matched by the error of a write that may or may not have taken effect: its reply was lost,
// or what answered (408, or any 5xx but 501) cannot tell. Look before you repeat it.
var ErrOutcomeUnknown = errors.New("interchange: it is unknown whether the write took effect")

// Is matches the sentinels.
func (e *APIError) Is(target error) bool {
	if e == nil {
		return false
	}
	if target == ErrOutcomeUnknown {
		return e.outcomeUnknown()
	}
	s, ok := target.(*sentinel)
	if !ok {
		return false
	}
	if s.status != 0 && s.status == e.effectiveStatus() {
		return true
	}
	for _, code := range s.codes {
		if code == e.Code {
			return true
		}
	}
	return false
}

// outcomeUnknown reports whether the call is a write that may have taken effect, in this attempt or an earlier one.
func (e *APIError) outcomeUnknown() bool {
	if e.effect == EffectRead || e.effect == EffectByMethod {
		return false
	}
	return e.outcomeUncertain || ambiguousStatus(e.effectiveStatus())
}

// effectiveStatus is the status in the body if the response itself claims a success.
func (e *APIError) effectiveStatus() int {
	if e.stated != 0 && e.StatusCode < 300 {
		return e.stated
	}
	return e.StatusCode
}

// ambiguousStatus reports the statuses behind which a write may have taken effect: all by which a server, or what
// stands before it, admits to trouble of its own.
func ambiguousStatus(status int) bool {
	return status == http.StatusRequestTimeout ||
		(status >= http.StatusInternalServerError && status != http.StatusNotImplemented)
}

// AfterLostReply reports whether an earlier attempt of the same call may have taken effect: its response did not
// arrive, or it was a 408 or a 5xx other than 501. A 404 to a DELETE can then mean that the earlier attempt deleted the
// resource.
func (e *APIError) AfterLostReply() bool { return e != nil && e.outcomeUncertain }

// RetryDelay returns RetryAfter, and 0 for a nil *APIError. See the function [RetryAfter].
func (e *APIError) RetryDelay() time.Duration {
	if e == nil {
		return 0
	}
	return e.RetryAfter
}

// RawBody returns the body as received, decompressed, cut at 64 KiB. It is not part of any printed form.
func (e *APIError) RawBody() []byte {
	if e == nil || e.body == nil {
		return nil
	}
	return e.body()
}

// Retryable reports whether the failure is temporary by its status (429 and most 5xx). A retry of a write is safe
// only if the error does not match [ErrOutcomeUnknown].
func (e *APIError) Retryable() bool { return e != nil && retryableStatus(e.effectiveStatus()) }

// NeedsLevel is the access that the call takes, where the platform refused it for want of permission: a 403 with the
// code FORBIDDEN or with none. Empty for other errors, and where it is not known. The levels are those of
// docs/platform.md#permission-levels, and of the Partner API its scopes; which of them an operation takes is partly
// documented and partly follows from what the seeds list.
func (e *APIError) NeedsLevel() Level {
	if e == nil || e.StatusCode != http.StatusForbidden {
		return ""
	}
	switch e.Code {
	case "", "FORBIDDEN", "Forbidden", "forbidden":
		return e.level
	}
	return ""
}

const maxErrorText = 2 << 10

// Error is one line, safe to log.
func (e *APIError) Error() string {
	if e == nil {
		return "interchange: no API error"
	}
	text := "interchange: " + describe(e.Operation, e.Method, e.Route) + strconv.Itoa(e.StatusCode)
	if e.Code != "" {
		text += " " + wire.Printable(e.Code, 64)
	}
	switch {
	case e.Message != "" && e.Message != e.Code:
		text += ": " + wire.Printable(e.Message, 512)
	case e.Code == "" && e.StatusCode >= 200 && e.StatusCode <= 299:
		text += ": the response contains an error with no message"
	case e.Code == "" && http.StatusText(e.StatusCode) != "":
		text += ": " + strings.ToLower(http.StatusText(e.StatusCode))
	}
	for i, issue := range e.Issues {
		if i == 8 {
			text += fmt.Sprintf("; and %d more", len(e.Issues)-i)
			break
		}
		text += "; "
		if issue.Path != "" {
			text += wire.Printable(issue.Path, 64) + ": "
		}
		text += wire.Printable(issue.Message, 120)
	}
	if len(e.Issues) == 0 && e.Field != "" {
		text += " (field " + wire.Printable(e.Field, 64) + ")"
	}
	if level := e.NeedsLevel(); level != "" {
		text += "; it needs " + string(level) + " access"
	}
	if e.outcomeUnknown() {
		text += unknownOutcome
	}
	if e.RetryAfter > 0 {
		text += "; retry after " + e.RetryAfter.String()
	}
	if e.Attempts > 1 {
		text += fmt.Sprintf("; %d attempts", e.Attempts)
	}
	if e.RequestID != "" {
		text += "; request " + wire.Printable(e.RequestID, 64)
	}
	return clip(text)
}

// clip cuts an error text between two characters.
func clip(text string) string {
	if len(text) <= maxErrorText {
		return text
	}
	end := maxErrorText
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}

func describe(operation, method, route string) string {
	if operation == "" || operation == method+" "+route {
		return method + " " + route + ": "
	}
	return operation + " (" + method + " " + route + "): "
}

// Format shows Error, whatever the verb.
func (e *APIError) Format(f fmt.State, verb rune) { wire.Format(f, verb, e.Error()) }

// LogValue is the error as structured attributes, from an allow-list.
func (e *APIError) LogValue() slog.Value {
	if e == nil {
		return slog.Value{}
	}
	return slog.GroupValue(
		slog.String("operation", e.Operation),
		slog.String("method", e.Method),
		slog.String("route", e.Route),
		slog.Int("status", e.StatusCode),
		slog.String("code", wire.Printable(e.Code, 64)),
		slog.String("message", wire.Printable(e.Message, 512)),
		slog.String("request_id", wire.Printable(e.RequestID, 64)),
		slog.Duration("retry_after", e.RetryAfter),
		slog.Int("attempts", e.Attempts),
	)
}

// maxKeptBody limits the bytes of a body that an error keeps.
const maxKeptBody = 64 << 10

// apiError returns the error that the response states.
func (k *call) apiError(stated wire.ErrorBody) *APIError {
	e := newAPIError(k.op, k.status, k.header, k.body, stated, k.answered, k.cred)
	e.Attempts = k.attempts
	e.effect, e.outcomeUncertain = k.effect, k.outcomeUncertain
	return e
}

// NewAPIError reads an error that is not the response to a call of this package, such as the result of an MCP tool that
// failed: any of the platform's error bodies, with c's credential masked. A status of 0 means that there is none.
func (c *Client) NewAPIError(op *Operation, status int, header http.Header, body []byte) *APIError {
	e := newAPIError(op, status, header, body, wire.ReadError(body), time.Now(), c.lastCredential())
	e.Attempts = 1
	return e
}

// newAPIError masks the credential that was sent, in case the server quotes it: tokens by their form, all others
// because they are known here.
func newAPIError(op *Operation, status int, header http.Header, body []byte, read wire.ErrorBody, at time.Time,
	sent *credential,
) *APIError {
	op = op.known()
	read.Issues = slices.Clone(read.Issues) // the caller's stays as it is
	read.Mask(sent.hide)
	e := &APIError{
		Operation: op.name(), Method: op.method(), Route: op.route(),
		StatusCode: status, Code: read.Code, Message: read.Message, Field: read.Field,
		Suggestion: read.Suggestion, Details: read.Details,
		RequestID:  sent.hide(requestID(header)),
		RetryAfter: serverDelay(status, header, read, at),
		level:      op.level(),
		stated:     read.Status,
		body:       kept(body, maxKeptBody),
	}
	for _, issue := range read.Issues {
		e.Issues = append(e.Issues, Issue(issue))
	}
	return e
}

func requestID(h http.Header) string {
	if v := h["X-Request-Id"]; len(v) > 0 {
		return wire.Printable(v[0], 128)
	}
	return ""
}

// serverDelay returns the wait that the server requests: Retry-After first, then the body's, and for a 429
// with neither, the reset of the quota.
func serverDelay(status int, header http.Header, body wire.ErrorBody, now time.Time) time.Duration {
	if d, ok := wire.RetryAfter(header, now); ok {
		return d
	}
	if body.RetryAfter > 0 {
		return body.RetryAfter
	}
	if !body.ResetAt.IsZero() {
		return max(body.ResetAt.Sub(wire.ServerTime(header, now)), 0)
	}
	if status == http.StatusTooManyRequests {
		if q := wire.ReadQuota(header, now); !q.Reset.IsZero() {
			return max(q.Reset.Sub(now), 0)
		}
	}
	return 0
}
