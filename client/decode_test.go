package client_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/pace"
)

type decodeThing struct {
	ID   client.ID      `json:"id"`
	Name string         `json:"name"`
	Rest jsontext.Value `json:"rest"`
}

func TestAnswersWithoutABody(t *testing.T) {
	t.Parallel()
	for _, status := range []int{204, 205} {
		c, mock := canned(t)
		mock.RegisterResponder(http.MethodGet, cannedThingURL, httpmock.NewStringResponder(status, ""))
		thing, err := cannedThing[decodeThing](t, c)
		require.NoError(t, err)
		assert.Equal(t, decodeThing{}, thing)
		list, err := cannedThing[[]decodeThing](t, c)
		require.NoError(t, err)
		assert.Empty(t, list)
		_, err = cannedThing[struct{}](t, c)
		require.NoError(t, err)
		answer, err := c.Do(t.Context(), &cannedRead, client.Request{Path: []string{"7"}})
		require.NoError(t, err)
		assert.Equal(t, status, answer.StatusCode)
		assert.Empty(t, answer.RawBody())
		assert.Equal(t, 4, mock.GetTotalCallCount())
	}
	// An answer that should have a body and has none is no answer.
	for _, body := range []string{"", " \r\n"} {
		for _, status := range []int{200, 201, 202} {
			c, mock := canned(t)
			mock.RegisterResponder(http.MethodGet, cannedThingURL, httpmock.NewStringResponder(status, body))
			_, err := cannedThing[decodeThing](t, c)
			var decodeErr *client.DecodeError
			require.ErrorAs(t, err, &decodeErr)
			assert.Equal(t, status, decodeErr.StatusCode)
			assert.Equal(t,
				"interchange: readThing (GET /api/v2/things/{id}): the response cannot be used: the response is empty", err.Error())
			_, err = cannedThing[struct{}](t, c)
			require.NoError(t, err, "nothing was expected, nothing came")
			assert.Equal(t, 2, mock.GetTotalCallCount())
		}
	}
}

// What T is decides what is read; the envelope is never part of it.
func TestCallReadsIntoAnyType(t *testing.T) {
	t.Parallel()
	c, mock := canned(t)
	respond := func(body string) {
		mock.RegisterResponder(http.MethodGet, cannedThingURL, httpmock.NewStringResponder(200, body))
	}
	for _, body := range []string{
		`{"data":{"id":7,"name":"n","rest":[1]},"error":null}`,
		`{"id":"7","name":"n","rest":[1],"unknown":{}}`,
	} {
		respond(body)
		thing, err := cannedThing[decodeThing](t, c)
		require.NoError(t, err)
		assert.Equal(t, decodeThing{ID: "7", Name: "n", Rest: jsontext.Value(`[1]`)}, thing)
		pointer, err := cannedThing[*decodeThing](t, c)
		require.NoError(t, err)
		assert.Equal(t, thing, *pointer)
		members, err := cannedThing[map[string]jsontext.Value](t, c)
		require.NoError(t, err)
		assert.Equal(t, jsontext.Value(`"n"`), members["name"])
		anything, err := cannedThing[any](t, c)
		require.NoError(t, err)
		assert.Equal(t, "n", anything.(map[string]any)["name"])
		raw, err := cannedThing[jsontext.Value](t, c)
		require.NoError(t, err)
		assert.Contains(t, string(raw), `"name":"n"`)
		assert.NotContains(t, string(raw), "error")
	}
	respond(`{"data":[{"id":1},{"id":"2"}],"error":null}`)
	list, err := cannedThing[[]decodeThing](t, c)
	require.NoError(t, err)
	assert.Equal(t, []decodeThing{{ID: "1"}, {ID: "2"}}, list)
	respond(`{"data":null,"error":null}`)
	pointer, err := cannedThing[*decodeThing](t, c)
	require.NoError(t, err)
	assert.Nil(t, pointer)
}

