package check_test

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"

	"github.com/interchange-sdk/interchange-go/internal/check"
)

func TestRuleOfOneValue(t *testing.T) {
	t.Parallel()
	text := check.Rule{Type: check.String}
	id := check.Rule{AnyOf: []*check.Rule{
		{Type: check.String, MinSize: 1},
		{Type: check.Number, Min: &check.Limit{Value: 1}},
	}}
	shape := check.Rule{Discriminator: "kind", Cases: []check.Case{
		{Value: "circle", Rule: &check.Rule{Fields: []check.Field{{Name: "radius", Required: true}}}},
		{
			Value: "square",
			Rule:  &check.Rule{Fields: []check.Field{{Name: "side", Rule: &check.Rule{Max: &check.Limit{Value: 9}}}}},
		},
	}}
	tests := []struct {
		name, value, want string
		rule              check.Rule
	}{
		{"null", `null`, "must not be null", text},
		{"null, allowed", `null`, "", check.Rule{Type: check.String, Nullable: true}},
		{"type", `7`, "must be a string", text},
		{"type of an object", `[]`, "must be an object", check.Rule{Type: check.Object}},
		{"any type", `[7]`, "", check.Rule{}},

		{"length, low", `"ab"`, "must have at least 3 characters, has 2", check.Rule{MinSize: 3}},
		{"length, empty", `""`, "must have at least 1 character, has 0", check.Rule{MinSize: 1}},
		{"length, high", `"東京都区"`, "must have at most 3 characters, has 4", check.Rule{MaxSize: 3}},
		{"length in code points", `"東京都"`, "", check.Rule{MinSize: 3, MaxSize: 3}},

		{"pattern", `"x"`, "must match ^a+$", check.Rule{Pattern: &check.Pattern{Expr: "^a+$"}}},
		{"pattern, matched", `"aa"`, "", check.Rule{Pattern: &check.Pattern{Expr: "^a+$"}}},
		{
			"pattern with a message", `"x"`, "must be an a",
			check.Rule{Pattern: &check.Pattern{Expr: "^a$", Message: "must be an a"}},
		},

		{"enum", `"x"`, "must be one of a, b", check.Rule{Enum: []string{"a", "b"}}},
		{"enum, known", `"b"`, "", check.Rule{Enum: []string{"a", "b"}}},
		{"enum of numbers", `3`, "must be one of 1, 2", check.Rule{Enum: []string{"1", "2"}}},
		{"enum of booleans", `false`, "must be one of true", check.Rule{Enum: []string{"true"}}},

		{"minimum", `0`, "must be at least 1", check.Rule{Min: &check.Limit{Value: 1}}},
		{"minimum, equal", `1`, "", check.Rule{Min: &check.Limit{Value: 1}}},
		{"minimum, exclusive", `1`, "must be more than 1", check.Rule{Min: &check.Limit{Value: 1, Exclusive: true}}},
		{"maximum", `1.5`, "must be at most 1", check.Rule{Max: &check.Limit{Value: 1}}},
		{"maximum, exclusive", `1`, "must be less than 1", check.Rule{Max: &check.Limit{Value: 1, Exclusive: true}}},
		{"range", `10`, "must be between 1 and 9", check.Rule{Min: &check.Limit{Value: 1}, Max: &check.Limit{Value: 9}}},
		{
			"range, half open", `0`, "must be more than 0 and at most 1",
			check.Rule{Min: &check.Limit{Exclusive: true}, Max: &check.Limit{Value: 1}},
		},

		{"date", `"2026-02-29"`, "must be a day, as YYYY-MM-DD", check.Rule{Format: check.FormatDate}},
		{"date, correct", `"2028-02-29"`, "", check.Rule{Format: check.FormatDate}},
		{"date with a time", `"2026-02-28T00:00:00Z"`, "must be a day, as YYYY-MM-DD", check.Rule{Format: check.FormatDate}},
		{"time", `"2026-02-28T00:00:00"`, "must be a time, as RFC 3339", check.Rule{Format: check.FormatTime}},
		{"time, correct", `"2026-02-28T23:00:00.5+01:00"`, "", check.Rule{Format: check.FormatTime}},
		{"day or time, a day", `"2028-02-29"`, "", check.Rule{Format: check.FormatDateOrTime}},
		{
			"day or time, neither", `"yesterday"`, "must be a day, as YYYY-MM-DD, or a time, as RFC 3339",
			check.Rule{Format: check.FormatDateOrTime},
		},

		{"items, few", `[]`, "must have at least 1 item, has 0", check.Rule{MinSize: 1}},
		{"items, many", `[1,2,3]`, "must have at most 2 items, has 3", check.Rule{MaxSize: 2}},
		{"fields, many", `{"a":1,"b":2}`, "must have at most 1 field, has 2", check.Rule{MaxSize: 1}},

		{"any of, first", `"a"`, "", id},
		{"any of, second", `2`, "", id},
		{"any of, neither", `0`, "must have one of the documented forms", id},
		{
			"all of", `"abc"`, "must match ^x",
			check.Rule{AllOf: []*check.Rule{{MinSize: 2}, {Pattern: &check.Pattern{Expr: "^x"}}}},
		},
		{
			"reference and bound", `"abc"`, "must have at most 2 characters, has 3",
			check.Rule{AllOf: []*check.Rule{{MinSize: 2}}, MaxSize: 2},
		},
		{"case", `{"kind":"circle","radius":1}`, "", shape},
		{"case, broken", `{"kind":"circle"}`, "radius is required", shape},
		{"case, broken further down", `{"kind":"square","side":10}`, "side must be at most 9", shape},
		{"case, unknown", `{"kind":"line"}`, "kind must be one of circle, square", shape},
		{"case, missing", `{}`, "kind must be one of circle, square", shape},
		{
			"malformed JSON is left to the client", `{"a":}`, "",
			check.Rule{Fields: []check.Field{{Name: "b", Required: true}}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got reported
			tt.rule.Value(&got, jsontext.Value(tt.value))
			assert.Equal(t, tt.want, strings.TrimPrefix(strings.Join(got, "; "), "body "))
		})
	}
}

