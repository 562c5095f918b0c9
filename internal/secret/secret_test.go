package secret_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/interchange-sdk/interchange-go/internal/secret"
)

const kept = "9c8d7e6f5a4b3c2d1e0f-the-secret-part"

// holder has a secret in every place where a dumper may come upon it.
type holder struct {
	Exported   secret.Text
	unexported secret.Text
	Pointer    *secret.Text
	Slice      []secret.Text
	Map        map[string]secret.Text
	Key        map[secret.Text]int
	Any        any
	nested     *holder
}

func newHolder(s string) *holder {
	x := secret.New(s)
	return &holder{
		Exported: x, unexported: x, Pointer: &x, Slice: []secret.Text{x}, Map: map[string]secret.Text{"k": x},
		Key: map[secret.Text]int{x: 1}, Any: x, nested: &holder{unexported: x},
	}
}

// recorder implements assert.TestingT and records failures.
type recorder struct{ strings.Builder }

func (r *recorder) Errorf(format string, args ...any) { fmt.Fprintf(r, format, args...) }

func checkHidden(t *testing.T, how, text string) {
	t.Helper()
	for i := 0; i+8 <= len(kept); i++ {
		if piece := kept[i : i+8]; strings.Contains(text, piece) || strings.Contains(text, fmt.Sprintf("%x", piece)) {
			t.Fatalf("%s shows the secret: %q", how, text)
		}
	}
}

func TestRevealReturnsTheText(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "a", kept, "\x00\xff", strings.Repeat("long ", 10_000)} {
		x := secret.New(s)
		assert.Equal(t, s, x.Reveal())
		assert.Equal(t, s == "", x.IsZero())
		assert.Equal(t, x, secret.New(strings.Clone(s)), "comparable by what is kept")
		assert.NotEqual(t, x, secret.New(s+"x"))
	}
	var zero secret.Text
	assert.True(t, zero.IsZero())
	assert.Empty(t, zero.Reveal())
}

func TestPrintingShowsNoSecret(t *testing.T) {
	t.Parallel()
	h, x := newHolder(kept), secret.New(kept)
	for _, verb := range []string{
		"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%p", "%t", "%e", "%c", "%U", "%T",
		"%08.3v", "%!",
	} {
		for _, v := range []any{x, &x, h, *h, []any{h}, map[string]any{"h": h}, h.Slice, h.Map, h.Key} {
			checkHidden(t, verb, fmt.Sprintf(verb, v))
		}
	}
	var text, asJSON strings.Builder
	slog.New(slog.NewTextHandler(&text, nil)).Info("m", "h", h, "x", x)
	slog.New(slog.NewJSONHandler(&asJSON, nil)).Info("m", "h", h, "x", x)
	checkHidden(t, "slog text", text.String())
	checkHidden(t, "slog JSON", asJSON.String())
}

func TestEncodersWriteNoSecret(t *testing.T) {
	t.Parallel()
	for _, v := range []any{secret.New(kept), newHolder(kept), struct{ T secret.Text }{secret.New(kept)}} {
		for how, encode := range map[string]func(any) ([]byte, error){
			"json":    json.Marshal,
			"json v2": func(v any) ([]byte, error) { return jsonv2.Marshal(v) },
			"xml":     xml.Marshal,
			"gob": func(v any) ([]byte, error) {
				var b bytes.Buffer
				err := gob.NewEncoder(&b).Encode(v)
				return b.Bytes(), err
			},
		} {
			out, err := encode(v)
			checkHidden(t, how, string(out))
			checkHidden(t, how, fmt.Sprint(err))
		}
	}
}

// A failing test prints both sides with a dumper that walks into unexported fields.
func TestAssertionDiffsShowNoSecret(t *testing.T) {
	t.Parallel()
	var r recorder
	assert.Equal(&r, newHolder(kept), newHolder("another"))
	assert.Equal(&r, *newHolder(kept), *newHolder("another"))
	assert.Equal(&r, secret.New(kept), secret.New("another"))
	assert.EqualExportedValues(&r, *newHolder(kept), *newHolder("another"))
	assert.ElementsMatch(&r, []secret.Text{secret.New(kept)}, []secret.Text{secret.New("another")})
	assert.Nil(&r, newHolder(kept))
	assert.Contains(&r, newHolder(kept).Map, "other")
	assert.Greater(t, r.Len(), 2000, "the dumps were made")
	checkHidden(t, "a test diff", r.String())
}