// The buffer that answers are read into is used again; what was read from it must not change.
func TestAnswersOutliveTheNextCall(t *testing.T) {
	t.Parallel()
	c, mock := canned(t)
	respond := func(status int, body string) {
		mock.RegisterResponder(http.MethodGet, cannedThingURL, httpmock.NewStringResponder(status, body))
	}
	respond(200, `{"data":{"id":"first","name":"first","rest":{"first":true}},"error":null}`)
	var response client.Response
	thing, err := cannedThing[decodeThing](t, c, client.WithResponse(&response))
	require.NoError(t, err)
	respond(409, `{"data":null,"error":{"code":"FIRST","message":"first","details":{"first":[1,2,3]}}}`)
	_, firstErr := cannedThing[decodeThing](t, c)
	text := fmt.Sprint(thing, string(response.RawBody()), firstErr)
	var apiErr *client.APIError
	require.ErrorAs(t, firstErr, &apiErr)
	respond(200, `{"data":`+strings.Repeat(" ", 100)+`"`+strings.Repeat("x", 500)+`","error":null}`)
	for range 50 {
		_, err := cannedThing[string](t, c)
		require.NoError(t, err)
	}
	assert.Equal(t, text, fmt.Sprint(thing, string(response.RawBody()), firstErr))
	assert.JSONEq(t, `{"first":[1,2,3]}`, string(apiErr.Details))
	assert.JSONEq(t, `{"data":null,"error":{"code":"FIRST","message":"first","details":{"first":[1,2,3]}}}`,
		string(apiErr.RawBody()))
}

func TestUnreadableJSONMeansTheWriteSucceeded(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"torn": `{"data":{"id":`, "data of another shape": `{"data":[1]}`, "a field of another type": `{"id":{}}`,
		"empty": ``,
	} {
		for _, tt := range []struct {
			method string
			effect client.Effect
			write  bool
		}{
			{http.MethodGet, 0, false},
			{http.MethodPost, 0, true},
			{http.MethodPut, 0, true},
			{http.MethodDelete, 0, true},
			{http.MethodPatch, 0, true},
			{http.MethodPost, client.EffectRead, false},
		} {
			c, mock := canned(t)
			mock.RegisterResponder(tt.method, cannedThingURL,
				httpmock.NewStringResponder(201, body).HeaderSet(http.Header{
					"X-Request-Id": {"req-1"},
					"Content-Type": {"application/json; charset=utf-8"},
				}))
			op := client.Operation{
				ID: "doThing", Method: tt.method, Mount: client.MountShared, Path: "/things/{id}",
				Effect: tt.effect,
			}
			_, err := client.Call[decodeThing](t.Context(), c, &op, client.Request{Path: []string{"7"}})
			var decodeErr *client.DecodeError
			require.ErrorAs(t, err, &decodeErr, name)
			assert.Equal(t, tt.write, decodeErr.WriteSucceeded, "%s %s", tt.method, name)
			assert.Equal(t, tt.write, strings.Contains(err.Error(), "the write took effect"))
			assert.Equal(t, "doThing", decodeErr.Operation)
			assert.Equal(t, tt.method, decodeErr.Method)
			assert.Equal(t, "/api/v2/things/{id}", decodeErr.Route)
			assert.Equal(t, 201, decodeErr.StatusCode)
			assert.Equal(t, "req-1", decodeErr.RequestID)
			assert.Equal(t, body, string(decodeErr.RawBody()))
			require.Error(t, errors.Unwrap(err))
			require.NotErrorIs(t, err, client.ErrOutcomeUnknown, "it is known")
			checkErrorText(t, err.Error())
			assert.Equal(t, 1, mock.GetTotalCallCount(), "it is not repeated")
		}
	}
}

