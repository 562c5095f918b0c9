package mcpclient

import (
	"context"
	"net/url"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

type elicitationHandler = func(context.Context, *mcp.ElicitRequest) (*mcp.ElicitResult, error)

// checkElicitation rejects an unsafe URL before f can show it to a person.
func checkElicitation(f elicitationHandler) elicitationHandler {
	if f == nil {
		return nil
	}
	return func(ctx context.Context, req *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
		if p := req.Params; p != nil && (p.Mode == "url" || p.URL != "") && !safeToOpen(p.URL) {
			return nil, &jsonrpc.Error{
				Code: jsonrpc.CodeInvalidParams, Message: "the URL of an elicitation must be https, without credentials",
			}
		}
		return f(ctx, req)
	}
}

// safeToOpen reports whether a URL is https. A user name in it could pass for the host.
func safeToOpen(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && u.Scheme == "https" && u.Hostname() != "" && u.User == nil
}
