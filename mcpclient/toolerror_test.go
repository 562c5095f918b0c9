package mcpclient_test

import (
	"context"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/mcpclient"
)

// opaqueSecret has no form by which it could be recognised.
const opaqueSecret = "canary.OPAQUE~credential"

// isError is the result of a tool that failed: what it says as text, and as structured content.
func isError(text, structured string) string {
	result := textBlock(text)
	if structured != "" {
		result = result[:len(result)-1] + `,"structuredContent":` + structured + "}"
	}
	return `"result":` + result[:len(result)-1] + `,"isError":true}`
}

func TestToolErrors(t *testing.T) {
	t.Parallel()
	const (
		issues  = `{"issues":[{"path":"name","message":"Required"},{"path":["a",0],"message":"No"}]}`
		invalid = `{"code":"VALIDATION_ERROR","message":"Invalid","field":"name","details":` + issues + `}`
		choice  = `{"availableCustomers":[9007199254740993,"b",{"id":7,"name":"C"},null]}`
		scope   = `{"code":"CUSTOMER_SCOPE_REQUIRED","message":"Choose","details":` + choice + `}`
	)
	cases := []struct {
		name, answer string
		is           error
		want         client.APIError
	}{
		{
			"structured", isError("NOT_FOUND: gone", `{"code":"NOT_FOUND","message":"Token not found","field":"id",`+
				`"suggestion":"List them first","details":{"id":"7"}}`), client.ErrNotFound,
			client.APIError{
				Code: "NOT_FOUND", Message: "Token not found", Field: "id", Suggestion: "List them first",
				Details: []byte(`{"id":"7"}`),
			},
		},
		{
			"terms", isError("", `{"code":"TOS_ACCEPTANCE_REQUIRED","message":"Accept"}`), client.ErrTermsAcceptanceRequired,
			client.APIError{Code: "TOS_ACCEPTANCE_REQUIRED", Message: "Accept"},
		},
		{
			"rate limit", isError("", `{"code":"RATE_LIMITED","message":"Slow down","retryAfter":30}`), client.ErrRateLimited,
			client.APIError{Code: "RATE_LIMITED", Message: "Slow down", RetryAfter: 30 * time.Second},
		},
		{
			"issues", isError("", invalid), client.ErrValidation, client.APIError{
				Code: "VALIDATION_ERROR", Message: "Invalid", Field: "name", Details: []byte(issues),
				Issues: []client.Issue{{Path: "name", Message: "Required"}, {Path: "a.0", Message: "No"}},
			},
		},
		{
			"customers", isError("", scope), client.ErrCustomerScopeRequired, client.APIError{
				Code: "CUSTOMER_SCOPE_REQUIRED", Message: "Choose", Details: []byte(choice),
			},
		},
		{
			"JSON in text", isError(`{"code":"CONFLICT","message":"Exists"}`, ""), client.ErrConflict,
			client.APIError{Code: "CONFLICT", Message: "Exists"},
		},
		{
			"envelope in text", isError(`{"data":null,"error":{"code":"FORBIDDEN","message":"No"}}`, ""), client.ErrForbidden,
			client.APIError{Code: "FORBIDDEN", Message: "No"},
		},
		{"plain text", isError("The tool broke", ""), nil, client.APIError{Message: "The tool broke"}},
		{"a list in text", isError(`["no"]`, ""), nil, client.APIError{Code: "no", Message: "no"}},
		{"nothing", `"result":{"content":[],"isError":true}`, nil, client.APIError{}},
		{
			"first platform", `"result":` + textBlock(`{"message":"Could not fetch","success":false,"error":"closed",`+
				`"errorCode":"AGENTS_FETCH_FAILED","details":null}`),
			client.ErrAgentsFetchFailed,
			client.APIError{Code: "AGENTS_FETCH_FAILED", Message: "Could not fetch"},
		},
		{
			"envelope without isError", `"result":` + textBlock(`{"data":null,"error":{"code":"NOT_FOUND","message":"Gone"}}`),
			client.ErrNotFound,
			client.APIError{Code: "NOT_FOUND", Message: "Gone"},
		},
		{
			"unknown tool", `"error":{"code":-32602,"message":"Unknown tool: x"}`, client.ErrBadRequest,
			client.APIError{Code: "-32602", Message: "Unknown tool: x"},
		},
		{
			"unknown method", `"error":{"code":-32601,"message":"Method not found"}`, client.ErrNotImplemented,
			client.APIError{Code: "-32601", Message: "Method not found"},
		},
		{
			"internal", `"error":{"code":-32603,"message":"Internal error"}`, client.ErrInternal,
			client.APIError{Code: "-32603", Message: "Internal error"},
		},
	}
	s := openResultSession(t, func(i int) string { return cases[i].answer })
	for i, tt := range cases {
		_, err := mcpclient.CallTool[thing](t.Context(), s, strconv.Itoa(i), nil)
		var got *client.APIError
		require.ErrorAs(t, err, &got, tt.name)
		if tt.is != nil {
			require.ErrorIs(t, err, tt.is, tt.name)
		}
		require.NotErrorIs(t, err, client.ErrOutcomeUnknown, tt.name)
		assert.Equal(t, 200, got.StatusCode)
		assert.Equal(t, "tools/call "+strconv.Itoa(i), got.Operation)
		assert.Equal(t, tt.want, client.APIError{
			Code: got.Code, Message: got.Message, Field: got.Field, Issues: got.Issues,
			Suggestion: got.Suggestion, Details: got.Details, RetryAfter: got.RetryAfter,
		}, tt.name)
		if tt.name == "customers" {
			assert.Equal(t, []int64{9007199254740993, 7}, mcpclient.AvailableCustomers(fmt.Errorf("wrapped: %w", err)))
		} else {
			assert.Empty(t, mcpclient.AvailableCustomers(err))
		}
	}
	assert.Empty(t, mcpclient.AvailableCustomers(context.Canceled))
}

// A tool that quotes a credential does not bring it into what is logged or shown to a model.
func TestToolErrorsQuoteNoSecret(t *testing.T) {
	t.Parallel()
	const formed = "scope3_ak_CANARY_sk_live_secret"
	s := openResultSession(t, func(i int) string {
		secret := []string{opaqueSecret, formed}[i%2]
		quoted := fmt.Sprintf(`{"code":"X","message":"the key %[1]s is wrong","field":"%[1]s","suggestion":"not %[1]s",`+
			`"details":{"k":"%[1]s","issues":[{"path":"%[1]s","message":"no %[1]s"}]}}`, secret)
		return []string{
			isError("", quoted), isError("", quoted), isError(quoted, ""), isError(quoted, ""), isError("key "+secret, ""),
			isError("key "+secret, ""),
			`"error":{"code":-32603,"message":"key ` + secret + `","data":"` + secret + `"}`,
			`"error":{"code":-32603,"message":"key ` + secret + `"}`,
		}[i]
	})
	for i := range 8 {
		_, err := mcpclient.CallTool[thing](t.Context(), s, strconv.Itoa(i), nil)
		var api *client.APIError
		require.ErrorAs(t, err, &api)
		for _, text := range []string{
			err.Error(), fmt.Sprintf("%+v %#v", err, api), api.Message, api.Field, api.Suggestion, string(api.Details),
			fmt.Sprint(api.Issues),
		} {
			assert.NotContains(t, text, "OPAQUE")
			assert.NotContains(t, text, "CANARY")
		}
	}
}
