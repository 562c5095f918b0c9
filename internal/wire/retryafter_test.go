package wire

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

var now = time.Date(2026, 4, 26, 16, 30, 0, 0, time.UTC)

// date is a moment relative to now, as a header spells it.
func date(offset time.Duration, layout string) string { return now.Add(offset).Format(layout) }

// epoch is such a moment as a Unix time.
func epoch(offset time.Duration) string { return strconv.FormatInt(now.Add(offset).Unix(), 10) }

// plausibleSeconds returns a Unix time as a number of seconds.
func plausibleSeconds(offset time.Duration) time.Duration {
	return time.Duration(now.Add(offset).Unix()) * time.Second
}

func TestRetryAfterForms(t *testing.T) {
	t.Parallel()
	const (
		no  = false
		yes = true
	)
	future, past := 30*time.Second, -30*time.Second
	for _, tt := range []struct {
		value string
		want  time.Duration
		ok    bool
	}{
		{"", 0, no},
		{" ", 0, no},
		{"0", 0, yes},
		{"00", 0, yes},
		{"-0", 0, yes},
		{"0.0", 0, yes},
		{"-1", 0, no},
		{"-0.5", 0, no},
		{"-1e400", 0, no},
		{"-9223372036854775808", 0, no},
		{"1", time.Second, yes},
		{"+5", 5 * time.Second, yes},
		{" 7 ", 7 * time.Second, yes},
		{"\t7", 7 * time.Second, yes},
		{"007", 7 * time.Second, yes},
		{"60", time.Minute, yes},
		{"61", 61 * time.Second, yes},
		{"1.5", 1500 * time.Millisecond, yes},
		{".5", 500 * time.Millisecond, yes},
		{"5.", 5 * time.Second, yes},
		{"0.0000000001", 1, yes}, // never rounded down to nothing
		{"1.0000000001", time.Second + 1, yes},
		{"1e-400", 0, yes},
		{"1e2", 100 * time.Second, yes},
		{"1e9", 1e9 * time.Second, yes},
		{"1000000000", 1e9 * time.Second, yes},
		{"9999999999", maxDelay, yes},
		{"9223372036854775807", maxDelay, yes},
		{"9223372036854775808", maxDelay, yes},
		{"18446744073709551616", maxDelay, yes},
		{"1e400", maxDelay, yes},
		{strings.Repeat("9", 64<<10), maxDelay, yes},
		{"NaN", 0, no},
		{"nan", 0, no},
		{"-Inf", 0, no},
		{"Inf", 0, no}, // Go alone reads the spellings of infinity, underscores and hexadecimal digits
		{"+Inf", 0, no},
		{"infinity", 0, no},
		{"12abc", 0, no},
		{"5s", 0, no},
		{"soon", 0, no},
		{"1,5", 5 * time.Second, yes}, // two joined values
		{"5;10", 0, no},
		{"1_000", 0, no},
		{"1_0.5", 0, no},
		{"0x10", 0, no},
		{"0x1p4", 0, no},
		{"0X1P4", 0, no},
		{"0x1p", 0, no},
		{"0b11", 0, no},
		{"0o17", 0, no},
		{"1p4", 0, no},
		{"1e", 0, no},
		{"e5", 0, no},
		{"1e1_0", 0, no},
		{".", 0, no},
		{"+", 0, no},
		{"+-5", 0, no},
		{"5.5.5", 0, no},
		{"1E1", 10 * time.Second, yes},
		{"1e+1", 10 * time.Second, yes},
		{"٣", 0, no},
		{"５", 0, no},
		{"\x00", 0, no},
		{"5\x00", 0, no},
		{"\xff5", 0, no},
		{date(future, http.TimeFormat), future, yes},
		{date(future, time.RFC850), future, yes},
		{date(future, time.ANSIC), future, yes},
		{" " + date(future, http.TimeFormat) + " ", future, yes},
		{date(past, http.TimeFormat), 0, yes},
		{date(past, time.RFC850), 0, yes},
		{date(past, time.ANSIC), 0, yes},
		{date(0, http.TimeFormat), 0, yes},
		{"Fri, 31 Dec 9999 23:59:59 GMT", maxDelay, yes},
		{"Mon, 01 Jan 0001 00:00:00 GMT", 0, yes},
		{epoch(future), future, yes}, // not a wait of 56 years
		{epoch(past), 0, yes},
		{epoch(-plausible), plausibleSeconds(-plausible), yes},
		{epoch(plausible), plausibleSeconds(plausible), yes},
		{epoch(plausible - time.Second), plausible - time.Second, yes},
		{"Sun, 26 Apr 2026 16:30:60 GMT", 0, no}, // a leap second
		{date(future, time.RFC1123Z), 0, no},
		{date(future, time.RFC3339), 0, no},
	} {
		t.Run(fmt.Sprintf("%.40q", tt.value), func(t *testing.T) {
			t.Parallel()
			got, ok := RetryAfter(http.Header{"Retry-After": {tt.value}}, now)
			assert.Equal(t, tt.ok, ok)
			assert.Equal(t, tt.want, got)
		})
	}
}

