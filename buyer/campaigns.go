package buyer

import (
	"context"
	"iter"

	"github.com/interchange-sdk/interchange-go/client"
)

// Campaigns are the campaigns of the account.
type Campaigns struct{ client *client.Client }

// List returns one page of campaigns: 50 unless Take says otherwise, at most 250. Safe to repeat.
func (s Campaigns) List(ctx context.Context, p CampaignListParams, opts ...client.CallOption) (*client.Page[Campaign], error) {
	return list[Campaign](ctx, s.client, &opListCampaigns, p, p.PageToken, opts)
}

// All walks the campaigns, in pages of 250 unless Take says otherwise; see [Advertisers.All].
func (s Campaigns) All(ctx context.Context, p CampaignListParams, opts ...client.CallOption) iter.Seq2[Campaign, error] {
	return all[Campaign](ctx, s.client, &opListCampaigns, p, p.PageToken, opts)
}

// Pages walks the campaigns page by page; see [Advertisers.Pages].
func (s Campaigns) Pages(ctx context.Context, p CampaignListParams, opts ...client.CallOption) iter.Seq2[*client.Page[Campaign], error] {
	return pages[Campaign](ctx, s.client, &opListCampaigns, p, p.PageToken, opts)
}

// Get returns one campaign with its details, media buys among them. Safe to repeat. Errors: [client.ErrNotFound].
func (s Campaigns) Get(ctx context.Context, id client.ID, p CampaignGetParams, opts ...client.CallOption) (*Campaign, error) {
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
func (s Campaigns) MediaBuyStatus(ctx context.Context, id client.ID, opts ...client.CallOption) (*CampaignMediaBuyStatus, error) {
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
