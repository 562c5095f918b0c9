package mcpclient

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// normalize returns the result of a method in the form that the MCP library decodes. The library rejects a whole
// result, and with it a connection or a list, over one field of the wrong type. A field with a clear meaning is
// repaired, such as [] for an object without members. Other malformed fields are dropped, and items of lists with one
// are left out. ok reports whether the library can decode out: a list of tools that is a text is neither repaired nor
// dropped.
//
// A result that needs no repair is returned unchanged, without an allocation.
func (c *config) normalize(
	method string, result jsontext.Value,
) (out jsontext.Value, defects []client.Defect, ok bool) {
	switch method {
	case "ping", methodSetLevel, methodSubscribe, methodUnsubscribe:
		if result.Kind() != '{' { // it has no content
			return jsontext.Value("{}"), nil, true
		}
	}
	s := c.shapes[method]
	if result.Kind() != '{' || s.fits(result) {
		return result, nil, s == nil || result.Kind() == '{' || result.Kind() == 'n'
	}
	r := repairer{operation: method}
	out, _, ok = r.object(result, s, "")
	if !ok {
		return result, nil, false
	}
	return out, r.defects, s.fits(out)
}

// repairer rewrites a result and remembers the defects that it found.
type repairer struct {
	operation string
	item      string // of a list
	defects   []client.Defect
}

func (r *repairer) found(path string, leftOut bool) {
	r.defects = append(r.defects, client.Defect{Operation: r.operation, Item: r.item, Field: path, LeftOut: leftOut})
}

// value returns the repaired form of a value, or false if it must be dropped.
func (r *repairer) value(v jsontext.Value, s *shape, path string) (jsontext.Value, bool) {
	if s.fits(v) {
		return v, true
	}
	switch want := s.kind(); {
	case want == '{':
		return r.objectOrElse(v, s, path)
	case want == '[':
		return r.list(v, s, path)
	case s.form == formCursor && v.Kind() == 'f':
		return nil, false
	}
	repaired, ok := repairScalar(v, s)
	if ok && s.form != formLoose {
		r.found(path, false)
	}
	return repaired, ok
}

// repairScalar returns the scalar that another value clearly means.
func repairScalar(v jsontext.Value, s *shape) (jsontext.Value, bool) {
	k := v.Kind()
	switch s.form {
	case formJoined:
		var all []string
		for one := range wire.Elements(v) {
			if one.Kind() == '"' {
				all = append(all, textOf(one))
			}
		}
		return quoted(strings.Join(all, "\n")), all != nil
	case formLoose:
		return quoted(string(v)), true
	case formCursor:
		if k == '0' {
			return quoted(string(v)), true
		}
		return v, true
	case formText:
		return quoted(string(v)), k == '0'
	case formNumber, formInteger:
		f, err := strconv.ParseFloat(strings.Trim(string(v), `"`), 64)
		if k != '0' && k != '"' || err != nil || !(f > -1<<62 && f < 1<<62) {
			return nil, false
		}
		if s.form == formInteger {
			return strconv.AppendInt(nil, int64(f), 10), true
		}
		return strconv.AppendFloat(nil, f, 'f', -1, 64), true
	}
	return nil, false
}

func quoted(s string) jsontext.Value {
	v, err := jsontext.AppendQuote(nil, strings.ToValidUTF8(s, "\ufffd"))
	if err != nil { // impossible: the text is valid UTF-8
		return jsontext.Value(`""`)
	}
	return v
}

// objectOrElse returns an object for a value that should be one. PHP encodes an empty object as an empty array.
func (r *repairer) objectOrElse(v jsontext.Value, s *shape, path string) (jsontext.Value, bool) {
	switch k := v.Kind(); {
	case k == '{':
		repaired, _, ok := r.object(v, s, path)
		return repaired, ok
	case k == '[' && isEmpty(v) && s.form == formBlock:
		return textBlock(jsontext.Value(`""`)), true
	case k == '[' && isEmpty(v), k == 't' && s.form == formFeature:
		if s.key != "" {
			return nil, false
		}
		r.found(path, false)
		return jsontext.Value("{}"), true
	case s.form == formBlock && k == '"':
		return textBlock(v), true
	}
	return nil, false
}

func isEmpty(array jsontext.Value) bool {
	for range wire.Elements(array) {
		return false
	}
	return true
}

func textBlock(quotedText jsontext.Value) jsontext.Value {
	return append(append(jsontext.Value(`{"type":"text","text":`), quotedText...), '}')
}

