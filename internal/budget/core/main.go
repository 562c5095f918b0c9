// Command core is the smallest useful program: it makes a connection and lists service tokens. The budget test
// weighs it.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	c, err := client.New(client.FromEnv())
	if err != nil {
		return err
	}
	for token, err := range servicetokens.New(c).List(servicetokens.ListParams{}).All(ctx) {
		if err != nil {
			return err
		}
		fmt.Println(token.ID, token.Name)
	}
	return nil
}
