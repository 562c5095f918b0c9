package buyer

import (
	"context"
	"iter"

	"github.com/interchange-sdk/interchange-go/client"
)

// Creatives are the advertisements of an advertiser and of its campaigns.
type Creatives struct{ client *client.Client }

// List returns one page of an advertiser's creatives: 50 unless Take says otherwise, at most 250. Safe to repeat.
func (s Creatives) List(ctx context.Context, advertiserID client.ID, p CreativeListParams, opts ...client.CallOption) (*client.Page[Creative], error) {
	return list[Creative](ctx, s.client, &opListAdvertiserCreatives, p, p.PageToken, opts, advertiserID)
}

// All walks an advertiser's creatives, in pages of 250 unless Take says otherwise; see [Advertisers.All].
func (s Creatives) All(ctx context.Context, advertiserID client.ID, p CreativeListParams, opts ...client.CallOption) iter.Seq2[Creative, error] {
	return all[Creative](ctx, s.client, &opListAdvertiserCreatives, p, p.PageToken, opts, advertiserID)
}

// Pages walks an advertiser's creatives page by page; see [Advertisers.Pages].
func (s Creatives) Pages(ctx context.Context, advertiserID client.ID, p CreativeListParams, opts ...client.CallOption) iter.Seq2[*client.Page[Creative], error] {
	return pages[Creative](ctx, s.client, &opListAdvertiserCreatives, p, p.PageToken, opts, advertiserID)
}

// ListOfCampaign returns one page of a campaign's creatives. The platform states neither a default nor a limit for
// Take. Safe to repeat.
func (s Creatives) ListOfCampaign(ctx context.Context, campaignID client.ID, p CampaignCreativeListParams, opts ...client.CallOption) (*client.Page[Creative], error) {
	return list[Creative](ctx, s.client, &opListCreatives, p, p.PageToken, opts, campaignID)
}

// AllOfCampaign walks a campaign's creatives; see [Advertisers.All].
func (s Creatives) AllOfCampaign(ctx context.Context, campaignID client.ID, p CampaignCreativeListParams, opts ...client.CallOption) iter.Seq2[Creative, error] {
	return all[Creative](ctx, s.client, &opListCreatives, p, p.PageToken, opts, campaignID)
}

// PagesOfCampaign walks a campaign's creatives page by page; see [Advertisers.Pages].
func (s Creatives) PagesOfCampaign(ctx context.Context, campaignID client.ID, p CampaignCreativeListParams, opts ...client.CallOption) iter.Seq2[*client.Page[Creative], error] {
	return pages[Creative](ctx, s.client, &opListCreatives, p, p.PageToken, opts, campaignID)
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
