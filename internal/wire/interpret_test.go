package wire

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// failures are errors that come with a success status.
var failures = []string{
	`{"requestId":"r1","error":{"code":"FORBIDDEN","message":"no"}}`,
	`{"error":{"code":"FORBIDDEN","message":"no"},"requestId":"r1"}`,
	`{"success":false}`, `{"success":"false"}`, `{"ok":false}`, `{"isError":true}`, `{"isError":"true"}`,
	`{"success":false,"error":{"code":"FORBIDDEN"}}`,
	`{"success":false,"data":{}}`, `{"data":{},"success":false}`, `{"success":false,"data":{"id":"7"}}`,
	`{"statusCode":403,"error":"Forbidden"}`, `{"statusCode":403,"message":"Forbidden"}`, `{"statusCode":"403"}`,
	`{"status":403,"title":"Forbidden","type":"about:blank"}`, `{"status":500}`, `{"code":503,"message":"down"}`,
	`{"status":"error","message":"it failed"}`, `{"status":"fail","data":{"name":"required"}}`, `{"status":"FAILED"}`,
	`{"errors":[{"message":"no"}]}`, `{"errors":["no"]}`, `{"errors":{"name":["required"]}}`,
	`{"errors":[{"code":"X"}],"data":null}`,
	`{"data":{"id":"7"},"errors":[{"code":"X"}]}`, `{"data":{"id":"7"},"error":"no"}`, `{"error":true}`, `{"error":1}`,
	`{"error":["no"]}`,
	`{"errorMessage":"Task timed out","errorType":"Sandbox.Timedout"}`, `{"errorMessage":"boom"}`, `{"errorCode":"X"}`,
	`{"code":"Unauthorized","message":"Not authorized","details":{}}`,
	`{"message":"Not authorized","code":"Unauthorized"}`,
	`{"code":"Unauthorized","message":"Not authorized","data":null}`,
	`{"fault":{"faultstring":"no"}}`, `{"exception":"no"}`,
	`[{"error":{"code":"FORBIDDEN"}}]`, `[{"error":"no"}]`, `[{"success":false,"message":"no"}]`,
	`{"data":[{"error":"no"}]}`,
	`{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no"}}`,
	`{"jsonrpc":"2.0","id":1,"result":null,"error":{"code":1}}`,
	`{"data":{"success":false,"id":"7"}}`, `{"data":{"error":{"code":"X"}},"error":null}`,
	"\ufeff{\"error\":\"no\"}", ` { "error" : "no" } `, `{"\u0065rror":"no"}`,
	`{"data":null,"code":"FORBIDDEN"}`, `{"code":"FORBIDDEN","message":"no","data":{}}`,
	`{"data":[],"message":"no","code":"FORBIDDEN"}`,
	`{"code":10001,"message":"no","data":{}}`, `{"status":false,"message":"no"}`, `{"status":false,"data":null}`,
	`{"status":"false"}`,
	`{"data":{"data":{"error":"no"}}}`, `{"data":{"data":null,"error":{"code":"X"}},"error":null}`,
	`{"data":[{"success":false,"message":"no"}]}`,
	`[{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no"}}]`, `[{"code":"FORBIDDEN","message":"no"}]`,
	`{"status":"403","title":"Forbidden"}`,
}

func TestFailureInsideSuccess(t *testing.T) {
	t.Parallel()
	for _, body := range failures {
		var failure *Failure
		assert.ErrorAs(t, Acknowledged([]byte(body)), &failure, body)
		type result struct {
			Name string `json:"name"`
		}
		var one result
		assert.ErrorAs(t, Decode([]byte(body), &one), &failure, body)
		_, err := DecodeList[result]([]byte(body), ListOptions{Key: "items"})
		assert.ErrorAs(t, err, &failure, body)
	}
}

