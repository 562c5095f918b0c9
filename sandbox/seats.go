package sandbox

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// The types of seats.
const (
	SeatBuyer      = "BUYER"
	SeatActivation = "ACTIVATION"
)

// Seat is a part of the customer's account that a credential can be limited to.
type Seat struct {
	ID   string // what lists filter by, and what X-SCOPE3-SEAT-ID names
	Name string // what a service token names on its creation; need not be unique
	Type string // [SeatBuyer] or [SeatActivation]; empty means SeatBuyer

	// Account is the account that it is a part of; 0 means the first one. Who reaches the account reaches the seat.
	Account int
}

// checkSeats sets the default types and accounts of the seats and returns the errors of the rest.
func checkSeats(seats []Seat, accounts []Account, numeric bool) error {
	var errs []error
	ids := make(map[string]bool)
	for i := range seats {
		s := &seats[i]
		if s.Account == 0 && len(accounts) > 0 {
			s.Account = accounts[0].ID
		}
		if !slices.ContainsFunc(accounts, func(a Account) bool { return a.ID == s.Account }) {
			errs = append(errs, fmt.Errorf("sandbox: the account of seat %q is not there", s.ID))
		}
		if s.Type == "" {
			s.Type = SeatBuyer
		}
		if s.ID == "" || s.Name == "" {
			errs = append(errs, fmt.Errorf("sandbox: seat %d needs an id and a name", i))
			continue
		}
		if s.Type != SeatBuyer && s.Type != SeatActivation {
			errs = append(errs, fmt.Errorf("sandbox: seat %q has the unknown type %q", s.ID, s.Type))
		}
		key := s.ID
		if numeric {
			n, ok := idNumber(s.ID)
			if !ok {
				errs = append(errs, fmt.Errorf("sandbox: seat %q does not end in a number", s.ID))
				continue
			}
			key = strconv.FormatInt(n, 10)
		}
		if ids[key] {
			errs = append(errs, fmt.Errorf("sandbox: there are two seats %q", key))
		}
		ids[key] = true
	}
	return errors.Join(errs...)
}

// idNumber is the number at the end of an id.
func idNumber(id string) (int64, bool) {
	prefix := strings.TrimRight(id, "0123456789")
	n, err := strconv.ParseInt(id[len(prefix):], 10, 64)
	return n, err == nil
}

// isSeat reports whether a caller's id means the seat with the given id.
func (c *config) isSeat(seatID, asked string) bool {
	if asked == seatID {
		return true
	}
	n, ok := idNumber(seatID)
	return c.numericIDs && ok && asked == strconv.FormatInt(n, 10)
}

// seatByID finds the seat that a caller's id means.
func (c *config) seatByID(asked string) (Seat, bool) {
	for _, s := range c.seats {
		if c.isSeat(s.ID, asked) {
			return s, true
		}
	}
	return Seat{}, false
}

// reaches reports whether a seat is part of an account that the holder reaches, and not another than the one it is
// limited to.
func (p *platform) reaches(h holder, s Seat) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, _, reached := p.roleIn(h, s.Account)
	return reached && (h.seatID == "" || h.seatID == s.ID)
}

// seatsNamed finds the seats of a name that an account has or its children do, of one type if that is not empty.
func (p *platform) seatsNamed(account int, name, typ string) []Seat {
	p.mu.Lock()
	defer p.mu.Unlock()
	var found []Seat
	for _, s := range p.cfg.seats {
		if s.Account != account {
			if at := p.find(s.Account); at == nil || at.Parent != account {
				continue
			}
		}
		if s.Name == name && (typ == "" || s.Type == typ) {
			found = append(found, s)
		}
	}
	return found
}
