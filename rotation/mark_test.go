package rotation

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

const aMark = "[rotation 0123456789abcdef]"

func TestMarkReplacesAnEarlierOne(t *testing.T) {
	t.Parallel()
	assert.Len(t, newMark("1"), markLength)
	assert.NotEqual(t, newMark("1"), newMark("1"), "two runs are told apart")
	assert.Equal(t, family("1"), newMark("1")[:len(family("1"))])
	assert.NotEqual(t, family("1"), family("2"))
	for text, want := range map[string]string{
		"":                                     aMark,
		"ETL":                                  "ETL " + aMark,
		"ETL  ":                                "ETL " + aMark,
		"ETL [rotation fedcba9876543210]":      "ETL " + aMark,
		"[rotation fedcba9876543210]":          aMark,
		"ETL [rotation fedcba9876543210] left": "ETL [rotation fedcba9876543210] left " + aMark,
		"ETL [rotation of hands]":              "ETL [rotation of hands] " + aMark,
		strings.Repeat("é", 100):               strings.Repeat("é", 72) + " " + aMark,
	} {
		assert.Equal(t, want, withMark(text, aMark, 100), text)
	}
}

// Whatever the text, the result ends in the mark, is short enough, and takes another mark in its place.
func FuzzMarked(f *testing.F) {
	for _, s := range []string{
		"", "ETL", "[rotation ", "ETL [rotation fedcba9876543210]", strings.Repeat("東", 200), "\xff\xfe ",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		const most, other = 100, "[rotation fedcba9876543210]"
		got := withMark(text, aMark, most)
		if markOf(got) != aMark || utf8.RuneCountInString(got) > most {
			t.Fatalf("%q gives %q", text, got)
		}
		if again := withMark(got, other, most); again != strings.TrimSuffix(got, aMark)+other {
			t.Fatalf("%q and then %q", got, again)
		}
	})
}
