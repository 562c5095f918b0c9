package client_test

import (
	stdjson "encoding/json"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

func TestTimestampKeepsAnyValue(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]client.Timestamp{
		`"2026-05-01T10:00:00Z"`: "2026-05-01T10:00:00Z",
		`"never"`:                "never",
		`""`:                     "",
		`"0000-00-00 00:00:00"`:  "0000-00-00 00:00:00",
		`null`:                   "",
		`1777629600`:             "1777629600",
		`1.7776296e9`:            "1.7776296e9",
		`true`:                   "true",
		`{"seconds":1}`:          `{"seconds":1}`,
		`[2026,5,1]`:             `[2026,5,1]`,
	} {
		item := struct {
			At   client.Timestamp `json:"at"`
			Next string           `json:"next"`
		}{At: "before"}
		require.NoError(t, json.Unmarshal([]byte(`{"at":`+sent+`,"next":"n"}`), &item), sent)
		assert.Equal(t, want, item.At, sent)
		assert.Equal(t, "n", item.Next, sent)
		require.NoError(t, stdjson.Unmarshal([]byte(`{"at":`+sent+`}`), &item), sent)
		assert.Equal(t, want, item.At, sent)
	}
}

func TestTimestampParsesKnownForms(t *testing.T) {
	t.Parallel()
	ten := time.Date(2026, time.May, 1, 10, 0, 0, 0, time.UTC)
	for text, want := range map[client.Timestamp]time.Time{
		"":                          {},
		" ":                         {},
		"0000-00-00":                {},
		"0000-00-00 00:00:00":       {},
		"2026-05-01T09:59:60Z":      ten,
		"2026-05-01 09:59:60":       ten,
		"2026-05-01T10:00:00Z":      ten,
		"2026-05-01T10:00:00.000Z":  ten,
		"2026-05-01t10:00:00z":      ten,
		"2026-05-01T12:00:00+02:00": ten,
		"2026-05-01T12:00:00+0200":  ten,
		"2026-05-01T12:00:00+02":    ten,
		"2026-05-01T10:00:00":       ten,
		"2026-05-01T10:00Z":         ten,
		"2026-05-01T10:00":          ten,
		"2026-05-01 10:00:00":       ten,
		"2026-05-01 10:00:00 UTC":   ten,
		"2026-05-01 10:00:00+00":    ten,
		"2026-05-01 10:00:00+0000":  ten,
		"2026-05-01 10:00":          ten,
		"2026-05-01":                ten.Add(-10 * time.Hour),
		"1777629600":                ten,
		"1777629600000":             ten,
		"1.7776296e9":               ten,
	} {
		got, err := text.Time()
		require.NoError(t, err, text)
		assert.True(t, want.Equal(got), "%q reads as %s", text, got)
	}
	for _, text := range []client.Timestamp{
		"never", "2026-02-30", "01/05/2026", "true", `{"seconds":1}`, "NaN", "Inf", "1e300", "2026-05-01T25:00:00Z",
	} {
		_, err := text.Time()
		require.Error(t, err, text)
		assert.NotContains(t, err.Error(), string(text), "errors must not quote a response")
	}
}

func FuzzTimestamp(f *testing.F) {
	for _, seed := range []string{
		`"2026-05-01T10:00:00Z"`, `"never"`, `null`, `1777629600`, `{"a":[1]}`, `"1e308"`,
		`-0`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var read client.Timestamp
		err := json.Unmarshal(data, &read)
		var any any
		if json.Unmarshal(data, &any) == nil && err != nil {
			t.Fatalf("a JSON value is lost: %v", err)
		}
		if at, err := read.Time(); err == nil && !at.IsZero() && (at.Year() < -9999 || at.Year() > 9999) {
			t.Fatalf("%q is the year %d", read, at.Year())
		}
	})
}
