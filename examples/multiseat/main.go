// Command multiseat does the same work for fifty seats, in both patterns of multi-tenant tools: with one
// customer-scoped service token and the seat named in each request, and with one token per seat. Three seats fail in
// either pattern without stopping the others.
//
// Without an account it runs against the sandbox, and then checks which seat each request named. With
// SCOPE3_API_KEY set it runs the first pattern over the seats that the key may manage.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/seats"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()

	if os.Getenv(client.EnvAPIKey) != "" {
		c, err := client.New(client.FromEnv())
		if err != nil {
			return err
		}
		all, err := manageable(ctx, c)
		if err != nil {
			return err
		}
		return withOneToken(ctx, c, all).Err()
	}

	p, err := startPlatform()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	if err := p.createPartnerToken(ctx); err != nil {
		return err
	}
	reached, err := manageable(ctx, p.partner)
	if err != nil {
		return err
	}
	fmt.Printf("The partner's book has %d seats; the platform lets it manage %d.\n", len(p.book), len(reached))

	fmt.Println("\nOne customer token, and a seat named with each request:")
	if err := p.verify(report(withOneToken(ctx, p.partner, p.book))); err != nil {
		return err
	}
	fmt.Println("\nOne token for each seat:")
	keys, err := seats.NewKeyring(p.partner, p.tokens)
	if err != nil {
		return err
	}
	fmt.Printf("  without a token: %v\n", names(keys.Missing(p.book)))
	return p.verify(report(withKeyring(ctx, keys, p.book)))
}

// manageable lists the seats that a credential may manage.
func manageable(ctx context.Context, c *client.Client) ([]seats.Seat, error) {
	session, err := mcpclient.Connect(ctx, c)
	if err != nil {
		return nil, err
	}
	defer session.Close(context.WithoutCancel(ctx))
	return seats.Accessible(ctx, session)
}

const concurrency = 8

func withOneToken(ctx context.Context, c *client.Client, all []seats.Seat) seats.Results[string] {
	return seats.Each(ctx, all, concurrency, func(ctx context.Context, seat seats.Seat) (string, error) {
		return work(ctx, c.ForSeat(seat.ID), seat)
	})
}

func withKeyring(ctx context.Context, keys *seats.Keyring, all []seats.Seat) seats.Results[string] {
	return seats.Each(ctx, all, concurrency, func(ctx context.Context, seat seats.Seat) (string, error) {
		own, err := keys.Client(seat.ID)
		if err != nil {
			return "", err
		}
		return work(ctx, own, seat)
	})
}

// work reads the account of a seat. A header of its own names the intended seat for the audit afterwards.
func work(ctx context.Context, c *client.Client, seat seats.Seat) (string, error) {
	account, err := seats.New(c).Current(ctx, client.WithHeader(auditHeader, string(seat.ID)))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("account %s (%s)", account.ID, account.Name), nil
}

// report prints the results.
func report(results seats.Results[string]) seats.Results[string] {
	for _, r := range results {
		if r.Err != nil {
			fmt.Printf("  %-8s FAILED  %v\n", r.Seat.ID, r.Err)
			continue
		}
		fmt.Printf("  %-8s ok      %s\n", r.Seat.ID, r.Value)
	}
	return results
}

func names(all []seats.Seat) []string {
	ids := make([]string, len(all))
	for i, seat := range all {
		ids[i] = string(seat.ID)
	}
	return ids
}
