package check

// Rule holds the requirements of a schema of the OpenAPI document. Generated tables consist of rules. A nil Rule allows
// everything.
type Rule struct {
	Type     Type
	Nullable bool
	// Format and Pattern restrict text.
	Format  Format
	Pattern *Pattern
	// Enum lists the allowed values, numbers as text. Empty allows all.
	Enum []string
	// Min and Max restrict numbers; nil sets no limit.
	Min, Max *Limit
	// MinSize and MaxSize count the code points of text, the items of an array or the entries of a map. A MaxSize of 0
	// sets no limit.
	MinSize, MaxSize int
	// Fields are the known fields of an object.
	Fields []Field
	// Items is the rule of every item of an array, and of every field of an object that is not in Fields.
	Items *Rule
	// Ref is the rule of the same value under its own name. It stands alone, or with Nullable.
	Ref *Rule
	// AllOf lists rules that must all hold.
	AllOf []*Rule
	// AnyOf lists rules of which at least one must hold.
	AnyOf []*Rule
	// Discriminator is the field that selects one of Cases; empty if there is none.
	Discriminator string
	Cases         []Case
}

// Field is one field of an object, or one parameter.
type Field struct {
	Name     string
	Rule     *Rule
	Required bool
}

// Case is the rule of one variant of a union.
type Case struct {
	Value string
	Rule  *Rule
}

// Pattern is a regular expression that text must match.
type Pattern struct {
	Expr string
	// Message completes the error text: "must be three capital letters". Default "must match <Expr>".
	Message string
}

// Limit is a bound of a number.
type Limit struct {
	Value     float64
	Exclusive bool
}

// Type is the JSON type of a value.
type Type uint8

// The types of JSON. Any is the zero value.
const (
	Any Type = iota
	String
	Number
	Boolean
	Array
	Object
)

// Format is a syntax of text.
type Format uint8

// The formats that are checked.
const (
	FormatNone Format = iota
	FormatDate
	FormatTime
	FormatDateOrTime
)

// noun names a type with its article.
func (t Type) noun() string {
	return [...]string{"any", "a string", "a number", "a boolean", "an array", "an object"}[t]
}
