package mcpclient

import "github.com/go-json-experiment/json/jsontext"

// shape is the form that a value of a result must have for the MCP library to decode it.
type shape uint8

// The scalars, lists and objects of results.
const (
	anything shape = iota
	text           // a string
	words          // a string; a list of strings is joined
	loose          // a string; any other value becomes its JSON text
	cursor         // a string; a number becomes one, and what else there is stays and fails loudly
	encoded        // a string of base64
	flag           // a bool
	integer        // a number without a fraction
	number         // a number
	mapping        // an object of any members
	feature        // an object; true stands for an empty one

	textList
	iconList
	toolList
	resourceList
	templateList
	promptList
	argumentList
	blockList
	messageList
	contentsList

	icon
	initializeResult
	discoverResult
	capabilities
	capability
	implementation
	toolPage
	resourcePage
	templatePage
	promptPage
	tool
	toolHints
	resource
	template
	prompt
	argument
	annotation
	toolResult
	block
	promptResult
	promptMessage
	resourceResult
	contents
)

// shapeOf returns the shape of the result of a method.
func shapeOf(method string) shape {
	switch method {
	case methodInitialize:
		return initializeResult
	case methodDiscover:
		return discoverResult
	case methodListTools:
		return toolPage
	case methodCallTool:
		return toolResult
	case "resources/list":
		return resourcePage
	case "resources/templates/list":
		return templatePage
	case "prompts/list":
		return promptPage
	case "prompts/get":
		return promptResult
	case "resources/read":
		return resourceResult
	}
	return anything
}

// kind returns the kind of JSON value that s wants, 0 for any.
func (s shape) kind() jsontext.Kind {
	switch {
	case s == anything:
		return 0
	case s <= encoded:
		return '"'
	case s == flag:
		return 't'
	case s <= number:
		return '0'
	case s <= feature || s >= icon:
		return '{'
	}
	return '['
}

// item returns the shape of the elements of a list.
func (s shape) item() shape {
	switch s {
	case textList:
		return text
	case iconList:
		return icon
	case toolList:
		return tool
	case resourceList:
		return resource
	case templateList:
		return template
	case promptList:
		return prompt
	case argumentList:
		return argument
	case blockList:
		return block
	case messageList:
		return promptMessage
	case contentsList:
		return contents
	}
	return anything
}

// key returns the quoted name of the member without which an item of a list is useless. An item that has such a member
// is left out of its list when a member of it is malformed; other objects lose the member only.
func (s shape) key() string {
	switch s {
	case tool, prompt, argument:
		return `"name"`
	case resource:
		return `"uri"`
	case template:
		return `"uriTemplate"`
	}
	return ""
}

// member returns the shape of a member, whose name is quoted.
func (s shape) member(name jsontext.Value) shape {
	switch s {
	case initializeResult, discoverResult, toolPage, resourcePage, templatePage, promptPage, toolResult, promptResult,
		resourceResult:
		return s.resultMember(string(name))
	case tool, resource, template, prompt, argument, block, contents, implementation, icon:
		return s.itemMember(string(name))
	}
	switch string(name) {
	case `"experimental"`, `"extensions"`:
		if s == capabilities {
			return mapping
		}
	case `"completions"`, `"logging"`:
		if s == capabilities {
			return feature
		}
	case `"prompts"`, `"resources"`, `"tools"`:
		if s == capabilities {
			return capability
		}
	case `"listChanged"`, `"subscribe"`:
		if s == capability {
			return flag
		}
	case `"readOnlyHint"`, `"idempotentHint"`, `"destructiveHint"`, `"openWorldHint"`:
		if s == toolHints {
			return flag
		}
	case `"title"`:
		if s == toolHints {
			return text
		}
	case `"audience"`:
		if s == annotation {
			return textList
		}
	case `"lastModified"`:
		if s == annotation {
			return text
		}
	case `"priority"`:
		if s == annotation {
			return number
		}
	case `"role"`:
		if s == promptMessage {
			return text
		}
	case `"content"`:
		if s == promptMessage {
			return block
		}
	}
	return anything
}

// resultMember returns the shape of a member of a result.
func (s shape) resultMember(name string) shape {
	switch name {
	case `"_meta"`:
		return mapping
	case `"resultType"`, `"cacheScope"`, `"protocolVersion"`:
		return text
	case `"ttlMs"`:
		return integer
	case `"nextCursor"`:
		return cursor
	}
	switch {
	case s == toolPage && name == `"tools"`:
		return toolList
	case s == resourcePage && name == `"resources"`:
		return resourceList
	case s == templatePage && name == `"resourceTemplates"`:
		return templateList
	case s == promptPage && name == `"prompts"`:
		return promptList
	case s == toolResult && name == `"content"`:
		return blockList
	case s == promptResult && name == `"messages"`:
		return messageList
	case s == promptResult && name == `"description"`:
		return text
	case s == resourceResult && name == `"contents"`:
		return contentsList
	case s != initializeResult && s != discoverResult:
		return anything
	}
	switch name {
	case `"capabilities"`:
		return capabilities
	case `"instructions"`:
		return words
	case `"serverInfo"`:
		return implementation
	case `"supportedVersions"`:
		return textList
	}
	return anything
}

// itemMember returns the shape of a member of an item or of a content block.
func (s shape) itemMember(name string) shape {
	switch name {
	case `"_meta"`:
		if s != implementation && s != icon && s != argument {
			return mapping
		}
	case `"name"`, `"title"`, `"description"`:
		if s != contents && s != icon {
			return text
		}
	case `"mimeType"`:
		if s != tool && s != prompt && s != argument && s != implementation {
			return text
		}
	case `"icons"`:
		if s != contents && s != argument && s != icon {
			return iconList
		}
	case `"annotations"`:
		switch s {
		case tool:
			return toolHints
		case resource, template, block:
			return annotation
		}
	}
	switch s {
	case resource, block, contents:
		return s.contentMember(name)
	}
	switch {
	case s == template && name == `"uriTemplate"`, s == implementation && (name == `"version"` || name == `"websiteUrl"`),
		s == icon && (name == `"src"` || name == `"theme"`):
		return text
	case s == prompt && name == `"arguments"`:
		return argumentList
	case s == argument && name == `"required"`:
		return flag
	case s == icon && name == `"sizes"`:
		return textList
	}
	return anything
}

// contentMember returns the shape of a member that describes a resource or its content.
func (s shape) contentMember(name string) shape {
	switch {
	case name == `"uri"`, name == `"type"` && s == block:
		return text
	case name == `"size"` && s != contents:
		return integer
	case name == `"text"` && s != resource:
		return loose
	case name == `"data"` && s == block, name == `"blob"` && s == contents:
		return encoded
	case name == `"resource"` && s == block:
		return contents
	}
	return anything
}
