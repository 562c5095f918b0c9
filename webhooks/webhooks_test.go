package webhooks_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/webhooks"
)

func token(t testing.TB, text string) client.Token {
	t.Helper()
	secret, err := client.ParseOpaqueToken(text)
	require.NoError(t, err)
	return secret
}

func sign(secret string, body []byte) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return mac.Sum(nil)
}

func TestVerifyAcceptsKnownEncodings(t *testing.T) {
	t.Parallel()
	// A published test vector of HMAC-SHA256.
	body := []byte("The quick brown fox jumps over the lazy dog")
	const signature = "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"
	raw, err := hex.DecodeString(signature)
	require.NoError(t, err)
	secret, other := token(t, "key"), token(t, "another")
	for _, right := range []string{
		signature, strings.ToUpper(signature), " " + signature + " ", "sha256=" + signature, "SHA256=" + signature,
		base64.StdEncoding.EncodeToString(raw), base64.RawStdEncoding.EncodeToString(raw),
		base64.URLEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw),
		"sha256=" + base64.StdEncoding.EncodeToString(raw),
		strings.Repeat("0", 64) + "," + signature, signature + ", " + strings.Repeat("0", 64),
	} {
		assert.True(t, webhooks.Verify(body, right, secret), right)
		assert.True(t, webhooks.Verify(body, right, other, secret), "the second secret")
		assert.True(t, webhooks.Verify(body, right, client.Token{}, secret), "after an empty secret")
		assert.False(t, webhooks.Verify(body, right, other), "another secret")
		assert.False(t, webhooks.Verify(append(body, 'x'), right, secret), "another body")
		assert.False(t, webhooks.Verify(body, right), "no secret")
	}
	unkeyed := hex.EncodeToString(sign("", body))
	for _, wrong := range []string{
		"", " ", "sha256=", signature[:32], signature + "00", strings.Repeat("z", 64), "sha1=" + signature, unkeyed,
		"sha256=sha256=" + signature, strings.Repeat("0,", 8) + signature,
	} {
		assert.False(t, webhooks.Verify(body, wrong, secret), wrong)
	}
	assert.False(t, webhooks.Verify(body, unkeyed, client.Token{}), "an empty secret")
}

func FuzzVerify(f *testing.F) {
	f.Add([]byte("{}"), "")
	f.Add([]byte("x"), "sha256="+strings.Repeat("f", 64))
	f.Add([]byte("x"), "+/-_==,")
	secret := token(f, "secret")
	f.Fuzz(func(t *testing.T, body []byte, signature string) {
		right := sign("secret", body)
		inHex, inBase64 := hex.EncodeToString(right), base64.RawStdEncoding.EncodeToString(right)
		if !webhooks.Verify(body, inHex, secret) || !webhooks.Verify(body, inBase64, secret) {
			t.Fatal("a valid signature is rejected")
		}
		standard := strings.NewReplacer("-", "+", "_", "/").Replace(signature)
		if webhooks.Verify(body, signature, secret) && !strings.Contains(strings.ToLower(signature), inHex) &&
			!strings.Contains(standard, inBase64) {
			t.Fatalf("%q is accepted", signature)
		}
	})
}

func TestParseEventReadsKnownPayloads(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 6, 1, 10, 0, 0, 0, time.UTC)
	for _, body := range []string{
		`{"type":"visitor.identified","id":"e1","timestamp":"2026-06-01T10:00:00Z","data":{"n":1}}`,
		`{"event":"visitor.identified","eventId":"e1","createdAt":"2026-06-01T10:00:00","data":{"n":1}}`,
		`{"event":{"type":"visitor.identified","data":{"n":1}},"eventId":"e1","timestamp":1780308000,"retryAttempt":0}`,
		`{"eventType":"visitor.identified","event_id":"e1","timestamp":"1780308000000","payload":{"n":1}}`,
		"\ufeff" + `{"type":"visitor.identified","id":"e1","timestamp":"2026-06-01 10:00:00 UTC",
			"data":{"n":1},"eventType":{}}`,
	} {
		e, err := webhooks.ParseEvent([]byte(body))
		require.NoError(t, err, body)
		assert.Equal(t, webhooks.VisitorIdentified, e.Type, body)
		assert.Equal(t, "e1", e.ID, body)
		assert.True(t, at.Equal(e.Time), "%s: %s", body, e.Time)
		var data struct {
			N int `json:"n"`
		}
		require.NoError(t, e.Into(&data), body)
		assert.Equal(t, 1, data.N, body)
	}
	e, err := webhooks.ParseEvent([]byte(`{"n":1}`))
	require.NoError(t, err)
	assert.JSONEq(t, `{"n":1}`, string(e.Data), "a payload of another form is the data")
	for _, body := range []string{``, `[]`, `"x"`, `{`, `{"type":"x"}{}`, `<html>`, `{"a":1,"a":2}`} {
		_, err := webhooks.ParseEvent([]byte(body))
		require.Error(t, err, body)
	}
}

