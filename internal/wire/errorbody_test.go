package wire

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// Every shape in docs/platform.md#responses-and-errors, as the platform's generations and its proxies send it.
func TestReadErrorShapes(t *testing.T) {
	t.Parallel()
	reset := time.Date(2026, 4, 26, 17, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name, body string
		want       ErrorBody
	}{
		{
			"v2", `{"data":null,"error":{"code":"NOT_FOUND","message":"Token not found"}}`,
			ErrorBody{Code: "NOT_FOUND", Message: "Token not found"},
		},
		{
			"v2 with a field", `{"data":null,"error":{"code":"BAD_REQUEST","message":"No such value","field":"seatType"}}`,
			ErrorBody{Code: "BAD_REQUEST", Message: "No such value", Field: "seatType"},
		},
		{
			"v2 validation",
			`{"data":null,"error":{"code":"VALIDATION_ERROR","message":"Invalid",` +
				`"details":{"issues":[{"path":"filters.0.name","message":"Required"},{"path":"","message":"Unrecognized key"}]}}}`,
			ErrorBody{
				Code: "VALIDATION_ERROR", Message: "Invalid",
				Details: []byte(`{"issues":[{"path":"filters.0.name","message":"Required"},{"path":"",` +
					`"message":"Unrecognized key"}]}`),
				Issues: []Issue{{"filters.0.name", "Required"}, {"", "Unrecognized key"}},
			},
		},
		{
			"a path as Zod has it",
			`{"error":{"code":"VALIDATION_ERROR","message":"Invalid","details":{"issues":[{"path":["filters",0,"name"],` +
				`"message":"Required"}]}}}`,
			ErrorBody{
				Code: "VALIDATION_ERROR", Message: "Invalid",
				Details: []byte(`{"issues":[{"path":["filters",0,"name"],"message":"Required"}]}`),
				Issues:  []Issue{{"filters.0.name", "Required"}},
			},
		},
		{
			"other details",
			`{"data":null,"error":{"code":"CUSTOMER_SCOPE_REQUIRED","message":"Choose","details":{"availableCustomers":[7,8]}}}`,
			ErrorBody{Code: "CUSTOMER_SCOPE_REQUIRED", Message: "Choose", Details: []byte(`{"availableCustomers":[7,8]}`)},
		},
		{
			"empty details", `{"data":null,"error":{"code":"CONFLICT","message":"Exists","details":{}}}`,
			ErrorBody{Code: "CONFLICT", Message: "Exists", Details: []byte(`{}`)},
		},
		{
			"null details", `{"data":null,"error":{"code":"CONFLICT","message":"Exists","field":null,"details":null}}`,
			ErrorBody{Code: "CONFLICT", Message: "Exists"},
		},
		{
			"issues of another shape",
			`{"error":{"code":"VALIDATION_ERROR","message":"Invalid","details":{"issues":"all of it"}}}`,
			ErrorBody{Code: "VALIDATION_ERROR", Message: "Invalid", Details: []byte(`{"issues":"all of it"}`)},
		},
		{
			"an issue without a path",
			`{"error":{"code":"VALIDATION_ERROR","message":"Invalid","details":{"issues":[{"message":"No"},{"path":{},` +
				`"message":1}]}}}`,
			ErrorBody{
				Code: "VALIDATION_ERROR", Message: "Invalid",
				Details: []byte(`{"issues":[{"message":"No"},{"path":{},"message":1}]}`),
				Issues:  []Issue{{"", "No"}, {"", "1"}},
			},
		},
		{
			"MCP endpoints without a credential",
			`{"error":"Authentication required","message":"Provide x-scope3-api-key or Authorization"}`,
			ErrorBody{Message: "Provide x-scope3-api-key or Authorization"},
		},
		{
			"v1, key unknown", `{"error":"Invalid API key","code":"AUTH_INVALID_KEY"}`,
			ErrorBody{Code: "AUTH_INVALID_KEY", Message: "Invalid API key"},
		},
		{
			"v1, key missing", `{"error":"API key required","code":"AUTH_MISSING"}`,
			ErrorBody{Code: "AUTH_MISSING", Message: "API key required"},
		},
		{
			"v1, rate limit", `{"error":"Rate limit exceeded","code":"RATE_LIMIT_EXCEEDED","resetTime":"2026-04-26T17:00:00Z"}`,
			ErrorBody{Code: "RATE_LIMIT_EXCEEDED", Message: "Rate limit exceeded", ResetAt: reset},
		},
		{
			"v1 partner, unauthorized", `{"error":"unauthorized","message":"Invalid or expired token"}`,
			ErrorBody{Code: "unauthorized", Message: "Invalid or expired token"},
		},
		{
			"v1 partner, forbidden", `{"error":"forbidden","message":"Not yours"}`,
			ErrorBody{Code: "forbidden", Message: "Not yours"},
		},
		{
			"v1 partner, customer", `{"error":"customer_not_found","message":"No such customer"}`,
			ErrorBody{Code: "customer_not_found", Message: "No such customer"},
		},
		{
			"v1 tool",
			`{"message":"Could not fetch","success":false,"error":"upstream closed","errorCode":"AGENTS_FETCH_FAILED",` +
				`"details":{"agent":"x"}}`,
			ErrorBody{Code: "AGENTS_FETCH_FAILED", Message: "Could not fetch", Details: []byte(`{"agent":"x"}`)},
		},
		{
			"v1 tool with an object",
			`{"message":"Outer","success":false,"error":{"message":"Inner"},"errorCode":"UNKNOWN_ERROR"}`,
			ErrorBody{Code: "UNKNOWN_ERROR", Message: "Inner"},
		},
		{
			"MCP tool",
			`{"code":"VALIDATION_ERROR","message":"Bad budget","field":"budget","suggestion":"Use a positive number"}`,
			ErrorBody{Code: "VALIDATION_ERROR", Message: "Bad budget", Field: "budget", Suggestion: "Use a positive number"},
		},
		{
			"task", `{"code":"AGENT_TIMEOUT","message":"Slow","recovery":"transient","retryAfter":30,"suggestion":"Wait"}`,
			ErrorBody{
				Code: "AGENT_TIMEOUT", Message: "Slow", Recovery: "transient", Suggestion: "Wait",
				RetryAfter: 30 * time.Second,
			},
		},
		{
			"activity",
			`{"code":"UPSTREAM","class":"network","faultDomain":"agent","retryDisposition":"later","retryAfterSeconds":12,` +
				`"message":"Down"}`,
			ErrorBody{Code: "UPSTREAM", Message: "Down", RetryAfter: 12 * time.Second},
		},
		{
			"Bullseye", `{"code":"Unauthorized","message":"Invalid API key","details":{}}`,
			ErrorBody{Code: "Unauthorized", Message: "Invalid API key", Details: []byte(`{}`)},
		},
		{
			"v3", `{"data":null,"error":{"code":"RATE_LIMITED","message":"Slow down","recovery":"transient","retry_after":2.5}}`,
			ErrorBody{Code: "RATE_LIMITED", Message: "Slow down", Recovery: "transient", RetryAfter: 2500 * time.Millisecond},
		},
		{
			"a delay beside the error",
			`{"error":{"code":"RATE_LIMITED","message":"Slow down"},"retryAfter":"7","resetTime":"2026-04-26T17:00:00.000Z"}`,
			ErrorBody{Code: "RATE_LIMITED", Message: "Slow down", RetryAfter: 7 * time.Second, ResetAt: reset},
		},
		{
			"a delay beyond reason", `{"error":{"code":"RATE_LIMITED","message":"Never","retryAfter":1e400}}`,
			ErrorBody{Code: "RATE_LIMITED", Message: "Never", RetryAfter: maxDelay},
		},
		{
			"delays that are none",
			`{"error":{"code":"RATE_LIMITED","message":"x y","retryAfter":-1},"retryAfterSeconds":null,"resetTime":"tomorrow"}`,
			ErrorBody{Code: "RATE_LIMITED", Message: "x y"},
		},
		{
			"an inner text wins", `{"message":"outer","error":{"message":"inner","code":"CONFLICT"},"code":"OTHER"}`,
			ErrorBody{Code: "CONFLICT", Message: "inner"},
		},
		{"only one level is read", `{"error":{"error":{"code":"NOT_FOUND"},"message":"a b"}}`, ErrorBody{Message: "a b"}},
		{
			"a status in the body", `{"statusCode":403,"error":"Forbidden","message":"a b"}`,
			ErrorBody{Status: 403, Message: "a b"},
		},
		{
			"a problem document", `{"type":"about:blank","title":"Forbidden","status":403,"detail":"a b"}`,
			ErrorBody{Status: 403, Message: "a b"},
		},
		{
			"a numeric status as code", `{"error":{"code":404,"message":"a b"}}`,
			ErrorBody{Status: 404, Code: "404", Message: "a b"},
		},
		{
			"a function that crashed", `{"errorMessage":"Task timed out","errorType":"Sandbox.Timedout"}`,
			ErrorBody{Status: 500, Code: "Sandbox.Timedout", Message: "Task timed out"},
		},
		{
			"a numeric code", `{"error":{"code":-32601,"message":"Method not found"}}`,
			ErrorBody{Code: "-32601", Message: "Method not found"},
		},
		{
			"a message that is a code", `{"message":"TOKEN_REVOKED"}`,
			ErrorBody{Code: "TOKEN_REVOKED", Message: "TOKEN_REVOKED"},
		},
		{"an error that is a code", `{"error":"TOKEN_REVOKED"}`, ErrorBody{Code: "TOKEN_REVOKED", Message: "TOKEN_REVOKED"}},
		{
			"members of other types", `{"error":true,"code":{},"message":[],"field":false,"details":7}`,
			ErrorBody{Details: []byte(`7`)},
		},
		{"nothing known", `{"foo":"bar"}`, ErrorBody{}},
		{"an empty object", `{}`, ErrorBody{}},
		{"a null error", `{"data":null,"error":null}`, ErrorBody{}},
		{"names in another case", `{"ERROR":{"CODE":"NOT_FOUND"},"Code":"CONFLICT","MESSAGE":"no"}`, ErrorBody{}},
		{
			"a lone surrogate", `{"error":{"code":"CONFLICT","message":"cut \ud83d"}}`,
			ErrorBody{Code: "CONFLICT", Message: "cut \ufffd"},
		},
		{
			"invalid UTF-8", "{\"error\":{\"code\":\"CONFLICT\",\"message\":\"cut \xff\"}}",
			ErrorBody{Code: "CONFLICT", Message: "cut \ufffd"},
		},
		{
			"white space around", " \r\n\t" + `{"error":{"code":"CONFLICT","message":"a b"}}` + "\n",
			ErrorBody{Code: "CONFLICT", Message: "a b"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.want, ReadError([]byte(tt.body)))
		})
	}
}

