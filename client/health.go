package client

import "context"

// Health asks the platform how it is (docs/platform.md#hosts). Safe to repeat. The answer needs no credential, but
// the Client sends its own as with every call.
func (c *Client) Health(ctx context.Context, opts ...CallOption) (*Health, error) {
	health, err := Call[Health](ctx, c, &opGetHealth, Request{}, opts...)
	if err != nil {
		return nil, err
	}
	return &health, nil
}
