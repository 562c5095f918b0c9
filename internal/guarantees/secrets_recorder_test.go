package guarantees

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/pace"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// recorder holds everything that a program could print, log or send by mistake.
type recorder struct {
	mu   sync.Mutex
	text bytes.Buffer
	logs []*slog.Logger
}

func newRecorder() *recorder {
	s := &recorder{}
	options := &slog.HandlerOptions{Level: slog.LevelDebug, AddSource: true}
	s.logs = []*slog.Logger{slog.New(slog.NewTextHandler(s, options)), slog.New(slog.NewJSONHandler(s, options))}
	return s
}

func (s *recorder) add(p []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.Write(p)
}

// Write implements io.Writer, for loggers.
func (s *recorder) Write(p []byte) (int, error) {
	s.add(p)
	return len(p), nil
}

// Errorf implements assert.TestingT: the diffs of failed assertions reflect into everything.
func (s *recorder) Errorf(format string, args ...any) { fmt.Fprintf(s, format, args...) }

// AttemptDone implements client.Hooks.
func (s *recorder) AttemptDone(ctx context.Context, a client.Attempt) {
	s.record(a)
	s.record(ctx)
}

// record prints, logs, encodes and panics with a value.
func (s *recorder) record(v any) {
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T"} {
		fmt.Fprintf(s, verb+"\n", v)
	}
	holder := struct {
		Exported any
		hidden   any
		list     []any
		byName   map[string]any
	}{v, v, []any{v}, map[string]any{"v": v}}
	fmt.Fprintf(s, "%v %+v %#v\n", holder, holder, &holder)
	for _, log := range s.logs {
		log.Info("value", "v", v, "err", v)
		log.Error(fmt.Sprint(v), slog.Any("holder", holder))
	}
	if b, err := json.Marshal(v); err == nil {
		s.add(b)
	} else {
		fmt.Fprintln(s, err)
	}
	if b, err := xml.Marshal(v); err == nil {
		s.add(b)
	}
	var encoded bytes.Buffer
	if gob.NewEncoder(&encoded).Encode(v) == nil {
		s.add(encoded.Bytes())
	}
	assert.Equal(s, nil, v)
	assert.Equal(s, fmt.Sprintf("%T", v), v)
	func() {
		defer func() {
			fmt.Fprintln(s, recover())
			s.add(debug.Stack())
		}()
		panic(v)
	}()
}

// recordError records an error and every error that it wraps.
func (s *recorder) recordError(t *testing.T, err error) {
	t.Helper()
	require.Error(t, err)
	for pending := []error{err}; len(pending) > 0; pending = pending[1:] {
		s.record(pending[0])
		switch e := pending[0].(type) { //nolint:errorlint // walks the tree itself
		case interface{ Unwrap() error }:
			if inner := e.Unwrap(); inner != nil {
				pending = append(pending, inner)
			}
		case interface{ Unwrap() []error }:
			pending = append(pending, e.Unwrap()...)
		}
	}
}

// leakOf returns the form in which a secret was recorded, or "". A part of eight bytes counts.
func (s *recorder) leakOf(secret string) string {
	secret = random(secret)
	text := s.text.String()
	for i := 0; i+8 <= len(secret); i++ {
		piece := secret[i : i+8]
		for form, encoded := range map[string]string{
			"a piece":            piece,
			"a piece in hex":     hex.EncodeToString([]byte(piece)),
			"a piece in HEX":     strings.ToUpper(hex.EncodeToString([]byte(piece))),
			"a piece in decimal": strings.Trim(fmt.Sprint([]byte(piece)), "[]"),
		} {
			if strings.Contains(text, encoded) {
				return form
			}
		}
	}
	for form, encoded := range map[string]string{
		"base64": base64.StdEncoding.EncodeToString([]byte(secret)), "URL escape": url.QueryEscape(secret),
	} {
		if strings.Contains(text, encoded) {
			return form
		}
	}
	return ""
}

// random returns the part of a credential that differs between credentials.
func random(secret string) string {
	if _, after, ok := strings.Cut(secret, "k_live_"); ok {
		return after
	}
	return secret
}

// excerpt returns the text around a secret.
func (s *recorder) excerpt(secret string) string {
	text := s.text.String()
	i := strings.Index(text, random(secret)[:8])
	if i < 0 {
		return "?"
	}
	return text[max(0, i-600):min(len(text), i+100)]
}

// requireNoLeak fails if a secret was recorded, and if the recorder would not have noticed.
func (s *recorder) requireNoLeak(t *testing.T, least int, secrets ...string) {
	t.Helper()
	require.Greater(t, s.text.Len(), least, "bytes recorded")
	require.NotEmpty(t, secrets)
	for _, secret := range secrets {
		require.GreaterOrEqual(t, len(random(secret)), 8, "a secret this short cannot be searched for")
		assert.Empty(t, s.leakOf(secret), s.excerpt(secret))
	}
	for _, secret := range secrets {
		fmt.Fprint(s, secret)
		assert.NotEmpty(t, s.leakOf(secret), "a leak must be found")
	}
}

// failures returns faults of every kind. Some send a secret back in the address of a redirect.
func failures(secret string) []sandbox.Fault {
	return []sandbox.Fault{
		{Status: 400},
		{Status: 401},
		{Status: 403},
		{Status: 404},
		{Status: 409},
		{Status: 422},
		{Status: 500},
		{Status: 503},
		{Status: 429, RetryAfter: "3600"},
		{Kind: sandbox.FaultHTML, Status: 502},
		{Kind: sandbox.FaultResetBefore},
		{Kind: sandbox.FaultResetAfter},
		{Kind: sandbox.FaultTruncate},
		{Kind: sandbox.FaultEmpty},
		{Kind: sandbox.FaultRedirect, Status: 302, Location: "https://elsewhere.example/?token=" + secret},
		{Kind: sandbox.FaultRedirect, Status: 308, Location: "http://%zz" + secret},
	}
}

// hostileTransports returns transports that send a secret back: in responses with these bodies, in headers, and in the
// error of a connection.
func hostileTransports(secret string, bodies ...string) []http.RoundTripper {
	var transports []http.RoundTripper
	add := func(respond httpmock.Responder) {
		mock := httpmock.NewMockTransport()
		mock.RegisterNoResponder(respond)
		transports = append(transports, mock)
	}
	for _, body := range bodies {
		for _, status := range []int{200, 201, 400, 401, 409, 500} {
			add(func(*http.Request) (*http.Response, error) {
				resp := httpmock.NewStringResponse(status, body)
				resp.Header = http.Header{"X-Request-Id": {secret}, "Content-Type": {"application/json"}}
				return resp, nil
			})
		}
	}
	add(httpmock.NewErrorResponder(
		&url.Error{Op: "Get", URL: "https://api.interchange.io/?key=" + secret, Err: io.ErrUnexpectedEOF}))
	add(httpmock.NewErrorResponder(errors.New("dialing with " + secret)))
	return transports
}

// unlimited is a limiter that never waits.
type unlimited struct{}

func (unlimited) Wait(context.Context, pace.Key, time.Duration) error { return nil }
func (unlimited) Observe(pace.Key, pace.Observation)                  {}
func (unlimited) Release(pace.Key, bool)                              {}