// What is not the platform's JSON becomes a message of one short line.
func TestReadErrorOfOtherText(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("way too long ", 100)
	for _, tt := range []struct{ name, body, code, message string }{
		{"nothing", "", "", ""},
		{"white space", " \n\t ", "", ""},
		{"text", "upstream connect error", "", "upstream connect error"},
		{"a word", "timeout", "timeout", "timeout"},
		{"several lines", "line one\r\n\r\n\tline two\x1b[31m", "", "line one line two [31m"},
		{"long text", long, "", long[:193] + "…"},
		{
			"HTML with a title",
			"<!DOCTYPE html>\n<html><head><TITLE>502 Bad\nGateway</TITLE></head><body><h1>x</h1></body></html>", "",
			"502 Bad Gateway",
		},
		{
			"HTML without a title", "<html><body><h1>503 Service</h1><p>Try <b>later</b>.</p></body></html>", "",
			"503 Service Try later .",
		},
		{"HTML whose title is open", "<html><title>It broke", "", "It broke"},
		{"a title that changes its length in lower case", "<html>İ<title>oops</title>", "", "İ oops"},
		{"an array of texts", `["no","object"]`, "no", "no"},
		{"a JSON string", `"RATE_LIMITED"`, "RATE_LIMITED", "RATE_LIMITED"},
		{"a byte order mark", "\ufeff{\"message\":\"a b\"}", "", "a b"},
		{"an array of errors", `[{"error":{"code":"CONFLICT","message":"a b"}}]`, "CONFLICT", "a b"},
		{"errors", `{"errors":[{"code":"CONFLICT","message":"a b"},{"code":"OTHER"}],"data":null}`, "CONFLICT", "a b"},
		{"errors as texts", `{"errors":["a b"]}`, "", "a b"},
		{"a fault", `{"fault":{"faultstring":"a b","code":"X_Y"}}`, "X_Y", "a b"},
		{"a description", `{"error":"invalid_token","error_description":"a b"}`, "invalid_token", "a b"},
		{"torn JSON", `{"data":null,"error":{"code":"RATE_LIM`, "", `{"data":null,"error":{"code":"RATE_LIM`},
		{"garbage", "\x00\x01\xff\xfe\x9c", "", "\ufffd\ufffd\ufffd"},
		{"only tags", "<br/><br/>", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, ErrorBody{Code: tt.code, Message: tt.message}, ReadError([]byte(tt.body)))
		})
	}
}

