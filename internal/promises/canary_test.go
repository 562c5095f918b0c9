package promises

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
	"github.com/interchange-sdk/interchange-go/rotation"
	"github.com/interchange-sdk/interchange-go/sandbox"
	"github.com/interchange-sdk/interchange-go/seats"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

// sink takes whatever a program could print, log or send by mistake.
type sink struct {
	mu   sync.Mutex
	text bytes.Buffer
	logs []*slog.Logger
}

func newSink() *sink {
	s := &sink{}
	options := &slog.HandlerOptions{Level: slog.LevelDebug, AddSource: true}
	s.logs = []*slog.Logger{slog.New(slog.NewTextHandler(s, options)), slog.New(slog.NewJSONHandler(s, options))}
	return s
}

func (s *sink) add(p []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.Write(p)
}

// Write makes it what a logger writes to.
func (s *sink) Write(p []byte) (int, error) {
	s.add(p)
	return len(p), nil
}

// Errorf makes the sink a testing.T whose failures are what is looked at: diffs reflect into everything.
func (s *sink) Errorf(format string, args ...any) { fmt.Fprintf(s, format, args...) }

// AttemptDone makes it the Hooks.
func (s *sink) AttemptDone(ctx context.Context, a client.Attempt) {
	s.take(a)
	s.take(ctx)
}

