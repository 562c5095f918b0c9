package buyer

import (
	"context"

	"github.com/interchange-sdk/interchange-go/client"
)

// Catalogs are an advertiser's feeds of products, offers and the like.
type Catalogs struct{ client *client.Client }

// List lists an advertiser's catalogs. PageSize is at most 250.
func (s Catalogs) List(advertiserID client.ID, p CatalogListParams, opts ...client.CallOption) client.List[Catalog] {
	return list[Catalog](s.client, &opListCatalogs, p, p.PageToken, opts, advertiserID)
}

// PropertyLists are an advertiser's lists of sites, apps and screens.
type PropertyLists struct{ client *client.Client }

// List lists an advertiser's property lists. PageSize is at most 250.
func (s PropertyLists) List(advertiserID client.ID, p PropertyListListParams,
	opts ...client.CallOption,
) client.List[PropertyList] {
	return list[PropertyList](s.client, &opListPropertyLists, p, p.PageToken, opts, advertiserID)
}

// Get returns one property list with its properties. Safe to repeat. Errors: [client.ErrNotFound].
func (s PropertyLists) Get(ctx context.Context, advertiserID, id client.ID, opts ...client.CallOption) (*PropertyList,
	error,
) {
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
