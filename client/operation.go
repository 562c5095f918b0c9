package client

import (
	"net/http"
	"strings"
)

// Mount is the part of the platform an operation hangs off: the prefix of its path in the pinned form.
type Mount string

// The mounts, see docs/platform.md#hosts. A path below one of them is written without the prefix, starting with a
// slash.
const (
	MountRoot          Mount = ""
	MountShared        Mount = "/api/v2"
	MountBuyer         Mount = "/api/v2/buyer"
	MountStorefront    Mount = "/api/v2/storefront"
	MountMCPBuyer      Mount = "/mcp/v2/buyer"
	MountMCPStorefront Mount = "/mcp/v2/storefront"
)

// MountPartner is the mount of the Partner API (docs/platform.md#partner-api), for a Client with [ProfilePartner].
const MountPartner Mount = "/api/v1/partner"

// path is the prefix as sent: pinned, or with the version dropped.
func (m Mount) path(unversioned bool) string {
	if !unversioned {
		return string(m)
	}
	return strings.Replace(string(m), "/v2", "", 1)
}

// Effect says what repeating a call does, and so which failures may be retried.
type Effect uint8

const (
	// EffectByMethod takes GET, HEAD and OPTIONS as EffectRead, PUT and DELETE as EffectIdempotent and
	// all others as EffectOnce. It is the zero value.
	EffectByMethod Effect = iota
	// EffectRead changes nothing.
	EffectRead
	// EffectIdempotent changes something, and doing so twice is the same as doing so once. A DELETE that is retried
	// because an attempt may have taken effect, and then finds nothing (404), succeeds if it has no result and no body
	// and its path ends with the id of the resource. Otherwise the 404 is returned.
	EffectIdempotent
	// EffectOnce may act twice when sent twice. It is repeated only if it surely was not processed. (A GET that has
	// effects cannot be had safely: net/http itself repeats those.)
	EffectOnce
)

// Level is the access that an operation takes, and that a partner's credential has
// (docs/platform.md#permission-levels). The scopes of the Partner API's keys are the same words
// (docs/platform.md#partner-api). The set is open.
type Level string

// The levels in docs/platform.md#permission-levels, with what it lists for each.
const (
	// LevelRead lists accessible seats, views segments and signals, reads campaign performance and reports.
	LevelRead Level = "read"
	// LevelWrite creates and updates segments, attaches data to them, registers agents and changes campaigns.
	LevelWrite Level = "write"
	// LevelAdmin manages the permissions of API keys, access to seats and webhook endpoints, and reads audit logs.
	LevelAdmin Level = "admin"
)

// LevelUnknown is for an [Operation] of which no level decides who may call it.
const LevelUnknown Level = "unknown"

// Paging is the way a list continues (docs/platform.md#paging).
type Paging uint8

const (
	// PagingNone is a list that comes as one page. It is the zero value.
	PagingNone Paging = iota
	// PagingTakeSkip sends take and skip.
	PagingTakeSkip
	// PagingLimitOffset sends limit and offset.
	PagingLimitOffset
	// PagingCursor sends limit and cursor.
	PagingCursor
	// PagingStartingAfter sends limit and starting_after, the id of the last item.
	PagingStartingAfter
	// PagingPages sends pageSize and page, counted from 1.
	PagingPages
)

// Operation is one row of an operation table: all that a call needs to know besides its arguments.
// The tables of this module are generated from openapi.yaml. [Do] and [Call] take rows of your own, so any
// endpoint can be reached with everything the typed packages have.
type Operation struct {
	// ID names the operation in errors, hooks and logs, such as "getServiceToken".
	ID string
	// Method is the HTTP method; empty means GET.
	Method string
	// Mount is the prefix of the path.
	Mount Mount
	// Path is the template below the mount, such as "/service-tokens/{id}". Each {name} is one segment.
	Path string
	// Effect decides which failures are retried.
	Effect Effect
	// Level is the access that the operation takes. Empty follows from the effect: read for reading, write for the
	// rest.
	Level Level
	// Class names the limit that the platform counts the call against, such as [ClassExports]. Default [ClassREST].
	Class string
	// Paging is the style in which a list continues; only a [List] uses it.
	Paging Paging
	// MaxPage is the largest page of the platform. [List.Pages] and [List.All] request it unless the query sets a size.
	MaxPage int
	// Items is the member that holds a list's items; empty, or a name that is not there, means the first array.
	Items string
	// Result is the member that holds the result, as "partner" in {"partner": {…}}; empty, or a name under which no
	// object stands, means the whole body.
	Result string
}

func (op *Operation) method() string {
	if op.Method == "" {
		return http.MethodGet
	}
	return op.Method
}

// route is the template shown in errors, hooks and logs: it has no id, query or host in it. Like name it is called in
// so many places that it had better not be in each of them.
//
//go:noinline
func (op *Operation) route() string { return string(op.Mount) + op.Path }

//go:noinline
func (op *Operation) name() string {
	if op.ID != "" {
		return op.ID
	}
	return op.method() + " " + op.route()
}

// endsWithID reports whether the last segment of the path is a parameter: the id of the resource.
func (op *Operation) endsWithID() bool {
	last := op.Path[strings.LastIndexByte(op.Path, '/')+1:]
	return strings.HasPrefix(last, "{") && strings.HasSuffix(last, "}")
}

func (op *Operation) effect() Effect {
	if op.Effect != EffectByMethod {
		return op.Effect
	}
	switch op.method() {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return EffectRead
	case http.MethodPut, http.MethodDelete:
		return EffectIdempotent
	default:
		return EffectOnce
	}
}

// level is the access that the operation takes; empty where that cannot be told, as of MCP, where one path leads to
// everything.
func (op *Operation) level() Level {
	switch {
	case op.Level == LevelUnknown:
		return ""
	case op.Level != "":
		return op.Level
	case op.Mount == MountMCPBuyer || op.Mount == MountMCPStorefront:
		return ""
	case op.effect() == EffectRead:
		return LevelRead
	default:
		return LevelWrite
	}
}

// check refuses rows that would be sent as something else than they look like; those of the generated tables never
// are.
func (op *Operation) check(e *ParamError) {
	switch op.method() {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete:
	default:
		e.Add("Operation.Method", "must be an HTTP method in capitals")
	}
	switch op.method() {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		if op.effect() != EffectRead { // net/http repeats these methods by itself
			e.Add("Operation.Effect", "must be that of a read with GET, HEAD and OPTIONS")
		}
	}
	for _, part := range [...]struct{ name, path string }{
		{"Operation.Mount", string(op.Mount)},
		{"Operation.Path", op.Path},
	} {
		if part.path == "" {
			continue
		}
		rest, ok := strings.CutPrefix(part.path, "/")
		if !ok || strings.ContainsAny(part.path, "?#%\\") {
			e.Add(part.name, "must begin with a slash and have no query, fragment or escapes")
			continue
		}
		for _, segment := range strings.Split(rest, "/") {
			if strings.Trim(segment, ".") == "" {
				e.Add(part.name, "must not have empty or dotted segments")
				break
			}
		}
	}
}
