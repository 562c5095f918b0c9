package client_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// bySentinelName is every sentinel that an APIError may match, but for ErrOutcomeUnknown.
var bySentinelName = map[string]error{
	"BadRequest": client.ErrBadRequest, "Unauthorized": client.ErrUnauthorized,
	"PaymentRequired": client.ErrPaymentRequired,
	"Forbidden":       client.ErrForbidden, "NotFound": client.ErrNotFound, "Conflict": client.ErrConflict,
	"RateLimited": client.ErrRateLimited, "Internal": client.ErrInternal, "NotImplemented": client.ErrNotImplemented,
	"ServiceUnavailable": client.ErrServiceUnavailable,
	"Validation":         client.ErrValidation, "CurrencyMismatch": client.ErrCurrencyMismatch,
	"InvalidState":        client.ErrInvalidState,
	"CreditLimitExceeded": client.ErrCreditLimitExceeded, "AccessDenied": client.ErrAccessDenied,
	"AlphaOptInRequired": client.ErrAlphaOptInRequired, "TermsAcceptanceRequired": client.ErrTermsAcceptanceRequired,
	"CustomerScopeRequired": client.ErrCustomerScopeRequired, "FeatureNotEnabled": client.ErrFeatureNotEnabled,
	"PricingNotConfigured": client.ErrPricingNotConfigured, "InsufficientMediaBudget": client.ErrInsufficientMediaBudget,
	"OperatorAuthRequired": client.ErrOperatorAuthRequired, "CapabilityNotSupported": client.ErrCapabilityNotSupported,
	"StalePreviewBaseline": client.ErrStalePreviewBaseline, "AdapterPermissionDenied": client.ErrAdapterPermissionDenied,
	"AdapterKeyLimitExceeded": client.ErrAdapterKeyLimitExceeded,
	"AdapterNetworkNotFound":  client.ErrAdapterNetworkNotFound,
	"AgentsFetchFailed":       client.ErrAgentsFetchFailed, "CampaignCreationFailed": client.ErrCampaignCreationFailed,
	"CampaignUpdateFailed": client.ErrCampaignUpdateFailed,
}

// A refusal for want of permission says which access the call takes: what the operation states, or what follows from
// its effect.
func TestNeededLevel(t *testing.T) {
	t.Parallel()
	refusal := func(status int, code string) (int, []byte) {
		return status, fmt.Appendf(nil, `{"data":null,"error":{"code":%q,"message":"No"}}`, code)
	}
	c, _ := canned(t)
	post, admin := client.Operation{Method: "POST", Path: "/x"}, client.Operation{Path: "/x", Level: client.LevelAdmin}
	for name, tt := range map[string]struct {
		op     client.Operation
		status int
		code   string
		want   client.Level
	}{
		"reading": {client.Operation{Path: "/x"}, 403, "FORBIDDEN", client.LevelRead},
		"writing": {post, 403, "FORBIDDEN", client.LevelWrite},
		"reading by POST": {
			client.Operation{Method: "POST", Path: "/x", Effect: client.EffectRead},
			403,
			"FORBIDDEN", client.LevelRead,
		},
		"repeatable writing":           {client.Operation{Method: "PUT", Path: "/x"}, 403, "", client.LevelWrite},
		"stated":                       {admin, 403, "FORBIDDEN", client.LevelAdmin},
		"of the first generation":      {admin, 403, "forbidden", client.LevelAdmin},
		"of the Partner API":           {admin, 403, "Forbidden", client.LevelAdmin},
		"terms":                        {post, 403, "TOS_ACCEPTANCE_REQUIRED", ""},
		"another's":                    {post, 403, "ACCESS_DENIED", ""},
		"a feature":                    {post, 403, "FEATURE_NOT_ENABLED", ""},
		"unauthorized":                 {admin, 401, "UNAUTHORIZED", ""},
		"another status":               {admin, 401, "", ""},
		"something else decides":       {client.Operation{Path: "/x", Level: client.LevelUnknown}, 403, "FORBIDDEN", ""},
		"terms of one who administers": {admin, 403, "TOS_ACCEPTANCE_REQUIRED", ""},
		"MCP":                          {client.Operation{Method: "POST", Mount: client.MountMCPBuyer}, 403, "FORBIDDEN", ""},
		"MCP, stated": {client.Operation{
			Method: "POST", Mount: client.MountMCPBuyer,
			Level: client.LevelAdmin,
		}, 403, "FORBIDDEN", client.LevelAdmin},
	} {
		status, body := refusal(tt.status, tt.code)
		err := c.NewAPIError(&tt.op, status, nil, body)
		assert.Equal(t, tt.want, err.NeedsLevel(), name)
		assert.Equal(t, tt.want != "", strings.HasSuffix(err.Error(), "; it needs "+string(tt.want)+" access"), "%s: %s",
			name, err)
	}
}

