package wire

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTimesInOtherSpellings(t *testing.T) {
	t.Parallel()
	at := time.Date(2027, 4, 26, 10, 20, 30, 0, time.UTC)
	for value, want := range map[string]time.Time{
		`"2027-04-26T10:20:30Z"`: at, `"2027-04-26T12:20:30+02:00"`: at, `"2027-04-26T10:20:30.000Z"`: at,
		`"2027-04-26T10:20:30"`: at, `"2027-04-26 10:20:30"`: at, `"2027-04-26 10:20:30Z"`: at,
		`"2027-04-26 10:20:30 UTC"`: at, `"2027-04-26T10:20:30 UTC"`: at, `"2027-04-26 10:20:30 +0000 UTC"`: at,
		`"2027-04-26 10:20:30+00"`: at, `"2027-04-26T10:20:30+00"`: at, `"2027-04-26 12:20:30+02"`: at,
		`"2027-04-26T10:20:30+0000"`: at, `"2027-04-26T12:20:30+0200"`: at, `"2027-04-26 12:20:30 +02:00"`: at,
		`"2027-04-26t10:20:30z"`: at, `"2027-04-26T10:20:30z"`: at, `"2027-04-26T10:20:30,000Z"`: at,
		`" 2027-04-26T10:20:30Z "`:     at,
		`"2027-04-26T10:20:30.123456"`: at.Add(123456 * time.Microsecond), `"2027-04-26 10:20:30.5"`: at.Add(time.Second / 2),
		`"2027-04-26T10:20Z"`: at.Add(-30 * time.Second), `"2027-04-26T10:20"`: at.Add(-30 * time.Second),
		`"2027-04-26 10:20"`:       at.Add(-30 * time.Second),
		`"2027-04-26T10:20+00:00"`: at.Add(-30 * time.Second), `"2027-04-26T10:20 UTC"`: at.Add(-30 * time.Second),
		`"2027-04-26T10:20:30 Z"`: at, `"2027-04-26T10:20:30 +0000"`: at, `"2027-04-26T10:20:30.000 +00:00"`: at,
		`"2027-04-26T10:20:30 GMT"`: at,
		`"2027-04-26T10:20:30UTC"`:  at, `"2027-04-26T10:20:30utc"`: at, `"2027-04-26  10:20:30"`: at,
		`"2027-04-26T10:20:30Z[UTC]"`:               at,
		`"2027-04-26T12:20:30+02:00[Europe/Paris]"`: at, `"Mon, 26 Apr 2027 12:20:30 +0200"`: at,
		`"2027-04-26 10:20:60 UTC"`: at.Add(30 * time.Second),
		`"2027-04-26 UTC"`:          time.Date(2027, 4, 26, 0, 0, 0, 0, time.UTC), `"0000-00-00 00:00:00 UTC"`: {},
		`-62135596800`:           {},
		`"2027-04-26T10:20:60Z"`: at.Add(30 * time.Second), `"2027-04-26 10:20:60"`: at.Add(30 * time.Second),
		`"2027-04-26T10:20:60.5Z"`: at.Add(30*time.Second + time.Second/2),
		`"2027-04-26"`:             time.Date(2027, 4, 26, 0, 0, 0, 0, time.UTC), `"Mon, 26 Apr 2027 10:20:30 GMT"`: at,
		`1808734830`: at, `1808734830000`: at, `1808734830.5`: at.Add(time.Second / 2), `"1808734830"`: at,
		`"1808734830000"`: at,
		`1.80873483e9`:    at, `-1`: time.Unix(-1, 0).UTC(),
		`"0000-00-00"`: {}, `"0000-00-00 00:00:00"`: {}, `"0000-00-00T00:00:00Z"`: {}, `""`: {}, `null`: {}, `0`: {},
		`"0001-01-01T00:00:00Z"`: {},
	} {
		for _, body := range []string{`{"expiresAt":` + value + `}`, `{"data":{"expiresAt":` + value + `},"error":null}`} {
			var got plain
			require.NoError(t, Decode([]byte(body), &got), value)
			assert.True(t, want.Equal(got.ExpiresAt), "%s is %s", value, got.ExpiresAt)
		}
		page, err := DecodeList[plain]([]byte(`[{"expiresAt":`+value+`}]`), ListOptions{})
		require.NoError(t, err, value)
		assert.True(t, want.Equal(page.Items[0].ExpiresAt), "%s is %s", value, page.Items[0].ExpiresAt)
	}
	for _, value := range []string{
		`"never"`, `"tomorrow"`, `"2027-13-01"`, `"2027-02-30"`, `"2027-04-26T25:00:00Z"`, `"26.04.2027"`, `"04/26/2027"`,
		`true`, `{}`, `[]`,
		`1e300`, `1808734830000000000`, `"2027-04-26T10:20:30Zulu"`, `"10:20:30"`, `"2027-04-26T10:20:30[Europe/Paris]"`,
		`"2027-04-26 10:20:30 EST"`, `"2027-04-26T10:60:00"`, `"20270426x"`,
	} {
		var got plain
		assert.EqualError(t, Decode([]byte(`{"id":"7","expiresAt":`+value+`}`), &got), `field "expiresAt" cannot be read`,
			value)
		_, err := DecodeList[plain]([]byte(`[{"id":"1"},{"id":"2","expiresAt":`+value+`}]`), ListOptions{})
		assert.EqualError(t, err, `item 1: field "expiresAt" cannot be read`, value)
	}
}

// FuzzScalars checks that a scalar means the same in every place, and that no spelling makes a decoder panic.
func FuzzScalars(f *testing.F) {
	for _, s := range []string{
		"2027-04-26T10:20:60Z", "0000-00-00", "1808734830", "12.0", "1e3", "+5", "", "true", "0x10",
		"-", ".", "T:60",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if at, ok := parseTime(s, true); ok && !at.IsZero() {
			again, ok := parseTime(at.Format(time.RFC3339Nano), true)
			if at.Year() >= 0 && at.Year() < 10_000 && (!ok || !again.Equal(at)) {
				t.Fatalf("%q: %s becomes %s", s, at, again)
			}
		}
		if n, ok := parseInteger(s); ok {
			if f, isFloat := parseFloat(s); !isFloat || int64(f) != n && n < 1<<53 && n > -1<<53 {
				t.Fatalf("%q is the integer %d and the number %g", s, n, f)
			}
		}
	})
}
