package mcpclient

import (
	"context"
	"crypto/sha256"
	"fmt"
	"iter"
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/interchange-sdk/interchange-go/client"
)

// Tools iterates over the tools of the server. Each range starts a new list. An error ends it and is its last value. A
// list that does not end, or has more than 2,000 tools or 8 MiB, fails with a [*client.PagingError].
func (s *Session) Tools(ctx context.Context) iter.Seq2[*mcp.Tool, error] {
	return listItems(ctx, s, methodListTools, func(ctx context.Context, conn *mcp.ClientSession, cursor string) (
		[]*mcp.Tool, string, error,
	) {
		page, err := conn.ListTools(ctx, &mcp.ListToolsParams{Cursor: cursor})
		if err != nil {
			return nil, "", err
		}
		return page.Tools, page.NextCursor, nil
	})
}

// ToolNames lists the names of the server's tools. Errors: those of [Session.Tools].
func (s *Session) ToolNames(ctx context.Context) ([]string, error) {
	var names []string
	for tool, err := range s.Tools(ctx) {
		if err != nil {
			return nil, err
		}
		names = append(names, tool.Name)
	}
	return names, nil
}

// Resources iterates over the resources of the server, like [Session.Tools] but without its limits.
func (s *Session) Resources(ctx context.Context) iter.Seq2[*mcp.Resource, error] {
	return listItems(ctx, s, "resources/list", func(ctx context.Context, conn *mcp.ClientSession, cursor string) (
		[]*mcp.Resource, string, error,
	) {
		page, err := conn.ListResources(ctx, &mcp.ListResourcesParams{Cursor: cursor})
		if err != nil {
			return nil, "", err
		}
		return page.Resources, page.NextCursor, nil
	})
}

// Prompts iterates over the prompts of the server, like [Session.Tools] but without its limits.
func (s *Session) Prompts(ctx context.Context) iter.Seq2[*mcp.Prompt, error] {
	return listItems(ctx, s, "prompts/list", func(ctx context.Context, conn *mcp.ClientSession, cursor string) (
		[]*mcp.Prompt, string, error,
	) {
		page, err := conn.ListPrompts(ctx, &mcp.ListPromptsParams{Cursor: cursor})
		if err != nil {
			return nil, "", err
		}
		return page.Prompts, page.NextCursor, nil
	})
}

// listItems iterates over a list page by page. It remembers the hashes of all cursors, to end a list that repeats one.
func listItems[T any](
	ctx context.Context, s *Session, method string,
	fetch func(ctx context.Context, library *mcp.ClientSession, cursor string) ([]T, string, error),
) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		if err := s.ready(ctx); err != nil {
			yield(none, err)
			return
		}
		seen := make(map[[sha256.Size]byte]bool)
		empty, total, size := 0, 0, 0
		for cursor := ""; ; {
			var items []T
			var next string
			op := s.cfg.op(method, http.MethodPost, client.EffectRead)
			ctx, cancel := s.withCallTimeout(ctx)
			call := new(callState)
			err := s.do(ctx, op, call, func(ctx context.Context, library *mcp.ClientSession) (err error) {
				items, next, err = fetch(ctx, library, cursor)
				return err
			})
			cancel()
			if err != nil {
				yield(none, err)
				return
			}
			total, size = total+len(items), size+len(call.outcome().raw)
			if method == methodListTools && (total > maxTools || size > maxToolBytes) {
				yield(none, &client.PagingError{Operation: method, At: client.PageToken(cursor), Reason: fmt.Sprintf(
					"the list has more than %d tools or %d MiB", maxTools, maxToolBytes>>20)})
				return
			}
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
			if next == "" {
				return
			}
			if empty++; len(items) > 0 {
				empty = 0
			}
			reason := ""
			hash := sha256.Sum256([]byte(next))
			switch {
			case seen[hash]:
				reason = "a cursor came back"
			case empty == maxEmptyPages:
				reason = fmt.Sprintf("%d pages in a row have no item", maxEmptyPages)
			case len(next) > maxListCursor:
				reason = "a cursor is longer than 64 KiB"
			case len(seen) == maxListPages:
				reason = fmt.Sprintf("it has more than %d pages", maxListPages)
			}
			if reason != "" {
				yield(none, &client.PagingError{Operation: method, At: client.PageToken(cursor), Reason: reason})
				return
			}
			seen[hash] = true
			cursor = next
		}
	}
}

// ReadResource reads a resource, such as an HTML page that a tool refers to.
func (s *Session) ReadResource(
	ctx context.Context, uri string, opts ...client.CallOption,
) (out *mcp.ReadResourceResult, err error) {
	err = s.callMethod(ctx, "resources/read", opts, func(ctx context.Context, conn *mcp.ClientSession) (err error) {
		out, err = conn.ReadResource(ctx, &mcp.ReadResourceParams{URI: uri})
		return err
	})
	return out, err
}

// GetPrompt renders a server prompt with the given arguments.
func (s *Session) GetPrompt(
	ctx context.Context, name string, args map[string]string, opts ...client.CallOption,
) (out *mcp.GetPromptResult, err error) {
	err = s.callMethod(ctx, "prompts/get", opts, func(ctx context.Context, conn *mcp.ClientSession) (err error) {
		out, err = conn.GetPrompt(ctx, &mcp.GetPromptParams{Name: name, Arguments: args})
		return err
	})
	return out, err
}

// Ping reports an error if the server cannot be reached. In the stateless protocol, which has no ping, it sends
// server/discover.
func (s *Session) Ping(ctx context.Context, opts ...client.CallOption) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	if version := s.ProtocolVersion(); version >= ProtocolStateless {
		return s.discover(ctx, version, opts)
	}
	return s.callMethod(ctx, "ping", opts, func(ctx context.Context, conn *mcp.ClientSession) error {
		return conn.Ping(ctx, nil)
	})
}

// discover sends server/discover past the library, which has no such call.
func (s *Session) discover(ctx context.Context, version string, opts []client.CallOption) error {
	s.mu.Lock()
	rt, closed := s.conn.rt, s.closed
	s.mu.Unlock()
	if closed {
		return ErrClosed
	}
	params, err := json.Marshal(map[string]mcp.Meta{"_meta": {
		mcp.MetaKeyProtocolVersion:    version,
		mcp.MetaKeyClientInfo:         map[string]string{"name": s.cfg.info.Name, "version": s.cfg.info.Version},
		mcp.MetaKeyClientCapabilities: struct{}{},
	}})
	if err != nil {
		return err
	}
	ctx, stop := s.withCallTimeout(ctx)
	defer stop()
	ctx, cancel := rt.boundContext(ctx)
	defer cancel()
	m := newRequest("ping", methodDiscover, params)
	header := http.Header{headerVersion: {version}, "Mcp-Method": {methodDiscover}}
	_, err = rt.exchange(header, &m, &callState{opts: opts}).sendAndWait(ctx)
	return err
}

func (s *Session) callMethod(
	ctx context.Context, method string, opts []client.CallOption, f func(context.Context, *mcp.ClientSession) error,
) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	ctx, cancel := s.withCallTimeout(ctx)
	defer cancel()
	return s.do(ctx, s.cfg.op(method, http.MethodPost, client.EffectRead), &callState{opts: opts}, f)
}
