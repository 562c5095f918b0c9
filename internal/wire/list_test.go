package wire

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type row struct {
	ID string `json:"id"`
}

func TestDecodeListShapes(t *testing.T) {
	t.Parallel()
	two := []row{{"1"}, {"2"}}
	const rows = `[{"id":"1"},{"id":"2"}]`
	silent := Pagination{Total: -1, NextOffset: -1}
	says := func(change func(*Pagination)) Pagination {
		p := silent
		change(&p)
		return p
	}
	three := says(func(p *Pagination) { p.Total = 3 })
	for _, tt := range []struct {
		name, body, key string
		want            []row
		page            Pagination
	}{
		{"bare array", rows, "", two, silent},
		{"bare array, key given", rows, "tokens", two, silent},
		{"array in data", `{"data":` + rows + `,"error":null}`, "", two, silent},
		{"array in data alone", `{"data":` + rows + `}`, "", two, silent},
		{"array under its key", `{"data":{"tokens":` + rows + `},"error":null}`, "tokens", two, silent},
		{"array under another key", `{"data":{"serviceTokens":` + rows + `},"error":null}`, "tokens", two, silent},
		{"array under any key", `{"data":{"x":1,"whatever":` + rows + `,"y":{}},"error":null}`, "", two, silent},
		{"bare object", `{"total":3,"items":` + rows + `}`, "items", two, three},
		{"the key wins over an earlier array", `{"data":{"warnings":["a"],"items":` + rows + `}}`, "items", two, silent},
		{"the key wins over a later array", `{"data":{"items":` + rows + `,"warnings":["a"]}}`, "items", two, silent},
		{"the first of several arrays", `{"data":{"b":` + rows + `,"a":["x"]}}`, "items", two, silent},
		{
			"the first of several arrays that holds objects", `{"data":{"a":["x"],"n":[],"b":[ ` + rows[1:] + `}}`, "items", two,
			silent,
		},
		{"data beside foreign members", `{"data":` + rows + `,"total":3,"success":true}`, "items", two, three},
		{"data beside foreign members, first", `{"total":3,"success":true,"data":` + rows + `}`, "items", two, three},
		{"wrapped twice", `{"data":{"data":` + rows + `,"meta":{"x":1}},"error":null}`, "", two, silent},
		{"meta before data", `{"meta":{"pagination":{"total":3}},"data":` + rows + `,"error":null}`, "", two, three},
		{
			"meta.pagination",
			`{"data":` + rows + `,"error":null,"meta":{"pagination":{"skip":0,"take":2,"total":3,"hasMore":true}}}`, "", two,
			says(func(p *Pagination) { p.Total, p.HasMore = 3, Yes }),
		},
		{"total beside items", `{"data":{"items":` + rows + `,"total":3},"error":null}`, "items", two, three},
		{"totalCount beside items", `{"data":{"totalCount":3,"items":` + rows + `},"error":null}`, "items", two, three},
		{
			"pagination beside items", `{"data":{"items":` + rows + `,"pagination":{"total":3}},"error":null}`, "items", two,
			three,
		},
		{
			"page object", `{"data":{"items":` + rows + `,"page":{"total":3,"hasMore":false}},"error":null}`, "items", two,
			says(func(p *Pagination) { p.Total, p.HasMore = 3, No }),
		},
		{
			"page as a number", `{"total":3,"page":1,"pageSize":2,"items":` + rows + `}`, "items", two,
			says(func(p *Pagination) { p.Total, p.PageSize = 3, 2 }),
		},
		{
			"nextCursor", `{"data":{"items":` + rows + `,"nextCursor":"c1"}}`, "items", two,
			says(func(p *Pagination) { p.NextCursor = "c1" }),
		},
		{
			"next_cursor in page", `{"data":{"items":` + rows + `,"page":{"next_cursor":"c1"}}}`, "items", two,
			says(func(p *Pagination) { p.NextCursor = "c1" }),
		},
		{
			"a cursor that is a number", `{"data":{"items":` + rows + `,"nextCursor":17}}`, "items", two,
			says(func(p *Pagination) { p.NextCursor = "17" }),
		},
		{
			"a total beside data", `{"data":` + rows + `,"error":null,"total":7}`, "items", two,
			says(func(p *Pagination) { p.Total = 7 }),
		},
		{
			"a cursor beside data", `{"nextCursor":"c","data":` + rows + `,"error":null}`, "items", two,
			says(func(p *Pagination) { p.NextCursor = "c" }),
		},
		{
			"the last cursor", `{"data":{"items":` + rows + `,"nextCursor":null}}`, "items", two,
			says(func(p *Pagination) { p.EndSaid = true }),
		},
		{
			"an empty cursor", `{"data":{"items":` + rows + `,"nextCursor":""}}`, "items", two,
			says(func(p *Pagination) { p.EndSaid = true }),
		},
		{
			"nextOffset", `{"data":{"items":` + rows + `,"nextOffset":2,"hasMore":true}}`, "items", two,
			says(func(p *Pagination) { p.NextOffset, p.HasMore = 2, Yes }),
		},
		{
			"the last offset", `{"data":{"items":` + rows + `,"nextOffset":null,"has_more":false}}`, "items", two,
			says(func(p *Pagination) { p.EndSaid, p.HasMore = true, No }),
		},
		{
			"beside items and in meta: beside wins",
			`{"data":{"items":` + rows + `,"total":3},"meta":{"pagination":{"total":9,"hasMore":true}}}`, "items", two,
			says(func(p *Pagination) { p.Total, p.HasMore = 3, Yes }),
		},
		{
			"an empty list", `{"data":[],"error":null,"meta":{"pagination":{"total":0,"hasMore":false}}}`, "",
			[]row{},
			says(func(p *Pagination) { p.Total, p.HasMore = 0, No }),
		},
		{"null data", `{"data":null,"error":null}`, "", nil, silent},
		{"null", `null`, "", nil, silent},
		{"null under the key", `{"data":{"items":null,"total":3}}`, "items", nil, three},
		{
			"hints of other types",
			`{"data":{"items":` + rows +
				`,"total":"three","hasMore":"yes","nextOffset":{},"page":[],"pagination":7},"meta":"m"}`, "items", two, silent,
		},
		{"a negative total", `{"data":{"items":` + rows + `,"total":-5,"nextOffset":-1}}`, "items", two, silent},
		{
			"a total beyond int64", `{"data":{"items":` + rows + `,"total":9223372036854775808,"nextOffset":1e300}}`, "items",
			two, silent,
		},
		{
			"the largest total", `{"data":{"items":` + rows + `,"total":9223372036854775807}}`, "items", two,
			says(func(p *Pagination) { p.Total = 1<<63 - 1 }),
		},
		{
			"hints in quotes", `{"data":{"items":` + rows + `,"total":"3","hasMore":"true","nextOffset":"2"}}`, "items", two,
			says(func(p *Pagination) { p.Total, p.HasMore, p.NextOffset = 3, Yes, 2 }),
		},
		{"data after warnings", `{"warnings":[],"data":{"tokens":` + rows + `}}`, "tokens", two, silent},
		{"data after errors", `{"errors":[],"data":{"tokens":` + rows + `}}`, "tokens", two, silent},
		{
			"data between request id and status", `{"requestId":"r","data":{"tokens":` + rows + `},"status":"ok"}`, "tokens",
			two, silent,
		},
		{
			"data between pagination and success", `{"pagination":{"total":3},"data":{"tokens":` + rows + `},"success":true}`,
			"tokens", two, three,
		},
		{"data before pagination", `{"data":` + rows + `,"pagination":{"total":3}}`, "tokens", two, three},
		{"data after links", `{"links":[{"rel":"self"}],"data":` + rows + `}`, "tokens", two, silent},
		{"items beside links", `{"data":{"links":[{"rel":"self"}],"tokens":` + rows + `}}`, "serviceTokens", two, silent},
		{
			"null under another name", `{"data":{"tokens":null,"total":0}}`, "serviceTokens", nil,
			says(func(p *Pagination) { p.Total = 0 }),
		},
		{"empty under another name", `{"data":{"warnings":[],"tokens":[]}}`, "serviceTokens", []row{}, silent},
		{"no array beside a total of 0", `{"data":{"total":0}}`, "tokens", nil, says(func(p *Pagination) { p.Total = 0 })},
		{
			"no array beside a cursor", `{"data":{"nextCursor":"c"}}`, "tokens", nil,
			says(func(p *Pagination) { p.NextCursor = "c" }),
		},
		{
			"null data with a cursor", `{"data":null,"error":null,"meta":{"pagination":{"nextCursor":"c"}}}`, "tokens", nil,
			says(func(p *Pagination) { p.NextCursor = "c" }),
		},
		{"two envelopes", `{"data":{"data":{"tokens":` + rows + `,"total":3}}}`, "tokens", two, three},
		{
			"a cursor in meta", `{"data":` + rows + `,"meta":{"nextCursor":"c"}}`, "tokens", two,
			says(func(p *Pagination) { p.NextCursor = "c" }),
		},
		{
			"a cursor that is an object", `{"items":` + rows + `,"nextCursor":{"after":1}}`, "items", two,
			says(func(p *Pagination) { p.HasMore = Yes }),
		},
		{
			"a cursor that is true", `{"items":` + rows + `,"nextCursor":true}`, "items", two,
			says(func(p *Pagination) { p.HasMore = Yes }),
		},
		{
			"a cursor that is false", `{"items":` + rows + `,"nextCursor":false}`, "items", two,
			says(func(p *Pagination) { p.EndSaid = true }),
		},
		{"another code of success", `{"code":20000,"message":"success","data":[]}`, "items", []row{}, silent},
		{"a byte order mark", "\ufeff" + rows, "tokens", two, silent},
		{
			"names in another case", `{"data":{"ITEMS":["x"],"items":` + rows + `,"TOTAL":9,"HasMore":true}}`, "items", two,
			silent,
		},
		{
			"arrays that are not items", `{"data":{"data":{"x":1},"items":` + rows + `},"success":true,"items":` + rows + `}`,
			"", two, silent,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := DecodeList[row]([]byte(tt.body), ListOptions{Key: tt.key})
			require.NoError(t, err)
			assert.Equal(t, tt.want, got.Items)
			assert.Equal(t, tt.page, got.Page)
		})
	}
}

