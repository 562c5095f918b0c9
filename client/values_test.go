package client_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/interchange-sdk/interchange-go/client"
)

func TestIDReads(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]client.ID{
		`"tok_1"`: "tok_1", `"17"`: "17", `17`: "17", `0`: "0", `-3`: "-3", `null`: "", `""`: "",
		`9007199254740993`:               "9007199254740993", // 2⁵³+1, which a float64 does not hold
		`9223372036854775807`:            "9223372036854775807",
		`18446744073709551616`:           "18446744073709551616",
		`123456789012345678901234567890`: "123456789012345678901234567890",
		`7.0`:                            "7", // as Python writes it
		`1.2e1`:                          "12",
		`7.5`:                            "7.5",
		`"7.0"`:                          "7.0",
		`"a\u0062c"`:                     "abc",
		`"\ud83d\ude00"`:                 "😀",
	} {
		var one struct {
			ID    client.ID            `json:"id"`
			IDs   []client.ID          `json:"ids"`
			ByID  map[string]client.ID `json:"byId"`
			Maybe *client.ID           `json:"maybe"`
		}
		body := strings.ReplaceAll(`{"id":$,"ids":[$,$],"byId":{"k":$},"maybe":$}`, "$", sent)
		require.NoError(t, jsonv2.Unmarshal([]byte(body), &one), sent)
		assert.Equal(t, want, one.ID, sent)
		assert.Equal(t, []client.ID{want, want}, one.IDs, sent)
		assert.Equal(t, want, one.ByID["k"], sent)
		if sent == `null` {
			assert.Nil(t, one.Maybe)
		} else {
			assert.Equal(t, want, *one.Maybe, sent)
		}
	}
	for _, sent := range []string{`true`, `false`, `{}`, `[]`, `["1"]`, `{"id":"1"}`, ``, `"open`, `1x`, `NaN`, `0x10`} {
		var id client.ID
		assert.Error(t, jsonv2.Unmarshal([]byte(sent), &id), sent)
	}
	// A null forgets what was there.
	id := client.ID("before")
	require.NoError(t, jsonv2.Unmarshal([]byte(`null`), &id))
	assert.Empty(t, id)
}

// An id that all objects of a page have is kept once.
func TestIDsInCommonAreKeptOnce(t *testing.T) {
	body := []byte("[" + strings.TrimSuffix(strings.Repeat(`"customer_4711",`, 100), ",") + "]")
	ids := make([]client.ID, 0, 100)
	assert.Less(t, testing.AllocsPerRun(20, func() {
		ids = ids[:0]
		_ = jsonv2.Unmarshal(body, &ids)
	}), 50.0)
	assert.Len(t, ids, 100)
}

func TestIDIsSentAsText(t *testing.T) {
	t.Parallel()
	for _, id := range []client.ID{"", "17", "tok_1", `a"b`} {
		want, err := json.Marshal(string(id))
		require.NoError(t, err)
		got, err := jsonv2.Marshal(id)
		require.NoError(t, err)
		assert.JSONEq(t, string(want), string(got))
		got, err = json.Marshal(id)
		require.NoError(t, err)
		assert.JSONEq(t, string(want), string(got))
	}
}

func TestIDInt64(t *testing.T) {
	t.Parallel()
	for id, want := range map[client.ID]int64{"0": 0, "17": 17, "-3": -3, "9223372036854775807": math.MaxInt64} {
		got, err := id.Int64()
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	for _, id := range []client.ID{"", "tok_1", "1.5", "1e3", " 1", "9223372036854775808"} {
		_, err := id.Int64()
		assert.Error(t, err, id)
	}
}

type inner struct {
	Name string `json:"name"`
}

// fieldsRequest has a Field of every kind of value.
type fieldsRequest struct {
	Text   client.Field[string]         `json:"text,omitzero"`
	Number client.Field[int]            `json:"number,omitzero"`
	Flag   client.Field[bool]           `json:"flag,omitzero"`
	Object client.Field[inner]          `json:"object,omitzero"`
	ID     client.Field[client.ID]      `json:"id,omitzero"`
	List   client.Field[[]string]       `json:"list,omitzero"`
	Map    client.Field[map[string]int] `json:"map,omitzero"`
	Ptr    client.Field[*int]           `json:"ptr,omitzero"`
}

func TestFieldIsAbsentNullOrSet(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		req  fieldsRequest
		want string
	}{
		{"absent", fieldsRequest{}, `{}`},
		{
			"null",
			fieldsRequest{
				Text: client.Null[string](), Number: client.Null[int](), Flag: client.Null[bool](), Object: client.Null[inner](),
				ID: client.Null[client.ID](), List: client.Null[[]string](), Map: client.Null[map[string]int](),
				Ptr: client.Null[*int](),
			},
			`{"text":null,"number":null,"flag":null,"object":null,"id":null,"list":null,"map":null,"ptr":null}`,
		},
		{
			"values",
			fieldsRequest{
				Text: client.Set("x"), Number: client.Set(7), Flag: client.Set(true), Object: client.Set(inner{"n"}),
				ID: client.Set(client.ID("7")), List: client.Set([]string{"a"}), Map: client.Set(map[string]int{"k": 1}),
				Ptr: client.Set(new(5)),
			},
			`{"text":"x","number":7,"flag":true,"object":{"name":"n"},"id":"7","list":["a"],"map":{"k":1},"ptr":5}`,
		},
		{
			"zero values are values",
			fieldsRequest{
				Text: client.Set(""), Number: client.Set(0), Flag: client.Set(false), Object: client.Set(inner{}),
				ID: client.Set(client.ID("")), List: client.Set([]string{}), Map: client.Set(map[string]int{}),
				Ptr: client.Set(new(0)),
			},
			`{"text":"","number":0,"flag":false,"object":{"name":""},"id":"","list":[],"map":{},"ptr":0}`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := jsonv2.Marshal(tt.req)
			require.NoError(t, err)
			assert.Equal(t, tt.want, string(got))

			var back fieldsRequest
			require.NoError(t, jsonv2.Unmarshal(got, &back))
			assert.Equal(t, tt.req, back)
		})
	}
}

