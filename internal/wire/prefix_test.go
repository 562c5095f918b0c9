package wire

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// recorded holds answers in the shapes that the documentation and the probes show.
func recorded() []string {
	page := make([]string, 6)
	for i := range page {
		page[i] = fmt.Sprintf(`{"id":"%d","customerId":4711,"name":"Nightly ETL \u00fc %d","accessClientId":"ak_%020d","seatId":null,"budget":%d.25,"expiresAt":"2027-04-26T00:00:00.000Z","tags":["a","b"],"nested":{"x":[[],{}]}}`, i, i, i, i)
	}
	items := strings.Join(page[:3], ",")
	return []string{
		`{"data":` + page[0] + `,"error":null}`,
		`{"error":null,"data":` + page[1] + `}`,
		`{"data":` + page[2] + `}`,
		`{"requestId":"r","data":` + page[3] + `,"error":null}`,
		`{"data":` + page[4] + `,"success":true}`,
		page[5],
		`{"data":null,"error":null}`,
		`{"data":[` + items + `],"error":null,"meta":{"pagination":{"skip":0,"take":50,"total":12,"hasMore":false}}}`,
		`{"data":{"serviceTokens":[` + items + `],"total":12},"error":null}`,
		`{"data":{"items":[` + items + `],"hasMore":true,"nextOffset":12},"error":null}`,
		`{"items":[` + items + `],"nextCursor":"YWJj","total":12}`,
		`{"meta":{"pagination":{"total":12}},"data":[` + items + `]}`,
		`[` + items + `]`,
		`{"data":null,"error":{"code":"VALIDATION_ERROR","message":"Invalid","details":{"issues":[{"path":"name","message":"Required"}]}}}`,
		"{\n  \"data\": {\n    \"id\": \"7\"\n  },\n  \"error\": null\n}\n",
	}
}

// An answer that was cut anywhere is an error or, where only white space is missing, the whole value.
func TestEveryPrefixIsAnErrorOrTheWholeValue(t *testing.T) {
	t.Parallel()
	prefixes := 0
	for _, body := range recorded() {
		var whole any
		wholeErr := Decode([]byte(body), &whole)
		items, _, page, listErr := DecodeList[any]([]byte(body), "items")
		for n := range len(body) {
			prefix := []byte(body[:n])
			missing := strings.TrimSpace(body[n:])
			prefixes++
			var got any
			if err := Decode(prefix, &got); missing == "" {
				require.Equal(t, wholeErr, err)
				require.Equal(t, whole, got)
			} else if err == nil {
				t.Fatalf("%q is taken for %v", prefix, got)
			}
			var typed thing
			if err := Decode(prefix, &typed); err == nil && missing != "" {
				t.Fatalf("%q is taken for %+v", prefix, typed)
			}
			gotItems, _, gotPage, err := DecodeList[any](prefix, "items")
			if missing == "" {
				require.Equal(t, listErr, err)
				require.Equal(t, items, gotItems)
				require.Equal(t, page, gotPage)
			} else if err == nil {
				t.Fatalf("%q is taken for %v", prefix, gotItems)
			}
			ReadError(prefix)
		}
	}
	assert.Greater(t, prefixes, 5_000)
}

func TestFailed(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", " \n", "null", `{}`, `[]`, `{"data":null,"error":null}`, `{"data":{"error":{"code":"X"}},"error":null}`, `{"success":true}`} {
		assert.NoError(t, Failed([]byte(body)), body)
	}
	var failure *Failure
	for _, body := range []string{`{"data":null,"error":{"code":"CONFLICT"}}`, `{"requestId":"r","error":{"code":"CONFLICT"},"data":null}`} {
		require.ErrorAs(t, Failed([]byte(body)), &failure, body)
		assert.Equal(t, "CONFLICT", failure.Body.Code)
	}
	for _, body := range []string{`OK`, `<html>`, `{"data":`, `{"data":null,"data":null}`} {
		err := Failed([]byte(body))
		require.Error(t, err, "that is no answer of the platform")
		assert.NotErrorAs(t, err, &failure, body)
	}
}