func TestRuleReportsPaths(t *testing.T) {
	t.Parallel()
	type member struct {
		MemberID string            `json:"memberId"`
		Labels   map[string]string `json:"labels,omitzero"`
	}
	type body struct {
		Members []member   `json:"members"`
		Grid    [][]int    `json:"grid,omitzero"`
		Owner   *member    `json:"owner,omitzero"`
		Plain   []struct{} `json:"plain,omitzero"`
	}
	one := &check.Rule{Type: check.Object, Fields: []check.Field{
		{Name: "memberId", Rule: &check.Rule{Type: check.String, MaxSize: 4}, Required: true},
		{Name: "labels", Rule: &check.Rule{Type: check.Object, Items: &check.Rule{MaxSize: 1}}},
	}}
	rule := check.Rule{Type: check.Object, Fields: []check.Field{
		{Name: "members", Rule: &check.Rule{Type: check.Array, Items: one}, Required: true},
		{Name: "grid", Rule: &check.Rule{Items: &check.Rule{Items: &check.Rule{Max: &check.Limit{Value: 9}}}}},
		{Name: "owner", Rule: &check.Rule{Ref: one, Nullable: true}},
		{Name: "missing", Required: true},
	}}
	var got reported
	rule.Value(&got, body{
		Members: []member{{MemberID: "abcd"}, {MemberID: "abcde"}, {Labels: map[string]string{"a": "x", "0": "xy"}}},
		Grid:    [][]int{{1}, {2, 10}},
		Owner:   &member{},
	})
	assert.ElementsMatch(t, []string{
		"members[1].memberId must have at most 4 characters, has 5",
		"members[2].memberId is required",
		"members[2].labels.0 must have at most 1 character, has 2",
		"grid[1][1] must be at most 9",
		"owner.memberId is required",
		"missing is required",
	}, []string(got))
}

func TestRuleStopsAfterManyProblems(t *testing.T) {
	t.Parallel()
	var got reported
	rule := check.Rule{Items: &check.Rule{Min: &check.Limit{Value: 1}}}
	rule.Value(&got, make([]int, 1000))
	assert.Len(t, got, 100)
}

func TestRequiredValues(t *testing.T) {
	t.Parallel()
	number := &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}}
	for _, tt := range []struct {
		name, value, want string
		rule              *check.Rule
	}{
		{"text", `""`, "f is required", &check.Rule{Type: check.String}},
		{"text that may be empty", `""`, "", &check.Rule{Type: check.String, Enum: []string{"", "a"}}},
		{"number", `0`, "f is required", number},
		{"number that may be zero", `0`, "", &check.Rule{Type: check.Number}},
		{"time", `"0001-01-01T00:00:00Z"`, "f is required", &check.Rule{Type: check.String, Format: check.FormatTime}},
		{"reference", `""`, "f is required", &check.Rule{Ref: &check.Rule{Type: check.String}}},
		{"parts", `""`, "f is required", &check.Rule{AllOf: []*check.Rule{{Type: check.String}}}},
	} {
		var got reported
		rule := check.Rule{Fields: []check.Field{{Name: "f", Rule: tt.rule, Required: true}}}
		rule.Value(&got, jsontext.Value(`{"f":`+tt.value+`}`))
		assert.Equal(t, tt.want, strings.Join(got, "; "), tt.name)
	}
}