func TestAcknowledged(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		``, " \r\n", `null`, `{}`, `{"data":null,"error":null}`, `{"error":null,"data":null}`, `{"data":{}}`, `{"data":[]}`,
		`{"data":{"id":"7"},"error":{}}`, `{"data":{"id":"7"},"error":""}`, `{"data":null,"error":[]}`,
		`{"data":null,"error":0}`,
		`{"error":false,"data":{"id":"7"}}`, `{"data":{"id":"7","error":null}}`,
		`{"id":"7","archivedAt":"2026-01-01T00:00:00Z"}`,
		`{"success":true}`, `{"success":true,"id":"7"}`, `{"ok":true}`, `{"status":"ok"}`, `{"status":"ARCHIVED"}`,
		`{"archived":true}`,
		`{"unlinked":true}`, `{"data":true}`, `{"data":"deleted"}`, `{"error":null}`, `{"error":false}`, `{"meta":{}}`,
		`{"status":200}`, `{"statusCode":204}`, `{"code":200,"message":"OK"}`, `{"code":0,"message":"ok","data":{}}`,
		`{"data":""}`,
		`{"data":null,"error":null,"message":"archived"}`, `{"status":"success","message":"archived","data":null}`,
		`{"archived":1}`,
		`{"apiKey":{"id":"7","status":"revoked"}}`, `{"apiKey":{"id":"7"},"message":"revoked"}`,
		`{"id":"7","archived":false}`,
		`{"data":{"status":"failed","id":"7"}}`, "\ufeff{\"data\":null}", `{"message":"archived","success":true,"code":"OK"}`,
	} {
		assert.NoError(t, Acknowledged([]byte(body)), body)
	}
	for body, excerpt := range map[string]string{
		`"Unauthorized"`: `"\"Unauthorized\""`, `false`: `"false"`, `0`: `"0"`, `true`: `"true"`, `[]`: `"[]"`, `OK`: `"OK"`,
		`{"message":"Unauthorized"}`: `"{\"message\":\"Unauthorized\"}"`, `{"foo":1}`: `"{\"foo\":1}"`,
		`<html><title>Sign in</title></html>`: `"Sign in"`, `{"error":{}}`: `"{\"error\":{}}"`,
		`{"data":false}`:          `"{\"data\":false}"`,
		`{"data":"Unauthorized"}`: `"{\"data\":\"Unauthorized\"}"`, `{"archived":false}`: `"{\"archived\":false}"`,
		`{"data":null,"message":"Forbidden"}`: `"{\"data\":null,`, `{"data":{},"message":"Forbidden"}`: `"{\"data\":{},`,
		`{"data":null,"portal":"x"}`: `"{\"data\":null,`, `{"status":"unauthorized","data":null}`: `"{\"status\":`,
		`{"status":0,"message":"no"}`: `"{\"status\":0`, `{"jsonrpc":"2.0","id":1,"result":{}}`: `"{\"jsonrpc\":`,
		`{"data":{"deleted":false},"error":null}`: `"{\"data\":{\"deleted\":false}`,
		`{"user":{"id":"7"},"url":"x"}`:           `"{\"user\":`,
		"\x00\x1b[31mred":                         `"[31mred"`, `{"token":"` + aToken("s3cr3t") + `"}`: `…`,
	} {
		err := Acknowledged([]byte(body))
		var foreign *NotPlatformError
		require.ErrorAs(t, err, &foreign, body)
		assert.Contains(t, err.Error(), excerpt, body)
		assert.NotContains(t, err.Error(), "s3cr3t")
		checkPrintable(t, err.Error(), 300)
	}
	assert.Less(t, len(Acknowledged([]byte(`"`+strings.Repeat("x", 1<<20)+`"`)).Error()), 300)
	for _, body := range []string{
		`{"data":nul`, `{"data":{"id":tru},"error":null}`, `{"success":false,"success":true}`, `{"data":null}{}`,
	} {
		assert.ErrorIs(t, Acknowledged([]byte(body)), ErrMalformed, body)
	}
}