// An error outlives the buffer of its response.
func TestReadErrorKeepsNothingOfTheBody(t *testing.T) {
	t.Parallel()
	body := []byte(`{"error":{"code":"VALIDATION_ERROR","message":"a b","field":"f",` +
		`"details":{"issues":[{"path":["a",0],"message":"m"}]}}}`)
	got, want := ReadError(body), ReadError([]byte(string(body)))
	for i := range body {
		body[i] = 'x'
	}
	assert.Equal(t, want, got)
}

func TestReadErrorOfEveryCode(t *testing.T) {
	t.Parallel()
	for _, code := range strings.Fields(`
		VALIDATION_ERROR BAD_REQUEST CURRENCY_MISMATCH INVALID_STATE UNAUTHORIZED CREDIT_LIMIT_EXCEEDED FORBIDDEN
		ACCESS_DENIED ALPHA_OPT_IN_REQUIRED TOS_ACCEPTANCE_REQUIRED CUSTOMER_SCOPE_REQUIRED FEATURE_NOT_ENABLED
		NOT_FOUND CONFLICT PRICING_NOT_CONFIGURED INSUFFICIENT_MEDIA_BUDGET ROUTED_AGENT_REQUIRES_OPERATOR_AUTH
		CAPABILITY_NOT_SUPPORTED STALE_PREVIEW_BASELINE RATE_LIMITED INTERNAL_ERROR NOT_IMPLEMENTED
		SERVICE_UNAVAILABLE ADAPTER_PERMISSION_DENIED ADAPTER_KEY_LIMIT_EXCEEDED ADAPTER_NETWORK_NOT_FOUND
		BadRequest Unauthorized NotFound InternalError AUTH_INVALID_KEY AUTH_MISSING RATE_LIMIT_EXCEEDED
		unauthorized forbidden customer_not_found AGENTS_FETCH_FAILED AUTHENTICATION_FAILED
		CAMPAIGN_CREATION_FAILED CAMPAIGN_UPDATE_FAILED INVALID_REQUEST UNKNOWN_ERROR SOMETHING_NEW`) {
		want := ErrorBody{Code: code, Message: "What went wrong"}
		for shape, body := range map[string]string{
			"v2":       `{"data":null,"error":{"code":"` + code + `","message":"What went wrong"}}`,
			"v1":       `{"error":"What went wrong","code":"` + code + `"}`,
			"v1 tool":  `{"success":false,"message":"What went wrong","errorCode":"` + code + `"}`,
			"Bullseye": `{"code":"` + code + `","message":"What went wrong"}`,
		} {
			assert.Equal(t, want, ReadError([]byte(body)), "%s as %s", code, shape)
		}
	}
}

