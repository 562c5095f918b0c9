// Package servicetokens manages service tokens: the long-lived credentials of backends, ETL jobs and agent
// runtimes (seed 004, facts §F).
//
//	tokens := servicetokens.New(c)
//	created, err := tokens.Create(ctx, servicetokens.CreateParams{
//		Name: "Nightly ETL", Scope: servicetokens.ScopeSeat, SeatName: "Acme",
//		Role: servicetokens.RoleRead, ExpiresInDays: 90,
//	})
//	// created.Token.Reveal() is the only place where the secret appears.
//
// Managing tokens takes a user API key with permission, or a service token with role ADMIN. Errors are those of
// package client: [client.ParamError] before anything is sent, then [client.APIError] and its sentinels, mostly
// ErrValidation, ErrUnauthorized, ErrForbidden and ErrNotFound.
package servicetokens
