package wire

import (
	"net/http"
	"strings"
	"time"
)

// RetryAfter parses Retry-After: seconds, also with a fraction, or any of the three date forms, and Retry-After-Ms.
// Of several values the longest counts, whether they are in separate fields or joined with commas in one. Dates are
// compared with the Date of the response, so that a wrong clock on either side does not become a wait.
func RetryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	var longest time.Duration
	found := false
	for values := (fieldValues{fields: h["Retry-After-Ms"]}); values.next(); {
		if d, ok := number(values.value, time.Millisecond); ok {
			longest, found = max(longest, d), true
		}
	}
	for _, field := range h["Retry-After"] {
		for more := true; more; {
			var d time.Duration
			var ok bool
			d, ok, field, more = nextDelay(field, h, now)
			if ok {
				longest, found = max(longest, d), true
			}
		}
	}
	return longest, found
}

// nextDelay parses the first value of a list. Two of the three date forms contain a comma themselves.
func nextDelay(list string, h http.Header, now time.Time) (d time.Duration, ok bool, rest string, more bool) {
	first, rest, more := strings.Cut(list, ",")
	if d, ok = delay(first, h, now); ok || !more {
		return d, ok, rest, more
	}
	second, afterDate, moreAfterDate := strings.Cut(rest, ",")
	if d, ok = delay(first+","+second, h, now); ok {
		return d, true, afterDate, moreAfterDate
	}
	return 0, false, rest, more
}

// delay parses one value of Retry-After.
func delay(value string, h http.Header, now time.Time) (time.Duration, bool) {
	if d, ok := number(value, time.Second); ok {
		if at := time.Unix(0, 0).Add(d); at.Sub(now).Abs() < plausible {
			d = max(at.Sub(ServerTime(h, now)), 0) // a Unix time instead of a number of seconds
		}
		return d, true
	}
	at, err := http.ParseTime(strings.TrimSpace(value))
	if err != nil {
		return 0, false
	}
	return min(max(at.Sub(ServerTime(h, now)), 0), maxDelay), true
}
