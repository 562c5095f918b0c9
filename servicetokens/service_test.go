package servicetokens_test

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/sandbox"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

func TestCreateGivesAWorkingTokenOnce(t *testing.T) {
	srv, tokens := startSandbox(t)
	ctx := context.Background()
	var meta client.Response
	created, err := tokens.Create(ctx, seatToken, client.WithResponse(&meta))
	require.NoError(t, err)

	assert.True(t, srv.Authenticates(created.Token.Reveal()))
	assert.Equal(t, created.AccessClientID, created.Token.ClientID())
	assert.Equal(t, client.ID("seat_101"), created.SeatID)
	assert.Equal(t, servicetokens.ScopeSeat, created.Scope)
	assert.Equal(t, servicetokens.RoleRead, created.Role)
	assert.Equal(t, http.StatusCreated, meta.StatusCode)
	assert.NotEmpty(t, meta.RequestID)

	again, err := tokens.Get(ctx, created.ID)
	require.NoError(t, err)
	assert.Equal(t, created.ServiceToken, *again)
}

func TestCustomerTokenSaysItsScope(t *testing.T) {
	_, tokens := startSandbox(t, sandbox.WithBareResponses())
	created, err := tokens.Create(context.Background(), servicetokens.CreateParams{Name: "one", NeverExpires: true})
	require.NoError(t, err)
	assert.Equal(t, servicetokens.ScopeCustomer, created.Scope)
	assert.True(t, created.ExpiresAt.IsZero())
}

func TestBadParametersAreReportedAtOnceAndNotSent(t *testing.T) {
	srv, tokens := startSandbox(t)
	ctx := context.Background()
	long := strings.Repeat("é", 256)
	for name, tc := range map[string]struct {
		call   func() error
		fields []string
	}{
		"seat scope without its fields": {func() error {
			_, err := tokens.Create(ctx, servicetokens.CreateParams{Scope: servicetokens.ScopeSeat})
			return err
		}, []string{"seatName", "role", "expiresInDays", "name"}},
		"everything": {func() error {
			_, err := tokens.Create(ctx, servicetokens.CreateParams{
				Name: long, Description: strings.Repeat("x", 1001), ExpiresInDays: 366,
				Scope: "TENANT", Role: "read", SeatType: "SELLER",
			})
			return err
		}, []string{"name", "description", "expiresInDays", "scope", "seatType", "role", "seatType", "role"}},
		"a day too few": {func() error {
			_, err := tokens.Create(ctx, servicetokens.CreateParams{Name: "one", ExpiresInDays: -1})
			return err
		}, []string{"expiresInDays"}},
		"a seat without its scope": {func() error {
			_, err := tokens.Create(ctx, servicetokens.CreateParams{
				Name: "one", NeverExpires: true, SeatName: "Acme", Role: servicetokens.RoleRead,
			})
			return err
		}, []string{"seatName", "role"}},
		"nothing at all": {func() error {
			_, err := tokens.Create(ctx, servicetokens.CreateParams{})
			return err
		}, []string{"name", "expiresInDays"}},
		"a name of spaces": {func() error {
			_, err := tokens.Create(ctx, servicetokens.CreateParams{Name: " \t", ExpiresInDays: 1})
			return err
		}, []string{"name"}},
		"customer scope without an expiry": {func() error {
			_, err := tokens.Create(ctx, servicetokens.CreateParams{Name: "one", Scope: servicetokens.ScopeCustomer})
			return err
		}, []string{"expiresInDays"}},
		"an expiry and none": {func() error {
			_, err := tokens.Create(ctx, servicetokens.CreateParams{Name: "one", ExpiresInDays: 1, NeverExpires: true})
			return err
		}, []string{"expiresInDays"}},
		"seat scope without an end": {func() error {
			p := seatToken
			p.ExpiresInDays, p.NeverExpires = 0, true
			_, err := tokens.Create(ctx, p)
			return err
		}, []string{"expiresInDays", "neverExpires"}},
		"page size": {func() error {
			_, err := tokens.List(servicetokens.ListParams{PageSize: 101, Skip: -1}).Page(ctx)
			return err
		}, []string{"take", "skip"}},
		"page size of a walk": {func() error {
			for _, err := range tokens.List(servicetokens.ListParams{PageSize: 101}).All(ctx) {
				return err
			}
			return nil
		}, []string{"take"}},
		"page size of pages": {func() error {
			for _, err := range tokens.List(servicetokens.ListParams{PageSize: 101}).Pages(ctx) {
				return err
			}
			return nil
		}, []string{"take"}},
		"an update of nothing": {func() error {
			_, err := tokens.Update(ctx, "1", servicetokens.UpdateParams{})
			return err
		}, []string{"body"}},
		"an update too long": {func() error {
			_, err := tokens.Update(ctx, "1", servicetokens.UpdateParams{Name: client.Set(long), ExpiresInDays: 366})
			return err
		}, []string{"name", "expiresInDays"}},
		"no id": {func() error { return tokens.Archive(ctx, "") }, []string{"id"}},
		"dots":  {func() error { return tokens.Archive(ctx, "..") }, []string{"id"}},
		"slash": {func() error {
			_, err := tokens.Get(ctx, "1/../2")
			return err
		}, []string{"id"}},
	} {
		t.Run(name, func(t *testing.T) {
			err := tc.call()
			var bad *client.ParamError
			require.ErrorAs(t, err, &bad)
			require.ErrorIs(t, err, client.ErrInvalidParams)
			var fields []string
			for _, issue := range bad.Issues {
				fields = append(fields, issue.Path)
			}
			assert.ElementsMatch(t, tc.fields, fields)
		})
	}
	assert.Empty(t, srv.Requests())
}

