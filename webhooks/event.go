package webhooks

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// EventType names the kind of an event. The set is open.
type EventType string

// The documented types.
const (
	// VisitorIdentified is sent by the Partner API for each identified visitor.
	VisitorIdentified EventType = "visitor.identified"
	// DiscoveryRevision is sent by Interchange when a discovery has new results.
	DiscoveryRevision EventType = "discovery.revision"
)

// Event is one delivery. Fields missing from the payload are zero. Data may contain personal data, so printing or
// logging an Event shows its type, ID and time only.
type Event struct {
	// Type is the kind of the event.
	Type EventType
	// ID identifies the event; a repeated delivery has the same one. Empty if the platform sends none.
	ID string
	// Time is the time of the event, as sent.
	Time time.Time
	// Data is the part of the payload that depends on the type, or the whole payload if there is no such part.
	Data jsontext.Value
	// Payload is the body as received.
	Payload jsontext.Value
}

// String returns the type, ID and time.
func (e Event) String() string {
	text := fmt.Sprintf("event %s %s", wire.Printable(string(e.Type), 64), wire.Printable(e.ID, 64))
	if !e.Time.IsZero() {
		text += " at " + e.Time.UTC().Format(time.RFC3339)
	}
	return text
}

// Format prints String, whatever the verb.
func (e Event) Format(f fmt.State, verb rune) { wire.Format(f, verb, e.String()) }

// LogValue returns String.
func (e Event) LogValue() slog.Value { return slog.StringValue(e.String()) }

// Into decodes Data into the value that v points to.
func (e Event) Into(v any) error {
	if err := wire.Decode(e.Data, v); err != nil {
		return fmt.Errorf("webhooks: cannot decode the data of event %s: %w", wire.Printable(string(e.Type), 64), err)
	}
	return nil
}

// envelope has the fields of all known payloads.
type envelope struct {
	Type           jsontext.Value `json:"type"`
	Event          jsontext.Value `json:"event"`
	EventType      string         `json:"eventType"`
	EventTypeSnake string         `json:"event_type"`
	ID             string         `json:"id"`
	EventID        string         `json:"eventId"`
	EventIDSnake   string         `json:"event_id"`
	Timestamp      jsontext.Value `json:"timestamp"`
	CreatedAt      jsontext.Value `json:"createdAt"`
	Data           jsontext.Value `json:"data"`
	Payload        jsontext.Value `json:"payload"`
}

// ParseEvent reads the body of a delivery. It does not check the signature.
func ParseEvent(body []byte) (Event, error) {
	body = wire.TrimJSON(body)
	if !jsontext.Value(body).IsValid() || jsontext.Value(body).Kind() != '{' {
		return Event{}, errors.New("webhooks: the body is not a JSON object")
	}
	var sent envelope
	if _, err := wire.Salvage(body, &sent); err != nil {
		return Event{}, errors.New("webhooks: the body is not a JSON object")
	}
	e := Event{Payload: body, Data: sent.Data}
	var inner envelope
	if sent.Event.Kind() == '{' { // {"event": {"type": …, "data": …}}
		_, _ = wire.Salvage(sent.Event, &inner)
	}
	e.Type = EventType(cmp.Or(wire.Text(sent.Type), wire.Text(sent.Event), sent.EventType, sent.EventTypeSnake,
		wire.Text(inner.Type)))
	e.ID = cmp.Or(sent.EventID, sent.EventIDSnake, sent.ID, inner.EventID, inner.ID)
	for _, at := range []jsontext.Value{sent.Timestamp, sent.CreatedAt, inner.Timestamp} {
		if e.Time.IsZero() {
			e.Time = wire.Time(at)
		}
	}
	for _, data := range []jsontext.Value{inner.Data, sent.Payload, body} {
		if e.Data == nil {
			e.Data = data
		}
	}
	return e, nil
}
