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

// envelopeName is the component that wraps successful answers; its data member is the payload.
const envelopeName = "Envelope"

// result finds what a call returns: the payload of its success response, a member of that, or the item of a list.
func result(source *openapi3.Operation, items, member string) (*openapi3.SchemaRef, error) {
	var schema *openapi3.SchemaRef
	for _, status := range slices.Sorted(maps.Keys(source.Responses.Map())) {
		if strings.HasPrefix(status, "2") {
			schema = jsonSchema(source.Responses.Value(status).Value.Content)
			break
		}
	}
	if items != "" {
		item := itemOf(schema, items)
		if item == nil {
			return nil, fmt.Errorf("%s is %q, and the success response has no such array", extItems, items)
		}
		return item, nil
	}
	if schema == nil {
		return nil, nil //nolint:nilnil // an operation without a payload is no error
	}
	whole, err := payload(schema)
	if err != nil || member == "" {
		return whole, err
	}
	if whole.Ref != "" { // documented bare; the member may stand around it all the same
		return whole, nil
	}
	inner, ok := whole.Value.Properties[member]
	if !ok {
		return nil, fmt.Errorf("%s is %q, and the success response has no such member", extResult, member)
	}
	return inner, nil
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

func jsonSchema(content openapi3.Content) *openapi3.SchemaRef {
	if media := content.Get("application/json"); media != nil {
		return media.Schema
	}
	return nil
}

// payload is the data member below the envelope, or the schema itself where there is no envelope.
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

// itemOf looks for the array of a list: the schema itself, its data member or the member called items, in any of
// the forms that the platform may answer with.
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