func TestDecodeListRefuses(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"empty":                     ``,
		"no array":                  `{"data":{"total":3},"error":null}`,
		"an empty object":           `{}`,
		"a string":                  `{"data":"none"}`,
		"a number":                  `{"data":0}`,
		"a bare string":             `"none"`,
		"items of another type":     `{"data":[1,2]}`,
		"items under another type":  `{"data":{"tokens":[1,2]}}`,
		"an object under the key":   `{"data":{"items":{"id":"1"}}}`,
		"the key twice":             `{"data":{"items":[],"items":[]}}`,
		"torn":                      `{"data":[{"id":"1"},{"id":`,
		"HTML":                      `<html></html>`,
		"arrays only deeper":        `{"data":{"x":{"items":[]}}}`,
		"an error beside the items": `{"items":[{"id":"1"}],"error":{"code":"CONFLICT"}}`,
		"errors and null data":      `{"errors":[{"code":"CONFLICT"}],"data":null}`,
		"an error as item":          `[{"error":{"code":"CONFLICT"}}]`,
		"links alone":               `{"data":{"links":[{"rel":"self"}]}}`,
		"objects that are no items": `{"data":[{"rel":"self"}]}`,
		"a null item":               `{"data":[{"id":"1"},null]}`,
		"null data and a message":   `{"data":null,"message":"Forbidden"}`,
		"null data and more":        `{"data":null,"portal":"http://login.example"}`,
		"a cursor beside no array":  `{"nextCursor":"c","tokens":{"1":{"id":"1"}}}`,
		"several arrays of texts":   `{"data":{"a":["x"],"b":["y"]}}`,
	} {
		_, err := DecodeList[row]([]byte(body), ListOptions{Key: "items"})
		assert.Error(t, err, name)
	}
}

