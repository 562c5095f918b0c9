package buyer_test

import (
	"net/http"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/buyer"
	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// BenchmarkPage reads a page of 250 campaigns typed and as it came; compare the two with each other.
func BenchmarkPage(b *testing.B) {
	srv := sandboxtest.Start(b, sandbox.WithRecords(250))
	live := srv.Client
	var page client.Response
	_, err := buyer.New(live).Campaigns.List(buyer.CampaignListParams{PageSize: 250},
		client.WithResponse(&page)).Page(b.Context())
	require.NoError(b, err)
	body := string(page.RawBody())
	c := connect(b, "https://platform.example", credential, client.WithTransport(canned(func(*http.Request) (int, string) {
		return 200, body
	})))
	b.Run("typed", func(b *testing.B) {
		for b.Loop() {
			for _, err := range buyer.New(c).Campaigns.List(buyer.CampaignListParams{}).All(b.Context()) {
				require.NoError(b, err)
			}
		}
	})
	b.Run("raw", func(b *testing.B) {
		op := client.Operation{
			Mount: client.MountBuyer, Path: "/campaigns", Paging: client.PagingTakeSkip,
			Items: "campaigns",
		}
		for b.Loop() {
			for _, err := range client.NewList[jsontext.Value](c, &op, client.Request{}, "").All(b.Context()) {
				require.NoError(b, err)
			}
		}
	})
}
