package sandbox

import (
	"fmt"
	"maps"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
)

const (
	// fullDepth limits the depth of optional fields.
	fullDepth = 3
	// mostDepth limits the depth of all fields: a deeper schema contains itself.
	mostDepth = 12
)

// generator makes values that a schema allows. The same index gives the same values.
type generator struct {
	index  int
	id     string // of the item, for members that hold it
	idName string // the member of the outermost object that holds the id
	name   string // of the item
	at     time.Time
	sparse bool // only required members
}

// generate makes a value. It falls back to required members only if the full value breaks a rule that involves several.
func (g generator) generate(schema *openapi3.Schema) any {
	value := g.value(schema, "", 0)
	if !accepts(schema, value) {
		g.sparse = true
		value = g.value(schema, "", 0)
	}
	return value
}

func (g generator) value(schema *openapi3.Schema, name string, depth int) any {
	switch {
	case schema == nil:
		return nil
	case len(schema.Enum) > 0:
		return pickEnum(schema.Enum)
	case depth > mostDepth && schema.Nullable:
		return nil
	case len(schema.OneOf) > 0 && len(schema.Properties) == 0:
		return g.alternative(schema, schema.OneOf, name, depth)
	case len(schema.AnyOf) > 0 && len(schema.Properties) == 0:
		return g.alternative(schema, schema.AnyOf, name, depth)
	case isObject(schema):
		return g.object(schema, depth)
	case len(schema.AllOf) == 1:
		return g.value(schema.AllOf[0].Value, name, depth)
	case schema.Default != nil:
		return schema.Default
	case schema.Type.Is(openapi3.TypeArray):
		return g.array(schema, name, depth)
	case schema.Type.Is(openapi3.TypeBoolean):
		return false
	case isNumeric(schema):
		return g.number(schema, name)
	default:
		return g.text(schema, name, depth)
	}
}

// pickEnum prefers the value that lets the most happen.
func pickEnum(values []any) any {
	for _, v := range values {
		if text, _ := v.(string); strings.EqualFold(text, "active") {
			return v
		}
	}
	return values[0]
}

// alternative makes the first alternative that the schema accepts.
func (g generator) alternative(schema *openapi3.Schema, refs openapi3.SchemaRefs, name string, depth int) any {
	var value any
	for i, ref := range refs {
		v := g.value(ref.Value, name, depth+1)
		if d := schema.Discriminator; d != nil {
			if o, ok := v.(map[string]any); ok && o[d.PropertyName] == nil {
				for key, target := range d.Mapping {
					if target.Ref == ref.Ref {
						o[d.PropertyName] = key
					}
				}
			}
		}
		if i == 0 {
			value = v
		}
		if accepts(schema, v) {
			return v
		}
	}
	return value
}

func (g generator) object(schema *openapi3.Schema, depth int) any {
	out := make(map[string]any)
	required := requiredOf(schema, 0)
	props := properties(schema)
	for _, name := range slices.Sorted(maps.Keys(props)) {
		prop := props[name]
		needed := slices.Contains(required, name)
		switch {
		case prop.WriteOnly, !needed && (g.sparse || depth >= fullDepth || name == "error"):
		case prop.Nullable && (depth >= fullDepth || name == "error" || endsLife(name)):
			if needed {
				out[name] = nil
			}
		case endsLife(name) && !needed:
		default:
			out[name] = g.value(prop, name, depth+1)
		}
		if depth <= 1 && g.id != "" && name == g.idName {
			out[name] = g.idOf(prop)
		}
	}
	for _, name := range required {
		if _, ok := out[name]; !ok && props[name] == nil {
			out[name] = nil
		}
	}
	return out
}

// endsLife reports whether a member says that an item has ended.
func endsLife(name string) bool {
	return name == "archivedAt" || name == "deletedAt" || name == "archived_at" || name == "deleted_at"
}

func requiredOf(schema *openapi3.Schema, depth int) []string {
	if schema == nil || depth > 8 {
		return nil
	}
	all := slices.Clone(schema.Required)
	for _, part := range schema.AllOf {
		all = append(all, requiredOf(part.Value, depth+1)...)
	}
	for _, alternatives := range [...]openapi3.SchemaRefs{schema.OneOf, schema.AnyOf} {
		for _, one := range alternatives {
			if isObject(one.Value) {
				all = append(all, requiredOf(one.Value, depth+1)...)
				break
			}
		}
	}
	return all
}

// idOf is the id as its schema spells it.
func (g generator) idOf(schema *openapi3.Schema) any {
	if isNumeric(schema) {
		n, _ := idNumber(g.id)
		return n
	}
	return g.id
}

