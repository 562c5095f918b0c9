package client_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

type benchObject struct {
	ID             client.ID `json:"id"`
	CustomerID     client.ID `json:"customerId"`
	Name           string    `json:"name"`
	Description    string    `json:"description"`
	AccessClientID string    `json:"accessClientId"`
	Role           string    `json:"role"`
	ExpiresAt      string    `json:"expiresAt"`
	Budget         float64   `json:"budget"`
	Active         bool      `json:"active"`
}

func benchServer(b *testing.B) (plainURL string, c *client.Client) {
	b.Helper()
	object := func(i int) string {
		return fmt.Sprintf(`{"id":"%d","customerId":"4711","name":"Nightly ETL %d","description":"Pulls reporting data into the warehouse","accessClientId":"ak_%020d","role":"READ","expiresAt":"2027-04-26T00:00:00.000Z","budget":%d.25,"active":true}`, 10000+i, i, i, i)
	}
	objects := make([]string, 100)
	for i := range objects {
		objects[i] = object(i)
	}
	answers := map[string]string{
		"/api/v2/one":  `{"data":` + object(1) + `,"error":null}`,
		"/api/v2/page": `{"data":[` + strings.Join(objects, ",") + `],"error":null,"meta":{"pagination":{"skip":0,"take":100,"total":100,"hasMore":false}}}`,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, answers[r.URL.Path])
	}))
	b.Cleanup(server.Close)
	token, err := client.OpaqueToken("bench")
	require.NoError(b, err)
	c, err = client.New(client.WithEnvironment(client.At(server.URL)), client.WithToken(token))
	require.NoError(b, err)
	b.Cleanup(c.CloseIdleConnections)
	return server.URL, c
}

func plainGet(b *testing.B, hc *http.Client, url string, into any) {
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
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		b.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, resp.Body)
}

func BenchmarkOnePlain(b *testing.B) {
	url, _ := benchServer(b)
	hc := &http.Client{Transport: client.NewTransport()}
	defer hc.CloseIdleConnections()
	b.ReportAllocs()
	for b.Loop() {
		var out struct {
			Data struct {
				benchObject
				ID, CustomerID string
			} `json:"data"`
		}
		plainGet(b, hc, url+"/api/v2/one", &out)
	}
}

func BenchmarkOneClient(b *testing.B) {
	_, c := benchServer(b)
	op := &client.Operation{Mount: client.MountShared, Path: "/one"}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := client.Call[benchObject](context.Background(), c, op, client.Request{}); err != nil {
			b.Fatal(err)
		}
	}
}
