package m2m_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/m2m"
)

// recorder is a testing.T that records failures.
type recorder struct{ strings.Builder }

func (r *recorder) Errorf(format string, args ...any) { fmt.Fprintf(r, format, args...) }

const canaryToken = "eyJhbGciOi-canary-access-token"

func checkHidden(t *testing.T, how, text string) {
	t.Helper()
	for _, kept := range []string{clientSecret, url.QueryEscape(clientSecret), canaryToken} {
		for i := 0; i+8 <= len(kept); i++ {
			if strings.Contains(text, kept[i:i+8]) || strings.Contains(text, fmt.Sprintf("%x", kept[i:i+8])) {
				t.Fatalf("%s shows a secret: %q", how, text)
			}
		}
	}
}

func TestNothingPrintsASecret(t *testing.T) {
	t.Parallel()
	s, _ := newSource(t, func(int, *http.Request) (*http.Response, error) {
		return reply(200, fmt.Sprintf(`{"access_token":%q}`, canaryToken))
	})
	token, err := s.Token(t.Context())
	require.NoError(t, err)
	s.Invalidate(t.Context(), client.Token{}) // after which nothing of the fetch is under way: dumpers take no locks
	refused, _ := newSource(t, func(int, *http.Request) (*http.Response, error) {
		return reply(400, fmt.Sprintf(`{"error":%q,"error_description":%q}`, clientSecret, clientSecret))
	})
	_, failure := refused.Token(t.Context())
	require.Error(t, failure)

	kept := m2m.NewSecret(clientSecret)
	cfg := m2m.Config{ClientID: clientID, ClientSecret: kept}
	values := []any{
		s, kept, &kept, cfg, &cfg, failure, token, []any{s, cfg}, map[string]any{"s": s}, struct{ s *m2m.Source }{s},
	}
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%p", "%t", "%T", "%08.3v"} {
			checkHidden(t, verb, fmt.Sprintf(verb, v))
		}
		for how, encode := range map[string]func(any) ([]byte, error){
			"json": json.Marshal, "xml": xml.Marshal, "json v2": func(v any) ([]byte, error) { return jsonv2.Marshal(v) },
		} {
			out, err := encode(v)
			checkHidden(t, how, string(out))
			checkHidden(t, how, fmt.Sprint(err))
		}
		var b bytes.Buffer
		slog.New(slog.NewTextHandler(&b, nil)).Info("m", "v", v)
		slog.New(slog.NewJSONHandler(&b, nil)).Info("m", "v", v)
		checkHidden(t, "slog", b.String())
	}
	for err := failure; err != nil; err = errors.Unwrap(err) {
		checkHidden(t, "error", err.Error())
	}
	var r recorder
	assert.Equal(&r, cfg, m2m.Config{})
	assert.Equal(&r, kept, m2m.NewSecret("other"))
	assert.Greater(t, r.Len(), 200, "the dumps were made")
	checkHidden(t, "a test diff", r.String())

	assert.Equal(t, "m2m source of "+clientID, fmt.Sprint(s))
	assert.Equal(t, "(secret) (no secret)", fmt.Sprint(kept, m2m.Secret{}))
	assert.Equal(t, kept, m2m.NewSecret(strings.Clone(clientSecret)), "comparable by what is kept")
}

func TestRedirectsAreNotFollowedOverASocket(t *testing.T) {
	t.Parallel()
	var elsewhere bool
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, clientSecret, r.PostFormValue("client_secret"))
		fmt.Fprintf(w, `{"access_token":%q,"token_type":"Bearer","expires_in":3600}`, canaryToken)
	})
	mux.HandleFunc("POST /moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	})
	mux.HandleFunc("POST /torn", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "http://%zz/"+clientSecret)
		w.WriteHeader(http.StatusFound)
	})
	mux.HandleFunc("/elsewhere", func(http.ResponseWriter, *http.Request) { elsewhere = true })
	srv := httptest.NewServer(mux)
	defer srv.Close()
	source := func(path string) *m2m.Source {
		s, err := m2m.New(m2m.Config{ClientID: clientID, ClientSecret: m2m.NewSecret(clientSecret), TokenURL: srv.URL + path})
		require.NoError(t, err)
		return s // not closed: it leaves nothing behind by itself
	}
	token, err := source("/token").Token(t.Context())
	require.NoError(t, err)
	assert.Equal(t, canaryToken, token.Reveal())
	for _, path := range []string{"/moved", "/torn"} {
		_, err = source(path).Token(t.Context())
		var failed *m2m.Error
		require.ErrorAs(t, err, &failed)
		assert.Equal(t, 3, failed.StatusCode/100)
		checkHidden(t, path, err.Error())
	}
	assert.False(t, elsewhere)

	srv.Close()
	_, err = source("/token").Token(t.Context())
	require.ErrorContains(t, err, "cannot connect to the token endpoint")
	assert.NotContains(t, err.Error(), "127.0.0.1")
	assert.NotErrorIs(t, err, client.ErrUnauthorized)
}

// The form with the secret stays in the buffer of an open connection.
func TestDumpedSourcesDoNotShowTheSecretAfterTraffic(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"access_token":"granted-CANARY-token","token_type":"Bearer","expires_in":3600}`)
	}))
	t.Cleanup(server.Close)
	makeSource := func() *m2m.Source {
		transport := client.NewTransport()
		t.Cleanup(transport.CloseIdleConnections)
		s, err := m2m.New(m2m.Config{
			ClientID: "app_1", ClientSecret: m2m.NewSecret("hush-CANARY-hush"), TokenURL: server.URL, Transport: transport,
		})
		require.NoError(t, err)
		_, err = s.Token(t.Context())
		require.NoError(t, err)
		require.NoError(t, s.Close()) // a dump reads what a fetch writes; the connection stays open
		return s
	}
	var report dumped
	assert.Equal(&report, makeSource(), makeSource())
	assert.ElementsMatch(&report, []any{makeSource()}, []any{makeSource()})
	assert.Greater(t, report.Len(), 100, "the dumps were made")
	assert.NotContains(t, report.String(), "CANARY")
	assert.NotContains(t, report.String(), strings.Trim(fmt.Sprint([]byte("CANARY")), "[]"))
	assert.NotContains(t, report.String(), fmt.Sprintf("% x", "CANARY"))
}

// dumped is a testing.T for assertions that fail on purpose.
type dumped struct{ strings.Builder }

func (d *dumped) Errorf(format string, args ...any) { fmt.Fprintf(d, format, args...) }
