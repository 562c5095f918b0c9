package wire

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// recorded holds responses in documented and observed shapes.
func recorded() []string {
	page := make([]string, 6)
	for i := range page {
		page[i] = fmt.Sprintf(`{"id":"%d","customerId":4711,"name":"Nightly ETL \u00fc %d","accessClientId":"ak_%020d",`+
			`"seatId":null,"budget":%d.25,"expiresAt":"2027-04-26T00:00:00.000Z","tags":["a","b"],"nested":{"x":[[],{}]}}`, i, i,
			i, i)
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
		`{"data":null,"error":{"code":"VALIDATION_ERROR","message":"Invalid","details":{"issues":[{"path":"name",` +
			`"message":"Required"}]}}}`,
		"{\n  \"data\": {\n    \"id\": \"7\"\n  },\n  \"error\": null\n}\n",
	}
}

// A truncated response is an error or, if only white space is missing, the whole value.
func TestTruncatedResponseIsAnErrorOrTheWholeValue(t *testing.T) {
	t.Parallel()
	prefixes := 0
	for _, body := range recorded() {
		var whole any
		wholeErr := Decode([]byte(body), &whole)
		list, listErr := DecodeList[any]([]byte(body), ListOptions{Key: "items"})
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
			gotList, err := DecodeList[any](prefix, ListOptions{Key: "items"})
			if missing == "" {
				require.Equal(t, listErr, err)
				require.Equal(t, list.Items, gotList.Items)
				require.Equal(t, list.Page, gotList.Page)
			} else if err == nil {
				t.Fatalf("%q is taken for %v", prefix, gotList)
			}
			ReadError(prefix)
		}
	}
	assert.Greater(t, prefixes, 5_000)
}