// Captive portals and login pages answer with 200 on behalf of the platform.
func TestForeignResponseLeavesOutcomeUnknown(t *testing.T) {
	t.Parallel()
	const page = "<!DOCTYPE html><html><head><title>Sign in</title></head></html>"
	for _, tt := range []struct{ name, contentType, body string }{
		{"HTML", "text/html; charset=utf-8", page},
		{"HTML after white space", "text/html", "\n\t " + page},
		{"XHTML", "application/xhtml+xml", `<?xml version="1.0"?>` + page},
		{"HTML as text", "text/plain", page},
		{"HTML of no type", "", page},
		{"HTML as JSON", "application/json", page},
		{"text", "text/plain", "Please sign in"},
		{"text of no type", "", "OK"},
		{"text as JSON", "application/json", "Unauthorized"},
		{"a JSON string", "application/json", `"Unauthorized"`},
		{"false", "application/json", `false`},
		{"a number", "application/json", `0`},
		{"an array", "application/json", `[{"url":"http://login.example"}]`},
		{"another server's JSON", "application/json", `{"portal":"http://login.example"}`},
		{"torn JSON of no type", "", `{"data":{"id":`},
		{"a script", "text/javascript", `{window.location="http://login.example"}`},
		{"empty HTML", "text/html", ``},
	} {
		for _, method := range []string{
			http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch,
			http.MethodDelete,
		} {
			c, mock := canned(t)
			header := http.Header{}
			if tt.contentType != "" {
				header.Set("Content-Type", tt.contentType)
			}
			mock.RegisterResponder(method, cannedThingURL, httpmock.NewStringResponder(200, tt.body).HeaderSet(header))
			op := client.Operation{ID: "doThing", Method: method, Mount: client.MountShared, Path: "/things/{id}"}
			_, err := client.Call[decodeThing](t.Context(), c, &op, client.Request{Path: []string{"7"}})
			require.Error(t, err, tt.name)
			assert.Equal(t, method != http.MethodGet, errors.Is(err, client.ErrOutcomeUnknown), "%s %s: %v", method, tt.name,
				err)
			var decodeErr *client.DecodeError
			assert.Equal(t, method == http.MethodGet, errors.As(err, &decodeErr), "%s %s", method, tt.name)
			checkErrorText(t, err.Error())
			assert.Equal(t, 1, mock.GetTotalCallCount(), "it is not repeated")
			if tt.body == "" {
				continue
			}
			_, err = client.Call[struct{}](t.Context(), c, &op, client.Request{Path: []string{"7"}})
			require.Error(t, err, "%s without a result", tt.name)
			assert.Equal(t, method != http.MethodGet, errors.Is(err, client.ErrOutcomeUnknown), "%s %s: %v", method, tt.name,
				err)
		}
	}
}