// In an array that comes instead of no result, every element may be the error.
func TestAcknowledgedReadsWholeArray(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"data":[{"id":"7","success":false}]}`, `{"data":[{"id":"7"},{"id":"8","error":{"code":"X"}}]}`,
		`[{"id":"7"},{"error":"no"}]`,
	} {
		var failure *Failure
		assert.ErrorAs(t, Acknowledged([]byte(body)), &failure, body)
	}
	assert.NoError(t, Acknowledged([]byte(`{"data":[{"id":"7","error":null},{"id":"8","success":true}]}`)))
}

// An error may share fields with the result, and has none that only results have.
func TestErrorThatSharesFieldsIsNotAResult(t *testing.T) {
	t.Parallel()
	type task struct {
		Name    string         `json:"name"`
		Status  string         `json:"status"`
		Message string         `json:"message"`
		Error   jsontext.Value `json:"error"`
		Total   int            `json:"total"`
	}
	var got task
	for _, object := range []string{
		`{"error":{"code":"X"}}`, `{"status":"error","message":"no"}`, `{"status":403,"message":"no"}`,
		`{"message":"no","error":"Forbidden","total":0}`,
		`{"code":"X","message":"no"}`, `{"status":false,"message":"no"}`,
	} {
		for _, body := range []string{object, `{"data":` + object + `,"error":null}`} {
			var failure *Failure
			assert.ErrorAs(t, Decode([]byte(body), &got), &failure, body)
		}
		var failure *Failure
		_, err := DecodeList[task]([]byte(`[`+object+`]`), ListOptions{})
		assert.ErrorAs(t, err, &failure, object)
	}
	for _, body := range []string{
		`{"message":"Forbidden"}`, `{"message":"no","requestId":"r"}`, `{"jsonrpc":"2.0","id":1,"name":"x"}`,
	} {
		var foreign *NotPlatformError
		assert.ErrorAs(t, Decode([]byte(body), &got), &foreign, body)
	}
	for _, body := range []string{
		`{"name":"x","status":"error","message":"no","error":{"code":"X"}}`, `{"data":{"status":"paused"},"error":null}`,
		`{"status":"paused","message":"m"}`,
		`{"data":{"total":0,"message":"none"}}`,
	} {
		assert.NoError(t, Decode([]byte(body), &got), body)
	}
	type readiness struct {
		Status  string `json:"status"`
		Message string `json:"message"`
	}
	var ready readiness
	for _, body := range []string{
		`{"status":"failed"}`, `{"message":"starting"}`, `{"data":{"status":"error","message":"m"}}`,
	} {
		assert.NoError(t, Decode([]byte(body), &ready), body)
	}
}

func TestDecodeWithoutTypeRefusesScalars(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`"Unauthorized"`, `false`, `0`, `null`} {
		var raw jsontext.Value
		var value any
		var foreign *NotPlatformError
		require.ErrorAs(t, Decode([]byte(body), &raw), &foreign, body)
		require.ErrorAs(t, Decode([]byte(body), &value), &foreign, body)
		require.NoError(t, Decode([]byte(`{"data":`+body+`,"error":null}`), &raw))
		assert.Equal(t, body, string(raw))
	}
	var word string
	require.NoError(t, Decode([]byte(`"pong"`), &word))
}

func TestDecodeInOtherEnvelopes(t *testing.T) {
	t.Parallel()
	const result = `{"id":"7","name":"n"}`
	for _, body := range []string{
		`{"data":{"data":` + result + `}}`, `{"data":{"data":` + result + `,"meta":{}},"error":null}`,
		`{"id":"req_1","data":` + result + `}`,
		`{"name":"token","data":` + result + `}`, `{"message":"ok","code":201,"data":` + result + `}`,
		`{"status":"created","data":` + result + `}`,
		`{"id":"7","name":"n","data":null}`, `{"id":"7","name":"n","data":{"x":1}}`,
	} {
		var got struct {
			ID   string `json:"id"`
			Name string `json:"name"`
		}
		require.NoError(t, Decode([]byte(body), &got), body)
		assert.Equal(t, "7", got.ID, body)
	}
}

// A result may have fields with the names that elsewhere mean a failure.
func TestResultMayDeclareErrorFields(t *testing.T) {
	t.Parallel()
	type paused struct {
		MediaBuyID string `json:"mediaBuyId"`
		Success    bool   `json:"success"`
		Error      string `json:"error"`
		Status     string `json:"status"`
	}
	for _, body := range []string{
		`{"data":{"mediaBuyId":"7","success":false,"error":"paused already","status":"failed"},"error":null}`,
		`{"mediaBuyId":"7","success":false,"error":"paused already","status":"failed"}`,
	} {
		var got paused
		require.NoError(t, Decode([]byte(body), &got), body)
		assert.Equal(t, paused{MediaBuyID: "7", Error: "paused already", Status: "failed"}, got)
	}
	var got paused
	var failure *Failure
	require.ErrorAs(t, Decode([]byte(`{"data":null,"error":"no","success":false}`), &got), &failure)
	// Unknown fields of a result that was recognised never fail it.
	require.NoError(t,
		Decode([]byte(`{"data":{"mediaBuyId":"7","errorMessage":"last sync failed","errors":["x"]}}`), &got))
}

func TestScalarsInOtherSpellings(t *testing.T) {
	t.Parallel()
	type scalars struct {
		Int   int64   `json:"int"`
		Small uint8   `json:"small"`
		Float float64 `json:"float"`
		Text  string  `json:"text"`
		Bool  bool    `json:"bool"`
	}
	for body, want := range map[string]scalars{
		`{"int":"12"}`: {Int: 12}, `{"int":12.0}`: {Int: 12}, `{"int":1.2e1}`: {Int: 12}, `{"int":""}`: {},
		`{"int":null}`:               {},
		`{"int":"9007199254740993"}`: {Int: 9007199254740993}, `{"int":9007199254740993.0}`: {Int: 9007199254740993},
		`{"int":1e16}`: {Int: 1e16}, `{"int":"1.5E18"}`: {Int: 1.5e18}, `{"int":9.223372036854775807e18}`: {Int: 1<<63 - 1},
		`{"int":1200e-2}`: {Int: 12}, `{"int":-1e18}`: {Int: -1e18},
		`{"int":" 12 "}`: {Int: 12}, `{"int":"-3"}`: {Int: -3}, `{"small":"255"}`: {Small: 255},
		`{"float":"1.5"}`: {Float: 1.5}, `{"float":""}`: {}, `{"float":"1e3"}`: {Float: 1000},
		`{"text":12}`: {Text: "12"}, `{"text":1.50}`: {Text: "1.50"}, `{"text":true}`: {Text: "true"}, `{"text":null}`: {},
		`{"bool":"true"}`: {Bool: true}, `{"bool":1}`: {Bool: true}, `{"bool":"false"}`: {}, `{"bool":0}`: {},
		`{"bool":""}`: {},
	} {
		var got scalars
		require.NoError(t, Decode([]byte(body), &got), body)
		assert.Equal(t, want, got, body)
	}
	for _, body := range []string{
		`{"int":"twelve"}`, `{"int":12.5}`, `{"int":"0x10"}`, `{"int":"1_000"}`, `{"int":"1,000"}`, `{"int":1e300}`,
		`{"int":true}`, `{"int":9.3e18}`,
		`{"int":1.00000000000000005e16}`,
		`{"int":[]}`, `{"int":{}}`, `{"small":256}`, `{"small":-1}`, `{"float":"NaN"}`, `{"float":"Inf"}`, `{"float":"1.5x"}`,
		`{"float":"0x1p4"}`, `{"text":{}}`, `{"text":[]}`, `{"bool":"yes"}`, `{"bool":2}`,
	} {
		var got scalars
		err := Decode([]byte(body), &got)
		require.Error(t, err, body)
		name := strings.Split(body, `"`)[1]
		assert.EqualError(t, err, fmt.Sprintf("field %q cannot be read", name), body)
	}
}

