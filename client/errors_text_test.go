package client_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/interchange-sdk/interchange-go/client"
)

// checkErrorText checks that an error text is one bounded line, safe for terminals and logs.
func checkErrorText(t *testing.T, text string) {
	t.Helper()
	require.LessOrEqual(t, len(text), 2<<10)
	require.True(t, utf8.ValidString(text), "%q", text)
	for _, r := range text {
		if r < 0x20 || (r >= 0x7f && r <= 0x9f) || r == '\u2028' || r == '\u2029' {
			t.Fatalf("holds %U: %q", r, text)
		}
	}
	assert.True(t, strings.HasPrefix(text, "interchange: "), "%q", text)
}

// hostileTexts are what a peer may put where a text is expected.
func hostileTexts() map[string]string {
	return map[string]string{
		"controls":         "a\x00b\x07c\x1b[31md\x7fe\u0085f\u009bg",
		"lines":            "a\r\n2026-04-26 ERROR forged\u2028b\u2029c\vd\fe",
		"long":             strings.Repeat("long ", 5000),
		"long and wide":    strings.Repeat("東", 5000),
		"long without end": strings.Repeat("x", 30_000),
		"a token":          "the key " + cannedTokenText() + " is unknown",
		"tokens":           strings.Repeat(cannedTokenText()+" ", 100),
		"only controls":    "\r\n\x00",
		"invalid UTF-8":    "a\xffb\xc3",
		"a format":         "%!s(MISSING) %d %n %s",
	}
}

func TestErrorTextOfHostileAnswers(t *testing.T) {
	t.Parallel()
	op := client.Operation{ID: "readThing", Mount: client.MountShared, Path: "/things/{id}"}
	for name, text := range hostileTexts() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			quoted, err := jsonQuote(text)
			require.NoError(t, err)
			issue := `{"path":` + quoted + `,"message":` + quoted + `}`
			for shape, body := range map[string]string{
				"envelope": `{"data":null,"error":{"code":` + quoted + `,"message":` + quoted + `,"field":` + quoted +
					`,"suggestion":` + quoted + `}}`,
				"issues": `{"data":null,"error":{"code":"VALIDATION_ERROR","message":` + quoted + `,"details":{"issues":[` +
					strings.Repeat(issue+",", 3) + issue + `]}}}`,
				"many issues": `{"data":null,"error":{"code":"VALIDATION_ERROR","details":{"issues":[` +
					strings.Repeat(`{"path":"a.b","message":"m"},`, 500) + issue + `]}}}`,
				"v1":            `{"error":` + quoted + `,"code":` + quoted + `}`,
				"text":          text,
				"HTML":          "<html><title>" + text + "</title></html>",
				"HTML, no body": "<html>" + text + "</html>",
			} {
				c, mock := canned(t, client.WithMaxBody(0, 16<<20))
				mock.RegisterResponder(http.MethodGet, cannedThingURL,
					httpmock.NewStringResponder(409, body).HeaderSet(http.Header{"X-Request-Id": {text}}))
				_, err := client.Call[struct{}](t.Context(), c, &op, client.Request{Path: []string{"7"}})
				require.ErrorIs(t, err, client.ErrConflict, shape)
				for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
					checkErrorText(t, fmt.Sprintf(verb, err))
				}
				checkNoSecret(t, shape, err.Error())
				var log bytes.Buffer
				slog.New(slog.NewTextHandler(&log, nil)).Error("m", "error", err)
				assert.Equal(t, 1, strings.Count(log.String(), "\n"))
				assert.Less(t, log.Len(), 8<<10)
				checkNoSecret(t, shape+" logged", log.String())
			}
		})
	}
}

func jsonQuote(s string) (string, error) {
	quoted, err := jsonv2.Marshal(strings.ToValidUTF8(s, "\ufffd"))
	return string(quoted), err
}

// The longest text is cut between characters, not within one.
func TestErrorTextIsCutBetweenCharacters(t *testing.T) {
	t.Parallel()
	for shift := range 8 {
		e := &client.APIError{
			Operation: strings.Repeat("o", 40+shift), Method: "GET", Route: "/r", StatusCode: 400,
			Code:    strings.Repeat("é", 100),
			Message: strings.Repeat("東", 1000), RequestID: strings.Repeat("é", 100),
		}
		for range 20 {
			e.Issues = append(e.Issues, client.Issue{Path: strings.Repeat("é", 100), Message: strings.Repeat("東", 100)})
		}
		checkErrorText(t, e.Error())
	}
}

