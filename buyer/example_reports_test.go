package buyer_test

import (
	"context"
	"fmt"
	"log"

	"github.com/interchange-sdk/interchange-go/buyer"
	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// A report as a tree, down to the packages.
func ExampleReporting_Summary() {
	srv := sandboxtest.Run(sandbox.WithRecords(60))
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())

	b := buyer.New(c)
	report, err := b.Reporting.Summary(context.Background(), buyer.MetricsParams{
		StartDate: "2026-05-01",
		EndDate:   "2026-05-03",
	})
	if err != nil {
		log.Fatal(err)
	}
	campaigns := 0
	for _, advertiser := range report.Advertisers {
		campaigns += len(advertiser.Campaigns)
	}
	buy := report.Advertisers[0].Campaigns[0].MediaBuys[0]
	fmt.Println(campaigns, "campaigns,", report.Totals.Spend, report.TotalsCurrency)
	fmt.Println(buy.Name, buy.Status, buy.Packages[0].ProductName, buy.Packages[0].Metrics.Impressions)
	// Output:
	// 60 campaigns, 855 USD
	// Media buy 1001 ACTIVE Product 1001 3000
}

// Where the time of a call went, and what was done in it.
func ExampleActivityCalls_Get() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())

	b := buyer.New(c)
	call, err := b.ActivityCalls.Get(context.Background(), "00000000-0000-4000-8000-000000001002")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(call.Operation, call.Outcome, call.Surface)
	if queued, measured := call.Timing.QueueMs.Get(); measured {
		fmt.Println("queued", queued, "of", call.Timing.TotalMs.Value(), "ms")
	}
	for _, step := range call.Steps {
		fmt.Println(step.Kind, step.Status, step.Name)
	}
	// Output:
	// list_campaigns succeeded rest
	// queued 0 of 6 ms
	// validation ok validate_request
	// response ok send_response
}

// Some media buys of a campaign, and the names of the areas that it targets.
func ExampleCampaigns_Get() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())

	b := buyer.New(c)
	campaign, err := b.Campaigns.Get(context.Background(), "cmp_1001", buyer.CampaignGetParams{
		MediaBuyID: []client.ID{"mb_1001", "mb_2001"}, Fields: []string{"geo_metro_names"},
	})
	if err != nil {
		log.Fatal(err)
	}
	area := campaign.Constraints.GeoMetroNames[0]
	fmt.Println(len(campaign.MediaBuys), area.System, area.Values[0].Code, area.Values[0].Name)
	// Output: 1 nielsen_dma 501 New York
}

// A change of an audience whose end the platform reports.
func ExampleAudiences_Sync() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())

	b := buyer.New(c)
	started, err := b.Audiences.Sync(context.Background(), "1001", buyer.AudienceSync{
		Audiences: []buyer.AudienceChange{{
			AudienceID: "newsletter", Add: []buyer.AudienceMember{{ExternalID: "u-1"}}, ConsentBasis: buyer.BasisConsent,
		}},
		PushNotificationConfig: buyer.PushNotificationConfig{
			URL: "https://etl.example/synced", OperationID: "newsletter:1",
			Schemes:     []buyer.PushScheme{buyer.PushSchemeHMACSHA256},
			Credentials: buyer.NewPushSecret("0123456789abcdef0123456789abcdef"), // from a secret store
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(started.Success)
	// Output: true
}
