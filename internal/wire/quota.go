// Package wire reads responses: envelopes, error bodies and the headers about limits.
package wire

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/interchange-sdk/interchange-go/pace"
)

// epochFrom is the smallest reset value that is a Unix time instead of a number of seconds to wait.
const epochFrom = 1e9

// plausible is the distance from now within which a number that may be seconds counts as a Unix time.
const plausible = 365 * 24 * time.Hour

// ReadQuota reads RateLimit-Limit/-Remaining/-Reset, the combined RateLimit and RateLimit-Policy of the newer
// drafts, and X-RateLimit-*. A reset is a number of seconds from now, or a Unix time if it is too large
// for that, as APIs do not state which they send.
func ReadQuota(h http.Header, now time.Time) pace.Quota {
	q := pace.Quota{Remaining: -1}
	if len(h) == 0 {
		return q
	}
	for _, prefix := range [...][3]string{
		{"Ratelimit-Limit", "Ratelimit-Remaining", "Ratelimit-Reset"},
		{"X-Ratelimit-Limit", "X-Ratelimit-Remaining", "X-Ratelimit-Reset"},
	} {
		limit, remaining, reset := h[prefix[0]], h[prefix[1]], h[prefix[2]]
		if !anyText(limit) && !anyText(remaining) && !anyText(reset) {
			continue
		}
		q.Known = true
		for values := (fieldValues{fields: limit}); values.next(); {
			if n, ok := wholeNumber(values.value); ok { // the first, as the draft appends other policies
				q.Limit = n
				break
			}
		}
		for values := (fieldValues{fields: remaining}); values.next(); {
			if n, ok := wholeNumber(values.value); ok && (q.Remaining < 0 || n < q.Remaining) {
				q.Remaining = n
			}
		}
		for values := (fieldValues{fields: reset}); values.next(); {
			if at, ok := moment(values.value, h, now); ok && at.After(q.Reset) {
				q.Reset = at
			}
		}
		return q
	}
	if len(h["Ratelimit"]) > 0 {
		readCombined(&q, h, now)
	}
	return q
}

// readCombined reads both drafts of the one-header form: the dictionary `limit=100, remaining=3, reset=7`, and the
// later list `"default";r=3;t=7` with the limit in RateLimit-Policy (`"default";q=100;w=60`). Of several policies
// the one with the least left counts, and of those the one that ends last.
func readCombined(q *pace.Quota, h http.Header, now time.Time) {
	name := ""
	for _, item := range split(strings.Join(h["Ratelimit"], ","), ',') {
		policy := pace.Quota{Remaining: -1}
		parts := split(item, ';')
		for _, part := range parts {
			key, value, _ := strings.Cut(strings.TrimSpace(part), "=")
			n, isNumber := wholeNumber(value)
			at, isTime := moment(value, h, now)
			switch key = strings.ToLower(key); {
			case key == "limit" && isNumber:
				q.Known, q.Limit = true, n
			case key == "remaining" && isNumber:
				q.Known, q.Remaining = true, n
			case key == "reset" && isTime:
				q.Known, q.Reset = true, at
			case key == "r" && isNumber:
				policy.Known, policy.Remaining = true, n
			case key == "t" && isTime:
				policy.Known, policy.Reset = true, at
			}
		}
		if policy.Known && (!q.Known || tighter(policy, *q)) {
			name, *q = strings.TrimSpace(parts[0]), policy
		}
	}
	if !q.Known || q.Limit != 0 {
		return
	}
	policies := split(strings.Join(h["Ratelimit-Policy"], ","), ',')
	for _, item := range policies {
		parts := split(item, ';')
		if len(policies) > 1 && strings.TrimSpace(parts[0]) != name {
			continue
		}
		for _, part := range parts {
			if key, value, _ := strings.Cut(strings.TrimSpace(part), "="); key == "q" {
				if n, ok := wholeNumber(value); ok {
					q.Limit = n
				}
			}
		}
	}
}

func tighter(q, than pace.Quota) bool {
	if q.Remaining != than.Remaining {
		return q.Remaining >= 0 && (than.Remaining < 0 || q.Remaining < than.Remaining)
	}
	return q.Reset.After(than.Reset)
}

// split cuts a structured field outside of its quoted strings.
func split(s string, at byte) []string {
	var parts []string
	quoted, start := false, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == at && !quoted:
			parts = append(parts, s[start:i])
			start = i + 1
		}
	}
	return append(parts, s[start:])
}

// fieldValues steps through the values of a header, whether they are in separate fields or joined with commas in one,
// without their parameters.
type fieldValues struct {
	value  string
	fields []string
	rest   string
	more   bool // rest has a value
}

func (v *fieldValues) next() bool {
	if !v.more {
		if len(v.fields) == 0 {
			return false
		}
		v.rest, v.fields = v.fields[0], v.fields[1:]
	}
	v.value, v.rest, v.more = strings.Cut(v.rest, ",")
	v.value, _, _ = strings.Cut(v.value, ";")
	return true
}

func anyText(fields []string) bool {
	return slices.ContainsFunc(fields, func(field string) bool { return field != "" })
}

// ServerTime returns the Date of a response, or now without one: times in headers are by the server's clock.
func ServerTime(h http.Header, now time.Time) time.Time {
	if at, err := http.ParseTime(h.Get("Date")); err == nil {
		return at
	}
	return now
}

// moment reads the end of a window: seconds to wait, or a Unix time in seconds or milliseconds.
func moment(s string, h http.Header, now time.Time) (time.Time, bool) {
	d, ok := number(s, time.Second)
	if !ok {
		return time.Time{}, false
	}
	server := ServerTime(h, now)
	isUnixTime := func(d time.Duration) bool {
		return d < maxDelay && (d >= epochFrom*time.Second || time.Unix(0, 0).Add(d).Sub(server).Abs() < plausible)
	}
	if ms, _ := number(s, time.Millisecond); d == maxDelay && isUnixTime(ms) {
		d = ms
	}
	if isUnixTime(d) {
		d = max(time.Unix(0, 0).Add(d).Sub(server), 0)
	}
	return now.Add(d), true
}
