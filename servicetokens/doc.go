// Package servicetokens manages service tokens: the long-lived credentials of backends, ETL jobs and agent
// runtimes (docs/platform.md#service-tokens).
//
//	tokens := servicetokens.New(c)
//	created, err := tokens.Create(ctx, servicetokens.CreateParams{
//		Name: "Nightly ETL", Scope: servicetokens.ScopeSeat, SeatName: "Acme",
//		Role: servicetokens.RoleRead, ExpiresInDays: 90,
//	})
//	// created.Token.Reveal() is the only place where the secret appears.
//
// # Who may do what
//
// Managing tokens, documented, takes a user API key with permission or a service token with role ADMIN
// (docs/platform.md#service-tokens). Roles are documented for scope SEAT only: a token of scope CUSTOMER has none,
// and acts across every seat by naming one with each request ([client.Client.ForSeat]). Whether it may manage tokens
// is not said; the sandbox assumes that it may not, which follows from having no role, and that it reads and writes
// all else. A seat's ADMIN, it assumes too, manages the tokens of its own seat alone. So create and rotate tokens
// with a person's key, and let customer tokens do the work.
//
// Errors are those of
// package client: [client.ParamError] before anything is sent, then [client.APIError] and its sentinels, mostly
// ErrValidation, ErrUnauthorized, ErrForbidden and ErrNotFound.
package servicetokens
