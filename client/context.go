package client

import "context"

// callContext is the context of a call's request: the caller's context, with the call behind a func. The request
// carries the credential, and a transport that prints or dumps its context must not show it.
type callContext struct {
	context.Context //nolint:containedctx // it is a context

	call func() *call
}

// String keeps fmt away from the fields.
func (c *callContext) String() string { return "interchange call" }

// callOf returns the call that a context belongs to, or nil.
func callOf(ctx context.Context) *call {
	if c, ok := ctx.(*callContext); ok {
		return c.call()
	}
	return nil
}

// begin makes a call.
func (c *Client) begin(ctx context.Context, op *Operation, opts []CallOption) (*call, error) {
	if err := c.check(ctx, op); err != nil {
		return nil, err
	}
	in := c.in()
	k := &call{ctx: ctx, client: in, op: op, cfg: in.cfg.call, policy: in.policy}
	k.request = callContext{ctx, func() *call { return k }}
	k.cfg.apply(opts)
	return k, nil
}
