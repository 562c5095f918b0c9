package buyer

import (
	"context"

	"github.com/interchange-sdk/interchange-go/client"
)

// Storefronts are where sellers offer inventory.
type Storefronts struct{ client *client.Client }

// List lists the storefronts. PageSize is at most 100.
func (s Storefronts) List(p StorefrontListParams, opts ...client.CallOption) client.List[Storefront] {
	return list[Storefront](s.client, &opListStorefronts, p, p.PageToken, opts)
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