func TestRetryAfterUsesLongestOfSeveral(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		header http.Header
		want   time.Duration
		ok     bool
	}{
		{"no header", nil, 0, false},
		{"no value", http.Header{"Retry-After": {}}, 0, false},
		{"two values", http.Header{"Retry-After": {"5", "10"}}, 10 * time.Second, true},
		{"two values, the longer first", http.Header{"Retry-After": {"10", "5"}}, 10 * time.Second, true},
		{"one of two unreadable", http.Header{"Retry-After": {"junk", "5"}}, 5 * time.Second, true},
		{"none of two readable", http.Header{"Retry-After": {"junk", "-1"}}, 0, false},
		{"two joined", http.Header{"Retry-After": {"3, 4"}}, 4 * time.Second, true},
		{"two joined, the longer first", http.Header{"Retry-After": {"4,3"}}, 4 * time.Second, true},
		{"three joined", http.Header{"Retry-After": {"3, 40 ,5"}}, 40 * time.Second, true},
		{"joined and separate", http.Header{"Retry-After": {"3, 4", "5"}}, 5 * time.Second, true},
		{"joined, one unreadable", http.Header{"Retry-After": {"junk, 5"}}, 5 * time.Second, true},
		{"joined, one written as only Go reads it", http.Header{"Retry-After": {"1_000, 5"}}, 5 * time.Second, true},
		{"joined, none readable", http.Header{"Retry-After": {"junk, -1"}}, 0, false},
		{"joined with empty values", http.Header{"Retry-After": {",, 5,"}}, 5 * time.Second, true},
		{"only commas", http.Header{"Retry-After": {",,"}}, 0, false},
		{"a joined date, last", http.Header{"Retry-After": {"5, " + date(time.Minute, http.TimeFormat)}}, time.Minute, true},
		{"a joined date, first", http.Header{"Retry-After": {date(time.Minute, http.TimeFormat) + ", 5"}}, time.Minute, true},
		{"a joined date, the shorter", http.Header{"Retry-After": {date(0, time.RFC850) + ",90"}}, 90 * time.Second, true},
		{"a date without a comma", http.Header{"Retry-After": {date(time.Minute, time.ANSIC) + ", 5"}}, time.Minute, true},
		{"two joined dates", http.Header{"Retry-After": {
			date(time.Second, http.TimeFormat) + ", " + date(time.Minute, time.RFC850),
		}}, time.Minute, true},
		{"junk before a date", http.Header{"Retry-After": {"junk," + date(time.Minute, http.TimeFormat)}}, time.Minute, true},
		{"joined milliseconds", http.Header{"Retry-After-Ms": {"900, 1500"}}, 1500 * time.Millisecond, true},
		{"seconds and a date", http.Header{"Retry-After": {"5", date(time.Minute, http.TimeFormat)}}, time.Minute, true},
		{"milliseconds", http.Header{"Retry-After-Ms": {"1500"}}, 1500 * time.Millisecond, true},
		{"milliseconds with a fraction", http.Header{"Retry-After-Ms": {"0.5"}}, 500 * time.Microsecond, true},
		{"too many milliseconds", http.Header{"Retry-After-Ms": {"9223372036854775807"}}, maxDelay, true},
		{"unreadable milliseconds", http.Header{"Retry-After-Ms": {"soon"}}, 0, false},
		{"milliseconds are no date", http.Header{"Retry-After-Ms": {date(time.Minute, http.TimeFormat)}}, 0, false},
		{"milliseconds below the seconds", http.Header{"Retry-After-Ms": {"900"}, "Retry-After": {"1"}}, time.Second, true},
		{
			"milliseconds above the seconds",
			http.Header{"Retry-After-Ms": {"1100"}, "Retry-After": {"1"}},
			1100 * time.Millisecond, true,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, ok := RetryAfter(tt.header, now)
			assert.Equal(t, tt.ok, ok)
			assert.Equal(t, tt.want, got)
		})
	}
}