func TestFailureInsideSuccessIsAnAPIError(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		body, text string
		is         error
	}{
		{`{"data":null,"error":{"code":"FORBIDDEN","message":"no"}}`, "200 FORBIDDEN: no", client.ErrForbidden},
		{`{"requestId":"r1","error":{"code":"FORBIDDEN","message":"no"}}`, "200 FORBIDDEN: no", client.ErrForbidden},
		{`{"success":false}`, "200: the response contains an error with no message", nil},
		{`{"success":false,"error":{"code":"CONFLICT","message":"no"}}`, "200 CONFLICT: no", client.ErrConflict},
		{`{"success":false,"data":{}}`, "200: the response contains an error with no message", nil},
		{`{"statusCode":403,"error":"Forbidden"}`, "200: Forbidden", client.ErrForbidden},
		{`{"statusCode":503,"message":"down"}`, "200 down", client.ErrServiceUnavailable},
		{`{"status":"error","message":"it failed"}`, "200: it failed", nil},
		{`{"errors":[{"code":"NOT_FOUND","message":"gone"}]}`, "200 NOT_FOUND: gone", client.ErrNotFound},
		{
			`{"errorMessage":"Task timed out","errorType":"Sandbox.Timedout"}`, "200 Sandbox.Timedout: Task timed out",
			client.ErrOutcomeUnknown,
		},
		{`[{"error":{"code":"FORBIDDEN","message":"no"}}]`, "200 FORBIDDEN: no", client.ErrForbidden},
		{
			`{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found"}}`, "200 -32601: Method not found",
			client.ErrNotImplemented,
		},
		{
			`{"code":"Unauthorized","message":"Not authorized","details":{}}`, "200 Unauthorized: Not authorized",
			client.ErrUnauthorized,
		},
		{`{"data":{"id":"7","success":false,"error":"paused already"}}`, "200: paused already", nil},
	} {
		for _, method := range []string{http.MethodPost, http.MethodDelete} {
			c, mock := canned(t)
			mock.RegisterResponder(method, cannedThingURL, httpmock.NewStringResponder(200, tt.body))
			op := client.Operation{ID: "doThing", Method: method, Mount: client.MountShared, Path: "/things/{id}"}
			_, withoutResult := client.Call[struct{}](t.Context(), c, &op, client.Request{Path: []string{"7"}})
			_, withResult := client.Call[decodeThing](t.Context(), c, &op, client.Request{Path: []string{"7"}})
			for _, err := range []error{withoutResult, withResult} {
				var failure *client.APIError
				require.ErrorAs(t, err, &failure, tt.body)
				assert.Contains(t, err.Error(), tt.text, tt.body)
				if tt.is != nil {
					require.ErrorIs(t, err, tt.is, tt.body)
				}
			}
		}
	}
}

func TestCallWithoutResultAcceptsStatedSuccess(t *testing.T) {
	t.Parallel()
	op := client.Operation{ID: "deleteThing", Method: http.MethodDelete, Mount: client.MountShared, Path: "/things/{id}"}
	for _, body := range []string{
		``, `{}`, `null`, `{"data":null,"error":null}`, `{"data":{"id":"7"},"error":null}`,
		`{"deleted":true}`,
	} {
		c, mock := canned(t)
		mock.RegisterResponder(http.MethodDelete, cannedThingURL, httpmock.NewStringResponder(200, body))
		_, err := client.Call[struct{}](t.Context(), c, &op, client.Request{Path: []string{"7"}})
		require.NoError(t, err, body)
		assert.Equal(t, 1, mock.GetTotalCallCount())
	}
}

// Do gives what came, whatever it is.
func TestDoGivesTheAnswerAsItCame(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"data":{"id":"7"},"error":null}`, `{"data":null,"error":{"code":"FORBIDDEN"}}`,
		`<html></html>`, "\x00\xff", "", `{"torn`, strings.Repeat("x", 200_000),
	} {
		c, mock := canned(t)
		mock.RegisterResponder(http.MethodPost, cannedBase+"/api/v2/things?a=b",
			func(r *http.Request) (*http.Response, error) {
				sent := new(bytes.Buffer)
				_, _ = sent.ReadFrom(r.Body)
				assert.Equal(t, `{"as":"it is"}`, sent.String())
				assert.Equal(t, "application/json", r.Header.Get("Content-Type"))
				return httpmock.NewStringResponder(202, body).HeaderSet(http.Header{
					"X-Request-Id":        {"req-1"},
					"Ratelimit-Remaining": {"7"},
				})(r)
			})
		answer, err := c.Do(t.Context(), &cannedWrite,
			client.Request{Query: url.Values{"a": {"b"}}, Body: jsontext.Value(`{"as":"it is"}`)})
		require.NoError(t, err)
		assert.Equal(t, 202, answer.StatusCode)
		assert.Equal(t, "req-1", answer.RequestID)
		assert.Equal(t, "req-1", answer.Header.Get("X-Request-Id"))
		assert.Equal(t, pace.Quota{Known: true, Remaining: 7}, answer.Quota)
		assert.Equal(t, 1, answer.Attempts)
		assert.Equal(t, body, string(answer.RawBody()))
		assert.Equal(t, 1, mock.GetTotalCallCount())
	}
	c, mock := canned(t)
	mock.RegisterResponder(http.MethodPost, cannedBase+"/api/v2/things",
		httpmock.NewStringResponder(409, `{"code":"CONFLICT"}`))
	answer, err := c.Do(t.Context(), &cannedWrite, client.Request{})
	require.ErrorIs(t, err, client.ErrConflict)
	assert.Equal(t, 409, answer.StatusCode, "the answer comes with the error")
	assert.JSONEq(t, `{"code":"CONFLICT"}`, string(answer.RawBody()))
	answer, err = c.Do(t.Context(), &cannedRead, client.Request{})
	require.ErrorIs(t, err, client.ErrInvalidParams)
	assert.Zero(t, answer.StatusCode)
	assert.Zero(t, answer.Attempts)
}