func FuzzReadError(f *testing.F) {
	for _, s := range []string{
		``, `{}`, `null`, `[]`, "\x00", `{"error":null}`, `<html><title>x</title></html>`, `<`, `<title>`,
		`{"data":null,"error":{"code":"VALIDATION_ERROR","message":"m","field":"f","details":{"issues":[{"path":["a",0],` +
			`"message":"b"}]}}}`,
		`{"error":"Rate limit exceeded","code":"RATE_LIMIT_EXCEEDED","resetTime":"2026-04-26T17:00:00Z","retryAfter":1e400}`,
		`{"error":"unauthorized","message":"x"}`, `{"a":1,"a":2}`, `{"error":{"code":"X`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		before := string(body)
		e := ReadError(body)
		if string(body) != before {
			t.Fatal("the body was changed")
		}
		if e.RetryAfter < 0 || e.RetryAfter > maxDelay {
			t.Fatalf("unreasonable delay: %s", e.RetryAfter)
		}
		for i := range body {
			body[i] = 'x'
		}
		if again := ReadError([]byte(before)); !assert.ObjectsAreEqual(again, e) {
			t.Fatalf("depends on the body's memory: %+v, then %+v", e, again)
		}
	})
}

func TestLongErrorTextIsCut(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{"x", `\n`, `\"`, `\\`, `\u00e9`, `\ud83d\ude00`, "é", "\xff"} {
		for shift := range 8 {
			body := `{"message":"` + strings.Repeat("a", shift) + strings.Repeat(unit, 200_000) + `"}`
			got := ReadError([]byte(body)).Message
			assert.Len(t, got, maxText, "%s after %d", unit, shift)
			assert.True(t, strings.HasPrefix(got, strings.Repeat("a", shift)))
		}
	}
}