// sentinelOfCode says which sentinel each documented code stands for (docs/platform.md#responses-and-errors).
var sentinelOfCode = map[string]string{
	"VALIDATION_ERROR": "Validation", "BAD_REQUEST": "BadRequest", "CURRENCY_MISMATCH": "CurrencyMismatch",
	"INVALID_STATE": "InvalidState",
	"UNAUTHORIZED":  "Unauthorized", "CREDIT_LIMIT_EXCEEDED": "CreditLimitExceeded", "FORBIDDEN": "Forbidden",
	"ACCESS_DENIED":         "AccessDenied",
	"ALPHA_OPT_IN_REQUIRED": "AlphaOptInRequired", "TOS_ACCEPTANCE_REQUIRED": "TermsAcceptanceRequired",
	"CUSTOMER_SCOPE_REQUIRED": "CustomerScopeRequired", "FEATURE_NOT_ENABLED": "FeatureNotEnabled",
	"NOT_FOUND": "NotFound",
	"CONFLICT":  "Conflict", "PRICING_NOT_CONFIGURED": "PricingNotConfigured",
	"INSUFFICIENT_MEDIA_BUDGET":           "InsufficientMediaBudget",
	"ROUTED_AGENT_REQUIRES_OPERATOR_AUTH": "OperatorAuthRequired", "CAPABILITY_NOT_SUPPORTED": "CapabilityNotSupported",
	"STALE_PREVIEW_BASELINE": "StalePreviewBaseline", "RATE_LIMITED": "RateLimited", "INTERNAL_ERROR": "Internal",
	"NOT_IMPLEMENTED": "NotImplemented", "SERVICE_UNAVAILABLE": "ServiceUnavailable",
	"ADAPTER_PERMISSION_DENIED": "AdapterPermissionDenied", "ADAPTER_KEY_LIMIT_EXCEEDED": "AdapterKeyLimitExceeded",
	"ADAPTER_NETWORK_NOT_FOUND": "AdapterNetworkNotFound",
	// Bullseye, the first platform and its tools.
	"BadRequest": "BadRequest", "Unauthorized": "Unauthorized", "NotFound": "NotFound", "InternalError": "Internal",
	"AUTH_INVALID_KEY": "Unauthorized", "AUTH_MISSING": "Unauthorized", "RATE_LIMIT_EXCEEDED": "RateLimited",
	"unauthorized": "Unauthorized", "forbidden": "Forbidden", "customer_not_found": "NotFound",
	"AGENTS_FETCH_FAILED": "AgentsFetchFailed", "AUTHENTICATION_FAILED": "Unauthorized",
	"CAMPAIGN_CREATION_FAILED": "CampaignCreationFailed", "CAMPAIGN_UPDATE_FAILED": "CampaignUpdateFailed",
	"INVALID_REQUEST": "BadRequest", "UNKNOWN_ERROR": "Internal",
	// Not documented: readable, and matched by status alone.
	"SOMETHING_NEW": "", "not_found": "", "Conflict": "", "RATE LIMITED": "", "": "",
}

var sentinelOfStatus = map[int]string{
	400: "BadRequest", 401: "Unauthorized", 402: "PaymentRequired", 403: "Forbidden", 404: "NotFound", 409: "Conflict",
	429: "RateLimited", 500: "Internal", 501: "NotImplemented", 503: "ServiceUnavailable",
	200: "", 408: "", 410: "", 418: "", 422: "", 502: "", 504: "", 599: "",
}

// A write that these answer may have been done all the same.
var (
	statusLeavesOpen = map[int]bool{408: true, 500: true, 502: true, 503: true, 504: true, 599: true}
	statusPasses     = map[int]bool{408: true, 429: true, 500: true, 502: true, 503: true, 504: true}
)

