package wire

import (
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type tree struct {
	ID       string          `json:"id"`
	Children []tree          `json:"children"`
	Parent   *tree           `json:"parent"`
	Labels   map[string]tree `json:"labels"`
	Any      any             `json:"any"`
	Raw      jsontext.Value  `json:"raw"`
	Fixed    [2]tree2        `json:"fixed"`
}

type tree2 struct{ A [64]string }

func TestDecodeRefusesBodiesThatGrowInMemory(t *testing.T) {
	t.Parallel()
	fill := func(head, unit, tail string) string {
		const size = 4 << 20
		return head + strings.Repeat(unit+",", size/(len(unit)+1)) + unit + tail
	}
	for name, body := range map[string]string{
		"objects":        fill(`{"id":"1","children":[`, `{}`, `]}`),
		"nulls":          fill(`{"id":"1","children":[`, `null`, `]}`),
		"objects in any": fill(`{"id":"1","any":[`, `{"a":{}}`, `]}`),
		"arrays in any":  fill(`{"id":"1","any":[`, `[]`, `]}`),
		"pointers":       fill(`{"id":"1","children":[`, `{"parent":{}}`, `]}`),
		"entries":        `{"id":"1","labels":` + manyMembers(50_000, "{}") + `}`,
		"members":        `{"id":"1","unknown":` + manyMembers(500_000, "0") + `}`,
		"members, nested": `{"id":"1","unknown":` +
			strings.Repeat(manyMembers(1000, "0")[:len(manyMembers(1000, "0"))-1]+`,"x":`, 600) + "0" + strings.Repeat("}", 601),
		"members of errors": `{"errors":` + manyMembers(500_000, "0") + `}`,
	} {
		var out tree
		assert.ErrorIs(t, Decode([]byte(body), &out), ErrTooLarge, name)
		assert.Empty(t, out.ID, name)
	}
}

func TestDecodeAcceptsLargeRealisticBodies(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("x", 12<<20)
	for name, body := range map[string]string{
		"long text":        `{"id":"` + text + `"}`,
		"unknown objects":  `{"id":"1","unknown":[` + strings.Repeat(`{"a":1,"b":[{}]},`, 100_000) + `0]}`,
		"unknown text":     `{"id":"1","unknown":"` + text + `"}`,
		"raw":              `{"id":"1","raw":[` + strings.Repeat(`{},`, 1_000_000) + `0]}`,
		"objects in text":  `{"id":"1","unknown":"` + strings.Repeat(`{,[null:`, 500_000) + `"}`,
		"a few children":   `{"id":"1","children":[` + strings.Repeat(`{"id":"2"},`, 1000) + `{}]}`,
		"a thousand names": `{"id":"1","labels":` + manyMembers(1000, `{}`) + `}`,
	} {
		var out tree
		require.NoError(t, Decode([]byte(body), &out), name)
		assert.NotEmpty(t, out.ID, name)
	}
}

// manyMembers is an object with n members of different names.
func manyMembers(n int, value string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(`,"`)
		for ; i > 0; i /= 26 {
			b.WriteByte(byte('a' + i%26))
		}
		b.WriteString(`0":` + value)
	}
	return "{" + b.String()[1:] + "}"
}

func FuzzCheckSize(f *testing.F) {
	for _, seed := range []string{
		`{"id":"1","children":[{},null,{"parent":{"any":[{"a":[1]}]}}]}`, `{"raw":[{}],"labels":{"a":{}}}`, `[`, `{"a"`,
		`{"a":`,
		`{"":{"":{`, `[[[`, `{"fixed":[{"A":["x"]}]}`, `"\`, `{"children":[1`, ``, `,`, `]`, `{"a":1]`,
	} {
		f.Add([]byte(seed), int64(1000))
	}
	f.Fuzz(func(t *testing.T, body []byte, limit int64) {
		s := shapeOf(reflect.TypeFor[tree]())
		for _, l := range []*layout{nil, layoutOf(s.of)} {
			err := checkSize(body, l, limit)
			if limit < 0 {
				continue
			}
			// A limit that suffices suffices when it is raised.
			if err == nil && limit < 1<<40 {
				assert.NoError(t, checkSize(body, l, limit+1))
			}
		}
		var out tree
		if unmarshal(body, &out) == nil {
			assert.NoError(t,
				checkSize(body, layoutOf(s.of), int64(len(body)+1)*2*s.largest+mapCost+int64(len(body))*nameCost*8))
		}
	})
}
