package client

import (
	"context"
	"errors"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// ToolCaller calls the tools of an MCP endpoint: a *mcpclient.Session is one. The typed packages that reach the
// platform's tools take a ToolCaller, so that a program which only calls REST does not link the MCP library.
type ToolCaller interface {
	// ToolNames lists the names of the tools that there are.
	ToolNames(ctx context.Context) ([]string, error)
	// ToolData calls a tool and returns the data of its answer, out of any envelope. A tool that says no is an
	// [*APIError]. args becomes a JSON object; nil is no arguments.
	ToolData(ctx context.Context, name string, args any, opts ...CallOption) (jsontext.Value, error)
}

// ErrNoTool is matched by every [NoToolError].
var ErrNoTool = errors.New("interchange: the MCP endpoint has no such tool")

// NoToolError says that an MCP endpoint does not list a tool that a typed package needs: mostly it is the endpoint of
// another generation of the platform. It was not called. The error matches [ErrNoTool] and [ErrNotImplemented].
type NoToolError struct {
	// Wanted are the names that were looked for; one of them would have done.
	Wanted []string
}

// Error names the tools.
func (e *NoToolError) Error() string { return ErrNoTool.Error() + ": " + strings.Join(e.Wanted, ", ") }

// Is matches ErrNoTool and ErrNotImplemented.
func (e *NoToolError) Is(target error) bool {
	return target == ErrNoTool || target == ErrNotImplemented
}
