package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// componentPrefix begins every reference to a named schema.
const componentPrefix = "#/components/schemas/"

// envelopeName is the component that wraps successful responses; its field data is the payload.
const envelopeName = "Envelope"

// result returns what a call returns: the payload of its success response, one field of that, or the item of a list. A
// field is returned with its name.
func result(source *openapi3.Operation, items, field string) (string, *openapi3.SchemaRef, error) {
	var schema *openapi3.SchemaRef
	for _, status := range slices.Sorted(maps.Keys(source.Responses.Map())) {
		if strings.HasPrefix(status, "2") {
			schema = jsonSchema(source.Responses.Value(status).Value.Content)
			break
		}
	}
	switch {
	case items != "":
		item := itemOf(schema, items)
		if item == nil {
			return "", nil, fmt.Errorf("%s is %q, and the success response has no such array", extItems, items)
		}
		return field, item, nil
	case schema == nil:
		return field, nil, nil
	}
	whole, err := payload(schema)
	if err != nil {
		return "", nil, err
	}
	if field == "" {
		field = onlyObject(whole)
	}
	if field == "" || whole.Ref != "" { // documented bare: the field may be around it all the same
		return field, whole, nil
	}
	inner, ok := whole.Value.Properties[field]
	switch {
	case !ok:
		return "", nil, fmt.Errorf("%s is %q, and the success response has no such member", extResult, field)
	case inner.Ref == "" && len(inner.Value.AllOf) == 1: // a reference with a description
		inner = inner.Value.AllOf[0]
	}
	return field, inner, nil
}

// download returns the media type of a success response that is a file, or "".
func download(source *openapi3.Operation) string {
	for status, response := range source.Responses.Map() {
		for _, media := range downloads() {
			if strings.HasPrefix(status, "2") && response.Value.Content[media] != nil {
				return media
			}
		}
	}
	return ""
}

// onlyObject returns the field of a response object without a name that has a single field, and in it an object: the
// result is that object. The client finds it by Operation.Result.
func onlyObject(whole *openapi3.SchemaRef) string {
	if whole.Ref != "" || len(whole.Value.Properties) != 1 {
		return ""
	}
	for name, field := range whole.Value.Properties {
		if len(field.Value.Properties) > 0 || len(field.Value.AllOf) == 1 && len(field.Value.AllOf[0].Value.Properties) > 0 {
			return name
		}
	}
	return ""
}

func jsonSchema(content openapi3.Content) *openapi3.SchemaRef {
	if media := content.Get("application/json"); media != nil {
		return media.Schema
	}
	return nil
}

// payload returns the field data of an enveloped response, or the schema itself without an envelope.
func payload(ref *openapi3.SchemaRef) (*openapi3.SchemaRef, error) {
	enveloped := slices.ContainsFunc(ref.Value.AllOf, func(member *openapi3.SchemaRef) bool {
		return member.Ref == componentPrefix+envelopeName
	})
	if !enveloped {
		return ref, nil
	}
	for _, member := range ref.Value.AllOf {
		if data, ok := member.Value.Properties["data"]; ok && member.Ref == "" {
			return data, nil
		}
	}
	return nil, fmt.Errorf("the success response extends %s and does not say what data is", envelopeName)
}

// itemOf finds the item of a list: of the array itself, of the field data or of the field called items, in any of
// the forms of a response.
func itemOf(ref *openapi3.SchemaRef, items string) *openapi3.SchemaRef {
	if ref == nil || ref.Value == nil {
		return nil
	}
	if ref.Value.Type.Is("array") {
		return ref.Value.Items
	}
	within := slices.Concat(ref.Value.AnyOf, ref.Value.OneOf, ref.Value.AllOf)
	within = append(within, ref.Value.Properties["data"], ref.Value.Properties[items])
	for _, r := range within {
		if item := itemOf(r, items); item != nil {
			return item
		}
	}
	return nil
}
