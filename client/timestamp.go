package client

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Timestamp is a time whose form the platform does not document. It keeps the text as sent, so that an unusual value
// never costs the response it is in; [Timestamp.Time] parses it. A number reads as its digits, null as the empty text,
// and any other JSON value as itself.
type Timestamp string

// Time parses the text. It accepts RFC 3339, the same with a space or without a zone, which means UTC, a day, and Unix
// seconds or milliseconds. The empty text and 0000-00-00 are the zero time.
func (t Timestamp) Time() (time.Time, error) {
	text := strings.TrimSpace(string(t))
	if text == "" || strings.HasPrefix(text, "0000-00-00") { // a database's way to store no time
		return time.Time{}, nil
	}
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		return unixTime(n)
	}
	upper := strings.TrimSpace(strings.TrimSuffix(strings.ToUpper(text), "UTC"))
	upper, leap := beforeLeapSecond(upper)
	for _, layout := range [...]string{
		time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02T15:04",
		"2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05Z07",
		"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05Z0700", "2006-01-02 15:04:05Z07", "2006-01-02 15:04:05",
		"2006-01-02 15:04", time.DateOnly,
	} {
		if parsed, err := time.Parse(layout, upper); err == nil {
			return parsed.Add(leap), nil
		}
	}
	return time.Time{}, errors.New("client: timestamp must be a time in a known form")
}

// beforeLeapSecond replaces the second 60, which package time refuses, and returns what must be added.
func beforeLeapSecond(text string) (string, time.Duration) {
	const before = len("2006-01-02T15:04")
	if len(text) < before+3 || text[before:before+3] != ":60" {
		return text, 0
	}
	return text[:before] + ":59" + text[before+3:], time.Second
}

// maxUnix is the last second with a year of four digits.
const maxUnix = 253402300799

// unixTime reads seconds, or milliseconds where seconds would be far in the future.
func unixTime(n float64) (time.Time, error) {
	const milliseconds = 1e11 // as seconds, the year 5138
	if math.Abs(n) >= milliseconds {
		n /= 1000
	}
	if math.IsNaN(n) || math.Abs(n) > maxUnix {
		return time.Time{}, errors.New("client: timestamp is out of range")
	}
	seconds, fraction := math.Modf(n)
	return time.Unix(int64(seconds), int64(math.Round(fraction*1e3)*1e6)).UTC(), nil
}

// UnmarshalJSONFrom keeps the value as text, whatever its type.
func (t *Timestamp) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	switch dec.PeekKind() {
	case '"':
		return json.UnmarshalDecode(dec, (*string)(t))
	case 'n':
		*t = ""
		return dec.SkipValue()
	default:
		value, err := dec.ReadValue()
		if err != nil {
			return err
		}
		*t = Timestamp(value)
		return nil
	}
}

// UnmarshalJSON is UnmarshalJSONFrom for encoding/json.
func (t *Timestamp) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, t) }
