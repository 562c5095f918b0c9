package mcpclient

import (
	"context"
	"maps"
	"net/http"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
)

// annotations is what a server says of a tool's effects. They are taken at their word: who connects to a server that he
// does not trust has more to fear from it than a call made twice.
type annotations struct {
	ReadOnly   bool `json:"readOnlyHint"`
	Idempotent bool `json:"idempotentHint"`
}

func (a annotations) effect() client.Effect {
	switch {
	case a.ReadOnly:
		return client.EffectRead
	case a.Idempotent:
		return client.EffectIdempotent
	}
	return client.EffectOnce
}

// knownTool is a tool that the server has listed.
type knownTool struct {
	annotations
	stale    bool // the server may list it differently by now
	recalled bool // but that could not be found out, so the annotations count for repetitions
}

// toolEffect returns the effect of a tool by its present annotations. A tool without any may act.
func (rt *roundTripper) toolEffect(name string) client.Effect {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	tool := rt.tools[name]
	if tool.stale && !tool.recalled {
		return client.EffectOnce
	}
	return tool.effect()
}

// learnTools notes the annotations in an answer to tools/list.
func (rt *roundTripper) learnTools(result jsontext.Value) (next string) {
	var page struct {
		Tools []struct {
			Name        string      `json:"name"`
			Annotations annotations `json:"annotations"`
		} `json:"tools"`
		NextCursor string `json:"nextCursor"`
	}
	if json.Unmarshal(result, &page, jsontext.AllowInvalidUTF8(true)) != nil {
		return ""
	}
	rt.mu.Lock()
	defer rt.mu.Unlock()
	for _, tool := range page.Tools {
		if _, known := rt.tools[tool.Name]; len(tool.Name) > maxToolName || (!known && len(rt.tools) >= maxTools) {
			continue // further tools may act
		}
		rt.tools[tool.Name] = knownTool{annotations: tool.Annotations}
	}
	return page.NextCursor
}

// forgetTools makes the round tripper list the tools again when it next needs to know them. Until that has succeeded, the old
// annotations are kept for recall.
func (rt *roundTripper) forgetTools() {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	rt.listed = false
	for name, tool := range rt.tools {
		tool.stale, tool.recalled = true, false
		rt.tools[name] = tool
	}
}

// finishListing notes that all tools were listed. Those that were not among them are gone.
func (rt *roundTripper) finishListing() {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	rt.listed = true
	maps.DeleteFunc(rt.tools, func(_ string, tool knownTool) bool { return tool.stale })
}

// recallTool returns the annotations that a tool had when it was last listed, and uses them for repetitions from now on:
// on a connection on which the tools cannot be listed, reads would otherwise be treated as writes. Guards still want
// a new list.
func (rt *roundTripper) recallTool(name string) annotations {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	tool, ok := rt.tools[name]
	if ok && tool.stale {
		tool.recalled = true
		rt.tools[name] = tool
	}
	return tool.annotations
}

// effectAfterFailure returns the effect of the tool that a call names, after the call failed without a known outcome.
// The tools are listed for it if need be, in half of the time that is left, so that the call can still be repeated.
func (x *exchange) effectAfterFailure(ctx context.Context) client.Effect {
	listing := ctx
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		listing, cancel = context.WithTimeout(ctx, time.Until(deadline)/2)
		defer cancel()
	}
	a, err := x.rt.annotationsOf(listing, x.header, x.msg)
	if err != nil {
		a = x.rt.recallTool(x.tool)
	}
	return a.effect()
}

// maxToolPages ends a list that does not.
const maxToolPages = 100

// annotationsOf tells the annotations of the tool that a call names. Tools that nobody has listed so far are listed here,
// once for all callers, but for the one that renews the session: the others may be waiting for it.
func (rt *roundTripper) annotationsOf(ctx context.Context, header http.Header, call *message) (annotations, error) {
	name := call.toolName()
	known := func() (annotations, bool) {
		rt.mu.Lock()
		defer rt.mu.Unlock()
		tool, ok := rt.tools[name]
		return tool.annotations, (ok && !tool.stale) || rt.listed
	}
	if a, ok := known(); ok {
		return a, nil
	}
	if rt.renewing(ctx) == nil {
		select {
		case rt.listing <- struct{}{}:
			defer func() { <-rt.listing }()
		case <-ctx.Done():
			return annotations{}, contextError(ctx)
		}
	}
	if a, ok := known(); ok {
		return a, nil
	}
	listHeader := make(http.Header)
	if v := header[headerVersion]; v != nil {
		listHeader[headerVersion] = v
	}
	if header["Mcp-Method"] != nil {
		listHeader["Mcp-Method"] = []string{methodListTools}
	}
	cursor := ""
	for page := range maxToolPages {
		m := newRequest("tools-"+strconv.Itoa(page), methodListTools, listParams(member(call.params, "_meta"), cursor))
		reply, err := rt.sendAndWait(ctx, listHeader, &m)
		if err != nil {
			return annotations{}, err
		}
		if cursor = rt.learnTools(reply.result); cursor == "" {
			break
		}
	}
	rt.finishListing()
	a, _ := known()
	return a, nil
}

// listParams asks for a page of a list, in the name of another message of the same connection.
func listParams(meta jsontext.Value, cursor string) jsontext.Value {
	params := struct {
		Meta   map[string]jsontext.Value `json:"_meta,omitzero"`
		Cursor string                    `json:"cursor,omitzero"`
	}{Cursor: cursor}
	if json.Unmarshal(meta, &params.Meta) == nil {
		delete(params.Meta, "progressToken")
	}
	raw, err := json.Marshal(params)
	if err != nil { // cannot be: both members came from JSON
		return nil
	}
	return raw
}

// knows tells whether a tool of the name was listed.
func (rt *roundTripper) knows(name string) bool {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	_, ok := rt.tools[name]
	return ok
}
