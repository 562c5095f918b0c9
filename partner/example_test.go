package partner_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/partner"
	"github.com/interchange-sdk/interchange-go/rotation"
)

func store(string) {}

func ExampleNew() {
	key, err := client.ParseOpaqueToken("pk_live_" + "from-a-secret-manager")
	if err != nil {
		log.Fatal(err)
	}
	c, err := client.New(client.WithProfile(client.ProfilePartner), client.WithToken(key))
	if err != nil {
		log.Fatal(err)
	}
	_ = partner.New(c)
	fmt.Println(c.BaseURL())
	// Output: https://api.app.bullseye.so
}

func ExampleKeyService_Create() {
	srv := sandboxtest.Run()
	defer srv.Close()
	p := partner.New(srv.ConnectPartner(srv.PartnerKey()))
	ctx := context.Background()

	created, err := p.Keys.Create(ctx, partner.CreateKeyParams{
		Name:      "Nightly report",
		Scopes:    partner.Scopes{partner.ScopeRead},
		ExpiresAt: time.Now().AddDate(0, 3, 0),
	})
	if err != nil {
		log.Fatal(err)
	}
	store(created.PlainKey.Reveal()) // the only place where the key appears
	fmt.Println(created.Name, created.Scopes, created.PlainKey)

	_, err = p.Keys.Create(ctx, partner.CreateKeyParams{Name: "Everything"})
	fmt.Println(err)
	// Output:
	// Nightly report [read] (opaque token)
	// interchange: createApiKey: scopes is empty, which is full access: name scopes, or set FullAccess
}

func ExampleKeyService_RotationDriver() {
	srv := sandboxtest.Run()
	defer srv.Close()
	p := partner.New(srv.ConnectPartner(srv.PartnerKey()))
	ctx := context.Background()
	old, err := p.Keys.Create(ctx,
		partner.CreateKeyParams{Name: "Nightly report", Scopes: partner.Scopes{partner.ScopeRead}})
	if err != nil {
		log.Fatal(err)
	}

	driver := p.Keys.RotationDriver(partner.RotateKeyParams{})
	next, err := rotation.Rotate(ctx, driver, old.ID, rotation.Plan[partner.CreatedKey]{
		Deploy: func(_ context.Context, next *partner.CreatedKey) error {
			store(next.PlainKey.Reveal())
			return nil
		},
		Confirm: func(context.Context) (bool, error) { return true, nil }, // every consumer uses it
	})
	var stopped *rotation.Error
	if errors.As(err, &stopped) {
		log.Fatal(stopped) // names the keys that exist; resume or abandon stopped.State()
	}
	fmt.Println(next.Scopes, next.ID != old.ID)
	// Output: [read] true
}

func ExampleOrganizationService_List() {
	srv := sandboxtest.Run()
	defer srv.Close()
	p := partner.New(srv.ConnectPartner(srv.PartnerKey()))
	ctx := context.Background()
	org, err := p.Organizations.Create(ctx, partner.CreateOrganizationParams{
		Name: "Acme", ExternalID: "crm-7", Tier: partner.TierTrial, InitialCredits: 100,
	})
	if err != nil {
		log.Fatal(err)
	}

	_, err = p.Organizations.AllocateCredits(ctx, org.ID, partner.CreditParams{Credits: 1_000_000})
	if errors.Is(err, client.ErrUnprocessable) {
		fmt.Println("the credit pool is short")
	}
	active := p.Organizations.List(partner.ListOrganizationsParams{Status: partner.OrganizationActive})
	for org, err := range active.All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(org.Name, org.ExternalID, org.Tier)
	}
	// Output:
	// the credit pool is short
	// Acme crm-7 trial
}

func ExampleDomainService() {
	srv := sandboxtest.Run()
	defer srv.Close()
	p := partner.New(srv.ConnectPartner(srv.PartnerKey()))
	ctx := context.Background()

	domain, err := p.Domain.Set(ctx, "t.acme.example")
	if err != nil {
		log.Fatal(err)
	}
	for _, record := range domain.DNSRecords {
		fmt.Println(record.Type, record.Name)
	}
	domain, err = p.Domain.Verify(ctx) // once they are set; until then Verified stays false
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(domain.Verified)
	// Output:
	// CNAME t.acme.example
	// TXT _verify.t.acme.example
	// false
}