func TestRulesOfParameters(t *testing.T) {
	t.Parallel()
	params := []check.Field{
		{Name: "take", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}, Max: &check.Limit{Value: 9}}},
		{Name: "name", Rule: &check.Rule{Type: check.String, MaxSize: 2}, Required: true},
		{Name: "status", Rule: &check.Rule{Type: check.Array, MaxSize: 2, Items: &check.Rule{Enum: []string{"on", "off"}}}},
		{Name: "plain", Rule: &check.Rule{Type: check.Array}},
		{Name: "full", Rule: &check.Rule{Type: check.Boolean}},
		{Name: "id", Rule: &check.Rule{AnyOf: []*check.Rule{{MaxSize: 1}, {Type: check.Number}}}},
		{Name: "both", Rule: &check.Rule{AllOf: []*check.Rule{{MaxSize: 1}, nil}}},
		{Name: "free"},
	}
	for _, tt := range []struct {
		query map[string][]string
		want  string
	}{
		{
			map[string][]string{"name": {"ab"}, "take": {"9"}, "status": {"on"}, "full": {"true"}, "id": {"77"}, "free": {"x"}},
			"",
		},
		{nil, "name is required"},
		{
			map[string][]string{"name": {"abc"}, "take": {"10"}},
			"take must be between 1 and 9; name must have at most 2 characters, has 3",
		},
		{
			map[string][]string{"name": {"a"}, "take": {"x"}, "full": {"x"}},
			"take must be a number; full must be true or false",
		},
		{
			map[string][]string{"name": {"a"}, "status": {"on", "", "x"}},
			"status must have at most 2 items, has 3; status[1] must not be empty; status[2] must be one of on, off",
		},
		{map[string][]string{"name": {"a"}, "plain": {"x", ""}}, "plain[1] must not be empty"},
		{map[string][]string{"name": {"a"}, "id": {"xy"}}, "id must have one of the documented forms"},
		{map[string][]string{"name": {"a"}, "both": {"xy"}}, "both must have at most 1 character, has 2"},
	} {
		var got reported
		check.Query(&got, params, tt.query)
		assert.Equal(t, tt.want, strings.Join(got, "; "))
	}
	var got reported
	check.Path(&got, params[:2], []string{"0", ""})
	assert.Equal(t, "take must be between 1 and 9", strings.Join(got, "; "))
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	params := []check.Field{
		{Name: "take", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}}, Required: true},
		{Name: "skip", Rule: &check.Rule{Type: check.Number, Max: &check.Limit{Value: 9}}},
	}
	for _, tt := range []struct {
		query map[string][]string
		want  string
	}{
		{map[string][]string{"take": {"1"}, "skip": {"9"}}, ""},
		{nil, "take is required"},
		{map[string][]string{"take": {"-1"}, "skip": {"10"}}, "take must be at least 1; skip must be at most 9"},
	} {
		var got reported
		check.Numbers(&got, params, tt.query)
		assert.Equal(t, tt.want, strings.Join(got, "; "))
	}
}

// Any JSON can be checked by any rule, and a rule that reports nothing for a value allows it again.
func FuzzRule(f *testing.F) {
	f.Add(`{"a":[1,{"b":"x"}],"kind":"x"}`)
	f.Add(`[null,"\ud800",{"":{}}]`)
	f.Fuzz(func(t *testing.T, value string) {
		leaf := &check.Rule{MinSize: 1, Pattern: &check.Pattern{Expr: "x"}, Max: &check.Limit{Value: 1}}
		rule := check.Rule{
			Fields: []check.Field{{Name: "a", Rule: leaf, Required: true}}, Items: leaf,
			AnyOf:         []*check.Rule{leaf, {Type: check.Array}},
			Discriminator: "kind", Cases: []check.Case{{Value: "x", Rule: leaf}},
		}
		var first, second reported
		rule.Value(&first, jsontext.Value(value))
		rule.Value(&second, jsontext.Value(value))
		assert.Equal(t, first, second)
		for _, issue := range first {
			assert.Regexp(t, `(?s) (must|is required)`, issue)
		}
	})
}
