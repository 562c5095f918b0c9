package buyer

import (
	"context"

	"github.com/interchange-sdk/interchange-go/client"
)

// Campaigns are the campaigns of the account.
type Campaigns struct{ client *client.Client }

// List lists campaigns. PageSize is at most 250.
func (s Campaigns) List(p CampaignListParams, opts ...client.CallOption) client.List[Campaign] {
	return list[Campaign](s.client, &opListCampaigns, p, p.PageToken, opts)
}

// Get returns one campaign with its details, media buys among them. Safe to repeat. Errors: [client.ErrNotFound].
func (s Campaigns) Get(ctx context.Context, id client.ID, p CampaignGetParams, opts ...client.CallOption) (*Campaign,
	error,
) {
	if err := checked(&opGetCampaign, p); err != nil {
		return nil, err
	}
	req := client.Request{Path: []string{string(id)}, Query: p.query()}
	got, err := client.Call[campaignAnswer](ctx, s.client, &opGetCampaign, req, opts...)
	if err != nil {
		return nil, err
	}
	return &got.Campaign, nil
}

// MediaBuyStatus asks the sellers for the state of a campaign's media buys, which can take long. The platform wants at
// least 30 seconds between two such calls for a campaign (docs/platform.md#rate-limits). Safe to repeat.
func (s Campaigns) MediaBuyStatus(ctx context.Context, id client.ID,
	opts ...client.CallOption,
) (*CampaignMediaBuyStatus, error) {
	got, err := get[mediaBuyStatusAnswer](ctx, s.client, &opGetMediaBuyAdcpStatus, opts, id)
	if err != nil {
		return nil, err
	}
	return &got.CampaignMediaBuyStatus, nil
}

type campaignAnswer struct {
	Campaign Campaign `json:"campaign"`
}

func (a *campaignAnswer) CheckAnswer() error { return shown(a.Campaign.CampaignID) }

type mediaBuyStatusAnswer struct{ CampaignMediaBuyStatus }

func (a *mediaBuyStatusAnswer) CheckAnswer() error { return shown(a.CampaignID) }
