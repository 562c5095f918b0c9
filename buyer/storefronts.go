package buyer

import (
	"context"
	"iter"

	"github.com/interchange-sdk/interchange-go/client"
)

// Storefronts are where sellers offer inventory.
type Storefronts struct{ client *client.Client }

// List returns one page of storefronts, at most 100. Safe to repeat.
func (s Storefronts) List(ctx context.Context, p StorefrontListParams, opts ...client.CallOption) (*client.Page[Storefront], error) {
	return list[Storefront](ctx, s.client, &opListStorefronts, p, p.PageToken, opts)
}

// All walks the storefronts, in pages of 100 unless Limit says otherwise; see [Advertisers.All].
func (s Storefronts) All(ctx context.Context, p StorefrontListParams, opts ...client.CallOption) iter.Seq2[Storefront, error] {
	return all[Storefront](ctx, s.client, &opListStorefronts, p, p.PageToken, opts)
}

// Pages walks the storefronts page by page; see [Advertisers.Pages].
func (s Storefronts) Pages(ctx context.Context, p StorefrontListParams, opts ...client.CallOption) iter.Seq2[*client.Page[Storefront], error] {
	return pages[Storefront](ctx, s.client, &opListStorefronts, p, p.PageToken, opts)
}

// Get returns one storefront with its details. Safe to repeat. Errors: [client.ErrNotFound].
func (s Storefronts) Get(ctx context.Context, id client.ID, opts ...client.CallOption) (*Storefront, error) {
	got, err := get[storefrontAnswer](ctx, s.client, &opGetStorefront, opts, id)
	if err != nil {
		return nil, err
	}
	return &got.Storefront, nil
}

type storefrontAnswer struct{ Storefront }

func (a *storefrontAnswer) CheckAnswer() error { return shown(a.ID) }
