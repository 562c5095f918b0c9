package check_test

import (
	"bytes"
	stdjson "encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"

	"github.com/interchange-sdk/interchange-go/internal/check"
)

func TestEncodable(t *testing.T) {
	t.Parallel()
	type textual string
	text, octets := "{}", []byte("{}")
	for _, value := range []any{
		nil, 7, true,
		time.Time{},
		map[string]any{},
		[]string{"a"},
		struct{}{},
		&struct{}{}, (*struct{})(nil),
		jsontext.Value(octets), stdjson.RawMessage(octets),
		[]any{"a"},
		[][]byte{octets},
	} {
		assert.Empty(t, check.Encodable(value), "%T", value)
	}
	for _, value := range []any{
		text, &text, textual(text), octets, &octets,
		[2]byte{},
		[]uint8{},
		bytes.NewBuffer(octets), strings.NewReader(text),
		stdjson.Number("7"),
	} {
		assert.Contains(t, check.Encodable(value), "must be a jsontext.Value", "%T", value)
	}
}
