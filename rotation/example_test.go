package rotation_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/partner"
	"github.com/interchange-sdk/interchange-go/rotation"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

// exampleTokens returns a service and the id of a token to rotate.
func exampleTokens(srv *sandboxtest.Sandbox) (*servicetokens.Service, client.ID) {
	tokens := servicetokens.New(srv.Client)
	old, err := tokens.Create(context.Background(), servicetokens.CreateParams{Name: "Nightly ETL", ExpiresInDays: 90})
	if err != nil {
		log.Fatal(err)
	}
	return tokens, old.ID
}

// exampleKeys returns a service and the id of a key to rotate.
func exampleKeys(srv *sandboxtest.Sandbox) (*partner.KeyService, client.ID) {
	keys := partner.New(srv.ConnectPartner(srv.PartnerKey())).Keys
	read := partner.Scopes{partner.ScopeRead}
	old, err := keys.Create(context.Background(), partner.CreateKeyParams{Name: "Nightly report", Scopes: read})
	if err != nil {
		log.Fatal(err)
	}
	return keys, old.ID
}

// storeSecret stands for a secret manager.
func storeSecret(client.ID, string) error { return nil }

// usedEverywhere stands for a look at the consumers.
func usedEverywhere(context.Context) (bool, error) { return true, nil }

func ExampleRotate() {
	srv := sandboxtest.Run()
	defer srv.Close()
	tokens, oldID := exampleTokens(srv)
	ctx := context.Background()

	driver := tokens.RotationDriver(servicetokens.RotateParams{})
	next, err := rotation.Rotate(ctx, driver, oldID, rotation.Plan[servicetokens.Created]{
		Deploy: func(ctx context.Context, next *servicetokens.Created) error {
			return storeSecret(next.ID, next.Token.Reveal())
		},
		Confirm: usedEverywhere,
	})
	if err != nil {
		log.Fatal(err) // names the tokens that exist
	}
	fmt.Println(next.Name, next.ID != oldID)
	// Output: Nightly ETL true
}

func ExampleRotate_partnerKey() {
	srv := sandboxtest.Run()
	defer srv.Close()
	keys, oldID := exampleKeys(srv)
	ctx := context.Background()

	driver := keys.RotationDriver(partner.RotateKeyParams{})
	next, err := rotation.Rotate(ctx, driver, oldID, rotation.Plan[partner.CreatedKey]{
		Deploy: func(ctx context.Context, next *partner.CreatedKey) error {
			return storeSecret(next.ID, next.PlainKey.Reveal())
		},
		Confirm: usedEverywhere,
	})
	if err != nil {
		log.Fatal(err) // names the keys that exist
	}
	fmt.Println(next.Scopes, next.ID != oldID)
	// Output: [read] true
}

func ExampleResume() {
	srv := sandboxtest.Run()
	defer srv.Close()
	tokens, oldID := exampleTokens(srv)
	ctx := context.Background()

	driver := tokens.RotationDriver(servicetokens.RotateParams{})
	plan := rotation.Plan[servicetokens.Created]{
		Deploy:  func(context.Context, *servicetokens.Created) error { return nil },
		Confirm: func(context.Context) (bool, error) { return false, errors.New("two hosts are down") },
	}
	_, err := rotation.Rotate(ctx, driver, oldID, plan)
	var stopped *rotation.Error
	if errors.As(err, &stopped) {
		fmt.Println("stopped at", stopped.Stage)
	}

	plan.Confirm = usedEverywhere // the hosts are back
	next, err := rotation.Resume(ctx, driver, stopped.State(), plan)
	fmt.Println(next.ID == stopped.NewID, err)
	// Output:
	// stopped at confirm
	// true <nil>
}

// The steps of a rotation may run in different processes.
func ExampleBegin() {
	srv := sandboxtest.Run()
	defer srv.Close()
	tokens, oldID := exampleTokens(srv)
	ctx := context.Background()

	driver := tokens.RotationDriver(servicetokens.RotateParams{})
	var plan rotation.Plan[servicetokens.Created]
	next, state, err := rotation.Begin(ctx, driver, oldID, plan)
	if errors.Is(err, rotation.ErrUnfinished) {
		log.Fatal(err) // names a token that an interrupted rotation left: finish or abandon that rotation
	}
	if err != nil {
		log.Fatal(err)
	}
	if err := storeSecret(next.ID, next.Token.Reveal()); err != nil {
		log.Fatal(err)
	}
	stored, err := json.Marshal(state) // two ids
	if err != nil {
		log.Fatal(err)
	}

	// Later, when every consumer uses the new token:
	var restored rotation.State
	if err := json.Unmarshal(stored, &restored); err != nil {
		log.Fatal(err)
	}
	current, err := rotation.Finish(ctx, driver, restored, plan)
	fmt.Println(current.ID == next.ID, err)
	// Output: true <nil>
}
