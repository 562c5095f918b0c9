// Command partner shows the Bullseye Partner API: it creates a read-only key, proves that it cannot write, rotates it
// while it is in use and the response to a creation is lost, and revokes it. It runs against the sandbox, without an
// account.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/partner"
	"github.com/interchange-sdk/interchange-go/rotation"
	"github.com/interchange-sdk/interchange-go/sandbox"
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
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()

	platform, err := sandbox.Start()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, platform.Close()) }()
	root, err := client.ParseOpaqueToken(platform.PartnerKey())
	if err != nil {
		return err
	}
	admin, err := connect(platform, client.StaticToken(root))
	if err != nil {
		return err
	}

	created, err := admin.Keys.Create(ctx, partner.CreateKeyParams{
		Name: "Nightly report", Scopes: partner.Scopes{partner.ScopeRead}, ExpiresAt: time.Now().AddDate(0, 3, 0),
	})
	if err != nil {
		return err
	}
	fmt.Printf("Created %s, which begins with %s…, may %v, and prints as %v\n", created.ID, created.KeyPrefix,
		created.Scopes, created.PlainKey)

	current := client.NewTokenVar(created.PlainKey)
	reader, err := connect(platform, current)
	if err != nil {
		return err
	}
	if err := readOnly(ctx, reader); err != nil {
		return err
	}

	fmt.Println("\nRotating it; the response to the first creation is lost")
	platform.Inject(sandbox.Fault{Route: "POST /api/v1/partner/api-keys", Kind: sandbox.FaultResetAfter, Times: 1})
	driver := admin.Keys.RotationDriver(partner.RotateKeyParams{})
	next, err := rotation.Rotate(ctx, driver, created.ID, rotation.Plan[partner.CreatedKey]{
		Deploy: func(_ context.Context, next *partner.CreatedKey) error {
			current.Set(next.PlainKey) // a backend writes next.PlainKey.Reveal() to its secret manager here
			return nil
		},
		Confirm: func(ctx context.Context) (bool, error) {
			_, err := reader.Me(ctx)
			return err == nil, err
		},
	})
	if err != nil {
		return err
	}
	if err := show(ctx, admin); err != nil {
		return err
	}
	if err := readOnly(ctx, reader); err != nil {
		return err
	}

	fmt.Println("\nRevoking it")
	if err := admin.Keys.Revoke(ctx, next.ID); err != nil {
		return err
	}
	if _, err := reader.Me(ctx); !errors.Is(err, client.ErrUnauthorized) {
		return errors.Join(errors.New("a revoked key was not refused"), err)
	}
	fmt.Println("  it is refused")
	return show(ctx, admin)
}

func connect(platform *sandbox.Server, source client.TokenSource) (*partner.Service, error) {
	c, err := client.New(
		client.WithProfile(client.ProfilePartner),
		client.WithEnvironment(client.BaseURL(platform.URL())),
		client.WithTokenSource(source),
	)
	if err != nil {
		return nil, err
	}
	return partner.New(c), nil
}

// readOnly reads with a key, and fails if the key can write.
func readOnly(ctx context.Context, reader *partner.Service) error {
	me, err := reader.Me(ctx)
	if err != nil {
		return err
	}
	_, err = reader.Organizations.Create(ctx, partner.CreateOrganizationParams{Name: "Acme"})
	if !errors.Is(err, client.ErrForbidden) {
		return errors.Join(errors.New("a read-only key was not refused"), err)
	}
	fmt.Printf("  it reads %s, and writing is refused: %v\n", me.CompanyName, err)
	return nil
}

// show lists the keys, and fails if more than one is active.
func show(ctx context.Context, admin *partner.Service) error {
	keys, err := client.Collect(admin.Keys.List().All(ctx))
	if err != nil {
		return err
	}
	active := 0
	for _, key := range keys {
		fmt.Printf("  %s  %-8s %s\n", key.ID, key.Status, key.Name)
		if key.Status == "active" {
			active++
		}
	}
	if active > 1 {
		return fmt.Errorf("%d keys are active", active)
	}
	return nil
}
