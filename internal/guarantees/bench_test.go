package guarantees

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

// plainToken is a service token for code without this module.
type plainToken struct {
	ID              string    `json:"id"`
	CustomerID      string    `json:"customerId"`
	SeatID          *string   `json:"seatId"`
	UserID          *string   `json:"userId"`
	Name            string    `json:"name"`
	Description     string    `json:"description"`
	AccessClientID  string    `json:"accessClientId"`
	ExpiresAt       time.Time `json:"expiresAt"`
	CreatedAt       time.Time `json:"createdAt"`
	Role            *string   `json:"role"`
	CreatedByUserID string    `json:"createdByUserId"`
}

const route = "/api/v2/service-tokens"

// object returns a service token in the form of the platform.
func object(i int) string {
	return fmt.Sprintf(`{"id":"%d","customerId":"cust_4711","seatId":"seat_101","userId":null,"name":"Nightly ETL %d",`+
		`"description":"Pulls reporting data into the warehouse every 02:00 UTC","accessClientId":"ak_%026d",`+
		`"expiresAt":"2027-04-26T00:00:00.000Z","createdAt":"2026-04-26T16:30:00.000Z","role":"READ",`+
		`"createdByUserId":"98765"}`, 10000+i, i, i)
}

// serve responds with canned bytes, so that the client's side is measured.
func serve(b *testing.B) (url string, tokens *servicetokens.Service) {
	b.Helper()
	objects := make([]string, 100)
	for i := range objects {
		objects[i] = object(i)
	}
	answers := map[string][]byte{
		route + "/1": []byte(`{"data":` + object(1) + `,"error":null}`),
		route: []byte(`{"data":[` + strings.Join(objects, ",") +
			`],"error":null,"meta":{"pagination":{"skip":0,"take":100,"total":100,"hasMore":false}}}`),
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answers[r.URL.Path])
	}))
	b.Cleanup(server.Close)
	token, err := client.ParseOpaqueToken("bench")
	require.NoError(b, err)
	c, err := client.New(client.WithEnvironment(client.BaseURL(server.URL)), client.WithToken(token))
	require.NoError(b, err)
	b.Cleanup(c.CloseIdleConnections)
	return server.URL, servicetokens.New(c)
}

// plain is the baseline: net/http and encoding/json, with the usual error handling.
func plain(b *testing.B, hc *http.Client, url string, into any) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil)
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer bench")
	req.Header.Set("Accept", "application/json")
	resp, err := hc.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		b.Fatal(resp.Status)
	}
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		b.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil { // or the connection is not reused
		b.Fatal(err)
	}
}

// cost measures the time and the allocations of a number of calls.
func cost(calls int, call func()) (perCall time.Duration, allocs float64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	for range calls {
		call()
	}
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	return took / time.Duration(calls), float64(after.Mallocs-before.Mallocs) / float64(calls)
}

// compare alternates between both in rounds of some calls and reports the median of the ratios, as the load of a shared
// machine changes over time.
func compare(b *testing.B, calls int, floor, sdk func()) {
	for range 2 * calls { // connections, caches, pools
		floor()
		sdk()
	}
	var times, allocs, extra []float64
	for b.Loop() {
		floorTime, floorAllocs := cost(calls, floor)
		sdkTime, sdkAllocs := cost(calls, sdk)
		times = append(times, float64(sdkTime)/float64(floorTime))
		allocs = append(allocs, sdkAllocs-floorAllocs)
		extra = append(extra, float64(sdkTime-floorTime)/float64(time.Microsecond))
	}
	b.ReportMetric(median(times), "×plain")
	b.ReportMetric(median(allocs), "extra-allocs")
	b.ReportMetric(median(extra), "extra-µs")
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

func BenchmarkOneObject(b *testing.B) {
	url, tokens := serve(b)
	hc := &http.Client{}
	defer hc.CloseIdleConnections()
	compare(b, 200, func() {
		var out struct {
			Data  plainToken `json:"data"`
			Error any        `json:"error"`
		}
		plain(b, hc, url+route+"/1", &out)
	}, func() {
		if _, err := tokens.Get(context.Background(), "1"); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkPageOf100(b *testing.B) {
	url, tokens := serve(b)
	hc := &http.Client{}
	defer hc.CloseIdleConnections()
	compare(b, 30, func() {
		var out plainPage
		plain(b, hc, url+route+"?take=100", &out)
	}, func() {
		page, err := tokens.List(servicetokens.ListParams{PageSize: 100}).Page(context.Background())
		if err != nil || len(page.Items) != 100 {
			b.Fatal(err)
		}
	})
}
