package redispace_test

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/pace/redispace"
	"github.com/interchange-sdk/interchange-go/sandbox"
	"github.com/interchange-sdk/interchange-go/seats"
)

func Example() {
	platform, err := sandbox.Start()
	if err != nil {
		log.Fatal(err)
	}
	defer platform.Close()
	server, err := miniredis.Run() // your Redis
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()
	token, err := client.ParseToken(platform.AdminToken())
	if err != nil {
		log.Fatal(err)
	}

	rdb := redis.NewClient(&redis.Options{Addr: server.Addr(), ContextTimeoutEnabled: true})
	defer func() { _ = rdb.Close() }()
	limiter, err := redispace.New(rdb, redispace.Limit{Requests: 100, Per: time.Minute},
		redispace.WithShare(1.0/4), // of four machines
		redispace.WithLogger(slog.Default()))
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = limiter.Close() }()
	if err := limiter.Check(context.Background()); err != nil { // report configuration errors at start
		log.Fatal(err)
	}
	c, err := client.New(client.WithEnvironment(client.BaseURL(platform.URL())), client.WithToken(token),
		client.WithLimiter(limiter))
	if err != nil {
		log.Fatal(err)
	}
	defer c.CloseIdleConnections()

	account, err := seats.New(c).Current(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(account.Company)
	// Output: Sandbox Inc.
}
