package seats_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/sandbox"
	"github.com/interchange-sdk/interchange-go/seats"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

func ExampleService_Current() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())

	account, err := seats.New(c).Current(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(account.Company, account.Role)
	// Output: Sandbox Inc. ADMIN
}

func ExampleService_List() {
	srv := sandboxtest.Run(sandbox.WithCustomers(1001, 1002))
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())

	accounts, err := client.Collect(seats.New(c).List().All(context.Background()))
	if err != nil {
		log.Fatal(err)
	}
	for _, account := range accounts {
		fmt.Println(account.ID, account.Name, account.Role)
	}
	// Output:
	// 1001 Sandbox ADMIN
	// 1002 Sandbox 1002 ADMIN
}

func ExampleService_Switch() {
	srv := sandboxtest.Run(sandbox.WithCustomers(1001, 1002))
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())

	me, err := seats.New(c).Switch(context.Background(), "1002")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(me.Customer.Name, me.Customer.CustomerType)
	// Output: Sandbox 1002 CHILD
}

func ExampleService_Me() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())

	me, err := seats.New(c).Me(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(me.User.FirstName, me.RoleIn(me.Customer.ID), me.ShowTermsBox)
	// Output: Sandy ADMIN false
}

func ExampleService_CreateChild() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())
	accounts := seats.New(c)

	made, err := accounts.CreateChild(context.Background(), seats.ChildParams{
		Name:            "North",
		CustomerRole:    seats.CustomerRoleBuyer,
		DefaultCurrency: "EUR",
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, account := range made.Customers {
		fmt.Println(account.Name, account.CustomerType)
	}
	fmt.Println("terms to accept:", made.ShowTermsBox, "by the parent:", made.CanAcceptTerms)
	// Output:
	// Sandbox PARENT
	// North CHILD
	// terms to accept: true by the parent: false
}

func ExampleService_DeleteChild() {
	srv := sandboxtest.Run(sandbox.WithCustomers(1001, 1002))
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())

	fmt.Println(seats.New(c).DeleteChild(context.Background(), "1002"))
	// Output: <nil>
}

func ExampleService_UpdateDomain() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())

	domain, err := seats.New(c).UpdateDomain(context.Background(), "1001",
		seats.DomainParams{CustomerDomain: "acme.example"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(domain.CustomerDomain, "approved:", domain.CustomerDomainApproved)
	// Output: acme.example approved: false
}

func ExampleService_UpdateMembership() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())
	accounts := seats.New(c)

	settings, err := accounts.UpdateMembership(context.Background(), "1001",
		seats.MembershipParams{AllowDomainAutoJoin: true})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(settings.AllowDomainAutoJoin)
	// Output: true
}

func ExampleService_Membership() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())

	settings, err := seats.New(c).Membership(context.Background(), "1001")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(settings.AllowDomainAutoJoin)
	// Output: false
}

func ExampleService_Liveness() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())

	states, err := seats.New(c).Liveness(context.Background(), []client.ID{"1001"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(states["1001"].State, states["1001"].RemainingSteps)
	// Output: setup 3
}

func ExampleService_ExplainTerms() {
	ctx := context.Background()
	srv := sandboxtest.Run(sandbox.WithTermsPending())
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())
	accounts := seats.New(c)

	write := func() error {
		_, err := servicetokens.New(c).Create(ctx, servicetokens.CreateParams{Name: "Nightly ETL", ExpiresInDays: 90})
		return err
	}
	err := accounts.ExplainTerms(ctx, write()) // other errors, and nil, stay as they are
	var terms *seats.TermsError
	if errors.As(err, &terms) {
		fmt.Println("version", terms.Me.LatestTermsVersion, "waits; remedy:", terms.Remedy())
		if terms.Remedy() == seats.RemedyAccept { // and somebody has read them
			err = accounts.AcceptTerms(ctx)
		}
	}
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(write())
	// Output:
	// version 2026-01 waits; remedy: accept
	// <nil>
}

func ExampleService_AcceptTerms() {
	ctx := context.Background()
	srv := sandboxtest.Run(sandbox.WithTermsPending())
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())
	accounts := seats.New(c)

	me, err := accounts.Me(ctx)
	if err != nil {
		log.Fatal(err)
	}
	if me.ShowTermsBox && me.CanAcceptTerms {
		fmt.Println("accepting", me.TermsUpdate.TargetVersion, "from", me.TermsUpdate.TermsURL)
		if err := accounts.AcceptTerms(ctx); err != nil {
			log.Fatal(err)
		}
	}
	// Output: accepting 2026-01 from https://sandbox.example/terms
}

// The tool is the first platform's: the sandbox has it with WithFirstPlatformTools only.
func ExampleAccessible() {
	ctx := context.Background()
	srv := sandboxtest.Run(sandbox.WithFirstPlatformTools())
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())
	session, err := mcpclient.Connect(ctx, c)
	if err != nil {
		log.Fatal(err)
	}
	defer session.Close(ctx)

	all, err := seats.Accessible(ctx, session)
	if err != nil {
		log.Fatal(err)
	}
	for _, seat := range all {
		fmt.Println(seat.ID, seat.Name, seat.CustomerID)
	}
	// Output:
	// seat_101 Acme 1001
	// seat_102 Globex 1001
	// seat_103 Globex 1001
}

// One customer token: each request names its seat.
func ExampleEach() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())
	all := []seats.Seat{{ID: "seat_101", Name: "Acme"}, {ID: "seat_102", Name: "Globex"}, {ID: "seat_999", Name: "Gone"}}

	results := seats.Each(context.Background(), all, 8,
		func(ctx context.Context, seat seats.Seat) (*seats.Account, error) {
			return seats.New(c.ForSeat(seat.ID)).Current(ctx)
		})
	for _, r := range results {
		fmt.Println(r.Seat.Name, errors.Is(r.Err, client.ErrAccessDenied))
	}
	var each *seats.EachError
	if errors.As(results.Err(), &each) {
		fmt.Println(len(each.Failed), "of", each.Total, "failed")
	}
	// Output:
	// Acme false
	// Globex false
	// Gone true
	// 1 of 3 failed
}

// One token for each seat.
func ExampleKeyring() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client                            // in a program: client.New(client.FromEnv())
	tokens := make(map[client.ID]client.Token) // yours come out of a secret manager
	for _, id := range []string{"seat_101", "seat_102"} {
		full, _, err := srv.Grant(sandbox.Grant{Role: sandbox.RoleRead, SeatID: id})
		if err != nil {
			log.Fatal(err)
		}
		if tokens[client.ID(id)], err = client.ParseToken(full); err != nil {
			log.Fatal(err)
		}
	}

	keys, err := seats.NewKeyring(c, tokens)
	if err != nil {
		log.Fatal(err)
	}
	all := []seats.Seat{{ID: "seat_101"}, {ID: "seat_102"}, {ID: "seat_103"}}
	results := seats.Each(context.Background(), all, 8,
		func(ctx context.Context, seat seats.Seat) (*seats.Account, error) {
			own, err := keys.Client(seat.ID)
			if err != nil {
				return nil, err
			}
			return seats.New(own).Current(ctx)
		})
	fmt.Println(keys, results.Err())
	// Output: keyring of 2 seats interchange: 1 of 3 seats failed: seat_103: no token for seat seat_103
}
