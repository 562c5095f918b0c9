package buyer

import (
	"context"
	"iter"

	"github.com/interchange-sdk/interchange-go/client"
)

// Catalogs are an advertiser's feeds of products, offers and the like.
type Catalogs struct{ client *client.Client }

// List returns one page of an advertiser's catalogs: 50 unless Take says otherwise, at most 250. Safe to repeat.
func (s Catalogs) List(ctx context.Context, advertiserID client.ID, p CatalogListParams, opts ...client.CallOption) (*client.Page[Catalog], error) {
	return list[Catalog](ctx, s.client, &opListCatalogs, p, p.PageToken, opts, advertiserID)
}

// All walks an advertiser's catalogs, in pages of 250 unless Take says otherwise; see [Advertisers.All].
func (s Catalogs) All(ctx context.Context, advertiserID client.ID, p CatalogListParams, opts ...client.CallOption) iter.Seq2[Catalog, error] {
	return all[Catalog](ctx, s.client, &opListCatalogs, p, p.PageToken, opts, advertiserID)
}

// Pages walks an advertiser's catalogs page by page; see [Advertisers.Pages].
func (s Catalogs) Pages(ctx context.Context, advertiserID client.ID, p CatalogListParams, opts ...client.CallOption) iter.Seq2[*client.Page[Catalog], error] {
	return pages[Catalog](ctx, s.client, &opListCatalogs, p, p.PageToken, opts, advertiserID)
}

// PropertyLists are an advertiser's lists of sites, apps and screens.
type PropertyLists struct{ client *client.Client }

// List returns one page of an advertiser's property lists: 50 unless Take says otherwise, at most 250. Safe to repeat.
func (s PropertyLists) List(ctx context.Context, advertiserID client.ID, p PropertyListListParams, opts ...client.CallOption) (*client.Page[PropertyList], error) {
	return list[PropertyList](ctx, s.client, &opListPropertyLists, p, p.PageToken, opts, advertiserID)
}

// All walks an advertiser's property lists, in pages of 250 unless Take says otherwise; see [Advertisers.All].
func (s PropertyLists) All(ctx context.Context, advertiserID client.ID, p PropertyListListParams, opts ...client.CallOption) iter.Seq2[PropertyList, error] {
	return all[PropertyList](ctx, s.client, &opListPropertyLists, p, p.PageToken, opts, advertiserID)
}

// Pages walks an advertiser's property lists page by page; see [Advertisers.Pages].
func (s PropertyLists) Pages(ctx context.Context, advertiserID client.ID, p PropertyListListParams, opts ...client.CallOption) iter.Seq2[*client.Page[PropertyList], error] {
	return pages[PropertyList](ctx, s.client, &opListPropertyLists, p, p.PageToken, opts, advertiserID)
}

// Get returns one property list with its properties. Safe to repeat. Errors: [client.ErrNotFound].
func (s PropertyLists) Get(ctx context.Context, advertiserID, id client.ID, opts ...client.CallOption) (*PropertyList, error) {
	got, err := get[propertyListAnswer](ctx, s.client, &opGetPropertyList, opts, advertiserID, id)
	if err != nil {
		return nil, err
	}
	return &got.PropertyList, nil
}

type propertyListAnswer struct {
	PropertyList PropertyList `json:"propertyList"`
}

func (a *propertyListAnswer) CheckAnswer() error { return shown(a.PropertyList.ListID) }
