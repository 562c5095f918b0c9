package check

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// maxIssues is the number of problems after which a value is not checked any further.
const maxIssues = 100

// Value reports everything in the JSON of v that the rule does not allow, with its path: members[3].memberId. It
// reports nothing if v cannot be encoded. v may be a jsontext.Value.
func (r *Rule) Value(reporter Reporter, v any) {
	raw, encoded := v.(jsontext.Value)
	if r == nil {
		return
	}
	if !encoded {
		var err error
		if raw, err = json.Marshal(v); err != nil {
			return
		}
	}
	newChecker(reporter).json(r, raw, "")
}

// checker checks one value.
type checker struct {
	reporter Reporter
	patterns map[*Pattern]*regexp.Regexp
	issues   int
}

func newChecker(reporter Reporter) *checker {
	return &checker{reporter: reporter, patterns: map[*Pattern]*regexp.Regexp{}}
}

func (c *checker) add(path, message string) {
	if c.issues++; c.issues <= maxIssues {
		c.reporter.Add(path, message)
	}
}

// json checks an encoded value. Malformed JSON ends the check: the client rejects it.
func (c *checker) json(r *Rule, raw jsontext.Value, path string) {
	w := walker{checker: c, dec: jsontext.NewDecoder(bytes.NewBuffer(raw)), prefix: path}
	_ = w.value(r, false)
}

// walker reads a value once, from its beginning to its end.
type walker struct {
	*checker
	dec    *jsontext.Decoder
	prefix string // path of the value that the decoder reads
}

