package sandbox

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// store keeps the data of the operations that follow from the document. Data belongs to a customer, and to a seat if
// the credential that wrote it is limited to one. A seat's credential does not see the records of other seats. The
// records that a collection starts with belong to all seats.
type store struct {
	mu          sync.Mutex
	collections map[string]*collection // by customer and path
	singles     map[string]record      // by customer, seat and path
	forms       map[formKey]*form
}

// collection is a list of records. Records are generated from their index; only what was written is kept.
type collection struct {
	seeds   int // records it starts with
	total   int // records it starts with and records that were created
	written map[int]*entry
	chosen  map[string]int // index by an id that the caller chose
}

// entry holds the values written to a record.
type entry struct {
	values   record
	seat     string // empty if every seat sees it
	removed  bool
	archived bool
}

func newStore() *store {
	return &store{
		collections: make(map[string]*collection), singles: make(map[string]record), forms: make(map[formKey]*form),
	}
}

// fill puts the values of its variables into a path template.
func fill(template string, vars map[string]string) string {
	if !strings.Contains(template, "{") {
		return template
	}
	segments := strings.Split(template, "/")
	for i, s := range segments {
		if isVariable(s) {
			segments[i] = vars[s[1:len(s)-1]]
		}
	}
	return strings.Join(segments, "/")
}

// collection returns the collection at a path, which exists from its first use. The caller holds mu.
func (s *store) collection(template string, c *call, seeds int) *collection {
	key := strconv.Itoa(c.customer) + " " + fill(template, c.vars)
	found := s.collections[key]
	if found == nil {
		found = &collection{seeds: seeds, total: seeds, written: make(map[int]*entry), chosen: make(map[string]int)}
		s.collections[key] = found
	}
	return found
}

// visible reports whether a caller sees the record of an index.
func (c *collection) visible(caller holder, i int, archived bool) bool {
	e := c.written[i]
	return e == nil || !e.removed && (archived || !e.archived) &&
		(caller.seatID == "" || e.seat == "" || e.seat == caller.seatID)
}

// write returns the entry of a record to write to.
func (c *collection) write(i int) *entry {
	e := c.written[i]
	if e == nil {
		e = &entry{values: make(record)}
		c.written[i] = e
	}
	return e
}

// add appends a record.
func (c *collection) add(values record, seat string) int {
	i := c.total
	c.total++
	c.written[i] = &entry{values: values, seat: seat}
	return i
}

// created lists the indexes of records that were created, in order.
func (c *collection) created() []int {
	var all []int
	for i := range c.written {
		if i >= c.seeds {
			all = append(all, i)
		}
	}
	slices.Sort(all)
	return all
}

// hides reports whether a caller no longer sees some of the records that the collection started with.
func (c *collection) hides(caller holder, archived bool) bool {
	for i := range c.written {
		if i < c.seeds && !c.visible(caller, i, archived) {
			return true
		}
	}
	return false
}

// merge applies a JSON merge patch.
func merge(into, patch record) {
	for name, value := range patch {
		inner, ok := value.(record)
		if before, was := into[name].(record); ok && was {
			before = maps.Clone(before)
			merge(before, inner)
			into[name] = before
			continue
		}
		into[name] = value
	}
}
