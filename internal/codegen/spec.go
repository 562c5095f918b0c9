package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Extensions of the document that this program reads. oapi-codegen reads others (x-go-type, x-enum-varnames).
const (
	extMount       = "x-mount"
	extEffect      = "x-effect"
	extLevel       = "x-level"
	extClass       = "x-class"
	extPaging      = "x-paging"
	extItems       = "x-items"
	extResult      = "x-result"
	extParams      = "x-go-params"
	extHandwritten = "x-go-handwritten"
	extOmit        = "x-go-omit"
	extGoName      = "x-go-name"
	extGoType      = "x-go-type"
	extGoImport    = "x-go-type-import"
	extGoIgnored   = "x-go-json-ignore"
	extEnumNames   = "x-enum-varnames"
	extEnumDocs    = "x-enum-descriptions"
	extPattern     = "x-go-pattern"
	extMessage     = "x-pattern-message"
	extMethod      = "x-go-method"
)

// operation is one operation of the document, as far as Go code depends on it.
type operation struct {
	ID     string
	Method string
	Mount  choice
	Path   string // below the mount
	Effect choice
	Level  *choice // nil where it follows from the effect
	Class  *choice // nil for the general limit
	Paging *choice // nil unless the operation is a list
	Items  string
	// Continues is true for a list of several pages.
	Continues bool
	// Member is the field of the payload that holds the result; empty if the payload is the result.
	Member string
	// MaxPage is the largest page size; 0 when the document states none.
	MaxPage int
	Params  string // name of the parameter struct; empty without query parameters
	Query   []*openapi3.Parameter
	Body    *openapi3.SchemaRef // nil without a request body
	Result  *openapi3.SchemaRef // the payload, or the item of a list; nil when nothing comes back
	// GoMethod is "Service.Method", or empty if the method is written by hand.
	GoMethod string
	Accept   string // the media type of a download

	source *openapi3.Operation
	item   *openapi3.PathItem
}

// choice is one of the words that an extension can have.
type choice struct {
	Word   string // as in the document
	Const  string // the constant of package client
	Prefix string // of a mount: how its paths begin
}

func mounts() []choice {
	return []choice{
		{"root", "MountRoot", ""},
		{"shared", "MountShared", "/api/v2"},
		{"buyer", "MountBuyer", "/api/v2/buyer"},
		{"storefront", "MountStorefront", "/api/v2/storefront"},
		{"partner", "MountPartner", "/api/v1/partner"},
	}
}

func effects() []choice {
	return []choice{
		{Word: "read", Const: "EffectRead"},
		{Word: "idempotent", Const: "EffectIdempotent"},
		{Word: "once", Const: "EffectOnce"},
	}
}

func classes() []choice {
	return []choice{{Word: "exports", Const: "ClassExports"}, {Word: "auth", Const: "ClassAuth"}}
}

func levels() []choice {
	return []choice{
		{Word: "read", Const: "LevelRead"},
		{Word: "write", Const: "LevelWrite"},
		{Word: "admin", Const: "LevelAdmin"},
		{Word: "unknown", Const: "LevelUnknown"},
	}
}

func pagings() []choice {
	return []choice{
		{Word: "none", Const: "PagingNone"},
		{Word: "take-skip", Const: "PagingTakeSkip"},
		{Word: "limit-offset", Const: "PagingLimitOffset"},
		{Word: "cursor", Const: "PagingCursor"},
		{Word: "starting-after", Const: "PagingStartingAfter"},
		{Word: "pages", Const: "PagingPages"},
	}
}

// load parses and validates the document. It keeps origins, for the order of properties.
func load(ctx context.Context, raw []byte) (*openapi3.T, error) {
	loader := openapi3.NewLoader()
	loader.Context = ctx
	loader.IncludeOrigin = true
	doc, err := loader.LoadFromData(raw)
	if err != nil {
		return nil, err
	}
	// Patterns are compiled when they are generated.
	if err := doc.Validate(ctx, openapi3.DisableSchemaPatternValidation()); err != nil {
		return nil, errors.Join(err, unsupported(doc)) // the latter names the path
	}
	return doc, nil
}