func TestEveryCodeMatchesItsSentinels(t *testing.T) {
	t.Parallel()
	c, mock := canned(t)
	answer := httpmock.NewStringResponder(0, "")
	mock.RegisterResponder(http.MethodGet, cannedThingURL,
		func(r *http.Request) (*http.Response, error) { return answer(r) })
	mock.RegisterResponder(http.MethodPost, cannedBase+"/api/v2/things",
		func(r *http.Request) (*http.Response, error) { return answer(r) })
	calls := 0
	for code, codeSentinel := range sentinelOfCode {
		for status, statusSentinel := range sentinelOfStatus {
			answer = httpmock.NewStringResponder(status,
				fmt.Sprintf(`{"data":null,"error":{"code":%q,"message":"What went wrong"}}`, code))
			_, readErr := cannedThing[struct{ ID string }](t, c)
			_, writeErr := client.Call[struct{ ID string }](t.Context(), c, &cannedWrite, client.Request{})
			calls += 2
			for write, err := range map[bool]error{false: readErr, true: writeErr} {
				what := fmt.Sprintf("%d %s, write: %t", status, code, write)
				var apiErr *client.APIError
				require.ErrorAs(t, err, &apiErr, what)
				assert.Equal(t, status, apiErr.StatusCode, what)
				assert.Equal(t, code, apiErr.Code, what)
				assert.Equal(t, "What went wrong", apiErr.Message, what)
				assert.Contains(t, err.Error(), fmt.Sprint(status), what)
				assert.Contains(t, err.Error(), code, what)
				for name, sentinel := range bySentinelName {
					want := name == codeSentinel || name == statusSentinel
					assert.Equal(t, want, errors.Is(err, sentinel), "%s: is it %s?", what, name)
				}
				assert.Equal(t, write && statusLeavesOpen[status], errors.Is(err, client.ErrOutcomeUnknown), what)
				assert.Equal(t, statusPasses[status], apiErr.Retryable(), what)
			}
		}
	}
	assert.Equal(t, calls, mock.GetTotalCallCount())
}

// Every shape in docs/platform.md#responses-and-errors ends in the same fields; how each is read is the business of
// internal/wire's tests.
func TestEveryShapeBecomesAnAPIError(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, body, code, message string
		sentinel                  error
		status                    int
	}{
		{"v2", `{"data":null,"error":{"code":"CONFLICT","message":"Exists"}}`, "CONFLICT", "Exists", client.ErrConflict, 409},
		{
			"MCP probe", `{"error":"Authentication required","message":"Provide a key"}`, "", "Provide a key",
			client.ErrUnauthorized, 401,
		},
		{
			"v1", `{"error":"Invalid API key","code":"AUTH_INVALID_KEY"}`, "AUTH_INVALID_KEY", "Invalid API key",
			client.ErrUnauthorized, 401,
		},
		{
			"v1 partner", `{"error":"customer_not_found","message":"None"}`, "customer_not_found", "None", client.ErrNotFound,
			404,
		},
		{"Bullseye", `{"code":"NotFound","message":"None","details":{}}`, "NotFound", "None", client.ErrNotFound, 404},
		{"HTML", `<html><title>502 Bad Gateway</title></html>`, "", "502 Bad Gateway", nil, 502},
		{"text", "upstream connect error", "", "upstream connect error", client.ErrServiceUnavailable, 503},
		{"empty", "", "", "", client.ErrNotFound, 404},
		{"garbage", "\x00\xff\x1b", "", "\ufffd", client.ErrInternal, 500},
		{"torn", `{"data":null,"err`, "", `{"data":null,"err`, client.ErrInternal, 500},
		{"array", `[]`, "", "[]", client.ErrBadRequest, 400},
		{"null", `null`, "null", "null", client.ErrBadRequest, 400},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, mock := canned(t)
			mock.RegisterResponder(http.MethodGet, cannedThingURL, httpmock.NewStringResponder(tt.status, tt.body))
			_, err := cannedThing[struct{}](t, c)
			var apiErr *client.APIError
			require.ErrorAs(t, err, &apiErr)
			assert.Equal(t, tt.code, apiErr.Code)
			assert.Equal(t, tt.message, apiErr.Message)
			assert.Equal(t, tt.body, string(apiErr.RawBody()))
			assert.Equal(t, 1, apiErr.Attempts)
			if tt.sentinel != nil {
				require.ErrorIs(t, err, tt.sentinel)
			}
			assert.Equal(t, 1, mock.GetTotalCallCount())
		})
	}
}

