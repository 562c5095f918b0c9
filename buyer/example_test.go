package buyer_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/buyer"
	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// Every campaign of an advertiser.
func Example() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())
	ctx := context.Background()

	b := buyer.New(c)
	for campaign, err := range b.Campaigns.List(buyer.CampaignListParams{AdvertiserID: "1003"}).All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(campaign.CampaignID, campaign.Name, campaign.Budget.Total, campaign.Budget.Currency)
	}
	// Output:
	// cmp_1003 Campaign 1003 1002 USD
	// cmp_1013 Campaign 1013 1012 USD
	// cmp_1023 Campaign 1023 1022 USD
}

// Every list of the account, item by item as it came, with members that no type of this package has.
func ExampleOperations() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())
	ctx := context.Background()

	for _, op := range buyer.Operations() {
		if op.Items == "" || strings.Contains(op.Path, "{") {
			continue // no list, or one of an advertiser or a campaign
		}
		n := 0
		for raw, err := range client.NewList[jsontext.Value](c, &op, client.Request{}, "").All(ctx) {
			if err != nil {
				log.Fatal(err)
			}
			_ = raw // write it as a line of NDJSON
			n++
		}
		fmt.Println(op.Items, n)
	}
	// Output:
	// items 25
	// items 25
	// logs 25
	// campaigns 25
	// notifications 25
	// items 25
}

// A report as a file, read while it comes.
func ExampleReporting_Download() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())
	ctx := context.Background()

	b := buyer.New(c)
	link, err := b.Reporting.Export(ctx, buyer.MetricsParams{StartDate: "2026-05-01", EndDate: "2026-05-31"})
	if err != nil {
		log.Fatal(err)
	}
	file, err := b.Reporting.Download(ctx, link)
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	row, err := csv.NewReader(file).Read()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(link.FileName, link.RowCount, row)
	// Output: report.csv 775 [date advertiser_id campaign_id impressions clicks spend currency]
}

// Any number of events, and which of them were not taken in.
func ExampleEventSources_LogEvents() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())
	ctx := context.Background()

	orders := []buyer.Event{
		{
			EventID: "order-1", EventType: buyer.EventTypePurchase, EventTime: time.Now(),
			CustomData: buyer.EventData{Value: client.Set(20.0), Currency: "EUR"},
		},
		{
			EventID: "order-2", EventType: buyer.EventTypePurchase, EventTime: time.Now(),
			CustomData: buyer.EventData{Value: client.Set(30.0)},
		},
	}
	b := buyer.New(c)
	result, err := b.EventSources.LogEvents(ctx, "1001", buyer.EventLog{EventSourceID: "src_1001", Events: orders})
	var broken *buyer.BatchError
	switch {
	case errors.As(err, &broken):
		log.Fatalf("send again from %d on: %v", broken.Unknown.From, err)
	case err != nil:
		log.Fatal(err)
	}
	for _, failure := range result.Failures {
		fmt.Println(failure.Index, failure.EventID, failure.Message)
	}
	// Output: 1 order-2 custom_data.currency is required for a purchase
}

// One event that cannot be sent holds up all: it is put aside before, and the others go out.
func ExampleEvent_Validate() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())
	ctx := context.Background()

	signUp := func(id, email string) buyer.Event {
		return buyer.Event{
			EventID: id, EventType: buyer.EventTypeLead, EventTime: time.Now(),
			UserMatch: buyer.UserMatch{HashedEmail: email},
		}
	}
	queue := []buyer.Event{signUp("1", strings.Repeat("a1", 32)), signUp("2", "ann@shop.example"), signUp("3", "")}
	var sendable []buyer.Event
	for i, event := range queue {
		if err := event.Validate(); err != nil {
			fmt.Println(i, err)
			continue
		}
		sendable = append(sendable, event)
	}
	result, err := buyer.New(c).EventSources.LogEvents(ctx, "1001",
		buyer.EventLog{EventSourceID: "src_1001", Events: sendable})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Received, "sent")
	// Output:
	// 1 interchange: logEvent: user_match.hashed_email must be a SHA-256 in lower-case hex
	// 2 sent
}

// A long list that survives the death of the job: each run goes on behind the last page that was done with.
func ExampleAdvertisers_List_resume() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())
	ctx := context.Background()

	b := buyer.New(c)
	var stored client.PageToken // in a file, or a table
	for run := range 2 {
		params := buyer.AdvertiserListParams{PageSize: 10, PageToken: stored}
		for page, err := range b.Advertisers.List(params, client.WithPrefetch(4)).Pages(ctx) {
			if err != nil {
				log.Fatal(err)
			}
			fmt.Println(run, page.Items[0].Name, len(page.Items))
			stored = page.Next // when the items have been written
			if run == 0 {
				break // killed
			}
		}
	}
	// Output:
	// 0 Advertiser 1001 10
	// 1 Advertiser 1011 10
	// 1 Advertiser 1021 5
}

// A change of an audience, seen through to its end.
func ExampleTasks_WaitForTask() {
	srv := sandboxtest.Run(sandbox.WithTasks(sandbox.TaskPlan{}))
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()

	b := buyer.New(c)
	started, err := b.Audiences.Sync(ctx, "1001", buyer.AudienceSync{Audiences: []buyer.AudienceChange{{
		AudienceID: "newsletter", Add: []buyer.AudienceMember{{ExternalID: "u-1"}}, ConsentBasis: buyer.BasisConsent,
	}}})
	if err != nil {
		log.Fatal(err)
	}
	task, err := b.Tasks.WaitForTask(ctx, started.TaskID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(task.TaskType, task.Status)
	// Output: audience_sync completed
}
