package mcpclient

import (
	"context"
	"errors"
)

var (
	errNotConnected = errors.New("interchange: the MCP session must be made with Connect")
	errNilContext   = errors.New("interchange: the context must not be nil")
)

// usable returns an error for a nil or zero Session and for a nil context.
func (s *Session) usable(ctx context.Context) error {
	switch {
	case s == nil || s.cfg == nil:
		return errNotConnected
	case ctx == nil:
		return errNilContext
	}
	return nil
}
