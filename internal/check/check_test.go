package check_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/interchange-sdk/interchange-go/internal/check"
)

// reported collects problems as text.
type reported []string

func (s *reported) Add(path, message string) { *s = append(*s, path+" "+message) }

type color string

func TestRules(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		rule func(check.Reporter)
		want string
	}{
		{"length, empty", func(s check.Reporter) { check.MaxLength(s, "f", "", 3) }, ""},
		{"length, at the limit", func(s check.Reporter) { check.MaxLength(s, "f", "abc", 3) }, ""},
		{"length, characters and not bytes", func(s check.Reporter) { check.MaxLength(s, "f", "東京都", 3) }, ""},
		{
			"length, above", func(s check.Reporter) { check.MaxLength(s, "f", "abcd", 3) },
			"f must have at most 3 characters, has 4",
		},
		{
			"length, above in characters", func(s check.Reporter) { check.MaxLength(s, "f", "東京都区", 3) },
			"f must have at most 3 characters, has 4",
		},
		{
			"length, invalid UTF-8 counts by byte", func(s check.Reporter) { check.MaxLength(s, "f", "\xff\xff\xff\xff", 3) },
			"f must have at most 3 characters, has 4",
		},
		{
			"length, long", func(s check.Reporter) { check.MaxLength(s, "f", strings.Repeat("a", 256), 255) },
			"f must have at most 255 characters, has 256",
		},

		{"required, given", func(s check.Reporter) { check.Required(s, "f", "x", "") }, ""},
		{"required, missing", func(s check.Reporter) { check.Required(s, "f", "", "") }, "f is required"},
		{
			"required, missing with a reason", func(s check.Reporter) { check.Required(s, "f", color(""), "with scope SEAT") },
			"f is required with scope SEAT",
		},
		{"required number, missing", func(s check.Reporter) { check.Required(s, "f", 0, "") }, "f is required"},
		{"required number, negative", func(s check.Reporter) { check.Required(s, "f", -1, "") }, ""},

		{"at least, not given", func(s check.Reporter) { check.AtLeast(s, "f", 0, 5) }, ""},
		{"at least, just", func(s check.Reporter) { check.AtLeast(s, "f", 5, 5) }, ""},
		{"at least, below", func(s check.Reporter) { check.AtLeast(s, "f", -1, 0) }, "f must be at least 0"},

		{"one of, not given", func(s check.Reporter) { check.OneOf(s, "f", color(""), "red", "blue") }, ""},
		{"one of, known", func(s check.Reporter) { check.OneOf(s, "f", color("blue"), "red", "blue") }, ""},
		{
			"one of, unknown", func(s check.Reporter) { check.OneOf(s, "f", color("s3cret"), "red", "blue") },
			"f must be one of red, blue",
		},
		{"each of, none", func(s check.Reporter) { check.EachOf(s, "f", []color(nil), "red") }, ""},
		{"each of, known", func(s check.Reporter) { check.EachOf(s, "f", []color{"red", "red"}, "red") }, ""},
		{
			"each of, unknown and empty",
			func(s check.Reporter) { check.EachOf(s, "f", []color{"red", "", "s3cret"}, "red", "blue") },
			"f[1] must not be empty; f[2] must be one of red, blue",
		},
		{
			"one of, in another case", func(s check.Reporter) { check.OneOf(s, "f", color("RED"), "red") },
			"f must be one of red",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var s reported
			tt.rule(&s)
			assert.Equal(t, tt.want, strings.Join(s, "; "))
		})
	}
}

func TestLoopback(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1"} {
		assert.True(t, check.Loopback(host), host)
	}
	for _, host := range []string{
		"", "localhost.example", "example.com", "10.0.0.1", "0.0.0.0", "127.0.0.1.example",
		"::2",
	} {
		assert.False(t, check.Loopback(host), host)
	}
}
