package mcpclient

import (
	"context"
	"net/http"
	"strconv"

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

// toolEffect goes by what is known of a tool; what is not known may act.
func (w *carrier) toolEffect(name string) client.Effect {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.tools[name].effect()
}

// learn notes the annotations in an answer to tools/list.
func (w *carrier) learn(result jsontext.Value) (next string) {
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
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, tool := range page.Tools {
		if _, known := w.tools[tool.Name]; len(tool.Name) > maxToolName || (!known && len(w.tools) >= maxTools) {
			continue
		}
		w.tools[tool.Name] = tool.Annotations
	}
	return page.NextCursor
}

// forget makes the carrier list the tools again when it next needs to know them.
func (w *carrier) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.listed = false
	clear(w.tools)
}

// maxToolPages ends a list that does not.
const maxToolPages = 100

// annotationsOf tells the annotations of the tool that a call names. Tools that nobody has listed so far are listed here,
// once for all callers, but for the one that renews the session: the others may be waiting for it.
func (w *carrier) annotationsOf(ctx context.Context, header http.Header, call *message) (annotations, error) {
	name := call.toolName()
	known := func() (annotations, bool) {
		w.mu.Lock()
		defer w.mu.Unlock()
		a, ok := w.tools[name]
		return a, ok || w.listed
	}
	if a, ok := known(); ok {
		return a, nil
	}
	if w.renewing(ctx) == nil {
		select {
		case w.learning <- struct{}{}:
			defer func() { <-w.learning }()
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
		reply, err := w.ask(ctx, listHeader, &m)
		if err != nil {
			return annotations{}, err
		}
		if cursor = w.learn(reply.result); cursor == "" {
			break
		}
	}
	w.mu.Lock()
	w.listed = true
	w.mu.Unlock()
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
func (w *carrier) knows(name string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, ok := w.tools[name]
	return ok
}