// object returns an object whose fields have the right form, or false if it is an item that must be left out; bad is
// then the path of the field that is the reason.
func (r *repairer) object(v jsontext.Value, s *shape, path string) (repaired jsontext.Value, bad string, ok bool) {
	strict := s.key != ""
	out := append(make(jsontext.Value, 0, len(v)+16), '{')
	named, typed := !strict, s.form != formBlock
	implied := `"text"`
	for name, value := range wire.Members(v) {
		at := dotted(path, string(name))
		if value.Kind() == 'n' {
			continue
		}
		fixed, ok := r.value(value, s.fields[string(name)], at)
		if ok && strict && value.Kind() != fixed.Kind() && fixed.Kind() == '"' {
			ok = false // a name that is a number could not be found
		}
		switch {
		case !ok && strict:
			return nil, at, false
		case !ok:
			r.found(at, false)
			continue
		case s.isKey(name):
			named = isNonEmptyString(fixed)
		case string(name) == "type":
			typed = true
		case string(name) == "resource":
			implied = `"resource"`
		}
		out = appendMember(out, name, fixed)
	}
	if !named {
		return nil, dotted(path, s.key), false
	}
	if !typed {
		out = appendMember(out, []byte("type"), jsontext.Value(implied))
		r.found(dotted(path, "type"), false)
	}
	return append(out, '}'), "", true
}

func appendMember(object jsontext.Value, name []byte, value jsontext.Value) jsontext.Value {
	return append(append(appendItem(object, quoted(string(name))), ':'), value...)
}

func appendItem(array, item jsontext.Value) jsontext.Value {
	if len(array) > 1 {
		array = append(array, ',')
	}
	return append(array, item...)
}

// replaceMember returns a copy of an object with another value of a member that it has.
func replaceMember(object jsontext.Value, name string, value jsontext.Value) jsontext.Value {
	out := jsontext.Value("{")
	for one, old := range wire.Members(object) {
		if string(one) == name {
			old = value
		}
		out = appendMember(out, one, old)
	}
	return append(out, '}')
}

func dotted(path, name string) string {
	plain := wire.Printable(name, 64)
	if path == "" {
		return plain
	}
	return path + "." + plain
}

// list returns a list of the usable items.
func (r *repairer) list(v jsontext.Value, s *shape, path string) (jsontext.Value, bool) {
	array := v
	switch k := v.Kind(); {
	case k == '[':
	case k == '{':
		array = listOf(v, s)
		r.found(path, false)
	case k == '"' && s.isListOf(formBlock):
		array = append(append(jsontext.Value("["), textBlock(v)...), ']')
	case k == '"' && s.isListOf(formText):
		array = append(append(jsontext.Value("["), v...), ']')
		r.found(path, false)
	default:
		return v, !s.isListOf(formIcon) && !s.isListOf(formText) // the list of a page is not dropped, so that decoding fails
	}
	out := append(make(jsontext.Value, 0, len(array)), '[')
	if s.isListOf(formMessage) {
		array = splitMessages(array)
	}
	n := 0
	for one := range wire.Elements(array) {
		at := path + "[" + strconv.Itoa(n) + "]"
		n++
		fixed, ok := r.element(one, s.item, at)
		if ok {
			out = appendItem(out, fixed)
		}
	}
	return append(out, ']'), true
}

// element repairs one item of a list, or returns false if it is left out.
func (r *repairer) element(v jsontext.Value, s *shape, at string) (jsontext.Value, bool) {
	outer, before := r.item, len(r.defects)
	defer func() { r.item = outer }()
	if s.key != "" && s.form != formArgument {
		r.item = at // not the URI of a resource: it may hold ids, which hooks and logs must not get
		if name := textOf(member(v, "name")); name != "" && s.key == "name" {
			r.item = wire.Printable(name, 128)
		}
		at = ""
	}
	if v.Kind() == 'n' {
		r.found(at, true)
		return nil, false
	}
	if v.Kind() == '{' {
		fixed, bad, ok := r.object(v, s, at)
		if !ok {
			r.defects = r.defects[:before] // one report for the item is enough
			r.found(bad, true)
		}
		return fixed, ok
	}
	fixed, ok := r.value(v, s, at)
	if !ok {
		r.found(at, s.form != formIcon && s.form != formText)
	}
	return fixed, ok
}

// listOf returns the list that an object stands for: one item, items by name, or none.
func listOf(object jsontext.Value, s *shape) jsontext.Value {
	one := s.item.form == formBlock || s.item.form == formMessage || s.item.form == formContents || s.item.form == formIcon
	for name := range wire.Members(object) {
		one = one || s.item.isKey(name)
	}
	out := jsontext.Value("[")
	switch {
	case one && string(bytes.Trim(object, "{} \t\r\n")) != "":
		out = append(out, object...)
	case !one:
		for _, value := range wire.Members(object) {
			out = appendItem(out, value)
		}
	}
	return append(out, ']')
}

// splitMessages returns one message per block: some servers send messages with several blocks.
func splitMessages(array jsontext.Value) jsontext.Value {
	out := jsontext.Value("[")
	for one := range wire.Elements(array) {
		content := member(one, "content")
		if content.Kind() != '[' || isEmpty(content) {
			out = appendItem(out, one)
			continue
		}
		for part := range wire.Elements(content) {
			out = appendItem(out, replaceMember(one, "content", part))
		}
	}
	return append(out, ']')
}