func TestLengthsCountCharacters(t *testing.T) {
	_, tokens := startSandbox(t)
	_, err := tokens.Create(context.Background(),
		servicetokens.CreateParams{Name: strings.Repeat("é", 255), ExpiresInDays: 90})
	require.NoError(t, err)
}

func TestEveryListShapeReadsTheSame(t *testing.T) {
	for name, options := range map[string][]sandbox.Option{
		"default":     nil,
		"bare":        {sandbox.WithBareResponses()},
		"numeric":     {sandbox.WithNumericIDs()},
		"object":      {sandbox.WithListShape(sandbox.ListDataServiceTokens)},
		"tokens":      {sandbox.WithListShape(sandbox.ListDataTokens)},
		"items":       {sandbox.WithListShape(sandbox.ListDataItems)},
		"bare array":  {sandbox.WithListShape(sandbox.ListBareArray)},
		"bare object": {sandbox.WithListShape(sandbox.ListBareObject)},
	} {
		t.Run(name, func(t *testing.T) {
			_, tokens := startSandbox(t, options...)
			ctx := context.Background()
			var want []client.ID
			for i := range 7 {
				created, err := tokens.Create(ctx, servicetokens.CreateParams{Name: "t" + strconv.Itoa(i), ExpiresInDays: 90})
				require.NoError(t, err)
				want = append(want, created.ID)
			}
			slices.Reverse(want) // the newest is the first
			for _, ahead := range []int{0, 1, 8} {
				all := tokens.List(servicetokens.ListParams{PageSize: 2}, client.WithPrefetch(ahead)).All(ctx)
				for range 2 { // a sequence may be ranged again
					var got []client.ID
					for token, err := range all {
						require.NoError(t, err)
						got = append(got, token.ID)
					}
					assert.Equal(t, want, got)
				}
			}
			page, err := tokens.List(servicetokens.ListParams{PageSize: 3}).Page(ctx)
			require.NoError(t, err)
			assert.Len(t, page.Items, 3)
			rest, err := tokens.List(servicetokens.ListParams{PageSize: 10, PageToken: page.Next}).Page(ctx)
			require.NoError(t, err)
			assert.Len(t, rest.Items, 4)
			assert.Empty(t, rest.Next)
			var behind []servicetokens.ServiceToken
			for page, err := range tokens.List(servicetokens.ListParams{PageSize: 2, PageToken: page.Next}).Pages(ctx) {
				require.NoError(t, err)
				behind = append(behind, page.Items...)
			}
			assert.Equal(t, rest.Items, behind)
		})
	}
}

// Pages that are fetched at the same time are retried each for itself, and come in order all the same.
func TestWalkThroughFaults(t *testing.T) {
	srv, tokens := startSandbox(t)
	ctx := context.Background()
	var want []client.ID
	for i := range 20 {
		created, err := tokens.Create(ctx, servicetokens.CreateParams{Name: "t" + strconv.Itoa(i), ExpiresInDays: 90})
		require.NoError(t, err)
		want = append(want, created.ID)
	}
	slices.Reverse(want)
	for _, fault := range []sandbox.Fault{
		{Status: http.StatusServiceUnavailable, Times: 4},
		{Kind: sandbox.FaultResetBefore, Times: 4},
		{Kind: sandbox.FaultTruncate, Times: 4},
	} {
		fault.Route = "GET /api/v2/service-tokens"
		srv.Inject(fault)
		var got []client.ID
		for token, err := range tokens.List(servicetokens.ListParams{PageSize: 2}, client.WithPrefetch(8),
			client.WithRetry(client.RetryPolicy{MaxAttempts: 10, BaseDelay: time.Millisecond})).All(ctx) {
			require.NoError(t, err)
			got = append(got, token.ID)
		}
		assert.Equal(t, want, got, "%+v", fault)
	}
}

