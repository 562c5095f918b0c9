package mcpclient_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"strings"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/mcpclient"
)

// A host that speaks MCP by itself uses a plain http.Client. The credential, limits and retries of reads come with it.
func ExampleNewRoundTripper() {
	_, c, stop := startSandboxExample()
	defer stop()

	rt, err := mcpclient.NewRoundTripper(c)
	if err != nil {
		log.Fatal(err)
	}
	host := &http.Client{Transport: rt}
	endpoint := c.BaseURL() + string(client.MountMCPBuyer)

	const initialize = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",` +
		`"capabilities":{},"clientInfo":{"name":"my-host","version":"1"}}}`
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, endpoint, strings.NewReader(initialize))
	if err != nil {
		log.Fatal(err)
	}
	resp, err := host.Do(req) // errors match client.ErrRateLimited and the like
	if err != nil {
		log.Fatal(err)
	}
	defer resp.Body.Close()
	fmt.Println(resp.StatusCode, resp.Header.Get("Content-Type"), resp.Header.Get("Mcp-Session-Id"))
	// Output: 200 application/json session
}