func TestDecodeSalvagingKeepsTheRest(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		body   string
		unread []string
	}{
		{`{"data":{"id":"7","fullToken":"secret"}}`, nil},
		{`{"data":{"id":7,"fullToken":"secret","budget":"2"}}`, nil},
		{`{"data":{"id":"7","fullToken":"secret","expiresAt":"never"}}`, []string{"expiresAt"}},
		{`{"id":"7","fullToken":"secret","expiresAt":{"seconds":1},"budget":"much"}`, []string{"expiresAt", "budget"}},
		{
			`{"data":{"id":"7","fullToken":"secret","data":{"success":"maybe","budget":[]}}}`,
			[]string{"data.success", "data.budget"},
		},
		{`{"data":{"id":{},"fullToken":"secret","data":[]}}`, []string{"id", "data"}},
		{`{"id":"7","budget":1,"budget":2,"fullToken":"secret"}`, nil},
		{`{"data":{"id":"7","fullToken":"secret","raw":{"a":1,"a":2}}}`, nil},
	} {
		var got thing
		unread, err := DecodeSalvaging([]byte(tt.body), "", &got)
		require.NoError(t, err, tt.body)
		assert.Equal(t, "secret", got.FullToken, tt.body)
		assert.Equal(t, tt.unread, unread, tt.body)
	}
	var got thing
	for _, body := range []string{``, `{"data":{"id":"7"`, `{"error":{"code":"X"}}`, `<html>`, `{"unknown":1}`} {
		_, err := DecodeSalvaging([]byte(body), "", &got)
		assert.Error(t, err, body)
	}
}