func TestListFilters(t *testing.T) {
	_, tokens := startSandbox(t)
	ctx := context.Background()
	seat, err := tokens.Create(ctx, seatToken)
	require.NoError(t, err)
	gone, err := tokens.Create(ctx, servicetokens.CreateParams{Name: "gone", ExpiresInDays: 90})
	require.NoError(t, err)
	require.NoError(t, tokens.Archive(ctx, gone.ID))

	page, err := tokens.List(servicetokens.ListParams{SeatID: "seat_101"}).Page(ctx)
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	assert.Equal(t, seat.ID, page.Items[0].ID)

	page, err = tokens.List(servicetokens.ListParams{IncludeArchived: true}).Page(ctx)
	require.NoError(t, err)
	assert.Len(t, page.Items, 2)
}

func TestUpdate(t *testing.T) {
	_, tokens := startSandbox(t)
	ctx := context.Background()
	created, err := tokens.Create(ctx, seatToken)
	require.NoError(t, err)

	updated, err := tokens.Update(ctx, created.ID,
		servicetokens.UpdateParams{Name: client.Set("renamed"), ExpiresInDays: 365})
	require.NoError(t, err)
	assert.Equal(t, "renamed", updated.Name)
	assert.Equal(t, seatToken.Description, updated.Description)
	assert.True(t, updated.ExpiresAt.After(created.ExpiresAt))

	_, err = tokens.Update(ctx, created.ID, servicetokens.UpdateParams{ExpiresInDays: 1})
	require.ErrorIs(t, err, servicetokens.ErrCannotShortenExpiry)
	require.ErrorIs(t, err, client.ErrValidation)
	assert.ErrorContains(t, err, "archive the token")

	_, err = tokens.Update(ctx, "99999", servicetokens.UpdateParams{ExpiresInDays: 365})
	require.ErrorIs(t, err, client.ErrNotFound)
	assert.NotErrorIs(t, err, servicetokens.ErrCannotShortenExpiry)
}

func TestArchiveStopsTheTokenAtOnce(t *testing.T) {
	srv, tokens := startSandbox(t)
	ctx := context.Background()
	created, err := tokens.Create(ctx, seatToken)
	require.NoError(t, err)
	require.NoError(t, tokens.Archive(ctx, created.ID))
	assert.False(t, srv.Authenticates(created.Token.Reveal()))
	assert.ErrorIs(t, tokens.Archive(ctx, created.ID), client.ErrNotFound)
}

// A reply that was lost is no reason to call an archived token missing.
func TestArchiveWhoseReplyWasLost(t *testing.T) {
	srv, tokens := startSandbox(t)
	ctx := context.Background()
	created, err := tokens.Create(ctx, seatToken)
	require.NoError(t, err)
	srv.Inject(sandbox.Fault{Method: http.MethodDelete, Kind: sandbox.FaultResetAfter, Times: 1})
	require.NoError(t, tokens.Archive(ctx, created.ID))
	assert.Empty(t, active(srv))
	assert.Equal(t, 1, srv.Effects("DELETE /api/v2/service-tokens/{id}"))
}

func TestPlatformErrors(t *testing.T) {
	srv, tokens := startSandbox(t)
	ctx := context.Background()
	_, err := tokens.Create(ctx, servicetokens.CreateParams{
		Name: "one", Scope: servicetokens.ScopeSeat, SeatName: "Nobody", Role: servicetokens.RoleRead, ExpiresInDays: 1,
	})
	require.ErrorIs(t, err, client.ErrValidation)

	reader, _, err := srv.Grant(sandbox.Grant{Role: "READ"})
	require.NoError(t, err)
	_, err = servicetokens.New(srv.Connect(reader)).Create(ctx, servicetokens.CreateParams{Name: "one", ExpiresInDays: 90})
	require.ErrorIs(t, err, client.ErrForbidden)

	created, err := tokens.Create(ctx, servicetokens.CreateParams{Name: "one", ExpiresInDays: 90})
	require.NoError(t, err)
	require.NoError(t, tokens.Archive(ctx, created.ID))
	_, err = servicetokens.New(srv.Connect(created.Token.Reveal())).Get(ctx, created.ID)
	require.ErrorIs(t, err, client.ErrUnauthorized)
}

