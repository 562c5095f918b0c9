package wire

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

// aToken has the form of a token. It is not a literal, so that secret scanners ignore it.
func aToken(secret string) string {
	return strings.Join([]string{"scope3", "ak", strings.Repeat("01HX", 6), "sk", "live", secret}, "_")
}

const plainSecret = "9c8d7e6f5a4b3c2d1e0f"

// checkPrintable checks that a text is safe to log.
func checkPrintable(t *testing.T, s string, limit int) {
	t.Helper()
	if len(s) > limit {
		t.Fatalf("%d bytes, at most %d wanted: %q", len(s), limit, s)
	}
	if !utf8.ValidString(s) {
		t.Fatalf("not UTF-8: %q", s)
	}
	for _, r := range s {
		if r < 0x20 || (r >= 0x7f && r <= 0x9f) || r == '\u2028' || r == '\u2029' {
			t.Fatalf("holds %U: %q", r, s)
		}
	}
}

func TestPrintable(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in string
		limit    int
		want     string
	}{
		{"empty", "", 64, ""},
		{"plain", "a plain text", 64, "a plain text"},
		{"as long as allowed", strings.Repeat("a", 64), 64, strings.Repeat("a", 64)},
		{"longer", strings.Repeat("a", 65), 64, strings.Repeat("a", 57) + "…"},
		{"other alphabets", "Zürich, Ελλάδα, 東京", 64, "Zürich, Ελλάδα, 東京"},
		{"line breaks", "a\r\nb\n\n\nc", 64, "a b c"},
		{"a forged log line", "ok\n2026-04-26 ERROR forged", 64, "ok 2026-04-26 ERROR forged"},
		{"escape sequences", "\x1b[31mred\x1b[0m", 64, "[31mred [0m"},
		{"C1 controls", "a\u0085b\u009bc\u009d", 64, "a b c"},
		{"Unicode line breaks", "a\u2028b\u2029c", 64, "a b c"},
		{"NUL and DEL", "a\x00b\x7fc", 64, "a b c"},
		{"invalid UTF-8", "a\xffb\xc0\xafc", 64, "a\ufffdb\ufffd\ufffdc"},
		{"a cut between characters", strings.Repeat("東", 30), 64, strings.Repeat("東", 19) + "…"},
		{"only controls", "\n\r\t\x00", 64, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := Printable(tt.in, tt.limit)
			assert.Equal(t, tt.want, got)
			checkPrintable(t, got, tt.limit)
		})
	}
}

func TestPrintableHasNoControlCharacter(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= 0x2100; r++ {
		checkPrintable(t, Printable("a"+string(r)+"b", 64), 64)
	}
	for b := range 256 {
		checkPrintable(t, Printable("a"+string([]byte{byte(b)})+"b", 64), 64)
	}
}

// A token may hold any visible ASCII character, so its mask must not end at the first unusual one.
func TestPrintableMasksTokens(t *testing.T) {
	t.Parallel()
	secrets := map[string]string{
		"letters and digits": plainSecret,
		"base64":             "AbCd+EfGh/IjKl+MnOp/QrSt==",
		"base64url":          "AbCd-EfGh_IjKl-MnOp_QrSt",
		"dots":               "AbCdEfGh.IjKlMnOp.QrStUvWx",
		"tildes":             "AbCdEfGh~IjKlMnOp~QrStUvWx",
		"other punctuation":  "AbCdEfGh!IjKlMnOp$QrStUvWx*YzAbCdEf:GhIjKlMn@OpQrStUv%WxYzAbCd",
	}
	for name, secret := range secrets {
		full := aToken(secret)
		for where, text := range map[string]string{
			"alone":         full,
			"in a sentence": "the key " + full + " is unknown",
			"quoted":        `{"token":"` + full + `"}`,
			"single quoted": "token='" + full + "'",
			"in tags":       "<b>" + full + "</b>",
			"in brackets":   "(" + full + ") [" + full + "]",
			"in a header":   "Authorization: Bearer " + full + "\r\nX: y",
			"twice":         full + " " + full,
			"after a comma": "a," + full + ",b",
			"after NUL":     "\x00" + full + "\x00",
			"cut short":     strings.Repeat("x", 100) + full,
		} {
			got := Printable(text, 256)
			for i := 0; i+8 <= len(secret); i++ {
				assert.NotContains(t, got, secret[i:i+8], "%s, %s", name, where)
			}
			assert.Contains(t, got, "scope3_…", "%s, %s", name, where)
			checkPrintable(t, got, 256)
		}
	}
	assert.Equal(t, "the key scope3_… is unknown", Printable("the key "+aToken(plainSecret)+" is unknown", 64),
		"what follows is still shown")
	assert.Equal(t, "the key pk_live_… is unknown", Printable("the key pk_live_"+plainSecret+" is unknown", 64),
		"a key of the Partner API")
	assert.Equal(t, "the key bsk_live_… is unknown", Printable("the key bsk_live_"+plainSecret+" is unknown", 64),
		"a key of an organization")
	assert.Equal(t, "scope3_… pk_live_…", Printable(aToken(plainSecret)+" pk_live_"+plainSecret, 64))
	assert.Equal(t, "set SCOPE3_API_KEY first", Printable("set SCOPE3_API_KEY first", 64),
		"the name of the variable is no token")
}

func FuzzPrintable(f *testing.F) {
	for _, s := range []string{
		"", "plain", "a\r\nb", "\x1b[31m", "\xff\xfe", "東京", "scope3_", "scope3_a_b",
		strings.Repeat("é", 200),
	} {
		f.Add(s, s, uint16(64))
	}
	f.Fuzz(func(t *testing.T, before, after string, size uint16) {
		limit := 32 + int(size)%1024
		checkPrintable(t, Printable(before, limit), limit)
		got := Printable(before+" "+aToken(plainSecret)+" "+after, limit)
		checkPrintable(t, got, limit)
		if strings.Contains(got, plainSecret[:8]) && !strings.Contains(before+after, plainSecret[:8]) {
			t.Fatalf("shows the secret: %q", got)
		}
	})
}
