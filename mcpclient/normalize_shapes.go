package mcpclient

import (
	"bytes"
	"encoding/base64"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// shape is the form that a value of a result must have for the MCP library to decode it.
type shape uint8

// The scalars, lists and objects of results.
const (
	shapeAnything shape = iota
	shapeText           // a string
	shapeWords          // a string; a list of strings is joined
	shapeLoose          // a string; any other value becomes its JSON text
	shapeCursor         // a string; a number becomes one, and what else there is stays and fails loudly
	shapeEncoded        // a string of base64
	shapeFlag           // a bool
	shapeInteger        // a number without a fraction
	shapeNumber         // a number
	shapeMapping        // an object of any members
	shapeFeature        // an object; true stands for an empty one

	shapeTextList
	shapeIconList
	shapeToolList
	shapeResourceList
	shapeTemplateList
	shapePromptList
	shapeArgumentList
	shapeBlockList
	shapeMessageList
	shapeContentsList

	shapeIcon
	shapeInitializeResult
	shapeDiscoverResult
	shapeCapabilities
	shapeCapability
	shapeImplementation
	shapeToolPage
	shapeResourcePage
	shapeTemplatePage
	shapePromptPage
	shapeTool
	shapeToolHints
	shapeResource
	shapeTemplate
	shapePrompt
	shapeArgument
	shapeAnnotation
	shapeToolResult
	shapeBlock
	shapePromptResult
	shapePromptMessage
	shapeResourceResult
	shapeContents
)

// shapeOf returns the shape of the result of a method.
func shapeOf(method string) shape {
	switch method {
	case methodInitialize:
		return shapeInitializeResult
	case methodDiscover:
		return shapeDiscoverResult
	case methodListTools:
		return shapeToolPage
	case methodCallTool:
		return shapeToolResult
	case "resources/list":
		return shapeResourcePage
	case "resources/templates/list":
		return shapeTemplatePage
	case "prompts/list":
		return shapePromptPage
	case "prompts/get":
		return shapePromptResult
	case "resources/read":
		return shapeResourceResult
	}
	return shapeAnything
}

// kind returns the kind of JSON value that s wants, 0 for any.
func (s shape) kind() jsontext.Kind {
	switch {
	case s == shapeAnything:
		return 0
	case s <= shapeEncoded:
		return '"'
	case s == shapeFlag:
		return 't'
	case s <= shapeNumber:
		return '0'
	case s <= shapeFeature || s >= shapeIcon:
		return '{'
	}
	return '['
}

// item returns the shape of the elements of a list.
func (s shape) item() shape {
	switch s {
	case shapeTextList:
		return shapeText
	case shapeIconList:
		return shapeIcon
	case shapeToolList:
		return shapeTool
	case shapeResourceList:
		return shapeResource
	case shapeTemplateList:
		return shapeTemplate
	case shapePromptList:
		return shapePrompt
	case shapeArgumentList:
		return shapeArgument
	case shapeBlockList:
		return shapeBlock
	case shapeMessageList:
		return shapePromptMessage
	case shapeContentsList:
		return shapeContents
	}
	return shapeAnything
}

// key returns the quoted name of the member without which an item of a list is useless. An item that has such a member
// is left out of its list when a member of it is malformed; other objects lose the member only.
func (s shape) key() string {
	switch s {
	case shapeTool, shapePrompt, shapeArgument:
		return `"name"`
	case shapeResource:
		return `"uri"`
	case shapeTemplate:
		return `"uriTemplate"`
	}
	return ""
}

// member returns the shape of a member, whose name is quoted.
func (s shape) member(name jsontext.Value) shape {
	switch s {
	case shapeInitializeResult, shapeDiscoverResult, shapeToolPage, shapeResourcePage, shapeTemplatePage, shapePromptPage,
		shapeToolResult, shapePromptResult, shapeResourceResult:
		return s.resultMember(string(name))
	case shapeTool, shapeResource, shapeTemplate, shapePrompt, shapeArgument, shapeBlock, shapeContents,
		shapeImplementation, shapeIcon:
		return s.itemMember(string(name))
	}
	switch string(name) {
	case `"experimental"`, `"extensions"`:
		if s == shapeCapabilities {
			return shapeMapping
		}
	case `"completions"`, `"logging"`:
		if s == shapeCapabilities {
			return shapeFeature
		}
	case `"prompts"`, `"resources"`, `"tools"`:
		if s == shapeCapabilities {
			return shapeCapability
		}
	case `"listChanged"`, `"subscribe"`:
		if s == shapeCapability {
			return shapeFlag
		}
	case `"readOnlyHint"`, `"idempotentHint"`, `"destructiveHint"`, `"openWorldHint"`:
		if s == shapeToolHints {
			return shapeFlag
		}
	case `"title"`:
		if s == shapeToolHints {
			return shapeText
		}
	case `"audience"`:
		if s == shapeAnnotation {
			return shapeTextList
		}
	case `"lastModified"`:
		if s == shapeAnnotation {
			return shapeText
		}
	case `"priority"`:
		if s == shapeAnnotation {
			return shapeNumber
		}
	case `"role"`:
		if s == shapePromptMessage {
			return shapeText
		}
	case `"content"`:
		if s == shapePromptMessage {
			return shapeBlock
		}
	}
	return shapeAnything
}

// resultMember returns the shape of a member of a result.
func (s shape) resultMember(name string) shape {
	switch name {
	case `"_meta"`:
		return shapeMapping
	case `"resultType"`, `"cacheScope"`, `"protocolVersion"`:
		return shapeText
	case `"ttlMs"`:
		return shapeInteger
	case `"nextCursor"`:
		return shapeCursor
	}
	switch {
	case s == shapeToolPage && name == `"tools"`:
		return shapeToolList
	case s == shapeResourcePage && name == `"resources"`:
		return shapeResourceList
	case s == shapeTemplatePage && name == `"resourceTemplates"`:
		return shapeTemplateList
	case s == shapePromptPage && name == `"prompts"`:
		return shapePromptList
	case s == shapeToolResult && name == `"content"`:
		return shapeBlockList
	case s == shapePromptResult && name == `"messages"`:
		return shapeMessageList
	case s == shapePromptResult && name == `"description"`:
		return shapeText
	case s == shapeResourceResult && name == `"contents"`:
		return shapeContentsList
	case s != shapeInitializeResult && s != shapeDiscoverResult:
		return shapeAnything
	}
	switch name {
	case `"capabilities"`:
		return shapeCapabilities
	case `"instructions"`:
		return shapeWords
	case `"serverInfo"`:
		return shapeImplementation
	case `"supportedVersions"`:
		return shapeTextList
	}
	return shapeAnything
}

// itemMember returns the shape of a member of an item or of a content block.
func (s shape) itemMember(name string) shape {
	switch name {
	case `"_meta"`:
		if s != shapeImplementation && s != shapeIcon && s != shapeArgument {
			return shapeMapping
		}
	case `"name"`, `"title"`, `"description"`:
		if s != shapeContents && s != shapeIcon {
			return shapeText
		}
	case `"mimeType"`:
		if s != shapeTool && s != shapePrompt && s != shapeArgument && s != shapeImplementation {
			return shapeText
		}
	case `"icons"`:
		if s != shapeContents && s != shapeArgument && s != shapeIcon {
			return shapeIconList
		}
	case `"annotations"`:
		switch s {
		case shapeTool:
			return shapeToolHints
		case shapeResource, shapeTemplate, shapeBlock:
			return shapeAnnotation
		}
	}
	switch s {
	case shapeResource, shapeBlock, shapeContents:
		return s.contentMember(name)
	}
	switch {
	case s == shapeTemplate && name == `"uriTemplate"`,
		s == shapeImplementation && (name == `"version"` || name == `"websiteUrl"`),
		s == shapeIcon && (name == `"src"` || name == `"theme"`):
		return shapeText
	case s == shapePrompt && name == `"arguments"`:
		return shapeArgumentList
	case s == shapeArgument && name == `"required"`:
		return shapeFlag
	case s == shapeIcon && name == `"sizes"`:
		return shapeTextList
	}
	return shapeAnything
}

// contentMember returns the shape of a member that describes a resource or its content.
func (s shape) contentMember(name string) shape {
	switch {
	case name == `"uri"`, name == `"type"` && s == shapeBlock:
		return shapeText
	case name == `"size"` && s != shapeContents:
		return shapeInteger
	case name == `"text"` && s != shapeResource:
		return shapeLoose
	case name == `"data"` && s == shapeBlock, name == `"blob"` && s == shapeContents:
		return shapeEncoded
	case name == `"resource"` && s == shapeBlock:
		return shapeContents
	}
	return shapeAnything
}

// fits reports whether the library can decode a value of this shape. Null is no value, except in a list.
func (s shape) fits(v jsontext.Value) bool {
	k := v.Kind()
	switch want := s.kind(); {
	case want == 0 || k == 'n':
		return true
	case want == 't':
		return k == 't' || k == 'f'
	case k != want:
		return false
	}
	switch {
	case s == shapeInteger:
		return isInteger(v)
	case s == shapeEncoded:
		return isBase64(v)
	case s.kind() == '{':
		return s.fitsObject(v)
	case s.kind() == '[':
		item := s.item()
		for one := range items(v) {
			if one.Kind() == 'n' || !item.fits(one) {
				return false
			}
		}
	}
	return true
}

func (s shape) fitsObject(v jsontext.Value) bool {
	key := s.key()
	named := key == ""
	typed := s != shapeBlock
	for name, value := range members(v) {
		if !s.member(name).fits(value) {
			return false
		}
		named = named || string(name) == key && isNamed(value)
		typed = typed || string(name) == `"type"` && value.Kind() == '"'
	}
	return named && typed
}

// isNamed reports whether a value can identify an item.
func isNamed(v jsontext.Value) bool { return v.Kind() == '"' && len(v) > len(`""`) }

// isInteger reports whether a number is one that an int64 holds, in the form that the library reads.
func isInteger(v jsontext.Value) bool {
	_, err := strconv.ParseInt(string(v), 10, 64)
	return err == nil
}

// isBase64 reports whether a JSON string holds base64. It is lenient about its length: decoders differ there.
func isBase64(v jsontext.Value) bool {
	if bytes.IndexByte(v, '\\') >= 0 {
		_, err := base64.StdEncoding.DecodeString(textOf(v))
		return err == nil
	}
	body := v[1 : len(v)-1]
	trimmed := bytes.TrimRight(body, "=")
	if len(body)%4 != 0 || len(body)-len(trimmed) > 2 {
		return false
	}
	for _, c := range trimmed {
		if c != '+' && c != '/' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}
