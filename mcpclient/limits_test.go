package mcpclient

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestAllowanceDropsFloods(t *testing.T) {
	t.Parallel()
	var a allowance
	now := time.Now()
	taken := 0
	for range 2 * allowanceBurst {
		if a.allows(100, now) {
			taken++
		}
	}
	assert.Equal(t, allowanceBurst, taken)
	assert.True(t, a.allows(100, now.Add(time.Second)))
	assert.False(t, a.allows(allowanceUnit*allowanceBurst, now.Add(time.Hour)))
	assert.True(t, a.allows(allowanceUnit*(allowanceBurst-1), now.Add(2*time.Hour)))
}

func TestDepthOf(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]int{
		``: 0, `1`: 0, `"[{"`: 0, `{}`: 1, `[{},[[]]]`: 3, `{"a\"[":{"[[[":1}}`: 2,
	} {
		assert.Equal(t, want, depthOf([]byte(raw)), raw)
	}
}

func TestExtendKeepsContent(t *testing.T) {
	t.Parallel()
	var b []byte
	for i := range 1000 {
		b = extend(b, []byte{byte(i), byte(i >> 8)})
	}
	assert.Len(t, b, 2000)
	assert.LessOrEqual(t, cap(b), 4000)
	assert.Equal(t, []byte{231, 3}, b[1998:])
}
