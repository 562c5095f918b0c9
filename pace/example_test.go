package pace_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/pace"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

func ExampleNew() {
	platform, err := sandbox.Start()
	if err != nil {
		log.Fatal(err)
	}
	defer platform.Close()
	token, err := client.ParseToken(platform.AdminToken())
	if err != nil {
		log.Fatal(err)
	}

	limiter := pace.New( // one for all clients of the process
		pace.Known(client.ClassREST, 100, time.Minute),
		pace.Known(client.ClassExports, 50, time.Hour),
	)
	c, err := client.New(client.WithEnvironment(client.BaseURL(platform.URL())), client.WithToken(token),
		client.WithLimiter(limiter))
	if err != nil {
		log.Fatal(err)
	}
	defer c.CloseIdleConnections()
	if _, err := c.Health(context.Background()); err != nil {
		log.Fatal(err)
	}
	for key, stats := range limiter.All() {
		fmt.Printf("class %q: %v\n", key.Class, stats)
	}
	// Output: class "": rate 1.67/s, 0 waiting, 0 in flight, 1 granted, 0 refused
}
