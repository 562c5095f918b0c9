package client_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/iotest"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

func TestByteOrderMarkIsSkipped(t *testing.T) {
	t.Parallel()
	const mark = "\ufeff"
	c, mock := canned(t)
	mock.RegisterResponder(http.MethodGet, cannedThingURL,
		httpmock.NewStringResponder(200, mark+`{"data":{"id":"7"},"error":null}`))
	thing, err := cannedThing[decodeThing](t, c)
	require.NoError(t, err)
	assert.Equal(t, client.ID("7"), thing.ID)
	mock.RegisterResponder(http.MethodGet, cannedThingURL,
		httpmock.NewStringResponder(409, mark+`{"error":{"code":"CONFLICT","message":"exists"}}`))
	_, err = cannedThing[decodeThing](t, c)
	require.ErrorIs(t, err, client.ErrConflict)
	assert.Contains(t, err.Error(), "409 CONFLICT: exists")
	mock.RegisterResponder(http.MethodGet, cannedThingURL,
		httpmock.NewStringResponder(200, mark+`{"error":{"code":"CONFLICT","message":"exists"}}`))
	_, err = cannedThing[struct{}](t, c)
	require.ErrorIs(t, err, client.ErrConflict)
}

func TestOldNameOfGzipIsDecompressed(t *testing.T) {
	t.Parallel()
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, err := w.Write([]byte(`{"data":{"id":"7"},"error":null}`))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	for _, encoding := range []string{"gzip", "x-gzip", "X-GZIP"} {
		body := zipped.Bytes()
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Encoding", encoding)
			_, _ = w.Write(body)
		}))
		c := connClient(t, server.URL)
		got, err := client.Call[decodeThing](t.Context(), c, &connGet, client.Request{})
		require.NoError(t, err, encoding)
		assert.Equal(t, client.ID("7"), got.ID)
		body = body[:len(body)-9]
		_, err = client.Call[decodeThing](t.Context(), c, &connGet, client.Request{},
			client.WithRetry(client.RetryPolicy{MaxAttempts: 1}))
		require.Error(t, err, "a torn %s body", encoding)
		server.Close()
	}
	c := connMemory(t, func(r *http.Request) (*http.Response, error) { // a transport that does not decompress
		resp := connAnswer(r, http.StatusOK, zipped.String())
		resp.Header.Set("Content-Encoding", "gzip")
		return resp, nil
	})
	got, err := client.Call[decodeThing](t.Context(), c, &connGet, client.Request{})
	require.NoError(t, err)
	assert.Equal(t, client.ID("7"), got.ID)
}

func TestStreamRefusesErrorInsteadOfFile(t *testing.T) {
	t.Parallel()
	for _, contentType := range []string{"application/json", "application/problem+json", ""} {
		c := streamFrom(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = []string{contentType}
			_, _ = io.WriteString(w, `{"data":null,"error":{"code":"FORBIDDEN","message":"no"}}`)
		})
		_, err := c.Stream(t.Context(), &streamOp, client.Request{Accept: "application/pdf"})
		require.ErrorIs(t, err, client.ErrForbidden)
		resp, err := c.Stream(t.Context(), &streamOp, client.Request{Accept: "application/json, text/event-stream"})
		require.NoError(t, err, "the caller reads JSON")
		require.NoError(t, resp.Body.Close())
	}
}

// A download that receives a page instead of a file is an error, whatever the page is called.
func TestStreamRefusesPages(t *testing.T) {
	t.Parallel()
	const html = " \r\n<!DOCTYPE html><html><head><title>Sign in</title></head></html>"
	for _, tt := range []struct{ contentType, body string }{
		{"text/html", html},
		{"text/html; charset=utf-8", "\ufeff" + html},
		{"application/xhtml+xml", html},
		{"application/xml", `<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>`},
		{"text/csv", html},
		{"text/plain", "<html>"},
		{"application/octet-stream", `<Error><Code>AccessDenied</Code></Error>`},
		{"", html},
	} {
		for _, op := range []client.Operation{connGet, connPost} {
			c := pageClient(t, connRoundTrip(func(r *http.Request) (*http.Response, error) {
				resp := connAnswer(r, http.StatusOK, "")
				resp.Header.Set("Content-Type", tt.contentType)
				resp.Body = io.NopCloser(iotest.OneByteReader(bytes.NewReader([]byte(tt.body))))
				return resp, nil
			}))
			resp, err := c.Stream(t.Context(), &op, client.Request{Accept: "text/csv"})
			if err == nil {
				var content []byte
				content, err = io.ReadAll(resp.Body)
				assert.Empty(t, content)
				require.NoError(t, resp.Body.Close())
			}
			require.ErrorContains(t, err, "it is an HTML or XML page", "%s %s", tt.contentType, tt.body)
			assert.Equal(t, op.Method == http.MethodPost, errors.Is(err, client.ErrOutcomeUnknown))
		}
	}
	for _, tt := range []struct{ accept, contentType, body string }{
		{"text/html", "text/html", html},
		{"application/xml", "application/xml", "<a/>"},
		{"text/csv", "text/csv", "a,b\n<,>\n"},
		{"text/csv", "text/csv", "<"},
		{"text/csv", "text/csv", "< 5,b"},
		{"text/csv", "text/csv", ""},
		{"application/pdf", "application/pdf", "%PDF-1.7"},
	} {
		c := pageClient(t, connRoundTrip(func(r *http.Request) (*http.Response, error) {
			resp := connAnswer(r, http.StatusOK, tt.body)
			resp.Header.Set("Content-Type", tt.contentType)
			return resp, nil
		}))
		resp, err := c.Stream(t.Context(), &connGet, client.Request{Accept: tt.accept})
		require.NoError(t, err)
		content, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		assert.Equal(t, tt.body, string(content))
		require.NoError(t, resp.Body.Close())
	}
}
