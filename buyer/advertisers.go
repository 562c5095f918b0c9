package buyer

import (
	"context"
	"iter"

	"github.com/interchange-sdk/interchange-go/client"
)

// Advertisers are the advertisers of the account.
type Advertisers struct{ client *client.Client }

// List returns one page of advertisers: 100 unless Limit says otherwise. Safe to repeat.
func (s Advertisers) List(ctx context.Context, p AdvertiserListParams, opts ...client.CallOption) (*client.Page[Advertiser], error) {
	return list[Advertiser](ctx, s.client, &opListAdvertisers, p, p.PageToken, opts)
}

// All walks the advertisers. The sequence may be ranged more than once, and each time begins anew. An error is its
// last value.
func (s Advertisers) All(ctx context.Context, p AdvertiserListParams, opts ...client.CallOption) iter.Seq2[Advertiser, error] {
	return all[Advertiser](ctx, s.client, &opListAdvertisers, p, p.PageToken, opts)
}

// Pages walks the advertisers page by page, for a job that may be killed: when a page is done with, store its Next, and
// begin the next run with it as PageToken, with the same parameters. [client.WithPrefetch] works here as with All.
//
//	params := buyer.AdvertiserListParams{PageToken: stored} // empty at first
//	for page, err := range b.Advertisers.Pages(ctx, params, client.WithPrefetch(8)) {
//		if err != nil { … }
//		write(page.Items)
//		store(page.Next) // empty after the last page: the list is done with
//	}
func (s Advertisers) Pages(ctx context.Context, p AdvertiserListParams, opts ...client.CallOption) iter.Seq2[*client.Page[Advertiser], error] {
	return pages[Advertiser](ctx, s.client, &opListAdvertisers, p, p.PageToken, opts)
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
