package sandbox

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
)

const (
	defaultRecords = 25
	// maxRecords keeps the numbers in ids, and the sums of reports, small.
	maxRecords = 10_000_000
	// firstRecord is the number in the id of the first record of every list.
	firstRecord = 1001
	// checkedRecords is the number of records of a list that are checked against the contract, besides the last page:
	// beyond it records differ from checked ones in nothing but numbers.
	checkedRecords = 1000
)

// recordsBegin is the time of the first record of every list; each is a minute after the one before.
var recordsBegin = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// WithRecords sets how many items each list of the buyer has; what belongs to an advertiser or to a campaign, as many
// for each of them. The default is 25. Records are made when they are asked for, always the same, so that long lists
// cost nothing until they are read: their ids count from 1001, and their times from 2026-01-01, a minute each.
func WithRecords(n int) Option {
	return func(c *config) { c.records = n }
}

// WithRecordsOf sets the length of one list, whatever [WithRecords] says of the others. It is named by the last part
// of its path: advertisers, campaigns (and media buys), creatives, audiences, event-sources, catalogs,
// property-lists, audit-logs, calls, storefronts or notifications. The campaigns belong to the first ten advertisers
// in turn, or to as many as there are.
func WithRecordsOf(list string, n int) Option {
	return func(c *config) {
		if c.recordsOf == nil {
			c.recordsOf = make(map[string]int)
		}
		c.recordsOf[list] = n
	}
}

// kinds are all that lists are made of.
func kinds() []*kind {
	return []*kind{
		advertisers, campaigns, creatives, audiences, eventSources, catalogs, propertyLists, auditLogs, activityCalls,
		storefronts, notifications,
	}
}

func (c *config) checkRecords() error {
	var errs []error
	check := func(n int) {
		if n < 0 || n > maxRecords {
			errs = append(errs, errors.New("sandbox: records are between 0 and "+strconv.Itoa(maxRecords)))
		}
	}
	check(c.records)
	for list, n := range c.recordsOf {
		check(n)
		if !slices.ContainsFunc(kinds(), func(k *kind) bool { return k.list == list }) {
			errs = append(errs, fmt.Errorf("sandbox: there is no list %q", list))
		}
	}
	return errors.Join(errs...)
}

// record is one item of a list, as JSON.
type record = map[string]any

// kind describes the records of one list.
type kind struct {
	list   string // the last part of its path
	prefix string // before the number in an id
	digits int    // how many the number has at least
	name   string // before the number in a name
	// one makes the members of a record that are not left to the document. Those that a schema does not have are not
	// shown.
	one func(c *config, i int) record
	// detail lists the members that lists leave out.
	detail []string
	// shape applies the parameters that change what a record shows; nil if there are none.
	shape func(c *config, call *call, r record)
	// same maps filters to members in which all records are alike, so that a filter finds all of them or none.
	same map[string]string
	// span names the filters by time.
	span    [2]string
	strided bool // the records belong to the first advertisers in turn

	preset    bool     // the sandbox, not the document, says what it is made of
	creatable bool     // the document has an operation that adds records
	ids       []string // all there can be, if the document lists them
	idVar     string   // the variable that names a record
	entity    *openapi3.Schema
}

// id is the id of a record.
func (k *kind) id(i int) string {
	if i < len(k.ids) {
		return k.ids[i]
	}
	return fmt.Sprintf("%s%0*d", k.prefix, k.digits, firstRecord+i)
}

// count returns the number of records.
func (k *kind) count(c *config) int {
	if k.ids != nil {
		return len(k.ids)
	}
	if n, ok := c.recordsOf[k.list]; ok {
		return n
	}
	return c.records
}

// named is the name of a record.
func (k *kind) named(i int) string { return k.name + " " + strconv.Itoa(firstRecord+i) }

// index finds the record that a caller's id means.
func (k *kind) index(c *config, asked string) (int, bool) { return k.indexBelow(c, asked, k.count(c)) }

