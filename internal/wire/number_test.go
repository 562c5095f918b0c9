package wire

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/interchange-sdk/interchange-go/pace"
)

func TestParseDecimalRejectsGoNumerals(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"", " ", ".", "+", "-", "e", "e5", "1e", "1e+", "1.2.3", "1,5", "1 5", " 1", "1 ", "--1", "+-1",
		"1_000", "1_0.5", "1e1_0", "_1", "1_",
		"0x10", "0X10", "0x1p4", "0x1.8p1", "-0x1p-2", "0b11", "0o17", "1p4", "1f", "1i",
		"Inf", "inf", "+Inf", "-Inf", "infinity", "Infinity", "NaN", "nan", "true", "nil", "5s", "٣", "５", "1\x00",
	} {
		got, ok := ParseDecimal(s)
		assert.False(t, ok, "%q", s)
		assert.Zero(t, got, "%q", s)
	}
	for s, want := range map[string]float64{
		"0": 0, "-0": 0, "7": 7, "007": 7, "+5": 5, "-5": -5, "1.5": 1.5, ".5": .5, "5.": 5,
		"1e3": 1000, "1E3": 1000, "1e+3": 1000, "1e-3": .001, "1e400": math.Inf(1), "-1e400": math.Inf(-1), "1e-400": 0,
	} {
		got, ok := ParseDecimal(s)
		assert.True(t, ok, "%q", s)
		assert.Equal(t, want, got, "%q", s) //nolint:testifylint // exact: both are read from decimals
	}
}

func TestQuotaHeadersRejectGoNumerals(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"1_000", "0x1p4", "0x10", "Inf", "NaN", "0b1"} {
		for _, name := range []string{"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "X-RateLimit-Reset"} {
			h := make(http.Header)
			h.Set(name, value)
			assert.Equal(t, pace.Quota{Known: true, Remaining: -1}, ReadQuota(h, now), "%s: %s", name, value)
		}
		h := http.Header{"Ratelimit": {`"default";r=` + value + `;t=` + value}}
		assert.Equal(t, pace.Quota{Remaining: -1}, ReadQuota(h, now), value)
	}
}

func TestErrorBodyDelayRejectsGoNumerals(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		value string
		want  time.Duration
	}{
		{`7`, 7 * time.Second},
		{`"7"`, 7 * time.Second},
		{`1.5`, 1500 * time.Millisecond},
		{`"1_000"`, 0},
		{`"0x1p4"`, 0},
		{`"0x10"`, 0},
		{`"Inf"`, 0},
		{`"NaN"`, 0},
		{`-1`, 0},
	} {
		for _, key := range []string{"retryAfter", "retryAfterSeconds", "retry_after"} {
			body := ReadError([]byte(`{"error":{"code":"RATE_LIMITED","message":"m","` + key + `":` + tt.value + `}}`))
			assert.Equal(t, tt.want, body.RetryAfter, "%s: %s", key, tt.value)
		}
	}
}

// A proxy may join repeated headers with commas; the tightest of the values counts.
func TestReadQuotaOfJoinedValues(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		header http.Header
		want   pace.Quota
	}{
		{
			"joined",
			http.Header{"Ratelimit-Limit": {"100, 100"}, "Ratelimit-Remaining": {"7, 3"}, "Ratelimit-Reset": {"3, 4"}},
			pace.Quota{Known: true, Limit: 100, Remaining: 3, Reset: now.Add(4 * time.Second)},
		},
		{
			"separate",
			http.Header{"Ratelimit-Limit": {"100", "100"}, "Ratelimit-Remaining": {"3", "7"}, "Ratelimit-Reset": {"4", "3"}},
			pace.Quota{Known: true, Limit: 100, Remaining: 3, Reset: now.Add(4 * time.Second)},
		},
		{
			"draft 6, with policies",
			http.Header{"Ratelimit-Limit": {"100, 100;w=60, 1000;w=86400"}, "Ratelimit-Remaining": {"0"}},
			pace.Quota{Known: true, Limit: 100, Remaining: 0},
		},
		{
			"one unreadable",
			http.Header{"X-Ratelimit-Limit": {"many, 100"}, "X-Ratelimit-Remaining": {"-1, 3"}, "X-Ratelimit-Reset": {"soon,4"}},
			pace.Quota{Known: true, Limit: 100, Remaining: 3, Reset: now.Add(4 * time.Second)},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.want, ReadQuota(tt.header, now))
		})
	}
}

// Every number that is accepted has the value that strconv gives to its plain spelling.
func FuzzParseDecimal(f *testing.F) {
	for _, s := range []string{"", "0", "-1.5e3", "1_000", "0x1p4", "Inf", "NaN", ".5", "5.", "1e400", "e", "+"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := ParseDecimal(s)
		if strings.Trim(s, "0123456789+-.eE") != "" && ok {
			t.Fatalf("%q is taken for a number", s)
		}
		want, err := strconv.ParseFloat(s, 64)
		if ok && err == nil && got != want {
			t.Fatalf("%q: %v, want %v", s, got, want)
		}
		if !ok && got != 0 {
			t.Fatalf("%q: %v without ok", s, got)
		}
		if n, err := strconv.ParseUint(s, 10, 32); err == nil && (!ok || got != float64(n)) {
			t.Fatalf("%q: %v", s, got)
		}
	})
}