func (g generator) array(schema *openapi3.Schema, name string, depth int) any {
	n := int(schema.MinItems) //nolint:gosec // documents have small numbers
	if n == 0 && !g.sparse && depth < fullDepth {
		n = 1
	}
	out := make([]any, 0, n)
	for i := range n {
		if schema.Items == nil {
			break
		}
		one := g
		one.index += i
		one.id = ""
		if enum := schema.Items.Value.Enum; len(enum) > 0 {
			out = append(out, enum[i%len(enum)])
			continue
		}
		out = append(out, one.value(schema.Items.Value, name, depth+1))
	}
	return out
}

func (g generator) number(schema *openapi3.Schema, name string) any {
	n := float64(1)
	if strings.HasSuffix(strings.ToLower(name), "id") {
		n = float64(firstRecord + g.index)
	}
	if lowest := schema.Min; lowest != nil && n < *lowest {
		n = *lowest
	}
	if schema.ExclusiveMin.IsTrue() && schema.Min != nil && n <= *schema.Min {
		n = *schema.Min + 1
	}
	if schema.Max != nil && n > *schema.Max {
		n = *schema.Max
	}
	if schema.MultipleOf != nil && *schema.MultipleOf > 0 {
		n = *schema.MultipleOf * float64(int(n / *schema.MultipleOf)+1)
	}
	return n
}

func (g generator) text(schema *openapi3.Schema, name string, depth int) any {
	if depth == 1 && g.name != "" && (name == "name" || name == "displayName" || name == "title") && schema.Pattern == "" {
		return fit(g.name, schema)
	}
	switch schema.Format {
	case "date-time":
		return stamp(g.at)
	case "date":
		return g.at.Format(time.DateOnly)
	case "email":
		return "user@sandbox.example"
	case "uri", "url":
		return "https://sandbox.example/" + strconv.Itoa(firstRecord+g.index)
	case "uuid":
		return uuid(g.index)
	}
	if schema.Pattern != "" {
		return fromPattern(schema.Pattern, int(schema.MinLength)) //nolint:gosec // documents have small numbers
	}
	switch {
	case schema.Type == nil:
		return record{}
	case strings.HasSuffix(name, "Id") || strings.HasSuffix(name, "_id") || name == "id":
		return fit(strconv.Itoa(firstRecord+g.index), schema)
	case strings.HasSuffix(name, "At") || strings.HasSuffix(name, "_at"):
		return fit(stamp(g.at), schema)
	case strings.HasSuffix(strings.ToLower(name), "url"):
		return fit("https://sandbox.example/"+strconv.Itoa(firstRecord+g.index), schema)
	case strings.HasSuffix(strings.ToLower(name), "currency"):
		return fit(currency, schema)
	}
	return fit("sandbox", schema)
}

func uuid(i int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", firstRecord+i) }

// fit makes a text as long as its schema wants it.
func fit(text string, schema *openapi3.Schema) string {
	if short := int(schema.MinLength) - len(text); short > 0 { //nolint:gosec // documents have small numbers
		text += strings.Repeat("x", short)
	}
	if most := schema.MaxLength; most != nil && uint64(len(text)) > *most {
		text = text[:*most]
	}
	return text
}

// fromPattern makes a text that a regular expression matches, of at least minLength characters if it lets more repeat.
func fromPattern(pattern string, minLength int) string {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return "sandbox"
	}
	tree = tree.Simplify()
	text := ""
	for n := range minLength + 2 {
		var b strings.Builder
		writeMatch(&b, tree, n)
		if text = b.String(); len(text) >= max(minLength, 1) {
			break
		}
	}
	return text
}

// writeMatch writes what an expression matches, with n repetitions where any number is allowed.
func writeMatch(b *strings.Builder, re *syntax.Regexp, n int) {
	switch re.Op {
	case syntax.OpLiteral:
		b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		b.WriteRune(pickRune(re.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte('x')
	case syntax.OpCapture:
		writeMatch(b, re.Sub[0], n)
	case syntax.OpStar, syntax.OpQuest:
		for range n {
			writeMatch(b, re.Sub[0], n)
			if re.Op == syntax.OpQuest {
				break
			}
		}
	case syntax.OpPlus:
		for range max(n, 1) {
			writeMatch(b, re.Sub[0], n)
		}
	case syntax.OpRepeat:
		for range re.Min {
			writeMatch(b, re.Sub[0], n)
		}
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			writeMatch(b, sub, n)
		}
	case syntax.OpAlternate:
		writeMatch(b, re.Sub[0], n)
	default:
	}
}

// pickRune picks a letter or digit of a class if it has one.
func pickRune(ranges []rune) rune {
	for _, want := range "a1A" {
		for i := 0; i+1 < len(ranges); i += 2 {
			if ranges[i] <= want && want <= ranges[i+1] {
				return want
			}
		}
	}
	return ranges[0]
}