// What was asked, and what was answered besides the error's own fields, is not in its text, whatever the verb.
func TestErrorTextHoldsNeitherRequestNorAnswer(t *testing.T) {
	t.Parallel()
	const id, query, sent, answered, header = "1d1d1d1d", "qu3ryqu3ry", "s3nts3nt", "4nsw3r4nsw3r", "h34d3rh34d3r"
	c, mock := canned(t)
	for name, tt := range map[string]struct {
		status int
		body   string
	}{
		"error": {
			409,
			`{"data":{"x":"` + answered + `"},"error":{"code":"CONFLICT","message":"Exists","details":{"d":"` + answered +
				`"},"more":"` + answered + `"}}`,
		},
		"error in success": {200, `{"data":{"x":"` + answered + `"},"error":{"code":"CONFLICT","message":"Exists"}}`},
		"another shape":    {200, `{"data":"` + answered + `","error":null}`},
		"torn":             {200, `{"data":{"id":"` + answered},
		"not JSON":         {200, answered},
		"twice":            {200, `{"id":"` + answered + `","id":"` + answered + `"}`},
	} {
		t.Run(name, func(t *testing.T) {
			mock.Reset()
			mock.RegisterResponder(http.MethodPut, cannedBase+"/api/v2/things/"+id+"?q="+query,
				httpmock.NewStringResponder(tt.status, tt.body).HeaderSet(http.Header{
					"X-Other":    {answered},
					"Set-Cookie": {answered},
				}))
			op := client.Operation{ID: "putThing", Method: http.MethodPut, Mount: client.MountShared, Path: "/things/{id}"}
			_, err := client.Call[struct {
				ID string `json:"id"`
			}](t.Context(), c, &op, client.Request{
				Path: []string{id}, Query: url.Values{"q": {query}}, Body: map[string]string{"name": sent},
			}, client.WithHeader("X-Mine", header), client.WithSeat(client.ID(header)))
			require.Error(t, err)
			texts := []string{err.Error()}
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
				texts = append(texts, fmt.Sprintf(verb, err), fmt.Sprintf(verb, fmt.Errorf("wrapped: %w", err)))
			}
			var log bytes.Buffer
			slog.New(slog.NewTextHandler(&log, nil)).Error("m", "error", err)
			slog.New(slog.NewJSONHandler(&log, nil)).Error("m", "error", err)
			texts = append(texts, log.String())
			for _, text := range texts {
				for _, canary := range []string{id, query, sent, answered, header, "canned.test", "https://", "?q="} {
					assert.NotContains(t, text, canary)
					assert.NotContains(t, text, fmt.Sprintf("%x", canary))
				}
				checkNoSecret(t, "an error", text)
			}
			var apiErr *client.APIError
			var decodeErr *client.DecodeError
			switch {
			case errors.Is(err, client.ErrOutcomeUnknown):
			case errors.As(err, &apiErr):
				assert.Equal(t, tt.body, string(apiErr.RawBody()))
			case errors.As(err, &decodeErr):
				assert.Equal(t, tt.body, string(decodeErr.RawBody()))
			default:
				t.Fatalf("%T", err)
			}
			assert.Equal(t, 1, mock.GetTotalCallCount())
		})
	}
}

func TestAPIErrorLogValue(t *testing.T) {
	t.Parallel()
	e := &client.APIError{
		Operation: "readThing", Method: "GET", Route: "/things/{id}", StatusCode: 409, Code: "CONFLICT", Message: "a\nb",
		Field: "field1", Suggestion: "suggestion1", Details: []byte(`{"d":"details1"}`), RequestID: "req-1", Attempts: 2,
		Issues: []client.Issue{{Path: "path1", Message: "message1"}},
	}
	attrs := map[string]string{}
	for _, attr := range e.LogValue().Group() {
		attrs[attr.Key] = attr.Value.String()
	}
	assert.Equal(t, map[string]string{
		"operation": "readThing", "method": "GET", "route": "/things/{id}", "status": "409", "code": "CONFLICT",
		"message":    "a b",
		"request_id": "req-1", "retry_after": "0s", "attempts": "2",
	}, attrs)
}

// An error keeps the beginning of what was answered, for those who ask for it.
func TestRawBodyIsCut(t *testing.T) {
	t.Parallel()
	const kept = 64 << 10
	for _, size := range []int{0, 1, kept - 1, kept, kept + 1, 3 << 20} {
		body := strings.Repeat("x", size)
		c, mock := canned(t)
		mock.RegisterResponder(http.MethodGet, cannedThingURL, httpmock.NewStringResponder(500, body))
		var answer client.Response
		_, err := cannedThing[struct{}](t, c, client.WithResponse(&answer))
		var apiErr *client.APIError
		require.ErrorAs(t, err, &apiErr)
		assert.Len(t, apiErr.RawBody(), min(size, kept))
		assert.Len(t, answer.RawBody(), min(size, kept))
		mock.RegisterResponder(http.MethodGet, cannedThingURL, httpmock.NewStringResponder(200, body))
		_, err = cannedThing[struct{ ID string }](t, c, client.WithResponse(&answer))
		var decodeErr *client.DecodeError
		require.ErrorAs(t, err, &decodeErr)
		assert.Len(t, decodeErr.RawBody(), min(size, kept))
		assert.Len(t, answer.RawBody(), size, "a success is kept whole")
	}
	assert.Nil(t, (&client.APIError{}).RawBody())
	assert.Nil(t, (&client.DecodeError{}).RawBody())
	assert.Nil(t, (&client.Response{}).RawBody())
}
