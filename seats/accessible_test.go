package seats_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/sandbox"
	"github.com/interchange-sdk/interchange-go/seats"
)

// tools is an MCP endpoint on which every tool answers the same.
type tools struct {
	names  []string
	data   string
	err    error
	called []string
	opts   []client.CallOption
}

func (f *tools) ToolNames(context.Context) ([]string, error) { return f.names, f.err }

func (f *tools) ToolData(_ context.Context, name string, args any, opts ...client.CallOption) (jsontext.Value, error) {
	if args != nil {
		return nil, errors.New("the tool takes no arguments")
	}
	f.called = append(f.called, name)
	f.opts = opts
	return jsontext.Value(f.data), nil
}

const oneSeat = `{"accounts":[{"customerId":7,"id":"seat_7","name":"Acme"}],"count":1}`

func TestTheToolIsFoundUnderItsNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"signals/get-partner-seats", "signals_get_partner_seats", "signals_get_accessible_accounts",
		"signals/get-accessible-accounts",
	} {
		f := &tools{names: []string{"health", name}, data: oneSeat}
		got, err := seats.Accessible(t.Context(), f)
		require.NoError(t, err, name)
		assert.Equal(t, []seats.Seat{{ID: "seat_7", Name: "Acme", CustomerID: "7"}}, got)
		assert.Equal(t, []string{name}, f.called)
	}
	f := &tools{names: []string{"signals_get_accessible_accounts", "signals/get-partner-seats"}, data: oneSeat}
	_, err := seats.Accessible(t.Context(), f)
	require.NoError(t, err)
	assert.Equal(t, []string{"signals/get-partner-seats"}, f.called, "the documented name comes first")
}

func TestAToolOfAnotherName(t *testing.T) {
	t.Parallel()
	f := &tools{data: oneSeat}
	got, err := seats.AccessibleBy(t.Context(), f, "partners_seats")
	require.NoError(t, err)
	assert.Equal(t, []seats.Seat{{ID: "seat_7", Name: "Acme", CustomerID: "7"}}, got)
	assert.Equal(t, []string{"partners_seats"}, f.called)
	var taken client.Response
	op := client.Operation{Method: http.MethodPost, Path: "/tool"}
	_, err = answering(t, http.StatusOK, `{}`, nil).Do(t.Context(), &op, client.Request{},
		append(f.opts, client.WithResponse(&taken))...)
	require.NoError(t, err)
	assert.Equal(t, client.EffectIdempotent, taken.Effect, "looking twice is safe, whatever the tool says of itself")
	_, err = seats.AccessibleBy(t.Context(), &tools{data: `7`}, "partners_seats")
	require.ErrorContains(t, err, "partners_seats")
}

func TestAccessibleSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	_, err := seats.Accessible(t.Context(), &tools{names: []string{"health"}})
	var missing *client.NoToolError
	require.ErrorAs(t, err, &missing)
	require.ErrorIs(t, err, client.ErrNotImplemented)
	require.ErrorIs(t, err, client.ErrNoTool)
	require.ErrorContains(t, err, "AccessibleBy")
	require.ErrorContains(t, err, "signals/get-partner-seats, signals_get_partner_seats")
	assert.Len(t, missing.Wanted, 4)

	fail := errors.New("gone")
	_, err = seats.Accessible(t.Context(), &tools{err: fail})
	require.ErrorIs(t, err, fail)

	_, err = seats.Accessible(t.Context(), &tools{names: missing.Wanted, data: `{"status":"ok"}`})
	var undecodable *client.DecodeError
	require.ErrorAs(t, err, &undecodable)
	require.ErrorContains(t, err, "signals/get-partner-seats")
	assert.False(t, undecodable.WriteSucceeded)
	assert.JSONEq(t, `{"status":"ok"}`, string(undecodable.RawBody()))
}

// Each credential lists what it reaches, over a real session.
func TestAccessibleOverMCP(t *testing.T) {
	t.Parallel()
	srv, _ := startSandbox(t, family(), sandbox.WithFirstPlatformTools(), sandbox.WithSeats(
		sandbox.Seat{ID: "seat_1", Name: "Home"},
		sandbox.Seat{ID: "seat_2", Name: "North", Account: 1002},
		sandbox.Seat{ID: "seat_3", Name: "Far", Account: 2001},
	))
	home := seats.Seat{ID: "seat_1", Name: "Home", CustomerID: "1001"}
	north := seats.Seat{ID: "seat_2", Name: "North", CustomerID: "1002"}
	far := seats.Seat{ID: "seat_3", Name: "Far", CustomerID: "2001"}
	for name, tt := range map[string]struct {
		grant sandbox.Grant
		want  []seats.Seat
	}{
		"parent": {sandbox.Grant{}, []seats.Seat{home, north}},
		"child":  {sandbox.Grant{Account: 1002}, []seats.Seat{north}},
		"two grants": {
			sandbox.Grant{Account: 2001, Also: map[int]string{1002: sandbox.RoleMember}},
			[]seats.Seat{north, far},
		},
		"seat's own":  {sandbox.Grant{Role: sandbox.RoleRead, SeatID: "seat_3"}, []seats.Seat{far}},
		"none at all": {sandbox.Grant{Account: 1003}, []seats.Seat{}},
	} {
		s, err := mcpclient.Connect(t.Context(), srv.ConnectGrant(tt.grant))
		require.NoError(t, err)
		got, err := seats.Accessible(t.Context(), s)
		require.NoError(t, err)
		assert.Equal(t, tt.want, got, name)
		require.NoError(t, s.Close(context.Background()))
	}
}