// take prints a value in every way there is.
func (s *sink) take(v any) {
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

// takeError also prints everything that an error wraps.
func (s *sink) takeError(t *testing.T, err error) {
	t.Helper()
	require.Error(t, err)
	for pending := []error{err}; len(pending) > 0; pending = pending[1:] {
		s.take(pending[0])
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

// holds tells which form of a secret is in the sink.
func (s *sink) holds(token string) string {
	_, after, ok := strings.Cut(token, "k_live_")
	if !ok {
		return "a token of another form than this test knows"
	}
	text := s.text.String()
	for i := 0; i+8 <= len(after); i++ {
		piece := after[i : i+8]
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
		"base64": base64.StdEncoding.EncodeToString([]byte(token)), "URL escape": url.QueryEscape(token),
	} {
		if strings.Contains(text, encoded) {
			return form
		}
	}
	return ""
}

func TestNoSecretIsEverPrinted(t *testing.T) {
	s := newSink()
	srv, admin := start(t, client.WithHooks(s), client.WithLogger(s.logs[0]))
	secrets := []string{srv.AdminToken()}
	ctx := context.Background()
	tokens := servicetokens.New(admin)
	token, err := admin.Token(ctx)
	require.NoError(t, err)
	keys, err := seats.NewKeyring(admin, map[client.ID]client.Token{"seat_101": token})
	require.NoError(t, err)
	s.take(keys)
	for _, v := range []any{admin, *admin, admin.ForSeat("seat_101"), tokens, client.StaticToken(token), client.NewTokenVar(token)} {
		s.take(v)
	}

	var meta client.Response
	created, err := tokens.Create(ctx, servicetokens.CreateParams{
		Name: "canary", Scope: servicetokens.ScopeSeat, SeatName: "Acme", Role: servicetokens.RoleRead, ExpiresInDays: 1,
	}, client.WithResponse(&meta))
	require.NoError(t, err)
	secrets = append(secrets, created.Token.Reveal())
	require.Contains(t, string(meta.RawBody()), created.Token.Reveal(), "the secret is reachable for who asks")
	for _, v := range []any{created, *created, created.Token, &created.Token, meta, &meta} {
		s.take(v)
	}

	broken := errors.New("broken")
	driver := tokens.RotationDriver(servicetokens.RotateParams{SeatName: "Acme"})
	_, err = rotation.Rotate(ctx, driver, created.ID, rotation.Plan[servicetokens.Created]{
		Deploy: func(_ context.Context, next *servicetokens.Created) error {
			secrets = append(secrets, next.Token.Reveal())
			s.take(next)
			return broken
		},
		Confirm: func(context.Context) (bool, error) { return true, nil },
	})
	s.takeError(t, err)

	takeErrorPaths(t, s, srv, admin, created)
	takeHostileAnswers(t, s, created.Token)
	takeRefusedInput(t, s, created.Token)

	require.Greater(t, s.text.Len(), 100_000, "the sink did not take what it should have")
	for _, secret := range secrets {
		assert.Empty(t, s.holds(secret), s.where(secret))
	}
	fmt.Fprint(s, created.Token.Reveal())
	assert.NotEmpty(t, s.holds(created.Token.Reveal()), "this test would not notice")
}

// takeErrorPaths goes through the failures of a call over real sockets.
func takeErrorPaths(t *testing.T, s *sink, srv *sandbox.Server, admin *client.Client, created *servicetokens.Created) {
	t.Helper()
	ctx := context.Background()
	once := servicetokens.New(admin)
	for _, fault := range []sandbox.Fault{
		{Status: 400},
		{Status: 401},
		{Status: 403},
		{Status: 404},
		{Status: 409},
		{Status: 422},
		{Status: 500},
		{Status: 429, RetryAfter: "3600"},
		{Kind: sandbox.FaultHTML, Status: 502},
		{Kind: sandbox.FaultResetBefore},
		{Kind: sandbox.FaultResetAfter},
		{Kind: sandbox.FaultTruncate},
		{Kind: sandbox.FaultEmpty},
		{Kind: sandbox.FaultRedirect, Status: 302, Location: "https://elsewhere.example/?token=" + created.Token.Reveal()},
		{Kind: sandbox.FaultRedirect, Status: 308, Location: "http://%zz" + created.Token.Reveal()},
	} {
		srv.Inject(fault)
		c, err := admin.With(client.WithRetry(client.RetryPolicy{MaxAttempts: 1}), client.WithLimiter(open{}))
		require.NoError(t, err)
		_, err = servicetokens.New(c).Create(ctx, servicetokens.CreateParams{Name: "canary", ExpiresInDays: 90})
		s.takeError(t, err)
		srv.ClearFaults()
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	_, err := once.Get(ended, created.ID)
	s.takeError(t, err)
	require.NoError(t, once.Archive(ctx, created.ID))
	dead, err := admin.With(client.WithToken(created.Token))
	require.NoError(t, err)
	_, err = servicetokens.New(dead).Get(ctx, created.ID)
	s.takeError(t, err)
}

type open struct{}

func (open) Wait(context.Context, pace.Key, time.Duration) error { return nil }
func (open) Observe(pace.Key, pace.Observation)                  {}
func (open) Release(pace.Key, bool)                              {}

// takeHostileAnswers has a peer send the credential back, in every place of an answer.
func takeHostileAnswers(t *testing.T, s *sink, token client.Token) {
	t.Helper()
	full := token.Reveal()
	for _, body := range []string{
		full, `"` + full + `"`, `{"fullToken":"` + full, `{"fullToken":["` + full + `"]}`, `{"id":{"x":"` + full + `"}}`,
		`{"data":{"createdAt":"` + full + `"},"error":null}`, `{"` + full + `":`, `<html><title>` + full + `</title>`,
		`{"data":null,"error":{"code":"` + full + `","message":"key ` + full + ` is unknown","field":"` + full + `"}}`,
		`{"error":"` + full + `","message":"` + full + `"}`,
		`{"data":null,"error":{"code":"X","message":"m","details":{"issues":[{"path":"` + full + `","message":"` + full + `"}]}}}`,
	} {
		for _, status := range []int{200, 201, 400, 401, 500} {
			mock := httpmock.NewMockTransport()
			mock.RegisterNoResponder(func(*http.Request) (*http.Response, error) {
				resp := httpmock.NewStringResponse(status, body)
				resp.Header = http.Header{"X-Request-Id": {full}, "Content-Type": {"application/json"}}
				return resp, nil
			})
			takeMocked(t, s, token, mock)
		}
	}
	for _, cause := range []error{
		&url.Error{Op: "Get", URL: "https://api.interchange.io/?key=" + full, Err: io.ErrUnexpectedEOF},
		errors.New("dialing with " + full),
	} {
		mock := httpmock.NewMockTransport()
		mock.RegisterNoResponder(httpmock.NewErrorResponder(cause))
		takeMocked(t, s, token, mock)
	}
}

func takeMocked(t *testing.T, s *sink, token client.Token, transport http.RoundTripper) {
	t.Helper()
	c, err := client.New(client.WithToken(token), client.WithTransport(transport), client.WithHooks(s),
		client.WithLogger(s.logs[1]), client.WithRetry(client.RetryPolicy{MaxAttempts: 1}))
	require.NoError(t, err)
	if _, err = servicetokens.New(c).Create(context.Background(), servicetokens.CreateParams{Name: "canary", ExpiresInDays: 90}); err != nil {
		fmt.Fprintln(s, err)
		s.take(err)
	}
}

// takeRefusedInput puts a token where it does not belong.
func takeRefusedInput(t *testing.T, s *sink, token client.Token) {
	t.Helper()
	full := token.Reveal()
	for _, bad := range []string{full + "\n", " " + full, full + "é", strings.Replace(full, "scope3_", "scope4_", 1)} {
		_, err := client.ParseToken(bad)
		s.takeError(t, err)
	}
	_, err := client.ParseTokenWithClientID(full, "ak_other")
	s.takeError(t, err)
	for _, base := range []string{
		"https://user:" + full + "@api.interchange.io", "https://api.interchange.io/?key=" + full, "http://" + full, "https://%zz" + full,
	} {
		_, err := client.New(client.WithToken(token), client.WithEnvironment(client.At(base)))
		s.takeError(t, err)
	}
	for _, option := range []client.Option{
		client.WithHeader("X-Key\r\n", full), client.WithHeader("Authorization", full), client.WithHeader("X-Key", full+"\n"), client.WithSeat(client.ID(full + "\n")),
	} {
		_, err := client.New(client.WithToken(token), option)
		s.takeError(t, err)
	}
	t.Setenv(client.EnvAPIKey, full+"\n")
	_, err = client.New(client.FromEnv())
	s.takeError(t, err)
}

func (s *sink) where(token string) string {
	_, after, _ := strings.Cut(token, "k_live_")
	text := s.text.String()
	i := strings.Index(text, after[:8])
	if i < 0 {
		return "?"
	}
	return text[max(0, i-600):min(len(text), i+100)]
}