// A date in a header is by the server's clock, so it is compared with the Date of the same response.
func TestRetryAfterComparesDatesWithServerClock(t *testing.T) {
	t.Parallel()
	for _, skew := range []time.Duration{0, time.Hour, -time.Hour, 10 * 365 * 24 * time.Hour, -10 * 365 * 24 * time.Hour} {
		for _, layout := range []string{http.TimeFormat, time.RFC850, time.ANSIC} {
			h := http.Header{
				"Date":        {date(skew, layout)},
				"Retry-After": {date(skew+42*time.Second, http.TimeFormat)},
			}
			got, ok := RetryAfter(h, now)
			assert.True(t, ok)
			assert.Equal(t, 42*time.Second, got, "the server's clock is off by %s, Date as %q", skew, h.Get("Date"))
		}
	}
	for _, unreadable := range []string{"", "today", "0", "\x00"} {
		h := http.Header{"Date": {unreadable}, "Retry-After": {date(42*time.Second, http.TimeFormat)}}
		got, ok := RetryAfter(h, now)
		assert.True(t, ok)
		assert.Equal(t, 42*time.Second, got, "Date: %q", unreadable)
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{
		"", "0", "-1", "1.5", "1e9", "9223372036854775807", "1e400", "NaN", "inf", "0x1p62", "junk", "\x00", "3, 4", "1_000",
		date(0, http.TimeFormat) + ", 5", "5, " + date(0, time.RFC850),
		date(0, http.TimeFormat), date(time.Hour, time.RFC850), date(-time.Hour, time.ANSIC),
	} {
		f.Add(s, "", "")
		f.Add("5", s, "")
		f.Add(date(time.Minute, http.TimeFormat), "", s)
	}
	f.Fuzz(func(t *testing.T, seconds, millis, serverDate string) {
		h := http.Header{}
		for name, value := range map[string]string{"Retry-After": seconds, "Retry-After-Ms": millis, "Date": serverDate} {
			if value != "" {
				h[name] = []string{value}
			}
		}
		got, ok := RetryAfter(h, now)
		if got < 0 || got > maxDelay || (!ok && got != 0) {
			t.Fatalf("%q, %q: %s, %t", seconds, millis, got, ok)
		}
		if joined, again := RetryAfter(http.Header{"Retry-After": {seconds + ",7"}}, now); !again || joined < 7*time.Second {
			t.Fatalf("%q joined with 7: waits %s only", seconds, joined)
		}
		if n, err := strconv.ParseUint(seconds, 10, 31); err == nil && n < epochFrom &&
			(!ok || got < time.Duration(n)*time.Second) {
			t.Fatalf("%q: waits %s only", seconds, got)
		}
	})
}
