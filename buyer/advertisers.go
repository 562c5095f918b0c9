package buyer

import (
	"context"

	"github.com/interchange-sdk/interchange-go/client"
)

// Advertisers are the advertisers of the account.
type Advertisers struct{ client *client.Client }

// List lists the advertisers. PageSize is at most 100.
func (s Advertisers) List(p AdvertiserListParams, opts ...client.CallOption) client.List[Advertiser] {
	return list[Advertiser](s.client, &opListAdvertisers, p, p.PageToken, opts)
}

// Get returns one advertiser with its details. Safe to repeat. Errors: [client.ErrNotFound].
func (s Advertisers) Get(ctx context.Context, id client.ID, opts ...client.CallOption) (*Advertiser, error) {
	got, err := get[advertiserAnswer](ctx, s.client, &opGetAdvertiser, opts, id)
	if err != nil {
		return nil, err
	}
	return &got.Advertiser, nil
}

type advertiserAnswer struct{ Advertiser }

func (a *advertiserAnswer) CheckAnswer() error { return shown(a.ID) }
