package wire

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// thing has all kinds of members that responses have.
type thing struct {
	ID        string         `json:"id"`
	FullToken string         `json:"fullToken"`
	Budget    float64        `json:"budget"`
	ExpiresAt time.Time      `json:"expiresAt"`
	Raw       jsontext.Value `json:"raw"`
	Data      *thing         `json:"data"`
	Meta      jsontext.Value `json:"meta"`
	Success   bool           `json:"success"`
}

func TestDecodeShapes(t *testing.T) {
	t.Parallel()
	one := thing{ID: "7"}
	for _, tt := range []struct {
		name, body string
		want       thing
	}{
		{"envelope", `{"data":{"id":"7"},"error":null}`, one},
		{"envelope, the error first", `{"error":null,"data":{"id":"7"}}`, one},
		{"envelope with meta", `{"data":{"id":"7"},"error":null,"meta":{}}`, one},
		{"data with meta only", `{"data":{"id":"7"},"meta":{"pagination":{"total":1}}}`, one},
		{"meta first", `{"meta":null,"data":{"id":"7"}}`, one},
		{"nothing but data", `{"data":{"id":"7"}}`, one},
		{"an envelope with a foreign member", `{"data":{"id":"7"},"error":null,"requestId":"r"}`, one},
		{"the foreign member in the middle", `{"data":{"id":"7"},"requestId":"r","error":null}`, one},
		{"the foreign member first", `{"requestId":"r","data":{"id":"7"},"error":null}`, one},
		{
			"foreign members of every kind first",
			`{"a":1,"b":[{"data":2}],"c":{"error":3},"d":"\"data\"","data":{"id":"7"},"meta":{}}`, one,
		},
		{"bare", `{"id":"7"}`, one},
		{"bare with unknown members", `{"x":1,"id":"7","y":{"data":{}}}`, one},
		{"bare with null members", `{"id":"7","fullToken":null,"budget":null,"expiresAt":null,"data":null}`, one},
		{"data beside foreign members", `{"data":{"id":"7"},"success":true}`, thing{Data: &one, Success: true}},
		{"data beside foreign members, data last", `{"success":true,"data":{"id":"7"}}`, thing{Data: &one, Success: true}},
		{
			"data beside its own id", `{"data":{"id":"8","budget":2},"id":"7"}`,
			thing{ID: "7", Data: &thing{ID: "8", Budget: 2}},
		},
		{"wrapped twice", `{"data":{"data":{"id":"7"}},"error":null}`, thing{Data: &one}},
		{"an error that says nothing", `{"data":{"id":"7"},"error":{}}`, one},
		{"an error that is false", `{"data":{"id":"7"},"error":false}`, one},
		{"an error that is empty", `{"error":"","data":{"id":"7"}}`, one},
		{"an empty list of errors", `{"errors":[],"warnings":[],"data":{"id":"7"}}`, one},
		{"data of the result's own, wrapped", `{"data":{"budget":2},"id":"7"}`, thing{ID: "7", Data: &thing{Budget: 2}}},
		{"a byte order mark", "\ufeff{\"data\":{\"id\":\"7\"}}", one},
		{"an empty object", `{}`, thing{}},
		{"an empty envelope", `{"data":{},"error":null}`, thing{}},
		{"white space around", " \t\r\n{ \n\"data\" : {\"id\" : \"7\"} , \"error\" : null } \n", one},
		{
			"a time", `{"data":{"expiresAt":"2027-04-26T00:00:00.000Z"}}`,
			thing{ExpiresAt: time.Date(2027, 4, 26, 0, 0, 0, 0, time.UTC)},
		},
		{"a date", `{"data":{"expiresAt":"2027-04-26"}}`, thing{ExpiresAt: time.Date(2027, 4, 26, 0, 0, 0, 0, time.UTC)}},
		{"an empty time", `{"data":{"expiresAt":""}}`, thing{}},
		{"a lone surrogate", `{"data":{"id":"cut \ud83d"}}`, thing{ID: "cut \ufffd"}},
		{"a pair of surrogates", `{"data":{"id":"\ud83d\ude00"}}`, thing{ID: "😀"}},
		{"invalid UTF-8", "{\"data\":{\"id\":\"cut \xff\"}}", thing{ID: "cut \ufffd"}},
		{"an escaped name", `{"data":{"\u0069d":"7"},"error":null}`, one},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got thing
			require.NoError(t, Decode([]byte(tt.body), &got))
			assert.Equal(t, tt.want, got)
		})
	}
}