// FuzzInterpret builds envelopes from a grammar: the order of members, further members, forms of errors and of lists.
func FuzzInterpret(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7})
	f.Add([]byte{9, 0, 3, 1, 7, 2, 2, 2, 5})
	f.Add([]byte{255, 254, 1, 0, 0, 0, 17, 33, 2})
	f.Fuzz(func(t *testing.T, choices []byte) {
		next := func(n int) int {
			if len(choices) == 0 {
				return 0
			}
			c := int(choices[0]) % n
			choices = choices[1:]
			return c
		}
		pick := func(options []string) string { return options[next(len(options))] }
		const row = `{"id":"1"}`
		count := next(4)
		rows := "[" + strings.TrimSuffix(strings.Repeat(row+",", count), ",") + "]"
		payload := pick([]string{
			rows, `{"items":` + rows + `}`, `{"total":9,"items":` + rows + `,"links":[{"rel":"x"}]}`,
			`{"others":` + rows + `,"warnings":["w"]}`, `{"data":{"items":` + rows + `}}`,
		})
		members := []string{`"data":` + payload}
		failed := next(3) == 0
		if failed {
			members = append(members,
				`"error":`+pick([]string{`{"code":"X"}`, `"no"`, `["no"]`, `true`, `{"message":"a b"}`, `1`}))
		} else {
			members = append(members,
				pick([]string{
					`"error":null`, `"error":{}`, `"error":""`, `"error":[]`, `"error":0`, `"error":false`, `"errors":[]`,
					`"meta":{}`,
				}))
		}
		further := []string{
			`"requestId":"r"`, `"status":"ok"`, `"success":true`, `"warnings":[]`, `"pagination":{"total":9}`,
			`"links":[{"rel":"x"}]`, `"x":{"data":1}`, `"message":"m"`, `"code":200`,
		}
		for range next(4) {
			if m := pick(further); !slices.Contains(members, m) {
				members = append(members, m)
			}
		}
		for i := range members { // any order
			j := i + next(len(members)-i)
			members[i], members[j] = members[j], members[i]
		}
		body := []byte(pick([]string{"", "\ufeff", " \n"}) + "{" + strings.Join(members, pick([]string{",", " , "})) + "}")

		page, err := DecodeList[struct {
			ID string `json:"id"`
		}](body, ListOptions{Key: "items"})
		if failed {
			var typed struct { // shares fields with errors
				ID     string         `json:"id"`
				Status string         `json:"status"`
				Error  jsontext.Value `json:"error"`
			}
			if err == nil || Acknowledged(body) == nil || Decode(body, &typed) == nil {
				t.Fatalf("%s: the error is not reported", body)
			}
			return
		}
		if err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		if len(page.Items) != count {
			t.Fatalf("%s: %d items of %d", body, len(page.Items), count)
		}
		for _, item := range page.Items {
			if item.ID != "1" {
				t.Fatalf("%s: an item is empty", body)
			}
		}
		if err := Acknowledged(body); err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		// A prefix of a response is not the platform's success.
		if cut := next(len(body)); Acknowledged(body[:cut]) == nil && len(TrimJSON(body[:cut])) > 0 {
			t.Fatalf("%q is accepted", body[:cut])
		}
	})
}

// FuzzForeign builds objects without a success of the platform's: none may be accepted for one.
func FuzzForeign(f *testing.F) {
	f.Add([]byte{0, 1, 2})
	f.Add([]byte{7, 3, 5, 9})
	f.Fuzz(func(t *testing.T, choices []byte) {
		words := []string{
			`"message":"m"`, `"url":"x"`, `"requestId":"r"`, `"status":"login"`, `"user":{"name":"n"}`, `"data":null`,
			`"code":"X"`,
			`"status":0`, `"deleted":false`, `"version":1`, `"detail":"d"`, `"jsonrpc":"2.0"`, `"result":{"id":"1"}`,
		}
		seen := make(map[string]bool)
		members := []string{`"portal":"x"`}
		for _, choice := range choices {
			word := words[int(choice)%len(words)]
			name, _, _ := strings.Cut(word, ":")
			if !seen[name] {
				seen[name], members = true, append(members, word)
			}
		}
		body := "{" + strings.Join(members, ",") + "}"
		if Acknowledged([]byte(body)) == nil {
			t.Fatalf("%s is accepted", body)
		}
		if _, err := DecodeList[row]([]byte(body), ListOptions{Key: "items"}); err == nil {
			t.Fatalf("%s is a list", body)
		}
	})
}