// decodeBomb is a gzip file of a mebibyte that holds a gibibyte: it is made of many small ones, which gzip allows.
func decodeBomb(t *testing.T) []byte {
	t.Helper()
	var one bytes.Buffer
	packed, err := gzip.NewWriterLevel(&one, gzip.BestCompression)
	require.NoError(t, err)
	_, err = packed.Write(bytes.Repeat([]byte(" "), 1<<20))
	require.NoError(t, err)
	require.NoError(t, packed.Close())
	return bytes.Repeat(one.Bytes(), 1<<10)
}

func TestDecompressionBombs(t *testing.T) {
	bomb := decodeBomb(t)
	require.Less(t, len(bomb), 2<<20)
	status := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.WriteHeader(status)
		_, _ = w.Write(bomb)
	}))
	defer server.Close()
	c := connClient(t, server.URL)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)

	var answer client.Response
	_, err := client.Call[connThing](t.Context(), c, &connPost, client.Request{}, client.WithResponse(&answer))
	runtime.ReadMemStats(&after)
	require.ErrorIs(t, err, client.ErrBodyTooLarge)
	taken := after.TotalAlloc - before.TotalAlloc
	assert.Less(t, taken, uint64(48<<20), "what is refused was never there twice")
	kept := len(answer.RawBody())
	assert.Equal(t, 64<<10, kept, "of what was refused the beginning is enough")
	var decodeErr *client.DecodeError
	require.ErrorAs(t, err, &decodeErr)
	assert.True(t, decodeErr.WriteSucceeded)
	assert.Len(t, decodeErr.RawBody(), 64<<10)
	assert.Equal(t, 1, answer.Attempts, "it would only come again")
	answer = client.Response{}

	status = http.StatusConflict
	_, err = client.Call[connThing](t.Context(), c, &connPost, client.Request{})
	require.ErrorIs(t, err, client.ErrConflict)
	require.NotErrorIs(t, err, client.ErrBodyTooLarge, "of an error the beginning is enough")
}

// Answers that do not fit into one buffer arrive as they are, announced or not.
func TestLongBodies(t *testing.T) {
	t.Parallel()
	content := make([]byte, 5<<20)
	for i := range content {
		content[i] = byte(i >> 8 * i)
	}
	for _, size := range []int{
		1<<20 - 1, 1 << 20, 1<<20 + 511, 1<<20 + 512, 1<<20 + 513, 2 << 20, 2<<20 + 512, 3<<20 + 7,
		5 << 20,
	} {
		for _, announced := range []int64{int64(size), -1} {
			c := pageClient(t, connRoundTrip(func(r *http.Request) (*http.Response, error) {
				resp := connAnswer(r, http.StatusOK, "")
				resp.ContentLength = announced
				resp.Body = io.NopCloser(iotest.HalfReader(bytes.NewReader(content[:size])))
				return resp, nil
			}))
			answer, err := c.Do(t.Context(), &connGet, client.Request{})
			require.NoError(t, err)
			assert.True(t, bytes.Equal(content[:size], answer.RawBody()), "%d bytes, %d announced", size, announced)
		}
	}
	// An error answer may be long too, where that is wanted.
	c, mock := canned(t, client.WithMaxBody(0, 3<<20))
	mock.RegisterResponder(http.MethodGet, cannedThingURL, httpmock.NewStringResponder(409,
		`{"error":{"message":"`+strings.Repeat("x", 2<<20)+`","code":"CONFLICT"}}`))
	_, err := cannedThing[connThing](t, c)
	var apiErr *client.APIError
	require.ErrorAs(t, err, &apiErr)
	assert.Equal(t, "CONFLICT", apiErr.Code)
}

