package wire

import (
	stdjson "encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

type benchItem struct {
	ID           string    `json:"id"`
	AdvertiserID string    `json:"advertiserId"`
	Name         string    `json:"name"`
	Status       string    `json:"status"`
	Budget       float64   `json:"budget"`
	Impressions  int64     `json:"impressions"`
	StartTime    time.Time `json:"startTime"`
	EndTime      time.Time `json:"endTime"`
	Channels     []string  `json:"channels"`
	Paused       bool      `json:"paused"`
}

func benchPage() []byte {
	var items []string
	for i := range 100 {
		items = append(items,
			fmt.Sprintf(`{"id":"cmp_%06d","advertiserId":"adv_42","name":"Campaign number %d of spring","status":"ACTIVE",`+
				`"budget":%d.25,"impressions":%d,"startTime":"2026-03-01T00:00:00Z","endTime":"2026-05-31T23:59:59Z",`+
				`"channels":["display","olv"],"paused":false}`, i, i, 1000+i, 100000*i))
	}
	return []byte(`{"data":{"campaigns":[` + strings.Join(items, ",") +
		`],"total":1000,"hasMore":true,"nextOffset":100},"error":null}`)
}

func BenchmarkPage(b *testing.B) {
	body := benchPage()
	b.Run("DecodeList", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			page, err := DecodeList[benchItem](body, ListOptions{Key: "campaigns"})
			require.NoError(b, err)
			require.Len(b, page.Items, 100)
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var page struct {
				Data struct {
					Campaigns []benchItem `json:"campaigns"`
				} `json:"data"`
			}
			require.NoError(b, stdjson.Unmarshal(body, &page))
		}
	})
}
