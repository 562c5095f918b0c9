package wire

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/interchange-sdk/interchange-go/pace"
)

func TestReadQuotaForms(t *testing.T) {
	t.Parallel()
	in := now.Add
	epoch := strconv.FormatInt(now.Add(20*time.Second).Unix(), 10)
	none := pace.Quota{Remaining: -1}
	for _, tt := range []struct {
		name   string
		header map[string]string
		want   pace.Quota
	}{
		{"nothing", map[string]string{"Content-Type": "application/json"}, none},
		{
			"documented",
			map[string]string{"RateLimit-Limit": "100", "RateLimit-Remaining": "7", "RateLimit-Reset": "30"},
			pace.Quota{Known: true, Limit: 100, Remaining: 7, Reset: in(30 * time.Second)},
		},
		{"nothing left", map[string]string{"RateLimit-Remaining": "0"}, pace.Quota{Known: true, Remaining: 0}},
		{"limit alone", map[string]string{"RateLimit-Limit": "100"}, pace.Quota{Known: true, Limit: 100, Remaining: -1}},
		{"reset at once", map[string]string{"RateLimit-Reset": "0"}, pace.Quota{Known: true, Remaining: -1, Reset: now}},
		{
			"reset with a fraction",
			map[string]string{"RateLimit-Reset": "0.25"},
			pace.Quota{Known: true, Remaining: -1, Reset: in(250 * time.Millisecond)},
		},
		{
			"reset as Unix time",
			map[string]string{"X-RateLimit-Reset": epoch},
			pace.Quota{Known: true, Remaining: -1, Reset: in(20 * time.Second)},
		},
		{
			"reset as Unix time under the plain name",
			map[string]string{"RateLimit-Reset": epoch},
			pace.Quota{Known: true, Remaining: -1, Reset: in(20 * time.Second)},
		},
		{
			"reset as Unix time in the past",
			map[string]string{"X-RateLimit-Reset": "1000000000"},
			pace.Quota{Known: true, Remaining: -1, Reset: now},
		},
		{
			"the largest delta",
			map[string]string{"RateLimit-Reset": "999999999"},
			pace.Quota{Known: true, Remaining: -1, Reset: in(999999999 * time.Second)},
		},
		{
			"reset as Unix time in milliseconds",
			map[string]string{"X-RateLimit-Reset": epoch + "500"},
			pace.Quota{Known: true, Remaining: -1, Reset: in(20500 * time.Millisecond)},
		},
		{
			"reset in a century",
			map[string]string{"X-RateLimit-Reset": "4000000000"},
			pace.Quota{Known: true, Remaining: -1, Reset: in(maxDelay)},
		},
		{
			"reset beyond reason",
			map[string]string{"RateLimit-Reset": "9223372036854775807"},
			pace.Quota{Known: true, Remaining: -1, Reset: in(maxDelay)},
		},
		{
			"reset is not a number",
			map[string]string{"RateLimit-Limit": "5", "RateLimit-Reset": "NaN"},
			pace.Quota{Known: true, Limit: 5, Remaining: -1},
		},
		{
			"reset is negative",
			map[string]string{"RateLimit-Limit": "5", "RateLimit-Reset": "-3"},
			pace.Quota{Known: true, Limit: 5, Remaining: -1},
		},
		{
			"spaces",
			map[string]string{"RateLimit-Limit": " 100 ", "RateLimit-Remaining": "\t7"},
			pace.Quota{Known: true, Limit: 100, Remaining: 7},
		},
		{
			"remaining is negative",
			map[string]string{"RateLimit-Limit": "100", "RateLimit-Remaining": "-1"},
			pace.Quota{Known: true, Limit: 100, Remaining: -1},
		},
		{
			"remaining has a fraction",
			map[string]string{"RateLimit-Limit": "100", "RateLimit-Remaining": "1.5"},
			pace.Quota{Known: true, Limit: 100, Remaining: -1},
		},
		{
			"limit overflows",
			map[string]string{"RateLimit-Limit": "9223372036854775808", "RateLimit-Remaining": "1"},
			pace.Quota{Known: true, Remaining: 1},
		},
		{
			"the largest limit",
			map[string]string{"RateLimit-Limit": "9223372036854775807"},
			pace.Quota{Known: true, Limit: 1<<63 - 1, Remaining: -1},
		},
		{
			"Bullseye",
			map[string]string{"X-RateLimit-Limit": "1000", "X-RateLimit-Remaining": "999", "X-RateLimit-Reset": epoch},
			pace.Quota{Known: true, Limit: 1000, Remaining: 999, Reset: in(20 * time.Second)},
		},
		{
			"both families: the standard one counts",
			map[string]string{
				"RateLimit-Limit": "100", "RateLimit-Remaining": "7", "X-RateLimit-Limit": "1000",
				"X-RateLimit-Remaining": "999",
			},
			pace.Quota{Known: true, Limit: 100, Remaining: 7},
		},
		{
			"draft 7",
			map[string]string{"RateLimit": "limit=100, remaining=3, reset=7"},
			pace.Quota{Known: true, Limit: 100, Remaining: 3, Reset: in(7 * time.Second)},
		},
		{
			"draft 7 without spaces",
			map[string]string{"RateLimit": "limit=100,remaining=3,reset=7"},
			pace.Quota{Known: true, Limit: 100, Remaining: 3, Reset: in(7 * time.Second)},
		},
		{
			"draft 7 in capitals",
			map[string]string{"RateLimit": "Limit=100, Remaining=3, Reset=7"},
			pace.Quota{Known: true, Limit: 100, Remaining: 3, Reset: in(7 * time.Second)},
		},
		{
			"draft 7 with parameters",
			map[string]string{"RateLimit": "limit=100;w=60, remaining=3, reset=7"},
			pace.Quota{Known: true, Limit: 100, Remaining: 3, Reset: in(7 * time.Second)},
		},
		{
			"draft 10",
			map[string]string{"RateLimit": `"default";r=3;t=7`, "RateLimit-Policy": `"default";q=100;w=60`},
			pace.Quota{Known: true, Limit: 100, Remaining: 3, Reset: in(7 * time.Second)},
		},
		{
			"draft 10 with a partition key",
			map[string]string{
				"RateLimit":        `"default";r=3;t=7;pk=:cHsdsRa894==:`,
				"RateLimit-Policy": `"default";q=100;w=60;pk=:cHsdsRa894==:`,
			},
			pace.Quota{Known: true, Limit: 100, Remaining: 3, Reset: in(7 * time.Second)},
		},
		{
			"draft 10 without a policy",
			map[string]string{"RateLimit": `"default";r=3;t=7`},
			pace.Quota{Known: true, Remaining: 3, Reset: in(7 * time.Second)},
		},
		{"draft 10 without a reset", map[string]string{"RateLimit": `"default";r=3`}, pace.Quota{Known: true, Remaining: 3}},
		{"junk", map[string]string{"RateLimit": "\x00;;,=,r=;t=x;remaining"}, none},
		{"a policy alone says nothing of now", map[string]string{"RateLimit-Policy": `"default";q=100;w=60`}, none},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := http.Header{}
			for name, value := range tt.header {
				h.Set(name, value)
			}
			assert.Equal(t, tt.want, ReadQuota(h, now))
		})
	}
}