func TestAPIErrorFields(t *testing.T) {
	t.Parallel()
	c, mock := canned(t)
	mock.RegisterResponder(http.MethodPost, cannedBase+"/api/v2/things",
		httpmock.NewStringResponder(400, `{"data":null,"error":{
		"code":"VALIDATION_ERROR","message":"Invalid","field":"name","suggestion":"Give one",
		"details":{"issues":[{"path":"name","message":"Required"},{"path":["filters",0,"id"],"message":"Unknown"}]}}}`).
			HeaderSet(http.Header{"X-Request-Id": {"req-1"}, "Retry-After": {"1.5"}}))
	_, err := client.Call[struct{}](t.Context(), c, &cannedWrite, client.Request{})
	var apiErr *client.APIError
	require.ErrorAs(t, err, &apiErr)
	assert.Equal(t, "makeThing", apiErr.Operation)
	assert.Equal(t, "POST", apiErr.Method)
	assert.Equal(t, "/api/v2/things", apiErr.Route)
	assert.Equal(t, "name", apiErr.Field)
	assert.Equal(t, "Give one", apiErr.Suggestion)
	assert.Equal(t, []client.Issue{{Path: "name", Message: "Required"}, {Path: "filters.0.id", Message: "Unknown"}},
		apiErr.Issues)
	assert.JSONEq(t, `{"issues":[{"path":"name","message":"Required"},{"path":["filters",0,"id"],"message":"Unknown"}]}`,
		string(apiErr.Details))
	assert.Equal(t, "req-1", apiErr.RequestID)
	assert.Equal(t, 1500*time.Millisecond, apiErr.RetryAfter)
	assert.False(t, apiErr.AfterLostReply())
	assert.Equal(t,
		"interchange: makeThing (POST /api/v2/things): 400 VALIDATION_ERROR: Invalid; name: Required; filters.0.id: "+
			"Unknown; retry after 1.5s; request req-1", err.Error())
}

// How long the server asks to wait: the header, then the body, then, for a 429 alone, the end of the window. Dates are
// by the server's clock, here an hour ahead of ours.
func TestAPIErrorRetryAfter(t *testing.T) {
	t.Parallel()
	server := time.Now().Add(time.Hour).Truncate(time.Second)
	at := func(d time.Duration) string { return server.Add(d).UTC().Format(http.TimeFormat) }
	const limited = `{"data":null,"error":{"code":"RATE_LIMITED","message":"Slow down"}}`
	for _, tt := range []struct {
		name   string
		status int
		body   string
		header map[string]string
		want   time.Duration
	}{
		{"nothing said", 429, limited, nil, 0},
		{"header", 429, limited, map[string]string{"Retry-After": "7"}, 7 * time.Second},
		{"header of another status", 503, limited, map[string]string{"Retry-After": "7"}, 7 * time.Second},
		{"a date", 429, limited, map[string]string{"Retry-After": at(7 * time.Second)}, 7 * time.Second},
		{
			"header before body", 429, `{"error":{"message":"a b","retryAfter":30}}`,
			map[string]string{"Retry-After": "7"},
			7 * time.Second,
		},
		{"body", 429, `{"error":{"message":"a b","retryAfter":30}}`, nil, 30 * time.Second},
		{
			"body before the window", 429, `{"error":{"message":"a b","retryAfter":30}}`,
			map[string]string{"RateLimit-Reset": "7"},
			30 * time.Second,
		},
		{
			"resetTime", 429,
			`{"error":"Rate limit exceeded","resetTime":"` + server.Add(20*time.Second).UTC().Format(time.RFC3339) + `"}`, nil,
			20 * time.Second,
		},
		{
			"resetTime in the past", 429,
			`{"error":"Rate limit exceeded","resetTime":"` + server.Add(-time.Minute).UTC().Format(time.RFC3339) + `"}`, nil, 0,
		},
		{"the window", 429, limited, map[string]string{"RateLimit-Reset": "7"}, 7 * time.Second},
		{"the window of another status", 503, limited, map[string]string{"RateLimit-Reset": "7"}, 0},
		{
			"unreadable header", 429, limited,
			map[string]string{"Retry-After": "soon", "RateLimit-Reset": "7"},
			7 * time.Second,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, mock := canned(t)
			header := http.Header{"Date": {at(0)}}
			for name, value := range tt.header {
				header.Set(name, value)
			}
			mock.RegisterResponder(http.MethodGet, cannedThingURL,
				httpmock.NewStringResponder(tt.status, tt.body).HeaderSet(header))
			_, err := cannedThing[struct{}](t, c)
			var apiErr *client.APIError
			require.ErrorAs(t, err, &apiErr)
			assert.Equal(t, tt.want, apiErr.RetryAfter)
		})
	}
}