func TestTermsMustBeAccepted(t *testing.T) {
	srv, tokens := startSandbox(t, sandbox.WithTermsPending())
	ctx := context.Background()
	_, err := tokens.Create(ctx, servicetokens.CreateParams{Name: "one", ExpiresInDays: 90})
	require.ErrorIs(t, err, client.ErrTermsAcceptanceRequired)
	require.ErrorIs(t, err, client.ErrForbidden)
	srv.AcceptTerms()
	_, err = tokens.Create(ctx, servicetokens.CreateParams{Name: "one", ExpiresInDays: 90})
	require.NoError(t, err)
}

// The secret's form is the platform's to choose: whatever comes is handed on unharmed.
func TestCreateTakesAnyTokenForm(t *testing.T) {
	const id = "ak_1_2"
	for full, clientID := range map[string]string{
		"scope3_" + id + "_sk_live_x": id,
		"scope3_other_x":              "other",
		"eyJhbGciOi":                  "",
	} {
		mock := httpmock.NewMockTransport()
		mock.RegisterResponder(http.MethodPost, "https://api.interchange.io/api/v2/service-tokens",
			httpmock.NewStringResponder(http.StatusOK, `{"id":7,"accessClientId":"`+id+`","fullToken":"`+full+`"}`))
		token, err := client.ParseOpaqueToken("admin")
		require.NoError(t, err)
		c, err := client.New(client.WithToken(token), client.WithTransport(mock))
		require.NoError(t, err)
		created, err := servicetokens.New(c).Create(context.Background(),
			servicetokens.CreateParams{Name: "one", ExpiresInDays: 90})
		require.NoError(t, err)
		assert.Equal(t, full, created.Token.Reveal())
		assert.Equal(t, clientID, created.Token.ClientID())
		assert.Equal(t, client.ID("7"), created.ID)
		assert.Equal(t, 1, mock.GetTotalCallCount())
	}
}

func TestCreateWithoutAUsableSecretNamesTheToken(t *testing.T) {
	for _, body := range []string{
		`{"id":"7","accessClientId":"ak_1"}`,
		`{"id":7,"accessClientId":"ak_1","fullToken":null}`,
		`{"fullToken":"","id":"7"}`,
		`{"fullToken":{"value":"hidden-secret"},"id":"7"}`,
		`{"fullToken":["hidden-secret"],"id":"7"}`,
		`{"fullToken":true,"id":"7"}`,
		`{"id":"7","fullToken":"hidden secret"}`,
		`{"id":"7","fullToken":"hidden\nsecret"}`,
		`{"data":{"id":"7","fullToken":"hidden…secret"},"error":null}`,
	} {
		mock := httpmock.NewMockTransport()
		mock.RegisterResponder(http.MethodPost, "https://api.interchange.io/api/v2/service-tokens",
			httpmock.NewStringResponder(http.StatusCreated, body))
		token, err := client.ParseOpaqueToken("admin")
		require.NoError(t, err)
		c, err := client.New(client.WithToken(token), client.WithTransport(mock))
		require.NoError(t, err)
		created, err := servicetokens.New(c).Create(context.Background(),
			servicetokens.CreateParams{Name: "one", ExpiresInDays: 90})
		assert.Nil(t, created)
		var unread *client.DecodeError
		require.ErrorAs(t, err, &unread, body)
		assert.Equal(t, client.ID("7"), unread.ResourceID, body)
		assert.True(t, unread.WriteSucceeded)
		assert.True(t, client.MayHaveApplied(err))
		require.ErrorIs(t, err, client.ErrInvalidToken)
		require.ErrorContains(t, err, "fullToken: ")
		require.ErrorContains(t, err, "(id 7)")
		assert.NotContains(t, err.Error(), "hidden")
		assert.Equal(t, 1, mock.GetTotalCallCount())
	}
}

func TestLostCreationIsReportedNotRepeated(t *testing.T) {
	srv, tokens := startSandbox(t)
	for _, kind := range []sandbox.FaultKind{sandbox.FaultResetAfter, sandbox.FaultTruncate} {
		before := srv.Effects("POST /api/v2/service-tokens")
		srv.Inject(sandbox.Fault{Method: http.MethodPost, Kind: kind, Times: 1})
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		_, err := tokens.Create(ctx, servicetokens.CreateParams{Name: string(kind), ExpiresInDays: 90})
		cancel()
		assert.True(t, client.MayHaveApplied(err), "%v", err)
		assert.Equal(t, before+1, srv.Effects("POST /api/v2/service-tokens"))
	}
}

func TestSeatWithoutItsScopeSaysWhatToDo(t *testing.T) {
	t.Parallel()
	_, err := servicetokens.New(nil).Create(t.Context(),
		servicetokens.CreateParams{Name: "one", ExpiresInDays: 1, SeatName: "Acme"})
	require.EqualError(t, err,
		"interchange: createServiceToken: seatName limits nothing without scope SEAT: set Scope to "+
			"ScopeSeat, or leave it out")
}
