package client

import (
	"context"

	"github.com/go-json-experiment/json/jsontext"
)

// ToolCaller calls the tools of an MCP endpoint: a *mcpclient.Session is one. The typed packages that reach the platform's
// tools take a ToolCaller, so that a program which only calls REST does not link the MCP library.
type ToolCaller interface {
	// ToolNames lists the names of the tools that there are.
	ToolNames(ctx context.Context) ([]string, error)
	// ToolData calls a tool and returns the data of its answer, out of any envelope. A tool that says no is an
	// [*APIError]. args becomes a JSON object; nil is no arguments.
	ToolData(ctx context.Context, name string, args any, opts ...CallOption) (jsontext.Value, error)
}