// operations collects the operations of a tag, by operationId. Everything missing is reported at once.
func operations(doc *openapi3.T, tag string) ([]operation, error) {
	var ops []operation
	var errs []error
	var reached support
	for _, path := range slices.Sorted(maps.Keys(doc.Paths.Map())) {
		item := doc.Paths.Value(path)
		for _, method := range slices.Sorted(maps.Keys(item.Operations())) {
			source := item.GetOperation(method)
			if !slices.Contains(source.Tags, tag) {
				continue
			}
			op, err := readOperation(path, method, item, source)
			if err = errors.Join(reached.unsupported(path, method, item, source), err); err != nil {
				errs = append(errs, fmt.Errorf("%s %s: %w", method, path, err))
				continue
			}
			ops = append(ops, op)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if len(ops) == 0 {
		return nil, fmt.Errorf("no operation has the tag %q", tag)
	}
	slices.SortFunc(ops, func(a, b operation) int { return strings.Compare(a.ID, b.ID) })
	return ops, nil
}

func readOperation(path, method string, item *openapi3.PathItem, source *openapi3.Operation) (operation, error) {
	op := operation{
		ID: source.OperationID, Method: method,
		Items: stringExt(source.Extensions, extItems), Member: stringExt(source.Extensions, extResult),
	}
	op.source, op.item, op.GoMethod, op.Accept = source, item, stringExt(source.Extensions, extMethod), download(source)
	var errs []error
	note := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if op.ID == "" {
		note("operationId is missing")
	}
	if source.Extensions[extMount] == nil {
		op.Mount = mountOf(path)
		op.Path = strings.TrimPrefix(path, op.Mount.Prefix)
	} else if mount, err := enumExt(source.Extensions, extMount, mounts()); err != nil {
		errs = append(errs, err)
	} else if want := mountOf(path); mount != want {
		note("%s is %s, and a path under %q wants %s", extMount, mount.Word, want.Prefix, want.Word)
	} else {
		op.Mount, op.Path = mount, strings.TrimPrefix(path, mount.Prefix)
	}
	effect, err := effectOf(method, source)
	if err != nil {
		errs = append(errs, err)
	}
	op.Effect = effect
	if stringExt(source.Extensions, extClass) != "" {
		class, err := enumExt(source.Extensions, extClass, classes())
		if err != nil {
			errs = append(errs, err)
		}
		op.Class = &class
	}
	if stringExt(source.Extensions, extLevel) != "" {
		level, err := enumExt(source.Extensions, extLevel, levels())
		if err != nil {
			errs = append(errs, err)
		}
		op.Level = &level
	}

	paged := stringExt(source.Extensions, extPaging) != ""
	if paged != (op.Items != "") {
		note("%s and %s come together", extPaging, extItems)
	} else if paged {
		paging, err := enumExt(source.Extensions, extPaging, pagings())
		if err != nil {
			errs = append(errs, err)
		}
		op.Paging = &paging
		op.Continues = paging.Const != "PagingNone"
	}

	op.Query = queryParameters(item.Parameters, source.Parameters)
	if op.Paging != nil {
		op.MaxPage = maxPage(op.Query)
	}
	op.Params = stringExt(source.Extensions, extParams)
	if (len(op.Query) > 0) != (op.Params != "") {
		note("%s names the struct of the query parameters; there are %d of them", extParams, len(op.Query))
	}
	if source.RequestBody != nil {
		op.Body = jsonSchema(source.RequestBody.Value.Content)
	}
	op.Member, op.Result, err = result(source, op.Items, op.Member)
	if err != nil {
		errs = append(errs, err)
	}
	return op, errors.Join(errs...)
}

// effectOf returns what the document states, and otherwise what the method means in HTTP.
func effectOf(method string, source *openapi3.Operation) (choice, error) {
	all := effects()
	if source.Extensions[extEffect] != nil {
		return enumExt(source.Extensions, extEffect, all)
	}
	switch method {
	case http.MethodGet:
		return all[0], nil
	case http.MethodPut, http.MethodDelete:
		return all[1], nil
	default:
		return all[2], nil
	}
}

// maxPage is the largest value of the parameter that sizes a page, whichever style it belongs to.
func maxPage(query []*openapi3.Parameter) int {
	for _, p := range query {
		if limit := p.Schema.Value.Max; limit != nil && slices.Contains([]string{"take", "limit", "pageSize"}, p.Name) {
			return int(*limit)
		}
	}
	return 0
}

// mountOf is the mount with the longest prefix: a buyer path also begins with the shared prefix.
func mountOf(path string) choice {
	all := mounts()
	found := all[0]
	for _, m := range all {
		if len(m.Prefix) > len(found.Prefix) && strings.HasPrefix(path, m.Prefix+"/") {
			found = m
		}
	}
	return found
}

// queryParameters lists query parameters in the order of the document; those of the operation replace those of
// the path.
func queryParameters(ofPath, ofOperation openapi3.Parameters) []*openapi3.Parameter {
	var found []*openapi3.Parameter
	for _, ref := range ofOperation {
		if ref.Value.In == openapi3.ParameterInQuery {
			found = append(found, ref.Value)
		}
	}
	for _, ref := range ofPath {
		if ref.Value.In == openapi3.ParameterInQuery &&
			ofOperation.GetByInAndName(openapi3.ParameterInQuery, ref.Value.Name) == nil {
			found = append(found, ref.Value)
		}
	}
	return found
}

// stringExt returns an extension that holds a string, or "".
func stringExt(extensions map[string]any, name string) string {
	s, _ := extensions[name].(string)
	return s
}

func enumExt(extensions map[string]any, name string, all []choice) (choice, error) {
	got := stringExt(extensions, name)
	words := make([]string, len(all))
	for i, c := range all {
		if c.Word == got {
			return c, nil
		}
		words[i] = c.Word
	}
	if got == "" {
		return choice{}, fmt.Errorf("%s is missing; it is one of %s", name, strings.Join(words, ", "))
	}
	return choice{}, fmt.Errorf("%s is %q; it is one of %s", name, got, strings.Join(words, ", "))
}
