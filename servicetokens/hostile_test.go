package servicetokens_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/rotation"
	"github.com/interchange-sdk/interchange-go/sandbox"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

const tokensURL = "https://api.interchange.io/api/v2/service-tokens"

func mocked(t *testing.T, mock *httpmock.MockTransport) *servicetokens.Service {
	t.Helper()
	token, err := client.ParseOpaqueToken("admin")
	require.NoError(t, err)
	c, err := client.New(client.WithToken(token), client.WithTransport(mock))
	require.NoError(t, err)
	return servicetokens.New(c)
}

// rotateMocked rotates token 1 of a mocked platform.
func rotateMocked(t *testing.T, mock *httpmock.MockTransport, p servicetokens.RotateParams) error {
	t.Helper()
	driver := mocked(t, mock).RotationDriver(p)
	driver.Sleep = noSleep
	_, err := rotation.Rotate(t.Context(), driver, "1", rotation.Plan[servicetokens.Created]{
		Deploy:  func(context.Context, *servicetokens.Created) error { return nil },
		Confirm: func(context.Context) (bool, error) { return true, nil },
	})
	return err
}

// An answer that cannot be a token must not be taken for one without limits: a rotation would replace the token by
// just such a one.
func TestAnswersThatAreNoToken(t *testing.T) {
	for _, body := range []string{
		`{"serviceToken":{"id":"1","role":"READ","seatId":"s"}}`, `{"success":true,"data":{"name":"1"}}`,
		`{"data":null}`, `null`, `{}`, `{"data":{"accessClientId":"ak_1"},"error":null}`,
	} {
		mock := httpmock.NewMockTransport()
		mock.RegisterResponder(http.MethodGet, tokensURL+"/1", httpmock.NewStringResponder(http.StatusOK, body))
		tokens := mocked(t, mock)
		_, err := tokens.Get(context.Background(), "1")
		var unread *client.DecodeError
		require.ErrorAs(t, err, &unread, body)
		require.ErrorAs(t, rotateMocked(t, mock, servicetokens.RotateParams{}), &unread, body)
		assert.Equal(t, 2, mock.GetTotalCallCount())
	}
}

func TestRotateRefusesToGuess(t *testing.T) {
	for old, want := range map[string]string{
		`{"id":"1","accessClientId":"a","scope":"ADVERTISER"}`:                          "scope",
		`{"id":"1","accessClientId":"a","expiresAt":"2027-01-01T00:00:00Z"}`:            "ExpiresInDays",
		`{"id":"1","accessClientId":"a","seatId":"s","role":"READ","name":"no expiry"}`: "expiresInDays",
	} {
		mock := httpmock.NewMockTransport()
		mock.RegisterResponder(http.MethodGet, tokensURL+"/1", httpmock.NewStringResponder(http.StatusOK, old))
		var params servicetokens.RotateParams
		if strings.Contains(old, "seatId") {
			params.SeatName = "Acme"
		}
		err := rotateMocked(t, mock, params)
		require.ErrorIs(t, err, client.ErrInvalidParams, old)
		require.ErrorContains(t, err, want)
		assert.Equal(t, 1, mock.GetTotalCallCount())
	}
}

func TestArchiveIsNotTakenForDone(t *testing.T) {
	for _, body := range []string{
		`{"data":null,"error":{"code":"FORBIDDEN","message":"no"}}`, `<html><title>Sign in</title></html>`,
	} {
		mock := httpmock.NewMockTransport()
		mock.RegisterResponder(http.MethodDelete, tokensURL+"/1", httpmock.NewStringResponder(http.StatusOK, body))
		require.Error(t, mocked(t, mock).Archive(context.Background(), "1"), body)
	}
}

func TestArchiveSucceedsIfAnEarlierAttemptMayHaveArchived(t *testing.T) {
	for status, done := range map[int]bool{408: true, 500: true, 502: true, 503: true, 504: true, 429: false} {
		mock := httpmock.NewMockTransport()
		mock.RegisterResponder(http.MethodDelete, tokensURL+"/1", httpmock.NewStringResponder(status, "").
			Then(httpmock.NewStringResponder(http.StatusNotFound, `{"error":{"code":"NOT_FOUND","message":"gone"}}`)))
		err := mocked(t, mock).Archive(context.Background(), "1")
		if done {
			require.NoError(t, err, status)
		} else {
			require.ErrorIs(t, err, client.ErrNotFound, status)
		}
		assert.Equal(t, 2, mock.GetTotalCallCount())
	}
}

func htmlPage() *http.Response {
	resp := httpmock.NewStringResponse(http.StatusOK, "<!doctype html><title>Sign in</title>")
	resp.Header.Set("Content-Type", "text/html; charset=utf-8")
	return resp
}

// without removes a member from the objects of lists; the documents leave open what lists show.
type without struct {
	http.RoundTripper
	member string
}

func (w without) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := w.RoundTripper.RoundTrip(req)
	if err != nil || !strings.HasSuffix(req.URL.Path, "/service-tokens") || req.Method != http.MethodGet {
		return resp, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(strings.NewReader(strings.ReplaceAll(string(body), `"`+w.member+`":`, `"x`+w.member+`":`)))
	resp.ContentLength = -1
	return resp, nil
}