func TestParamError(t *testing.T) {
	t.Parallel()
	var none *client.ParamError
	require.NoError(t, none.Err())
	problems := client.ParamError{Operation: "makeThing"}
	require.NoError(t, problems.Err())
	problems.Add("name", "is required")
	problems.Add("expiresInDays", "must be between 1 and 365")
	err := fmt.Errorf("wrapped: %w", problems.Err())
	require.ErrorIs(t, err, client.ErrInvalidParams)
	require.NotErrorIs(t, err, client.ErrValidation, "that one is the platform's")
	var paramErr *client.ParamError
	require.ErrorAs(t, err, &paramErr)
	assert.Equal(t,
		[]client.Issue{{Path: "name", Message: "is required"}, {Path: "expiresInDays", Message: "must be between 1 and 365"}},
		paramErr.Issues)
	assert.Equal(t, "interchange: makeThing: name is required; expiresInDays must be between 1 and 365", paramErr.Error())
	assert.Equal(t, "interchange: name is required", (&client.ParamError{Issues: paramErr.Issues[:1]}).Error())
}

// However much is wrong, it is a line that a log can take.
func TestALongParamError(t *testing.T) {
	t.Parallel()
	problems := client.ParamError{Operation: "logEvent"}
	for i := range 100 {
		problems.Add(fmt.Sprintf("events.%d.user_match.hashed_email", i), "must be a SHA-256 in lower-case hex")
	}
	text := problems.Error()
	assert.LessOrEqual(t, len(text), 2<<10)
	assert.Greater(t, len(text), 1900)
	assert.Regexp(t, `^interchange: logEvent: events\.0\.user_match\.hashed_email must .* hex; and \d+ more problems$`,
		text)
	told := strings.Count(text, "must be")
	assert.Contains(t, text, fmt.Sprintf("; and %d more problems", 100-told))

	one := client.ParamError{Issues: []client.Issue{{Path: strings.Repeat("é", 3000), Message: "is long"}}}
	assert.LessOrEqual(t, len(one.Error()), 2<<10)
	assert.True(t, utf8.ValidString(one.Error()))
}

// Everything that is wrong with the arguments is told at once, nothing of them is repeated, and nothing is sent.
func TestParamErrorOfACall(t *testing.T) {
	t.Parallel()
	c, mock := canned(t)
	op := client.Operation{ID: "readPart", Mount: client.MountShared, Path: "/things/{id}/parts/{partId}"}
	_, err := client.Call[struct{}](t.Context(), c, &op, client.Request{
		Path: []string{"s3cr3t/../x", ""}, Query: url.Values{"q": {"s3cr3t"}}, Body: func() {},
	}, client.WithHeader("X-Thing", "s3cr3t\r\n"), client.WithSeat("s3cr3t\x00"), client.WithTimeout(-1),
		client.WithPrefetch(17))
	var paramErr *client.ParamError
	require.ErrorAs(t, err, &paramErr)
	var paths []string
	for _, issue := range paramErr.Issues {
		paths = append(paths, issue.Path)
	}
	assert.ElementsMatch(t, []string{"header", "seat", "timeout", "prefetch", "id", "partId"}, paths)
	for _, verb := range []string{"%v", "%+v", "%#v", "%q"} {
		assert.NotContains(t, strings.ToLower(fmt.Sprintf(verb, err)), "s3cr3t")
	}
	_, err = client.Call[struct{}](t.Context(), c, &cannedWrite, client.Request{Body: map[string]any{"s3cr3t": func() {}}})
	require.ErrorIs(t, err, client.ErrInvalidParams)
	assert.NotContains(t, err.Error(), "s3cr3t")
	assert.Zero(t, mock.GetTotalCallCount())
}
