package servicetokens_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/rotation"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

func store(string) {}

func ExampleService_Create() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())
	tokens := servicetokens.New(c)

	created, err := tokens.Create(context.Background(), servicetokens.CreateParams{
		Name:          "Nightly ETL",
		Scope:         servicetokens.ScopeSeat,
		SeatName:      "Acme",
		Role:          servicetokens.RoleRead,
		ExpiresInDays: 90,
	})
	if err != nil {
		log.Fatal(err)
	}
	store(created.Token.Reveal()) // the only place where the secret appears
	fmt.Println(created.Name, created.Scope, created.Role)
	// Output: Nightly ETL SEAT READ
}

func ExampleService_Create_invalid() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())

	_, err := servicetokens.New(c).Create(context.Background(), servicetokens.CreateParams{
		Name: "Nightly ETL", Scope: servicetokens.ScopeSeat, ExpiresInDays: 400,
	})
	var bad *client.ParamError
	if errors.As(err, &bad) {
		for _, issue := range bad.Issues {
			fmt.Println(issue.Path, issue.Message)
		}
	}
	// Output:
	// expiresInDays must be between 1 and 365
	// seatName is required with scope SEAT
	// role is required with scope SEAT
}

func ExampleService_List() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())
	ctx := context.Background()
	tokens := servicetokens.New(c)
	for _, name := range []string{"Nightly ETL", "Dashboard"} {
		if _, err := tokens.Create(ctx, servicetokens.CreateParams{Name: name, ExpiresInDays: 90}); err != nil {
			log.Fatal(err)
		}
	}

	for t, err := range tokens.List(servicetokens.ListParams{}).All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(t.Name, t.Scope)
	}
	// Unordered output:
	// Nightly ETL CUSTOMER
	// Dashboard CUSTOMER
}

func ExampleService_List_page() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())
	ctx := context.Background()
	tokens := servicetokens.New(c)
	for range 5 {
		if _, err := tokens.Create(ctx, servicetokens.CreateParams{Name: "one", ExpiresInDays: 90}); err != nil {
			log.Fatal(err)
		}
	}

	params := servicetokens.ListParams{PageSize: 2}
	for {
		page, err := tokens.List(params).Page(ctx)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(len(page.Items), "of", page.Total)
		if page.Next == "" {
			break
		}
		params.PageToken = page.Next // may be stored, and used by another process
	}
	// Output:
	// 2 of 5
	// 2 of 5
	// 1 of 5
}

func ExampleService_Get() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())

	_, err := servicetokens.New(c).Get(context.Background(), "404")
	fmt.Println(errors.Is(err, client.ErrNotFound))
	// Output: true
}

func ExampleService_Update() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())
	ctx := context.Background()
	tokens := servicetokens.New(c)
	created, err := tokens.Create(ctx, servicetokens.CreateParams{Name: "ETL", ExpiresInDays: 90})
	if err != nil {
		log.Fatal(err)
	}

	updated, err := tokens.Update(ctx, created.ID, servicetokens.UpdateParams{Name: client.Set("Nightly ETL")})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(updated.Name)

	_, err = tokens.Update(ctx, created.ID, servicetokens.UpdateParams{ExpiresInDays: 1})
	fmt.Println(errors.Is(err, servicetokens.ErrCannotShortenExpiry))
	// Output:
	// Nightly ETL
	// true
}

func ExampleService_Archive() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())
	ctx := context.Background()
	tokens := servicetokens.New(c)
	created, err := tokens.Create(ctx, servicetokens.CreateParams{Name: "one", ExpiresInDays: 90})
	if err != nil {
		log.Fatal(err)
	}

	fmt.Println(tokens.Archive(ctx, created.ID))
	// Output: <nil>
}

func ExampleService_RotationDriver() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())
	ctx := context.Background()
	tokens := servicetokens.New(c)
	old, err := tokens.Create(ctx, servicetokens.CreateParams{Name: "Nightly ETL", ExpiresInDays: 90})
	if err != nil {
		log.Fatal(err)
	}

	driver := tokens.RotationDriver(servicetokens.RotateParams{})
	next, err := rotation.Rotate(ctx, driver, old.ID, rotation.Plan[servicetokens.Created]{
		Deploy: func(ctx context.Context, next *servicetokens.Created) error {
			store(next.Token.Reveal())
			return nil
		},
		Confirm: func(ctx context.Context) (bool, error) {
			return true, nil // once every consumer uses the new one
		},
	})
	if err != nil {
		log.Fatal(err) // names the tokens that exist
	}
	fmt.Println(next.Name, next.ID != old.ID)
	// Output: Nightly ETL true
}