func TestFieldState(t *testing.T) {
	t.Parallel()
	var absent client.Field[int]
	for _, tt := range []struct {
		field        client.Field[int]
		zero, null   bool
		value        int
		given        bool
		encodedAlone string
	}{
		{absent, true, false, 0, false, `null`},
		{client.Null[int](), false, true, 0, false, `null`},
		{client.Set(0), false, false, 0, true, `0`},
		{client.Set(7), false, false, 7, true, `7`},
	} {
		assert.Equal(t, tt.zero, tt.field.IsZero())
		assert.Equal(t, tt.null, tt.field.IsNull())
		assert.Equal(t, tt.value, tt.field.Value())
		value, given := tt.field.Get()
		assert.Equal(t, tt.value, value)
		assert.Equal(t, tt.given, given)
		out, err := jsonv2.Marshal(tt.field)
		require.NoError(t, err)
		assert.Equal(t, tt.encodedAlone, string(out))
	}
	// What was there before does not shine through.
	field := client.Set(7)
	require.NoError(t, jsonv2.Unmarshal([]byte(`null`), &field))
	assert.Equal(t, client.Null[int](), field)
	require.NoError(t, jsonv2.Unmarshal([]byte(`8`), &field))
	assert.Equal(t, client.Set(8), field)
	require.Error(t, jsonv2.Unmarshal([]byte(`"x"`), &field))
	require.Error(t, jsonv2.Unmarshal([]byte(`1.5`), &field))
}

// Parameters are compared with the zero value to tell whether anything is set.
func TestFieldsAreComparable(t *testing.T) {
	t.Parallel()
	type params struct {
		Name client.Field[string]
		Days client.Field[int]
	}
	same := func(a, b params) bool { return a == b }
	assert.True(t, same(params{}, params{}))
	assert.True(t, same(params{Name: client.Set("a")}, params{Name: client.Set("a")}))
	assert.False(t, params{Name: client.Set("")} == params{})
	assert.False(t, params{Name: client.Null[string]()} == params{})
	assert.False(t, client.Null[int]() == client.Set(0))
	assert.Equal(t, "x", fmt.Sprint(client.Set("x").Value()))
}

// What reads and writes with encoding/json, which knows nothing of this module's encoder, sees the same.
func TestValuesAreTheSameToBothEncoders(t *testing.T) {
	t.Parallel()
	type values struct {
		ID      client.ID               `json:"id"`
		IDs     []client.ID             `json:"ids"`
		LogoURL client.Field[string]    `json:"logoUrl,omitzero"`
		Limit   client.Field[int]       `json:"limit,omitzero"`
		Parent  client.Field[client.ID] `json:"parent,omitzero"`
	}
	for _, v := range []values{
		{ID: "tok_1", IDs: []client.ID{"7", ""}},
		{
			IDs: []client.ID{}, LogoURL: client.Set("https://a.example/l.png"), Limit: client.Set(0),
			Parent: client.Set(client.ID("7")),
		},
		{IDs: []client.ID{"1"}, LogoURL: client.Null[string](), Limit: client.Null[int](), Parent: client.Null[client.ID]()},
	} {
		one, err := json.Marshal(v)
		require.NoError(t, err)
		other, err := jsonv2.Marshal(v)
		require.NoError(t, err)
		assert.Equal(t, string(other), string(one))
		var read values
		require.NoError(t, json.Unmarshal(one, &read))
		assert.Equal(t, v, read)
	}
	for _, sent := range []string{
		`{"id":17,"ids":[1,"2",null],"limit":7,"parent":9007199254740993}`,
		`{"id":"a","logoUrl":null}`, `{"id":true}`, `{"limit":"x"}`,
	} {
		var one, other values
		failed := json.Unmarshal([]byte(sent), &one) != nil
		assert.Equal(t, jsonv2.Unmarshal([]byte(sent), &other) != nil, failed, sent)
		if !failed {
			assert.Equal(t, other, one, sent)
		}
	}
}