// indexBelow does so among so many records.
func (k *kind) indexBelow(c *config, asked string, count int) (int, bool) {
	if i := slices.Index(k.ids, asked); i >= 0 {
		return i, i < count
	}
	n, ok := idNumber(asked)
	i := int(n) - firstRecord
	if !ok || i < 0 || i >= count {
		return 0, false
	}
	return i, asked == k.id(i) || c.numericIDs && asked == strconv.Itoa(firstRecord+i)
}

// at is the time of a record.
func at(i int) string { return stamp(recordsBegin.Add(time.Duration(i) * time.Minute)) }

// owner is the id of the advertiser or the campaign in the path.
func (c *call) owner() string {
	for _, name := range [...]string{"advertiserId", "accountId", "campaignId"} {
		if id := c.vars[name]; id != "" {
			return id
		}
	}
	return ""
}

// spanRules refuse filters by time that cannot be read.
func (k *kind) spanRules(_ *platform, c *call) (issues []issue) {
	for _, param := range k.span {
		if text, _ := c.params[param].(string); text != "" {
			if _, err := parseTime(text); err != nil {
				issues = append(issues, issue{Path: param, Message: "must be a day, as YYYY-MM-DD, or a time, as RFC 3339"})
			}
		}
	}
	return issues
}

// matching returns how many of the records that a list starts with the filters leave, and the index of each.
func (k *kind) matching(c *config, call *call) (count int, at func(int) int) {
	from, count, stride := k.stretch(c, call)
	return count, func(n int) int { return from + n*stride }
}

func (k *kind) stretch(c *config, call *call) (from, count, stride int) {
	from, to := 0, k.count(c)
	for param, member := range k.same {
		if asked, ok := call.params[param]; ok && to > 0 && !matches(asked, k.one(c, 0)[member]) {
			return 0, 0, 1
		}
	}
	for i, param := range k.span {
		bound, err := parseTime(call.params[param])
		if param == "" || err != nil {
			continue
		}
		n := int((bound.Sub(recordsBegin) + time.Minute - 1) / time.Minute)
		if i == 0 {
			from = max(from, n)
		} else {
			to = min(to, int(bound.Sub(recordsBegin)/time.Minute)+1)
		}
	}
	for _, param := range [...]string{"name", "search"} {
		asked, _ := call.params[param].(string)
		if asked == "" || strings.Contains(k.name, asked) {
			continue
		}
		n, _ := idNumber(asked)
		i := int(n) - firstRecord
		if i < from || i >= to || asked != k.named(i) {
			return 0, 0, 1
		}
		from, to = i, i+1
	}
	if k.strided && call.asked("advertiserId") != "" {
		first, ok := advertisers.index(c, call.asked("advertiserId"))
		stride := c.stride()
		if !ok || first >= stride {
			return 0, 0, 1
		}
		return first, (to - first + stride - 1) / stride, stride
	}
	return from, max(to-from, 0), 1
}

// stride returns the number of advertisers with campaigns: campaign i belongs to advertiser i modulo this.
func (c *config) stride() int {
	const most = 10
	return max(1, min(most, advertisers.count(c)))
}

// asked is a query parameter as text.
func (c *call) asked(name string) string {
	s, _ := c.params[name].(string)
	return s
}

// matches reports whether a filter, or one of its values, equals a value.
func matches(asked, has any) bool {
	if values, ok := asked.([]any); ok {
		return slices.ContainsFunc(values, func(one any) bool { return matches(one, has) })
	}
	if text, ok := asked.(string); ok && strings.EqualFold(text, "all") {
		return true
	}
	return fmt.Sprint(asked) == fmt.Sprint(has) // some ids are numbers
}

// parseTime reads a filter by time: a day or a moment.
func parseTime(v any) (time.Time, error) {
	text, _ := v.(string)
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day, nil
	}
	return time.Parse(time.RFC3339, text)
}
