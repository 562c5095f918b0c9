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

// annotations are the server's hints about a tool's effects. Retries trust them; guards do not.
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
	stale    bool // the server may list it differently now
	recalled bool // but it could not be listed again, so retries use the old annotations
}

// toolEffect returns the effect of a tool by its current annotations. A tool without any may act.
func (rt *roundTripper) toolEffect(name string) client.Effect {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	tool := rt.tools[name]
	if tool.stale && !tool.recalled {
		return client.EffectOnce
	}
	return tool.effect()
}

// learnTools notes the annotations in a response to tools/list and returns the cursor of the next page.
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
			continue // it may act
		}
		rt.tools[tool.Name] = knownTool{annotations: tool.Annotations}
	}
	return page.NextCursor
}

// forgetTools makes the next use list the tools again. Until that succeeds, recallTool has the old annotations.
func (rt *roundTripper) forgetTools() {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	rt.listed = false
	for name, tool := range rt.tools {
		tool.stale, tool.recalled = true, false
		rt.tools[name] = tool
	}
}

// finishListing notes that all tools were listed, and removes those that were not among them.
func (rt *roundTripper) finishListing() {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	rt.listed = true
	maps.DeleteFunc(rt.tools, func(_ string, tool knownTool) bool { return tool.stale })
}

// recallTool returns the annotations that a tool had when it was last listed. Retries use them from then on: if the
// tools cannot be listed, reads would be treated as writes otherwise. Guards need a new list.
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

// effectAfterFailure returns the effect of the tool of a call whose outcome is unknown. It may list the tools, in half
// of the remaining time, so that the call can still be repeated.
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

const maxToolPages = 100

// annotationsOf returns the annotations of the tool of a call. It lists the tools if that was not done, once for all
// callers, except for a renewal of the session, which the others may wait for.
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

// listParams returns the params for a page of a list, with the metadata of another message of the connection.
func listParams(meta jsontext.Value, cursor string) jsontext.Value {
	params := struct {
		Meta   map[string]jsontext.Value `json:"_meta,omitzero"`
		Cursor string                    `json:"cursor,omitzero"`
	}{Cursor: cursor}
	if json.Unmarshal(meta, &params.Meta) == nil {
		delete(params.Meta, "progressToken")
	}
	raw, err := json.Marshal(params)
	if err != nil { // impossible: both values were JSON
		return nil
	}
	return raw
}

// knows reports whether a tool was listed.
func (rt *roundTripper) knows(name string) bool {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	_, ok := rt.tools[name]
	return ok
}
