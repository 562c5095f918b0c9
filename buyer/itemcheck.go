package buyer

import (
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
)

// maxProblems is how many problems of a long slice are listed.
const maxProblems = 100

// each checks the items of a slice one by one.
func each[T interface{ checkAll(s check.Sink) }](problems *client.ParamError, path string, items []T) {
	at := &place{sink: most{problems}, path: path}
	for i := range items {
		if len(problems.Issues) >= maxProblems {
			return
		}
		at.index = i
		found := len(problems.Issues)
		items[i].checkAll(at)
		if len(problems.Issues) == found && unwritable(&items[i]) {
			problems.Add(path+"."+strconv.Itoa(i), unwritableText)
		}
	}
}

// Validate tells what LogEvents would refuse of an event by itself, without sending anything: a [*client.ParamError],
// with the paths of the event. A pipeline uses it to put bad events aside, because one of them holds up all that are
// logged with it.
func (e Event) Validate() error { return validate(opLogEvent.ID, "event", e) }

// Validate tells what Sync would refuse of a row by itself, without sending anything: a [*client.ParamError], with
// the paths of the row. A pipeline uses it to put bad rows aside, because one of them holds up all that are synced
// with it.
func (m Measurement) Validate() error { return validate(opSyncMeasurementData.ID, "measurement", m) }

func validate(operation, name string, item interface{ checkAll(s check.Sink) }) error {
	problems := client.ParamError{Operation: operation}
	item.checkAll(&problems)
	if len(problems.Issues) == 0 && unwritable(item) {
		problems.Add(name, unwritableText)
	}
	return problems.Err()
}

const unwritableText = "cannot be written as JSON: texts must be UTF-8, numbers finite, and years have four digits"

// unwritable tells an item of which everything is allowed but its encoding.
func unwritable(item any) bool { return json.MarshalWrite(io.Discard, item) != nil }

// most leaves out what a list of problems is too long for.
type most struct{ problems *client.ParamError }

func (m most) Add(path, message string) {
	if len(m.problems.Issues) < maxProblems {
		m.problems.Add(path, message)
	}
}

// place puts the place of an item before what is wrong with it.
type place struct {
	sink  check.Sink
	path  string
	index int
}

func (p *place) Add(path, message string) {
	p.sink.Add(p.path+"."+strconv.Itoa(p.index)+"."+path, message)
}

// checkAll tells what is wrong with an event and with what it holds (docs/platform.md#buyer-data).
func (e Event) checkAll(s check.Sink) {
	e.check(s)
	if e.EventSourceURL != "" {
		if u, err := url.Parse(e.EventSourceURL); err != nil || u.Scheme == "" {
			s.Add("event_source_url", "must be an absolute URL")
		}
	}
	m, d := &e.UserMatch, &e.CustomData
	checkUIDs(s, "user_match.uids", m.UIDs)
	checkHash(s, "user_match.hashed_email", m.HashedEmail)
	checkHash(s, "user_match.hashed_phone", m.HashedPhone)
	check.MaxLength(s, "user_match.click_id", m.ClickID, 512)
	check.MaxLength(s, "user_match.click_id_type", m.ClickIDType, 64)
	check.MaxLength(s, "user_match.client_ip", m.ClientIP, 45)
	check.MaxLength(s, "user_match.client_user_agent", m.ClientUserAgent, 512)
	checkCurrency(s, "custom_data.currency", d.Currency)
	check.MaxLength(s, "custom_data.order_id", d.OrderID, 256)
	for i, id := range d.ContentIDs {
		if len(id) > 256 {
			check.MaxLength(s, fmt.Sprintf("custom_data.content_ids.%d", i), id, 256)
		}
	}
	check.MaxLength(s, "custom_data.content_type", d.ContentType, 128)
	checkNumber(s, "custom_data.value", d.Value)
	checkNumber(s, "custom_data.num_items", d.NumItems)
	check.AtLeast(s, "custom_data.num_items", d.NumItems.Value(), 0)
	if d.Contents != nil && (!d.Contents.IsValid() || d.Contents.Kind() != jsontext.KindBeginArray) {
		s.Add("custom_data.contents", "must be a JSON array")
	}
}

func (m Measurement) checkAll(s check.Sink) {
	m.check(s)
	checkCurrency(s, "currency", m.Currency)
}

// checkAll tells what is wrong with a change and with its members.
func (c AudienceChange) checkAll(s check.Sink) {
	c.check(s)
	checkMembers(s, "add", c.Add)
	checkMembers(s, "remove", c.Remove)
}

// checkNumber refuses null, which the platform accepts in no number of a request.
func checkNumber[T int64 | float64](s check.Sink, path string, value client.Field[T]) {
	if value.IsNull() {
		s.Add(path, "must not be null")
	}
}

// maxMembers is how many members of an audience one call adds or removes (docs/platform.md#buyer-data).
const maxMembers = 100_000

func checkMembers(s check.Sink, path string, members []AudienceMember) {
	if len(members) > maxMembers {
		s.Add(path, fmt.Sprintf("must have at most %d members, has %d", maxMembers, len(members)))
		return
	}
	at := &place{sink: s, path: path}
	for i, m := range members {
		at.index = i
		check.Required(at, "externalId", m.ExternalID, "")
		checkHash(at, "hashedEmail", m.HashedEmail)
		checkHash(at, "hashedPhone", m.HashedPhone)
		checkUIDs(at, "uids", m.UIDs)
	}
}

func checkUIDs(s check.Sink, path string, uids []UID) {
	for i, uid := range uids {
		at := &place{s, path, i}
		check.Required(at, "type", uid.Type, "")
		check.Required(at, "value", uid.Value, "")
	}
}

// checkHash keeps an address or a number that was not hashed from being sent. It does not quote it.
func checkHash(s check.Sink, path, hash string) {
	if hash != "" && (len(hash) != 64 || strings.Trim(hash, "0123456789abcdef") != "") {
		s.Add(path, "must be a SHA-256 in lower-case hex")
	}
}

func checkCurrency(s check.Sink, path, code string) {
	if code != "" && (len(code) != 3 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "") {
		s.Add(path, "must be three capital letters")
	}
}
