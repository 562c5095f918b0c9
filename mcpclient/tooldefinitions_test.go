package mcpclient

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tries returns how many numbers were tried.
func (m *modelNames) tries() (n int) {
	for _, last := range m.last {
		n += last - 1
	}
	return n
}

func TestModelNamesAreClaimedInLinearTime(t *testing.T) {
	t.Parallel()
	const tools = 2_000
	long := strings.Repeat("n", longestModelName)
	for name, tt := range map[string]struct {
		taken func(i int) string
		claim func(i int) string
	}{
		"one name":                  {claim: func(int) string { return "a_b" }},
		"one long name":             {claim: func(int) string { return long }},
		"names that begin the same": {claim: func(i int) string { return long[5:] + strconv.Itoa(10_000+i) }},
		"numbers that are taken": {
			taken: func(i int) string { return "a_b_" + strconv.Itoa(i) },
			claim: func(int) string { return "a_b" },
		},
		"long names that are taken": {
			taken: func(i int) string { return long[5:] + strconv.Itoa(10_000+i) },
			claim: func(i int) string { return long[5:] + strconv.Itoa(10_000+i) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			names := newModelNames()
			for i := range tools {
				if tt.taken != nil {
					names.taken[tt.taken(i)] = true
				}
			}
			before := len(names.taken)
			for i := range tools {
				got := names.claim(tt.claim(i))
				require.LessOrEqual(t, len(got), longestModelName)
			}
			assert.Len(t, names.taken, before+tools, "each is another")
			assert.LessOrEqual(t, names.tries(), 2*tools)
		})
	}
}

func FuzzModelNames(f *testing.F) {
	f.Add("a.b\na_b\na/b\na_b_2")
	f.Add(strings.Repeat("x", 70) + ".\n" + strings.Repeat("x", 70) + "/")
	valid := regexp.MustCompile(`^[A-Za-z0-9_-]{0,64}$`)
	f.Fuzz(func(t *testing.T, lines string) {
		names := newModelNames()
		seen := make(map[string]bool)
		for line := range strings.SplitSeq(lines, "\n") {
			got := names.claim(modelName(line))
			require.Regexp(t, valid, got)
			require.False(t, seen[got], fmt.Sprintf("%q", got))
			seen[got] = true
		}
	})
}
