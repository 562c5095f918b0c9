package redispace

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseReply(t *testing.T) {
	t.Parallel()
	r, err := parseReply([]any{int64(3), int64(2000), int64(5), int64(1), "1764237600000000.250"})
	require.NoError(t, err)
	assert.Equal(t, reply{
		granted: 3, debt: 2 * time.Millisecond, hold: 5 * time.Millisecond, lost: true, known: "1764237600000000.250",
	}, r)
	for _, raw := range [][]any{
		nil,
		{int64(1), int64(0), int64(0), int64(0)},
		{int64(1), int64(0), int64(0), int64(0), "1", "2"},
		{"1", int64(0), int64(0), int64(0), "1"},
		{int64(1), nil, int64(0), int64(0), "1"},
		{int64(-1), int64(0), int64(0), int64(0), "1"},
		{int64(1), int64(-1), int64(0), int64(0), "1"},
		{int64(1), int64(math.MaxInt64), int64(0), int64(0), "1"},
		{int64(1), int64(0), int64(math.MaxInt64), int64(0), "1"},
		{int64(1), int64(0), int64(0), int64(0), int64(1)},
		{int64(1), int64(0), int64(0), int64(0), "soon"},
	} {
		_, err := parseReply(raw)
		assert.ErrorIs(t, err, errReply, "%v", raw)
	}
}

func FuzzParseReply(f *testing.F) {
	f.Add(`[3, 2000, 5, 1, "1764237600000000.250"]`)
	f.Add(`[9223372036854775807, 9223372036854775807, 1, 1, "NaN"]`)
	f.Fuzz(func(t *testing.T, text string) {
		var raw []any
		if json.Unmarshal([]byte(text), &raw) != nil {
			return
		}
		for i, v := range raw {
			if n, ok := v.(float64); ok {
				raw[i] = int64(n)
			}
		}
		r, err := parseReply(raw)
		if err != nil {
			assert.Equal(t, reply{}, r)
			return
		}
		assert.GreaterOrEqual(t, r.granted, 0)
		assert.GreaterOrEqual(t, r.debt, time.Duration(0))
		assert.GreaterOrEqual(t, r.hold, time.Duration(0))
		assert.NotEmpty(t, r.known)
	})
}