// A page that is sent twice is recognized by its raw items.
func TestDecodeListReturnsItemsAsSent(t *testing.T) {
	t.Parallel()
	const rows = `[{"id":"1"}, {"id":"2"}]`
	for _, body := range []string{
		rows, " " + rows + "\n", `{"data":` + rows + `,"error":null}`,
		`{"data":` + rows + `,"meta":{"pagination":{"skip":4}}}`,
		`{"meta":{"at":"now"},"data":` + rows + `}`, `{"requestId":"r","data":` + rows + `,"error":null}`,
		`{"data":{"total":2,"items":` + rows + `,"skip":4},"error":null}`, `{"items":` + rows + `,"nextOffset":null}`,
		`{"success":true,"data":` + rows + `}`, `{"data":` + rows + `,"success":true}`, `{"data":{"others":` + rows + `}}`,
	} {
		page, err := DecodeList[row]([]byte(body), ListOptions{Key: "items"})
		require.NoError(t, err, body)
		assert.Equal(t, rows, string(page.Raw), body)
	}
	page, err := DecodeList[row]([]byte(`{"data":null,"error":null}`), ListOptions{Key: "items"})
	require.NoError(t, err)
	assert.Empty(t, page.Raw)
}

func TestDecodeListNamesUnreadableItem(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"data":[{"id":"1"},null]}`:                      "item 1 is null",
		`{"data":{"tokens":[null]}}`:                      "item 0 is null",
		`{"data":{"tokens":[null,{"id":"1"}]}}`:           "item 0 is null",
		`{"data":[{"id":"1"},{"id":"2"},{"rel":"self"}]}`: "item 2 has none of the expected fields",
		`{"data":[{"id":"1"},{"id":{}}]}`:                 `item 1: field "id" cannot be read`,
		`{"data":[{"id":"1"},7]}`:                         "item 1 cannot be read",
	} {
		_, err := DecodeList[row]([]byte(body), ListOptions{})
		assert.EqualError(t, err, want)
	}
	_, err := DecodeList[thing]([]byte(`[{"id":"1"},{"id":"2","data":{"expiresAt":"never"}}]`), ListOptions{})
	assert.EqualError(t, err, `item 1: field "data.expiresAt" cannot be read`)
}

func TestDecodeListChecksLimitsFirst(t *testing.T) {
	t.Parallel()
	many := []byte(`{"data":[` + strings.Repeat(`{"id":"1"},`, 2000) + `{"id":"1"}]}`)
	_, err := DecodeList[row](many, ListOptions{MaxItems: 2000})
	var tooMany *TooManyItemsError
	require.ErrorAs(t, err, &tooMany)
	page, err := DecodeList[row](many, ListOptions{MaxItems: 2001})
	require.NoError(t, err)
	assert.Len(t, page.Items, 2001)

	type wide struct {
		ID     string                    `json:"id"`
		Nested []struct{ A [128]string } `json:"nested"`
	}
	for name, body := range map[string]string{
		"items":        `[` + strings.Repeat(`{"id":"1"},`, 2000) + `{}]`,
		"nested items": `[{"id":"1","nested":[` + strings.Repeat(`{},`, 2000) + `{}]}]`,
		"nested nulls": `[{"id":"1","nested":[` + strings.Repeat(`null, `, 2000) + `{}]}]`,
	} {
		_, err = DecodeList[wide]([]byte(body), ListOptions{MaxMemory: 1 << 20})
		require.ErrorIs(t, err, ErrTooLarge, name)
		_, err = DecodeList[wide]([]byte(body), ListOptions{MaxMemory: 8 << 20})
		require.NoError(t, err, name)
	}
	_, err = DecodeList[wide]([]byte(`[`+strings.Repeat(`{"id":"1","nested":null},`, 400)+`{}]`),
		ListOptions{MaxMemory: 1 << 20})
	require.NoError(t, err, "a null member costs nothing")

	scalars := []byte(`[` + strings.Repeat(`0,`, 20_000) + `0]`)
	_, err = DecodeList[wide](scalars, ListOptions{})
	require.EqualError(t, err, "item 0 cannot be read", "before there is room for all of them")
	_, err = DecodeList[any](scalars, ListOptions{MaxMemory: 1 << 17})
	require.ErrorIs(t, err, ErrTooLarge)
}

func TestLastID(t *testing.T) {
	t.Parallel()
	for items, want := range map[string]string{
		`[{"id":"1"},{"id":"2"}]`: "2", `[{"id":"1"},{"id":2}]`: "2", `[{"id":9007199254740993}]`: "9007199254740993",
		`[{"x":{"id":"no"},"id":"a\u0062"}]`: "ab", `[{"id":"1"},{}]`: "", `[{"id":"1"},{"ID":"2"}]`: "", `[{"id":null}]`: "",
		`[{"id":true}]`: "", `[{"id":{"id":"1"}}]`: "", `[{"id":"1"},"2"]`: "", `["1","2"]`: "", `[]`: "", ``: "", `null`: "",
		`[{"id":"1"}`: "",
	} {
		assert.Equal(t, want, LastID([]byte(items)), items)
	}
}
