package sandbox

import (
	"errors"
	"fmt"
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
}

// checkSeats fills in the types of the seats and tells what is wrong with the rest.
func checkSeats(seats []Seat, numeric bool) error {
	var errs []error
	ids := make(map[string]bool)
	for i := range seats {
		s := &seats[i]
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

// seatsNamed finds the seats of a name, of one type if that is not empty.
func (c *config) seatsNamed(name, typ string) []Seat {
	var found []Seat
	for _, s := range c.seats {
		if s.Name == name && (typ == "" || s.Type == typ) {
			found = append(found, s)
		}
	}
	return found
}
