package sandbox_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/interchange-sdk/interchange-go/sandbox"
)

// A reply is lost after the platform has done its work. The sandbox knows what really happened.
func ExampleStart() {
	srv, err := sandbox.Start()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = srv.Close() }()

	srv.Inject(sandbox.Fault{
		Route: "POST /api/v2/service-tokens",
		Kind:  sandbox.FaultResetAfter,
		Times: 1,
	})
	for range 2 {
		body := strings.NewReader(`{"name": "Nightly ETL", "expiresInDays": 90}`)
		req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, srv.URL()+"/api/v2/service-tokens",
			body)
		if err != nil {
			fmt.Println(err)
			return
		}
		req.Header.Set("Authorization", "Bearer "+srv.AdminToken())
		req.Header.Set("Content-Type", "application/json")
		resp, err := srv.HTTPClient().Do(req)
		if err != nil {
			fmt.Println("no answer")
			continue
		}
		_ = resp.Body.Close()
		fmt.Println(resp.Status)
	}
	for _, token := range srv.Tokens() {
		fmt.Println(token.ID, token.Name)
	}
	fmt.Println("violations:", len(srv.Violations()))
	// Output:
	// no answer
	// 201 Created
	// 10001 Nightly ETL
	// 10002 Nightly ETL
	// violations: 0
}
