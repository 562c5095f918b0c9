package m2m_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/m2m"
)

// identity starts a token endpoint that grants one application the given token.
func identity(token string) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.PostFormValue("client_id") != "app_EXAMPLE" || r.PostFormValue("client_secret") != "from a secret manager" {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprint(w, `{"error":"invalid_client"}`)
			return
		}
		fmt.Fprintf(w, `{"access_token":%q,"token_type":"Bearer","expires_in":3600}`, token)
	}))
}

func Example() {
	platform := sandboxtest.Run()
	defer platform.Close()
	tokens := identity(platform.AdminToken())
	defer tokens.Close()

	source, err := m2m.New(m2m.Config{
		ClientID:     "app_EXAMPLE",
		ClientSecret: m2m.NewSecret("from a secret manager"),
		Scopes:       []m2m.Scope{m2m.ScopeRead},
		TokenURL:     tokens.URL, // leave it out for the platform's own
	})
	if err != nil {
		log.Fatal(err)
	}
	defer source.Close()

	c, err := client.New(client.WithEnvironment(client.BaseURL(platform.URL())), client.WithTokenSource(source))
	if err != nil {
		log.Fatal(err)
	}
	defer c.CloseIdleConnections()
	op := client.Operation{Mount: client.MountShared, Path: "/accounts/current"}
	answer, err := c.Do(context.Background(), &op, client.Request{})
	fmt.Println(answer.StatusCode, err)
	// Output: 200 <nil>
}

func ExampleError() {
	tokens := identity("")
	defer tokens.Close()
	source, err := m2m.New(m2m.Config{
		ClientID: "app_EXAMPLE", ClientSecret: m2m.NewSecret("an old one"), TokenURL: tokens.URL,
	})
	if err != nil {
		log.Fatal(err)
	}
	defer source.Close()

	_, err = source.Token(context.Background())
	fmt.Println(err)
	fmt.Println(errors.Is(err, client.ErrUnauthorized))
	// Output:
	// interchange: m2m: no token: 401 invalid_client
	// true
}
