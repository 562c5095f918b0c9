package buyer

import (
	"context"

	"github.com/interchange-sdk/interchange-go/client"
)

// MediaBuys are the orders that a campaign has placed with sellers. The platform lists them with their campaign only,
// see [Campaigns.Get].
type MediaBuys struct{ client *client.Client }

// Get returns one media buy. Safe to repeat. Errors: [client.ErrNotFound], [client.ErrForbidden].
func (s MediaBuys) Get(ctx context.Context, id client.ID, opts ...client.CallOption) (*MediaBuy, error) {
	got, err := get[mediaBuyAnswer](ctx, s.client, &opGetMediaBuy, opts, id)
	if err != nil {
		return nil, err
	}
	return &got.MediaBuy, nil
}

// Packages returns the packages of a media buy, all of them at once. Safe to repeat. Errors: [client.ErrNotFound],
// [client.ErrForbidden].
func (s MediaBuys) Packages(ctx context.Context, id client.ID, opts ...client.CallOption) (*MediaBuyPackages, error) {
	got, err := get[packagesAnswer](ctx, s.client, &opGetMediaBuyPackages, opts, id)
	if err != nil {
		return nil, err
	}
	return &got.MediaBuyPackages, nil
}

type mediaBuyAnswer struct {
	MediaBuy MediaBuy `json:"mediaBuy"`
}

func (a *mediaBuyAnswer) CheckAnswer() error { return shown(a.MediaBuy.MediaBuyID) }

type packagesAnswer struct{ MediaBuyPackages }

func (a *packagesAnswer) CheckAnswer() error { return shown(a.MediaBuyID) }
