package sandbox_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/sandbox"
)

const tokensPath = "/api/v2/service-tokens"

// clock is a time of day that only the test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock {
	return &clock{now: time.Date(2026, 4, 26, 16, 30, 0, 0, time.UTC)}
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// user is somebody who talks to a sandbox with one credential.
type user struct {
	t     testing.TB
	srv   *sandbox.Server
	token string
	seat  string
}

// startSandbox starts a sandbox for one test and returns its administrator.
func startSandbox(t testing.TB, opts ...sandbox.Option) (*sandbox.Server, user) {
	t.Helper()
	srv, err := sandbox.Start(opts...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, srv.Close()) })
	return srv, user{t: t, srv: srv, token: srv.AdminToken()}
}

// as is the same sandbox seen with another credential.
func (u user) as(token string) user {
	u.token = token
	return u
}

// granted is the same sandbox seen with a new credential.
func (u user) granted(g sandbox.Grant) user {
	u.t.Helper()
	token, _, err := u.srv.Grant(g)
	require.NoError(u.t, err)
	return u.as(token)
}

// request makes a request with the user's credential; the body is JSON unless it is empty.
func (u user) request(method, path, body string) *http.Request {
	u.t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	req, err := http.NewRequestWithContext(u.t.Context(), method, u.srv.URL()+path, reader)
	require.NoError(u.t, err)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if u.token != "" {
		req.Header.Set("Authorization", "Bearer "+u.token)
	}
	if u.seat != "" {
		req.Header.Set("X-SCOPE3-SEAT-ID", u.seat)
	}
	return req
}

// response is a complete response.
type response struct {
	t      testing.TB
	status int
	header http.Header
	text   string
}

func (u user) send(req *http.Request) response {
	u.t.Helper()
	client := *u.srv.HTTPClient()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Do(req)
	require.NoError(u.t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(u.t, err)
	return response{t: u.t, status: resp.StatusCode, header: resp.Header, text: string(text)}
}

// try sends a request that may fail below HTTP.
func (u user) try(method, path, body string) error {
	u.t.Helper()
	resp, err := u.srv.HTTPClient().Do(u.request(method, path, body))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

func (u user) call(method, path, body string) response {
	u.t.Helper()
	return u.send(u.request(method, path, body))
}

func (u user) get(path string) response {
	u.t.Helper()
	return u.call(http.MethodGet, path, "")
}

// create creates a token and returns what the response has in data.
func (u user) create(body string) map[string]any {
	u.t.Helper()
	a := u.call(http.MethodPost, tokensPath, body)
	require.Equal(u.t, http.StatusCreated, a.status, a.text)
	return a.data()
}

func (a response) json() any {
	a.t.Helper()
	var v any
	require.NoError(a.t, json.Unmarshal([]byte(a.text), &v), a.text)
	return v
}

func (a response) object() map[string]any {
	a.t.Helper()
	v, ok := a.json().(map[string]any)
	require.True(a.t, ok, a.text)
	return v
}

// data is the payload of a success, after a look at the envelope.
func (a response) data() map[string]any {
	a.t.Helper()
	o := a.object()
	require.Contains(a.t, o, "error")
	require.Nil(a.t, o["error"], a.text)
	data, ok := o["data"].(map[string]any)
	require.True(a.t, ok, a.text)
	return data
}

// refused checks that the response is the given error in the platform's envelope.
func (a response) refused(status int, code string) map[string]any {
	a.t.Helper()
	require.Equal(a.t, status, a.status, a.text)
	o := a.object()
	require.Contains(a.t, o, "data")
	require.Nil(a.t, o["data"])
	failure, ok := o["error"].(map[string]any)
	require.True(a.t, ok, a.text)
	require.Equal(a.t, code, failure["code"])
	require.NotEmpty(a.t, failure["message"])
	return failure
}

// issues are the paths of the problems that a VALIDATION_ERROR lists.
func (a response) issues() []string {
	a.t.Helper()
	failure := a.refused(http.StatusBadRequest, "VALIDATION_ERROR")
	var paths []string
	for _, one := range failure["details"].(map[string]any)["issues"].([]any) {
		found := one.(map[string]any)
		require.NotEmpty(a.t, found["message"])
		paths = append(paths, found["path"].(string))
	}
	return paths
}

// ids are the ids of the tokens in a list of the default shape.
func (a response) ids() []string {
	a.t.Helper()
	require.Equal(a.t, http.StatusOK, a.status, a.text)
	ids := []string{}
	for _, one := range a.object()["data"].([]any) {
		ids = append(ids, one.(map[string]any)["id"].(string))
	}
	return ids
}
