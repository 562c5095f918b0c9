package seats_test

import (
	"context"
	"fmt"
	"log"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/sandbox"
	"github.com/interchange-sdk/interchange-go/seats"
)

func ExampleService_Current() {
	srv, err := sandbox.Start()
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	token, err := client.ParseToken(srv.AdminToken())
	if err != nil {
		log.Fatal(err)
	}
	c, err := client.New(client.WithEnvironment(client.At(srv.URL())), client.WithToken(token))
	if err != nil {
		log.Fatal(err)
	}
	defer c.CloseIdleConnections()

	account, err := seats.New(c).Current(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(account.Company, account.Role)
	// Output: Sandbox Inc. ADMIN
}