// path returns the path of the value that was read last.
func (w *walker) path() string {
	path, depth := w.prefix, 0
	for token := range w.dec.StackPointer().Tokens() {
		depth++
		if kind, _ := w.dec.StackIndex(depth); kind == jsontext.KindBeginArray {
			path += "[" + token + "]"
		} else {
			path = join(path, token)
		}
	}
	return path
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// at returns the path of the value that was read last, or "body" for the whole.
func (w *walker) at() string {
	if path := w.path(); path != "" {
		return path
	}
	return "body"
}

// value reads one value. A required one that is empty is reported as missing.
func (w *walker) value(r *Rule, required bool) error {
	kind := w.dec.PeekKind()
	switch {
	case r == nil || w.issues >= maxIssues || kind == jsontext.KindNull && r.Nullable:
		return w.dec.SkipValue()
	case r.Ref != nil:
		return w.value(r.Ref, required)
	case len(r.AllOf) > 0 || len(r.AnyOf) > 0 || len(r.Cases) > 0:
		return w.composite(r, required)
	}
	if found := typeOf(kind); r.Type != Any && r.Type != found && found != Any {
		err := w.dec.SkipValue()
		w.add(w.at(), "must be "+r.Type.noun())
		return err
	}
	switch kind {
	case jsontext.KindBeginObject:
		return w.object(r)
	case jsontext.KindBeginArray:
		return w.array(r)
	default:
	}
	token, err := w.dec.ReadToken()
	if err != nil {
		return err
	}
	message := ""
	switch kind {
	case jsontext.KindNull:
		message = "must not be null"
	case jsontext.KindString:
		message = w.text(r, token.String(), required)
	case jsontext.KindNumber:
		message = r.number(token.String(), required)
	default:
		if len(r.Enum) > 0 && !slices.Contains(r.Enum, token.String()) {
			message = oneOf(r.Enum)
		}
	}
	if message != "" {
		w.add(w.at(), message)
	}
	return nil
}

func typeOf(kind jsontext.Kind) Type {
	switch kind {
	case jsontext.KindString:
		return String
	case jsontext.KindNumber:
		return Number
	case jsontext.KindTrue, jsontext.KindFalse:
		return Boolean
	case jsontext.KindBeginArray:
		return Array
	case jsontext.KindBeginObject:
		return Object
	default:
		return Any
	}
}

func (w *walker) object(r *Rule) error {
	if _, err := w.dec.ReadToken(); err != nil {
		return err
	}
	seen := make([]bool, len(r.Fields))
	size := 0
	for w.dec.PeekKind() != jsontext.KindEndObject {
		name, err := w.dec.ReadToken()
		if err != nil {
			return err
		}
		rule, required := r.Items, false
		text := name.String()
		if i := slices.IndexFunc(r.Fields, func(f Field) bool { return f.Name == text }); i >= 0 {
			seen[i], rule, required = true, r.Fields[i].Rule, r.Fields[i].Required
		}
		if err := w.value(rule, required); err != nil {
			return err
		}
		size++
	}
	if _, err := w.dec.ReadToken(); err != nil {
		return err
	}
	for i, field := range r.Fields {
		if field.Required && !seen[i] {
			w.add(join(w.path(), field.Name), "is required")
		}
	}
	if message := r.size(size, "fields"); message != "" {
		w.add(w.at(), message)
	}
	return nil
}

// array counts the items before it looks at them: too many of them are one problem.
func (w *walker) array(r *Rule) error {
	raw, err := w.dec.ReadValue()
	if err != nil {
		return err
	}
	path := w.path()
	if message := r.size(count(raw), "items"); message != "" {
		w.add(w.at(), message)
		return nil
	}
	items := walker{checker: w.checker, dec: jsontext.NewDecoder(bytes.NewBuffer(raw)), prefix: path}
	_, err = items.dec.ReadToken()
	for err == nil && r.Items != nil && items.dec.PeekKind() != jsontext.KindEndArray {
		err = items.value(r.Items, false)
	}
	return err
}

func count(array jsontext.Value) int {
	dec := jsontext.NewDecoder(bytes.NewBuffer(array))
	_, err := dec.ReadToken()
	n := 0
	for ; err == nil && dec.PeekKind() != jsontext.KindEndArray; n++ {
		err = dec.SkipValue()
	}
	return n
}

// composite checks one value against several rules.
func (w *walker) composite(r *Rule, required bool) error {
	own := *r
	own.AllOf, own.AnyOf, own.Cases = nil, nil, nil
	raw, err := w.dec.ReadValue()
	if err != nil {
		return err
	}
	path := w.path()
	for _, rule := range append(slices.Clip(r.AllOf), &own) {
		part := walker{checker: w.checker, dec: jsontext.NewDecoder(bytes.NewBuffer(raw)), prefix: path}
		_ = part.value(rule, required && rule == &own)
	}
	if len(r.AnyOf) > 0 && !slices.ContainsFunc(r.AnyOf, func(rule *Rule) bool { return rule.allows(raw) }) {
		w.add(w.at(), "must have one of the documented forms")
	}
	if len(r.Cases) == 0 {
		return nil
	}
	found := text(raw, r.Discriminator)
	values := make([]string, len(r.Cases))
	for i, one := range r.Cases {
		if one.Value == found {
			w.json(one.Rule, raw, path)
			return nil
		}
		values[i] = one.Value
	}
	w.add(join(path, r.Discriminator), oneOf(values))
	return nil
}

// allows reports whether a value breaks no part of the rule.
func (r *Rule) allows(raw jsontext.Value) bool {
	c := newChecker(discard{})
	if r != nil && r.Type != Any && raw.Kind() == jsontext.KindNull && !r.Nullable {
		return false
	}
	c.json(r, raw, "")
	return c.issues == 0
}

// discard is a Reporter without a result.
type discard struct{}

func (discard) Add(string, string) {}

// text returns the value of one field of an object, or "" if it is not text.
func text(raw jsontext.Value, name string) string {
	var fields map[string]jsontext.Value
	var value string
	if json.Unmarshal(raw, &fields) != nil || json.Unmarshal(fields[name], &value) != nil {
		return ""
	}
	return value
}

// text returns a message if the rule does not allow a text.
func (c *checker) text(r *Rule, value string, required bool) string {
	switch {
	case value == "" && required && !slices.Contains(r.Enum, ""), required && r.Format == FormatTime && value == zeroTime:
		return "is required"
	case len(r.Enum) > 0 && !slices.Contains(r.Enum, value):
		return oneOf(r.Enum)
	}
	if r.MinSize > 0 || r.MaxSize > 0 && len(value) > r.MaxSize {
		if message := r.size(utf8.RuneCountInString(value), "characters"); message != "" {
			return message
		}
	}
	if message := r.Format.problem(value); message != "" {
		return message
	}
	if r.Pattern == nil {
		return ""
	}
	expr, ok := c.patterns[r.Pattern]
	if !ok {
		expr = regexp.MustCompile(r.Pattern.Expr) // the generator has compiled it
		c.patterns[r.Pattern] = expr
	}
	switch {
	case expr.MatchString(value):
		return ""
	case r.Pattern.Message != "":
		return r.Pattern.Message
	default:
		return "must match " + r.Pattern.Expr
	}
}

// number returns a message if the rule does not allow a number.
func (r *Rule) number(value string, required bool) string {
	n, err := strconv.ParseFloat(value, 64)
	below := r.Min != nil && (n < r.Min.Value || n == r.Min.Value && r.Min.Exclusive)
	above := r.Max != nil && (n > r.Max.Value || n == r.Max.Value && r.Max.Exclusive)
	switch {
	case err != nil:
		return "must be a number"
	case required && n == 0 && below:
		return "is required"
	case len(r.Enum) > 0 && !slices.Contains(r.Enum, value):
		return oneOf(r.Enum)
	case !below && !above:
		return ""
	case r.Min == nil || r.Max == nil:
		return "must be " + r.Min.text("at least ", "more than ") + r.Max.text("at most ", "less than ")
	case r.Min.Exclusive || r.Max.Exclusive:
		return "must be " + r.Min.text("at least ", "more than ") + " and " + r.Max.text("at most ", "less than ")
	default:
		return "must be between " + r.Min.text("", "") + " and " + r.Max.text("", "")
	}
}

// text returns the limit in words, or "" without one.
func (l *Limit) text(inclusive, exclusive string) string {
	if l == nil {
		return ""
	}
	if l.Exclusive {
		inclusive = exclusive
	}
	return inclusive + strconv.FormatFloat(l.Value, 'f', -1, 64)
}

// size returns a message if there are too few or too many of something.
func (r *Rule) size(n int, noun string) string {
	limit, bound := r.MinSize, "at least"
	switch {
	case n == 0 && r.MinSize == 1 && noun == "fields":
		return "must set at least one field"
	case n < r.MinSize:
	case r.MaxSize > 0 && n > r.MaxSize:
		limit, bound = r.MaxSize, "at most"
	default:
		return ""
	}
	if limit == 1 {
		noun = strings.TrimSuffix(noun, "s")
	}
	return fmt.Sprintf("must have %s %d %s, has %d", bound, limit, noun, n)
}

func oneOf(values []string) string { return "must be one of " + strings.Join(values, ", ") }