func TestPrintingAnEventHidesItsData(t *testing.T) {
	t.Parallel()
	e, err := webhooks.ParseEvent([]byte(`{"type":"visitor.identified","id":"e1","data":{"email":"ann@example.com"}}`))
	require.NoError(t, err)
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "event", e)
	for _, text := range []string{fmt.Sprintf("%v %+v %#v %s %x", e, e, e, e, e), log.String()} {
		assert.NotContains(t, text, "ann@example.com")
		assert.NotContains(t, text, hex.EncodeToString([]byte("ann")))
	}
	assert.Equal(t, "event visitor.identified e1", e.String())
}

func TestHandlerRespondsWithStatus(t *testing.T) {
	t.Parallel()
	const body = `{"type":"visitor.identified","id":"e1","data":{}}`
	valid := "sha256=" + hex.EncodeToString(sign("new", []byte(body)))
	old := hex.EncodeToString(sign("old", []byte(body)))
	hello := hex.EncodeToString(sign("new", []byte("hello")))
	for _, tt := range []struct {
		name, method, body string
		signatures         []string
		fail, failSecrets  error
		status, events     int
	}{
		{name: "valid", signatures: []string{valid}, status: 204, events: 1},
		{name: "the old secret", signatures: []string{old}, status: 204, events: 1},
		{name: "no signature", status: 401},
		{name: "another signature", signatures: []string{strings.Repeat("0", 64)}, status: 401},
		{name: "two headers", signatures: []string{valid, valid}, status: 401},
		{name: "another body", body: body + " ", signatures: []string{valid}, status: 401},
		{name: "too long", body: strings.Repeat("x", 1025), signatures: []string{valid}, status: 413},
		{name: "no event", body: "hello", signatures: []string{hello}, status: 400},
		{name: "GET", method: http.MethodGet, signatures: []string{valid}, status: 405},
		{name: "Handle fails", signatures: []string{valid}, fail: errors.New("no database"), status: 500, events: 1},
		{name: "Secrets fails", signatures: []string{valid}, failSecrets: errors.New("no store"), status: 500},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var events []webhooks.Event
			var log bytes.Buffer
			h := &webhooks.Handler{
				Header: webhooks.InterchangeSignature,
				Secrets: func(context.Context) ([]client.Token, error) {
					return []client.Token{token(t, "new"), token(t, "old")}, tt.failSecrets
				},
				Handle: func(_ context.Context, e webhooks.Event) error {
					events = append(events, e)
					return tt.fail
				},
				MaxBody: 1024,
				Logger:  slog.New(slog.NewTextHandler(&log, nil)),
			}
			if tt.method == "" {
				tt.method = http.MethodPost
			}
			if tt.body == "" {
				tt.body = body
			}
			r := httptest.NewRequestWithContext(t.Context(), tt.method, "/hooks", strings.NewReader(tt.body))
			r.Header["X-Webhook-Signature"] = tt.signatures
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			assert.Equal(t, tt.status, w.Code)
			assert.Empty(t, w.Body.String())
			assert.Len(t, events, tt.events)
			assert.Equal(t, tt.status != 204, log.Len() > 0)
		})
	}
}

func TestHandlerWithoutConfigurationRejects(t *testing.T) {
	t.Parallel()
	for _, h := range []*webhooks.Handler{
		nil, {}, {Header: webhooks.BullseyeSignature}, {Header: webhooks.BullseyeSignature, Secrets: webhooks.Secrets()},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader("{}")))
		assert.Equal(t, http.StatusInternalServerError, w.Code)
	}
	w := httptest.NewRecorder()
	h := &webhooks.Handler{
		Header: webhooks.BullseyeSignature, Secrets: webhooks.Secrets(),
		Handle: func(context.Context, webhooks.Event) error { return nil },
	}
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", iotest.ErrReader(errors.New("cut"))))
	assert.Equal(t, http.StatusBadRequest, w.Code)
}

func FuzzParseEvent(f *testing.F) {
	f.Add([]byte(`{"event":{"type":"x","data":{}},"timestamp":1}`))
	f.Add([]byte(`{"type":1,"id":{},"data":null}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := webhooks.ParseEvent(body)
		if err == nil && (!e.Data.IsValid() || !e.Payload.IsValid()) {
			t.Fatalf("%q: the data is not JSON", body)
		}
	})
}