// The numbers of several policies are not mixed: the policy with the least left is the one that holds calls.
func TestReadQuotaUsesTightestPolicy(t *testing.T) {
	t.Parallel()
	policy := `"burst";q=100;w=60,"daily";q=1000;w=86400`
	for _, tt := range []struct {
		name, limits string
		want         pace.Quota
	}{
		{
			"burst first", `"burst";r=5;t=10, "daily";r=900;t=3600`,
			pace.Quota{Known: true, Limit: 100, Remaining: 5, Reset: now.Add(10 * time.Second)},
		},
		{
			"burst last", `"daily";r=900;t=3600,"burst";r=5;t=10`,
			pace.Quota{Known: true, Limit: 100, Remaining: 5, Reset: now.Add(10 * time.Second)},
		},
		{
			"daily", `"burst";r=50;t=10, "daily";r=0;t=3600`,
			pace.Quota{Known: true, Limit: 1000, Remaining: 0, Reset: now.Add(time.Hour)},
		},
		{
			"a tie: the later end", `"burst";r=0;t=10, "daily";r=0;t=3600`,
			pace.Quota{Known: true, Limit: 1000, Remaining: 0, Reset: now.Add(time.Hour)},
		},
		{
			"a name with separators", `"a;r=0,b";r=5;t=10`,
			pace.Quota{Known: true, Remaining: 5, Reset: now.Add(10 * time.Second)},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := http.Header{"Ratelimit": {tt.limits}, "Ratelimit-Policy": {policy}}
			assert.Equal(t, tt.want, ReadQuota(h, now))
		})
	}
	t.Run("on lines of their own", func(t *testing.T) {
		t.Parallel()
		h := http.Header{
			"Ratelimit":        {`"burst";r=50;t=10`, `"daily";r=0;t=3600`},
			"Ratelimit-Policy": {`"burst";q=100;w=60`, `"daily";q=1000;w=86400`},
		}
		assert.Equal(t, pace.Quota{Known: true, Limit: 1000, Remaining: 0, Reset: now.Add(time.Hour)}, ReadQuota(h, now))
	})
}

func TestReadQuotaComparesUnixTimesWithServerClock(t *testing.T) {
	t.Parallel()
	for _, skew := range []time.Duration{0, time.Hour, -time.Hour} {
		h := http.Header{
			"Date":              {date(skew, http.TimeFormat)},
			"X-Ratelimit-Reset": {strconv.FormatInt(now.Add(skew+15*time.Second).Unix(), 10)},
		}
		assert.Equal(t, now.Add(15*time.Second), ReadQuota(h, now).Reset, "the server's clock is off by %s", skew)
	}
}

func FuzzReadQuota(f *testing.F) {
	f.Add("100", "7", "30", `limit=100, remaining=3, reset=7`, `100;w=60`)
	f.Add("", "", "1777221030", `"default";r=3;t=7`, `"default";q=100;w=60`)
	f.Add("-1", "1e400", "NaN", `"a;r=0,b";r=5;t=10,"b";r=0;t=1e400`, `"b";q=9223372036854775808`)
	f.Add("", "", "", `"unclosed;r=1,\";t=9`, `;;,=`)
	f.Fuzz(func(t *testing.T, limit, remaining, reset, combined, policy string) {
		h := http.Header{}
		for name, value := range map[string]string{
			"Ratelimit-Limit": limit, "Ratelimit-Remaining": remaining, "X-Ratelimit-Reset": reset,
			"Ratelimit": combined, "Ratelimit-Policy": policy,
		} {
			if value != "" {
				h[name] = []string{value}
			}
		}
		q := ReadQuota(h, now)
		if q.Limit < 0 || q.Remaining < -1 {
			t.Fatalf("negative: %+v", q)
		}
		if !q.Reset.IsZero() && (q.Reset.Before(now) || q.Reset.After(now.Add(maxDelay))) {
			t.Fatalf("unreasonable reset: %s", q.Reset)
		}
		if !q.Known && q != (pace.Quota{Remaining: -1}) {
			t.Fatalf("says something unknown: %+v", q)
		}
	})
}
