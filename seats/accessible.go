package seats

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
)

// Seat is an account that a partner may manage: what filters by seatId take, and what [client.Client.ForSeat] acts for.
type Seat struct {
	// ID is the seat's id.
	ID client.ID
	// Name is the name of the customer account.
	Name string
	// CustomerID is the platform's own id of the customer; empty where it does not say.
	CustomerID client.ID
	// Permissions are the partner's permissions there. Nil means that the platform does not state them, not that there are
	// none.
	Permissions []client.Level
}

// seatTools are the names of the tool: the documented one (docs/platform.md#seats-and-accounts), and those it has had
// since (docs/platform.md#seats-and-accounts).
func seatTools() []string {
	return []string{
		"signals/get-partner-seats",
		"signals_get_partner_seats",
		"signals_get_accessible_accounts",
		"signals/get-accessible-accounts",
	}
}

// Accessible lists the seats that a partner's credential may manage, through the MCP tool that does so: it is looked
// up in the list of tools under its documented name and the later ones. A *mcpclient.Session is a
// [client.ToolCaller]. Safe to repeat.
//
// The tool is documented for the platform's first generation only (docs/platform.md#seats-and-accounts): look for it
// at that one's endpoint,
//
//	session, err := mcpclient.Connect(ctx, c, mcpclient.WithPath("/mcp"))
//
// The current platform has no REST endpoint for it and does not document the tool any more; where it has one under
// yet another name, [AccessibleBy] takes that. The sandbox lists it, at every endpoint, with
// sandbox.WithFirstPlatformTools() and not otherwise. Every known shape of the answer is read. Errors:
// [*client.NoToolError], [*client.DecodeError], and those of the session.
func Accessible(ctx context.Context, tools client.ToolCaller, opts ...client.CallOption) ([]Seat, error) {
	if tools == nil {
		return nil, errNoTools
	}
	has, err := tools.ToolNames(ctx)
	if err != nil {
		return nil, err
	}
	wanted := seatTools()
	i := slices.IndexFunc(wanted, func(name string) bool { return slices.Contains(has, name) })
	if i < 0 {
		return nil, fmt.Errorf("%w; AccessibleBy takes a tool of another name", &client.NoToolError{Wanted: wanted})
	}
	return AccessibleBy(ctx, tools, wanted[i], opts...)
}

var errNoTools = errors.New("interchange: the tools must not be nil: pass a session of package mcpclient")

// AccessibleBy is [Accessible] through a tool of the given name, which is not looked up.
func AccessibleBy(ctx context.Context, tools client.ToolCaller, tool string, opts ...client.CallOption) ([]Seat,
	error,
) {
	if tools == nil {
		return nil, errNoTools
	}
	data, err := tools.ToolData(ctx, tool, nil, append([]client.CallOption{client.AssumeIdempotent()}, opts...)...)
	if err != nil {
		return nil, err
	}
	found, err := readSeats(data)
	if err != nil {
		op := client.Operation{ID: tool, Method: "POST", Mount: client.MountMCPBuyer, Effect: client.EffectRead}
		return nil, client.NewDecodeError(&op, 0, nil, data, err)
	}
	return found, nil
}

// listed finds the list of seats in a result: an array, or an object with the array in one of its
// members, at once or deeper, or the text of either.
type listed struct {
	Accounts jsontext.Value `json:"accounts"`
	Seats    jsontext.Value `json:"seats"`
	Items    jsontext.Value `json:"items"`
	Data     jsontext.Value `json:"data"`
}

// maxWrapping limits the depth at which the list is found.
const maxWrapping = 4

func readSeats(data jsontext.Value) ([]Seat, error) {
	rows, err := seatRows(data, maxWrapping)
	if err != nil {
		return nil, err
	}
	found := make([]Seat, len(rows))
	for i, row := range rows {
		if found[i], err = row.seat(); err != nil {
			return nil, fmt.Errorf("item %d: %w", i, err)
		}
	}
	return found, nil
}

// The causes are left out: they may quote what was sent.
var (
	errNoSeats     = errors.New("it holds no list of seats")
	errUnknownSeat = errors.New("its seats are of an unknown form")
)

func seatRows(data jsontext.Value, depth int) ([]seatRow, error) {
	if depth == 0 {
		return nil, errNoSeats
	}
	switch data.Kind() {
	case '[':
		var rows []seatRow
		if err := json.Unmarshal(data, &rows, jsontext.AllowInvalidUTF8(true)); err != nil {
			return nil, errUnknownSeat
		}
		return rows, nil
	case '"':
		var text string
		if err := json.Unmarshal(data, &text, jsontext.AllowInvalidUTF8(true)); err != nil {
			return nil, errNoSeats
		}
		return seatRows(jsontext.Value(strings.TrimSpace(text)), depth-1)
	case '{':
		var l listed
		if err := json.Unmarshal(data, &l, jsontext.AllowInvalidUTF8(true)); err != nil {
			return nil, errNoSeats
		}
		for _, inside := range []jsontext.Value{l.Accounts, l.Seats, l.Items, l.Data} {
			if len(inside) > 0 && inside.Kind() != 'n' {
				return seatRows(inside, depth-1)
			}
		}
	}
	return nil, errNoSeats
}

// seatRow is one seat as sent: with the names of the tool's source, or with those of its documents.
type seatRow struct {
	ID          client.ID   `json:"id"`
	SeatID      client.ID   `json:"seatId"`
	Name        string      `json:"name"`
	SeatName    string      `json:"seatName"`
	CustomerID  client.ID   `json:"customerId"`
	Permissions permissions `json:"permissions"`
}

func (r seatRow) seat() (Seat, error) {
	s := Seat{ID: r.SeatID, Name: r.SeatName, CustomerID: r.CustomerID, Permissions: r.Permissions}
	if s.ID == "" {
		s.ID = r.ID
	}
	if s.Name == "" {
		s.Name = r.Name
	}
	return s, shows(s.ID)
}

// permissions reads a list of levels or a single one. What is something else, which is not known, says nothing.
type permissions []client.Level

func (p *permissions) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	value, err := dec.ReadValue()
	if err != nil {
		return err
	}
	var one client.Level
	var several []client.Level
	if json.Unmarshal(value, &one) == nil && one != "" {
		several = []client.Level{one}
	} else if json.Unmarshal(value, &several) != nil {
		several = nil
	}
	*p = several
	return nil
}