// The order of members has no meaning in JSON, so it must not matter.
func TestDecodeAcceptsMembersInAnyOrder(t *testing.T) {
	t.Parallel()
	for _, members := range [][]string{
		{`"data":{"id":"7"}`, `"error":null`, `"meta":{}`},
		{`"data":{"id":"7"}`, `"error":null`, `"requestId":"r"`},
		{`"data":{"id":"7"}`, `"meta":{}`, `"requestId":"r"`},
		{`"data":{"id":"8"}`, `"id":"7"`, `"success":true`},
		{`"data":null`, `"error":{"code":"CONFLICT","message":"a b"}`, `"success":false`},
		{`"id":"7"`, `"error":{"code":"CONFLICT","message":"a b"}`, `"success":false`},
	} {
		var want thing
		wantErr := Decode([]byte("{"+strings.Join(members, ",")+"}"), &want)
		for _, order := range [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
			body := fmt.Sprintf("{%s,%s,%s}", members[order[0]], members[order[1]], members[order[2]])
			var got thing
			err := Decode([]byte(body), &got)
			assert.Equal(t, want, got, body)
			assert.Equal(t, wantErr, err, body)
		}
	}
}

func TestDecodeReturnsErrorInsideSuccess(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"data":null,"error":{"code":"CONFLICT","message":"It exists"}}`,
		`{"error":{"code":"CONFLICT","message":"It exists"},"data":null}`,
		`{"error":{"code":"CONFLICT","message":"It exists"}}`,
		`{"data":{"id":"7"},"error":{"code":"CONFLICT","message":"It exists"}}`,
		`{"data":{"id":{}},"error":{"code":"CONFLICT","message":"It exists"}}`,
		`{"requestId":"r","data":null,"error":{"code":"CONFLICT","message":"It exists"}}`,
		`{"data":null,"error":"It exists","code":"CONFLICT"}`,
	} {
		var got thing
		err := Decode([]byte(body), &got)
		var failure *Failure
		if assert.ErrorAs(t, err, &failure, body) {
			assert.Equal(t, ErrorBody{Code: "CONFLICT", Message: "It exists"}, failure.Body, body)
		}
		_, err = DecodeList[thing]([]byte(body), ListOptions{Key: "items"})
		assert.ErrorAs(t, err, &failure, body)
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		``, ` `, "\n\t\r", `{`, `{"data":`, `{"data":{"id":"7"}`, `{"data":{"id":"7"},"error":nul`, `{"data":{"id":"7"}}}`,
		`{"data":{"id":"7"}}{"data":{"id":"8"}}`, `{"data":{"id":"7"}},`, `{"data":{"id":"7"},}`, `[1,2`, `"open`, `tru`,
		`nul`,
		`{"data":{"id":["7"]}}`, `{"data":{"budget":"much"}}`, `{"data":{"expiresAt":"soon"}}`,
		`{"data":{"success":"maybe"}}`,
		`{"data":[{"id":"7"}]}`, `{"data":"7"}`, `{"data":7}`, `7`, `"7"`, `[]`, `true`, `NaN`, `<html></html>`, "\x00",
		`{'data':{}}`, `{"data":{"id":'7'}}`, `{data:{}}`, `{"data":{"budget":1e999}}`, `{"data":{"budget":0x10}}`,
		`{"data":{"id":"a` + "\n" + `b"}}`,
		`{"unknown":1}`, `null`, `{"data":null}`, `{"data":null,"error":null}`, `{"DATA":{"id":"7"},"error":null}`,
		strings.Repeat(`{"data":`, 20_000), `{"data":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}`,
	} {
		var got thing
		assert.Error(t, Decode([]byte(body), &got), "%.60q", body)
	}
	var got thing
	assert.ErrorIs(t, Decode(nil, &got), ErrEmpty)
}

// Two members of one name are read one way by one reader and the other way by the next, so they are refused.
func TestDecodeRefusesDuplicateMembers(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"id":"7","id":"8"}`,
		`{"id":"7","\u0069d":"8"}`,
		`{"data":{"id":"7"},"data":{"id":"8"}}`,
		`{"data":{"id":"7","id":"8"},"error":null}`,
		`{"data":{"id":"7"},"error":null,"error":null}`,
		`{"data":{"id":"7"},"meta":{"a":1,"a":2}}`,
		`{"data":{"raw":{"a":1,"a":2}}}`,
	} {
		var got thing
		assert.Error(t, Decode([]byte(body), &got), body)
	}
}

// Go's encoding/json would fill a member from a name in another case; a secret must come from its own name only.
func TestDecodeComparesNamesExactly(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"FULLTOKEN", "FullToken", "fulltoken", "full_token", "fullToken\\u0000",
		"\\u0000fullToken", "fullToken ", "ﬁullToken", "fullTo\u212Aen",
	} {
		for _, body := range []string{
			`{"id":"7","` + name + `":"evil"}`,
			`{"data":{"id":"7","` + name + `":"evil"},"error":null}`,
			`{"data":{"fullToken":"good","` + name + `":"evil","id":"7"},"error":null}`,
		} {
			var got thing
			require.NoError(t, Decode([]byte(body), &got), body)
			want := ""
			if strings.Contains(body, "good") {
				want = "good"
			}
			assert.Equal(t, want, got.FullToken, body)
			assert.Equal(t, "7", got.ID, body)
		}
	}
	for _, body := range []string{
		`{"DATA":{"id":"7"},"error":null}`, `{"Data":{"id":"7"}}`,
		`{"data\u0000":{"id":"7"},"error":null}`,
	} {
		var got thing
		require.Error(t, Decode([]byte(body), &got), body)
		assert.Equal(t, thing{}, got, body)
	}
	var got thing
	require.NoError(t, Decode([]byte(`{"data":{"id":"7"},"ERROR":{"code":"CONFLICT"},"error":null}`), &got))
	assert.Equal(t, thing{ID: "7"}, got)
}

// What is decoded outlives the pooled buffer it was read from.
func TestDecodeKeepsNothingOfTheBody(t *testing.T) {
	t.Parallel()
	for _, source := range []string{
		`{"data":{"id":"7","raw":{"a":[1,2,3]},"meta":"m"},"error":null}`,
		`{"id":"7","raw":{"a":[1,2,3]},"meta":"m"}`,
		`{"success":true,"data":{"id":"7","raw":{"a":[1,2,3]},"meta":"m"}}`,
	} {
		var want, got thing
		require.NoError(t, Decode([]byte(source), &want))
		body := []byte(source)
		require.NoError(t, Decode(body, &got))
		for i := range body {
			body[i] = 'x'
		}
		assert.Equal(t, want, got, source)
	}
	body := []byte(`{"data":{"others":[{"id":"7","raw":{"a":1}}],"nextCursor":"c"},"error":null}`)
	page, err := DecodeList[thing](body, ListOptions{Key: "items"})
	require.NoError(t, err)
	for i := range body {
		body[i] = 'x'
	}
	assert.Equal(t, []thing{{ID: "7", Raw: jsontext.Value(`{"a":1}`)}}, page.Items)
	assert.Equal(t, "c", page.Page.NextCursor)
}

// A decoding error that quotes the response could put a secret into a log.
func TestDecodeErrorsQuoteNothing(t *testing.T) {
	t.Parallel()
	const canary = "c4n4ryc4n4ry"
	secret := aToken(canary)
	for _, body := range []string{
		`{"data":{"id":"7","fullToken":["` + secret + `"]}}`,
		`{"data":{"id":"7","fullToken":"` + secret + `","budget":"` + secret + `"}}`,
		`{"data":{"fullToken":"` + secret + `","expiresAt":"` + secret + `"}}`,
		`{"data":"` + secret + `"}`,
		`"` + secret + `"`,
		`["` + secret + `"]`,
		`{"data":{"fullToken":"` + secret + `"`,
		`{"data":{"fullToken":"` + secret,
		`{"fullToken":"` + secret + `","fullToken":"` + secret + `"}`,
		`{"` + secret + `":1,"` + secret + `":2}`,
		`{"data":{"fullToken":"` + secret + `"},"` + secret + `"`,
		secret,
		`{"data":` + secret + `}`,
	} {
		var got thing
		_, listErr := DecodeList[string]([]byte(strings.ReplaceAll(body, "data", "items")), ListOptions{Key: "items"})
		for _, err := range []error{Decode([]byte(body), &got), listErr} {
			for ; err != nil; err = errors.Unwrap(err) {
				assert.NotContains(t, err.Error(), canary, body)
				checkPrintable(t, err.Error(), 512)
			}
		}
	}
}

type plain struct {
	ID        string         `json:"id"`
	FullToken string         `json:"fullToken"`
	Budget    float64        `json:"budget"`
	ExpiresAt time.Time      `json:"expiresAt"`
	Raw       jsontext.Value `json:"raw"`
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		`null`, `true`, `0`, `-1.5e300`, `""`, `"\ud83d"`, `[]`, `{}`, `[1,[2,{"a":null}]]`, `{"id":"7","budget":1}`,
		`{"a":1,"a":2}`,
		`{"data":1}`, `{"data":1,"error":null}`, `{"data":{"id":"7"},"success":true}`, `{"error":{"code":"X"}}`,
		`{"x":1,"data":2,"meta":3}`,
		" {\"id\"\t:\"7\"}\n", "{\"id\":\"\xff\"}", `{"FULLTOKEN":"x"}`, `{"items":[1],"total":3}`, `[`, `{"id":`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		if len(payload) > 4<<10 || looksWrapped(payload) {
			return
		}
		var bare, wrapped, alone, late any
		errs := [...]error{
			Decode(payload, &bare),
			Decode([]byte(`{"data":`+string(payload)+`,"error":null}`), &wrapped),
			Decode([]byte(`{"data":`+string(payload)+`}`), &alone),
			Decode([]byte(`{"requestId":"r","meta":null,"data":`+string(payload)+`}`), &late),
		}
		for i, got := range []any{bare, wrapped, alone, late} {
			if (errs[i] == nil) != (errs[0] == nil) {
				t.Fatalf("%q: form %d gives %v, the bare one %v", payload, i, errs[i], errs[0])
			}
			if errs[0] == nil && !assert.ObjectsAreEqual(bare, got) {
				t.Fatalf("%q: form %d gives %v, the bare one %v", payload, i, got, bare)
			}
		}
		var typed plain
		typedErr := Decode(payload, &typed)
		var again plain
		if err := Decode([]byte(`{"meta":{},"data":`+string(payload)+`}`), &again); (err == nil) != (typedErr == nil) ||
			(err == nil && !assert.ObjectsAreEqual(typed, again)) {
			t.Fatalf("%q: %+v (%v) bare, %+v (%v) wrapped", payload, typed, typedErr, again, err)
		}
		bareList, errBare := DecodeList[any](payload, ListOptions{Key: "items"})
		dataList, errData := DecodeList[any]([]byte(`{"data":`+string(payload)+`,"error":null}`), ListOptions{Key: "items"})
		if (errBare == nil) != (errData == nil) ||
			(errBare == nil && !assert.ObjectsAreEqual(bareList, dataList)) {
			t.Fatalf("%q: list %+v (%v) bare, %+v (%v) wrapped", payload, bareList, errBare, dataList, errData)
		}
	})
}

// looksWrapped reports whether an envelope makes a difference for a payload: if that is an envelope itself, is not one
// value, is empty, or is a scalar, which the platform does not send without an envelope.
func looksWrapped(payload []byte) bool {
	start := strings.TrimLeft(string(payload), " \t\r\n")
	if !strings.HasPrefix(start, "{") && !strings.HasPrefix(start, "[") {
		return true
	}
	var v jsontext.Value
	if json.Unmarshal(payload, &v, strictOptions) != nil {
		return !jsontext.Value(payload).IsValid(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	}
	var members map[string]jsontext.Value
	if json.Unmarshal(payload, &members, strictOptions) != nil {
		return false
	}
	_, data := members["data"]
	_, failed := members["error"]
	return data || failed
}