func TestWithMaxBody(t *testing.T) {
	t.Parallel()
	body := func(size int) string { return `"` + strings.Repeat("x", size-2) + `"` }
	for _, tt := range []struct {
		limits       []int64 // nil: none given
		status, size int
		tooLarge     bool
	}{
		{nil, 200, 32 << 20, false},
		{nil, 200, 32<<20 + 1, true},
		{[]int64{0, 0}, 200, 1 << 20, false},
		{[]int64{100, 0}, 200, 100, false},
		{[]int64{100, 0}, 200, 101, true},
		{[]int64{100, 0}, 200, 5000, true},
		{[]int64{100, 0}, 500, 5000, false},
		{[]int64{100, 50}, 500, 5000, false},
	} {
		opts := []client.Option{}
		if tt.limits != nil {
			opts = append(opts, client.WithMaxBody(tt.limits[0], tt.limits[1]))
		}
		c, mock := canned(t, opts...)
		mock.RegisterResponder(http.MethodGet, cannedThingURL, httpmock.NewStringResponder(tt.status, body(tt.size)))
		if tt.size > 1<<20 { // not read as JSON, for the time it takes
			answer, err := c.Do(t.Context(), &cannedRead, client.Request{Path: []string{"7"}})
			assert.Equal(t, tt.tooLarge, errors.Is(err, client.ErrBodyTooLarge), "%+v", tt)
			if !tt.tooLarge {
				assert.Len(t, answer.RawBody(), tt.size)
			}
			continue
		}
		got, err := cannedThing[string](t, c)
		assert.Equal(t, tt.tooLarge, errors.Is(err, client.ErrBodyTooLarge), "%+v", tt)
		var apiErr *client.APIError
		switch {
		case tt.status >= 400:
			require.ErrorAs(t, err, &apiErr)
			if tt.limits[1] > 0 {
				assert.Len(t, apiErr.RawBody(), int(tt.limits[1]))
			}
		case !tt.tooLarge:
			require.NoError(t, err)
			assert.Len(t, got, tt.size-2)
		default:
			assert.Empty(t, got)
			assert.NotContains(t, err.Error(), "xxx")
		}
	}
}

// Of an error answer a mebibyte is read; one that is longer is taken for the text that it begins with.
func TestErrorAnswersAreReadToAMebibyte(t *testing.T) {
	t.Parallel()
	for size, code := range map[int]string{1 << 20: "CONFLICT", 1<<20 + 1: "", 3 << 20: ""} {
		const begin, end = `{"error":{"code":"CONFLICT","message":"It exists"},"more":"`, `"}`
		c, mock := canned(t)
		mock.RegisterResponder(http.MethodGet, cannedThingURL,
			httpmock.NewStringResponder(409, begin+strings.Repeat("x", size-len(begin)-len(end))+end))
		_, err := cannedThing[connThing](t, c)
		var apiErr *client.APIError
		require.ErrorAs(t, err, &apiErr)
		assert.Equal(t, code, apiErr.Code)
		assert.True(t, strings.HasPrefix(string(apiErr.RawBody()), begin))
		checkErrorText(t, err.Error())
	}
}
