// Package wire reads what the platform sends: envelopes, error bodies and the headers about limits.
package wire

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Quota is what a response says about the caller's limit.
type Quota struct {
	Known     bool // any header was there
	Limit     int64
	Remaining int64     // -1 when not said
	Reset     time.Time // zero when not said
}

// maxDelay keeps arithmetic on what a peer sends from overflowing.
const maxDelay = 100 * 365 * 24 * time.Hour

// epochFrom is where a reset value stops being a number of seconds to wait and becomes a Unix time.
const epochFrom = 1e9

// plausible is how far from now a number is taken for a Unix time where it may be seconds, whatever year the clock has.
const plausible = 365 * 24 * time.Hour

// ReadQuota reads RateLimit-Limit/-Remaining/-Reset, the combined RateLimit and RateLimit-Policy of the newer
// drafts, and X-RateLimit-*. Resets are seconds from now, or Unix times when they are too large for that: no API has to
// say which of them it means.
func ReadQuota(h http.Header, now time.Time) Quota {
	q := Quota{Remaining: -1}
	if len(h) == 0 {
		return q
	}
	for _, prefix := range [...][3]string{
		{"Ratelimit-Limit", "Ratelimit-Remaining", "Ratelimit-Reset"},
		{"X-Ratelimit-Limit", "X-Ratelimit-Remaining", "X-Ratelimit-Reset"},
	} {
		limit, remaining, reset := first(h, prefix[0]), first(h, prefix[1]), first(h, prefix[2])
		if limit == "" && remaining == "" && reset == "" {
			continue
		}
		q.Known = true
		if n, ok := wholeNumber(limit); ok {
			q.Limit = n
		}
		if n, ok := wholeNumber(remaining); ok {
			q.Remaining = n
		}
		if at, ok := moment(reset, h, now); ok {
			q.Reset = at
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
func readCombined(q *Quota, h http.Header, now time.Time) {
	name := ""
	for _, item := range split(strings.Join(h["Ratelimit"], ","), ',') {
		policy := Quota{Remaining: -1}
		parts := split(item, ';')
		for _, part := range parts {
			key, value, _ := strings.Cut(strings.TrimSpace(part), "=")
			switch strings.ToLower(key) {
			case "limit":
				if n, ok := wholeNumber(value); ok {
					q.Known, q.Limit = true, n
				}
			case "remaining":
				if n, ok := wholeNumber(value); ok {
					q.Known, q.Remaining = true, n
				}
			case "reset":
				if at, ok := moment(value, h, now); ok {
					q.Known, q.Reset = true, at
				}
			case "r":
				if n, ok := wholeNumber(value); ok {
					policy.Known, policy.Remaining = true, n
				}
			case "t":
				if at, ok := moment(value, h, now); ok {
					policy.Known, policy.Reset = true, at
				}
			}
		}
		if policy.Known && (!q.Known || policy.tighter(*q)) {
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

func (q Quota) tighter(than Quota) bool {
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

// RetryAfter reads Retry-After: seconds, also with a fraction, or any of the three date forms, also
// Retry-After-Ms. Of several values the longest counts. Dates are read against the response's own Date, so that
// a clock that is off does not turn into a wait.
func RetryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	var longest time.Duration
	found := false
	for _, value := range h["Retry-After-Ms"] {
		if d, ok := number(value, time.Millisecond); ok {
			longest, found = max(longest, d), true
		}
	}
	for _, value := range h["Retry-After"] {
		d, ok := number(value, time.Second)
		if at := time.Unix(0, 0).Add(d); ok && at.Sub(now).Abs() < plausible {
			d = max(at.Sub(ServerTime(h, now)), 0) // a Unix time, put where seconds belong
		}
		if !ok {
			at, err := http.ParseTime(strings.TrimSpace(value))
			if err != nil {
				continue
			}
			d = min(max(at.Sub(ServerTime(h, now)), 0), maxDelay)
		}
		longest, found = max(longest, d), true
	}
	return longest, found
}

func first(h http.Header, canonical string) string {
	if v := h[canonical]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// ServerTime is the response's Date where it has one: header times are the server's, not ours.
func ServerTime(h http.Header, now time.Time) time.Time {
	if date := first(h, "Date"); date != "" {
		if at, err := http.ParseTime(date); err == nil {
			return at
		}
	}
	return now
}

func number(s string, unit time.Duration) (time.Duration, bool) {
	f, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if math.IsNaN(f) || f < 0 || (err != nil && !math.IsInf(f, 1)) {
		return 0, false
	}
	if f >= float64(maxDelay/unit) {
		return maxDelay, true
	}
	// Rounded up: a wait must not end before the server said.
	return time.Duration(math.Ceil(f * float64(unit))), true
}

func wholeNumber(s string) (int64, bool) {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	return n, err == nil && n >= 0
}

// moment reads when a window ends: seconds to wait, or a Unix time, also in milliseconds as JavaScript counts.
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