func TestLostCreationIsFoundInListsThatShowLittle(t *testing.T) {
	for _, member := range []string{"name", "description"} {
		t.Run(member, func(t *testing.T) {
			b := newBench(t, seatToken)
			bystander, err := b.tokens.Create(b.ctx, seatToken)
			require.NoError(t, err)
			transport := client.NewTransport()
			t.Cleanup(transport.CloseIdleConnections)
			tokens := servicetokens.New(b.srv.Connect(b.srv.AdminToken(), client.WithTransport(without{transport, member})))
			b.srv.Inject(sandbox.Fault{Route: createRoute, Kind: sandbox.FaultResetAfter, Times: 1})
			next, err := rotation.Rotate(b.ctx, b.driverOf(tokens), b.old.ID, b.plan())
			require.NoError(t, err)
			assert.ElementsMatch(t, []string{string(bystander.ID), string(next.ID)}, active(b.srv))
		})
	}
}

// late makes the effect of the first creation appear only after a gateway gave up on it.
type late struct {
	http.RoundTripper
	after int // requests of any kind
	seen  int
	held  *http.Request
}

func (l *late) RoundTrip(req *http.Request) (*http.Response, error) {
	l.seen++
	if req.Method == http.MethodPost && l.held == nil {
		body, err := req.GetBody()
		if err != nil {
			return nil, err
		}
		l.held = req.Clone(context.WithoutCancel(req.Context()))
		l.held.Body = body
		l.seen = 0
		return httpmock.NewStringResponse(http.StatusGatewayTimeout, "<html>504</html>"), nil
	}
	if l.held != nil && l.seen == l.after {
		resp, err := l.RoundTripper.RoundTrip(l.held)
		if err != nil {
			return nil, err
		}
		defer resp.Body.Close()
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			return nil, err
		}
	}
	return l.RoundTripper.RoundTrip(req)
}

// What a lost creation made is found until the rotation comes to archiving the old token, however late it appears.
func TestLostCreationThatAppearsLate(t *testing.T) {
	for after := 1; after <= 5; after++ { // three lookups, the second creation, the sweep
		b := newBench(t, seatToken)
		transport := client.NewTransport()
		slow := &late{RoundTripper: transport, after: after}
		tokens := servicetokens.New(b.srv.Connect(b.srv.AdminToken(), client.WithTransport(slow)))
		next, err := rotation.Rotate(b.ctx, b.driverOf(tokens), b.old.ID, b.plan())
		transport.CloseIdleConnections()
		if err != nil {
			require.ErrorIs(t, err, client.ErrOutcomeUnknown)
			continue
		}
		if slow.seen >= after {
			assert.Equal(t, []string{string(next.ID)}, active(b.srv), "appearing before request %d", after)
		}
	}
}

func TestSearchThatFailsIsNotCalledAnEmptyOne(t *testing.T) {
	b := newBench(t, seatToken)
	b.srv.Inject(sandbox.Fault{Route: createRoute, Kind: sandbox.FaultResetAfter, Times: 1})
	b.srv.Inject(sandbox.Fault{Route: "GET /api/v2/service-tokens", Status: http.StatusForbidden, After: 1})
	_, err := b.rotate(b.plan())
	failure := b.failsAt(err, rotation.StageCreate)
	require.ErrorIs(t, err, client.ErrOutcomeUnknown)
	assert.True(t, failure.Unsearched)
	require.ErrorContains(t, err, "a replacement may exist, marked "+failure.Mark)
	b.srv.ClearFaults()
	page, err := b.tokens.List(servicetokens.ListParams{}).Page(b.ctx)
	require.NoError(t, err)
	assert.True(t, strings.HasSuffix(page.Items[0].Description, failure.Mark))
}

func TestResumeThatFailsForNowKeepsItsToken(t *testing.T) {
	b := newBench(t, seatToken)
	other, err := b.tokens.Create(b.ctx, seatToken)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
	defer cancel()
	b.srv.Inject(sandbox.Fault{Method: http.MethodGet, Status: http.StatusForbidden})
	_, err = rotation.Resume(ctx, b.driver(), rotation.State{OldID: b.old.ID, NewID: other.ID}, b.plan())
	assert.Equal(t, other.ID, b.failsAt(err, rotation.StageConfirm).NewID)
}

// Where archived tokens are hidden, a rotation whose last answer was lost can be resumed all the same.
func TestResumeAfterTheOldTokenIsGone(t *testing.T) {
	b := newBench(t, seatToken)
	next, err := b.tokens.Create(b.ctx, seatToken)
	require.NoError(t, err)
	require.NoError(t, b.tokens.Archive(b.ctx, b.old.ID))
	b.srv.Inject(sandbox.Fault{Route: "GET /api/v2/service-tokens/" + string(b.old.ID), Status: http.StatusNotFound})
	got, err := b.resume(next.ID)
	require.NoError(t, err)
	assert.Equal(t, next.ID, got.ID)
}

// A resumed rotation archives what its first run lost sight of.
func TestResumeSweeps(t *testing.T) {
	b := newBench(t, seatToken)
	marked := seatToken
	marked.Description = "Pulls reporting data [rotation 0123456789abcdef]"
	next, err := b.tokens.Create(b.ctx, marked)
	require.NoError(t, err)
	_, err = b.tokens.Create(b.ctx, marked) // the stray
	require.NoError(t, err)
	bystander, err := b.tokens.Create(b.ctx, seatToken)
	require.NoError(t, err)
	_, err = b.resume(next.ID)
	require.NoError(t, err)
	assert.ElementsMatch(t, []string{string(next.ID), string(bystander.ID)}, active(b.srv))
}
