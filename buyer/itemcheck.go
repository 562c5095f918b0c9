package buyer

import (
	"io"
	"net/url"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
)

// maxProblems limits the problems listed for a long slice.
const maxProblems = 100

// each checks the items of a slice one by one.
func each[T interface{ checkAll(s check.Reporter) }](problems *client.ParamError, path string, items []T) {
	at := &place{sink: most{problems}, path: path}
	for i := range items {
		if len(problems.Issues) >= maxProblems {
			return
		}
		at.index = i
		found := len(problems.Issues)
		items[i].checkAll(at)
		if len(problems.Issues) == found && unwritable(&items[i]) {
			problems.Add(path+"["+strconv.Itoa(i)+"]", unwritableText)
		}
	}
}

// Validate returns the error that LogEvents would return for an event alone, and sends nothing: a [*client.ParamError]
// with the paths of the event. A pipeline uses it to put bad events aside, because one of them holds up all that are
// logged with it.
func (e Event) Validate() error { return validate(opLogEvent.ID, "event", e) }

// Validate returns the error that Sync would return for a row alone, and sends nothing: a [*client.ParamError] with
// the paths of the row. A pipeline uses it to put bad rows aside, because one of them holds up all that are synced
// with it.
func (m Measurement) Validate() error { return validate(opSyncMeasurementData.ID, "measurement", m) }

func validate(operation, name string, item interface{ checkAll(s check.Reporter) }) error {
	problems := client.ParamError{Operation: operation}
	item.checkAll(&problems)
	if len(problems.Issues) == 0 && unwritable(item) {
		problems.Add(name, unwritableText)
	}
	return problems.Err()
}

const unwritableText = "cannot be written as JSON: texts must be UTF-8, numbers finite, and years have four digits"

// unwritable reports whether an item cannot be encoded.
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
	sink  check.Reporter
	path  string
	index int
}

func (p *place) Add(path, message string) {
	p.sink.Add(p.path+"["+strconv.Itoa(p.index)+"]."+path, message)
}

// checkAll reports every problem of an event (docs/platform.md#buyer-data).
func (e Event) checkAll(r check.Reporter) {
	e.check(r)
	if e.EventSourceURL != "" {
		if u, err := url.Parse(e.EventSourceURL); err != nil || u.Scheme == "" {
			r.Add("event_source_url", "must be an absolute URL")
		}
	}
	if contents := e.CustomData.Contents; contents != nil &&
		(!contents.IsValid() || contents.Kind() != jsontext.KindBeginArray) {
		r.Add("custom_data.contents", "must be a JSON array")
	}
}

func (m Measurement) checkAll(r check.Reporter) { m.check(r) }

func (c AudienceChange) checkAll(r check.Reporter) { c.check(r) }
