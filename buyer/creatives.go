package buyer

import (
	"context"

	"github.com/interchange-sdk/interchange-go/client"
)

// Creatives are the advertisements of an advertiser and of its campaigns.
type Creatives struct{ client *client.Client }

// List lists an advertiser's creatives. PageSize is at most 250.
func (s Creatives) List(advertiserID client.ID, p CreativeListParams, opts ...client.CallOption) client.List[Creative] {
	return list[Creative](s.client, &opListAdvertiserCreatives, p, p.PageToken, opts, advertiserID)
}

// ListOfCampaign lists a campaign's creatives. The platform states neither a default nor a limit for PageSize.
func (s Creatives) ListOfCampaign(campaignID client.ID, p CampaignCreativeListParams,
	opts ...client.CallOption,
) client.List[Creative] {
	return list[Creative](s.client, &opListCreatives, p, p.PageToken, opts, campaignID)
}

// Get returns one creative of a campaign with its details, assets among them. Safe to repeat. Errors:
// [client.ErrNotFound].
func (s Creatives) Get(ctx context.Context, campaignID, id client.ID, opts ...client.CallOption) (*Creative, error) {
	got, err := get[creativeAnswer](ctx, s.client, &opGetCreativeManifest, opts, campaignID, id)
	if err != nil {
		return nil, err
	}
	return &got.Creative, nil
}

type creativeAnswer struct{ Creative }

func (a *creativeAnswer) CheckAnswer() error { return shown(a.CreativeID) }
