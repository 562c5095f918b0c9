package wire_test

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

func maskCanary(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "canary", "…"), "12345678", "…")
}

func TestMaskJSON(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		`{"a": 1}`:                      `{"a": 1}`, // as it was sent
		`"canary"`:                      `"…"`,
		`"c\u0061nary"`:                 `"…"`,
		`"\u0063\u0061\u006e\u0061ry"`:  `"…"`,
		`{"c\u0061nary":["x\tcanary"]}`: `{"…":["x\t…"]}`,
		`{"n":12345678}`:                `{"n":"…"}`,
		`{"n":[1,true,null,{}]}`:        `{"n":[1,true,null,{}]}`,
		`{"canary":1,"c\u0061nary":2}`:  `{"…":1,"…":2}`,
		`{"canary":`:                    ``,
		`canary`:                        ``,
		``:                              ``,
	} {
		assert.Equal(t, want, string(wire.MaskJSON(jsontext.Value(sent), maskCanary)), sent)
	}
}

func FuzzMaskJSON(f *testing.F) {
	f.Add(`{"c\u0061nary":["canary",12345678]}`)
	f.Fuzz(func(t *testing.T, sent string) {
		masked := wire.MaskJSON(jsontext.Value(sent), maskCanary)
		assert.NotContains(t, string(masked), "canary")
	})
}

func TestHoldsCredential(t *testing.T) {
	t.Parallel()
	const jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"
	for text, want := range map[string]bool{
		"":                                   false,
		"42":                                 false,
		"scope3_":                            false,
		"scope3_agent_7":                     false,
		"scope3_ak_01HXYZ":                   false,
		"ak_01HXYZ":                          false,
		"pk_live_":                           false,
		"a.b.c":                              false,
		"eyJ.eyJ.abc":                        false,
		"scope3_ak_01HXYZ_s":                 true,
		"scope3_ak_01HXYZ_sk_live_012345678": true,
		"scope3_abc123_012345678":            true,
		"key scope3_abc123_012345678":        true,
		"pk_live_012345678":                  true,
		"bsk_live_012345678":                 true,
		jwt:                                  true,
		jwt[:len(jwt)-1] + "/":               false,
	} {
		assert.Equal(t, want, wire.HoldsCredential(text), text)
	}
}
