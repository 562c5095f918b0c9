// Command quickstart runs the main job of a Go backend: it creates a seat-scoped service token, rotates it while 32
// workers use it, and archives it.
//
// Without an account it runs against the sandbox, which loses responses, breaks connections and enforces limits. With
// SCOPE3_API_KEY set it runs against the platform, with one worker; -seat names the seat.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/rotation"
	"github.com/interchange-sdk/interchange-go/sandbox"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

func main() {
	seat := flag.String("seat", "Acme", "name of the seat to create the token for")
	flag.Parse()
	if err := run(*seat); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(seat string) (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()

	tally := newTally()
	admin, platform, err := connect(tally)
	if err != nil {
		return err
	}
	defer platform.Close()
	defer admin.CloseIdleConnections()
	tokens := servicetokens.New(admin)

	fmt.Println("Creating a seat-scoped token")
	created, err := tokens.Create(ctx, servicetokens.CreateParams{
		Name:          fmt.Sprintf("Quickstart %d", time.Now().UnixNano()),
		Description:   "Reads the account, to show a rotation",
		Scope:         servicetokens.ScopeSeat,
		SeatName:      seat,
		Role:          servicetokens.RoleRead,
		ExpiresInDays: 1,
	})
	if err != nil {
		return err
	}
	fmt.Printf("  id %s, client id %s, printed: %v\n\n", created.ID, created.AccessClientID, created.Token)
	latest := created.ID
	defer func() {
		if err != nil { // leave no active token behind
			err = errors.Join(err, tokens.Archive(context.WithoutCancel(ctx), latest))
		}
	}()

	fmt.Println("Listing the tokens")
	for t, err := range tokens.List(servicetokens.ListParams{}).All(ctx) {
		if err != nil {
			return err
		}
		fmt.Printf("  %s  %s  %s  until %s\n", t.ID, t.Scope, t.Role, t.ExpiresAt.Format(time.DateOnly))
	}

	// The workers use a credential that can be replaced while they run.
	current := client.NewTokenVar(created.Token)
	reader, err := admin.With(client.WithTokenSource(current))
	if err != nil {
		return err
	}
	fmt.Printf("\nRotating while %d workers use it\n", platform.workers)
	team := startTeam(ctx, reader, platform.workers, platform.pause)
	defer team.end()
	if err := team.eachFinishesACall(ctx); err != nil {
		return err
	}
	platform.disturb()

	driver := tokens.RotationDriver(servicetokens.RotateParams{SeatName: seat})
	next, err := rotation.Rotate(ctx, driver, created.ID, rotation.Plan[servicetokens.Created]{
		Deploy: func(_ context.Context, next *servicetokens.Created) error {
			current.Set(next.Token) // a backend writes next.Token.Reveal() to its secret manager here
			fmt.Printf("  deployed %s, client id %s\n", next.ID, next.AccessClientID)
			return nil
		},
		Confirm: func(ctx context.Context) (bool, error) {
			return true, team.eachFinishesACall(ctx)
		},
	})
	if err != nil {
		return err
	}
	latest = next.ID
	fmt.Printf("  archived %s, and the token of the creation whose response was lost\n", created.ID)
	if err := team.eachFinishesACall(ctx); err != nil { // with the old token gone
		return err
	}
	failures := team.end()

	fmt.Println("\nArchiving the new one")
	platform.calm()
	if err := tokens.Archive(ctx, next.ID); err != nil {
		return err
	}
	return report(ctx, tally, failures, platform, tokens, created.Name)
}

// connect returns an administrator's client, of the platform if SCOPE3_API_KEY is set and of a sandbox otherwise.
func connect(tally *tally) (*client.Client, *platform, error) {
	if os.Getenv(client.EnvAPIKey) != "" {
		c, err := client.New(client.FromEnv(), client.WithHooks(tally))
		return c, &platform{workers: 1, pause: time.Second}, err
	}
	server, err := sandbox.Start()
	if err != nil {
		return nil, nil, err
	}
	token, err := client.ParseTokenWithClientID(server.AdminToken(), server.AdminClientID())
	if err != nil {
		return nil, nil, errors.Join(err, server.Close())
	}
	c, err := client.New(
		client.WithEnvironment(client.BaseURL(server.URL())),
		client.WithToken(token),
		client.WithHooks(tally),
	)
	return c, &platform{sandbox: server, workers: 32}, err
}
