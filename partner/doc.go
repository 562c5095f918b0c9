// Package partner is the Bullseye Partner API: the partner's account, its keys, its organizations and their credits,
// billing, webhooks and the domain of its script (docs/platform.md#partner-api).
//
//	c, err := client.New(client.WithProfile(client.ProfilePartner), client.WithToken(key))
//	p := partner.New(c)
//	created, err := p.Keys.Create(ctx, partner.CreateKeyParams{
//		Name: "Nightly report", Scopes: partner.Scopes{partner.ScopeRead}, ExpiresAt: time.Now().AddDate(0, 3, 0),
//	})
//	// created.PlainKey.Reveal() is the only place where the key appears.
//
// [client.FromEnv] is about the Interchange platform; [client.EnvToken] reads a key from a variable of your own.
//
// A key without scopes has full access. So [KeyService.Create] refuses one that names none, unless FullAccess says that
// this is meant.
//
// Errors are those of package client: [client.ParamError] before anything is sent, then [client.APIError] and its
// sentinels: ErrBadRequest, ErrUnauthorized for a key that is missing, wrong, expired or revoked, ErrForbidden for one
// whose scopes do not reach (the documents name no code for it; the error names the required scope),
// ErrNotFound, ErrUnprocessable where the credit pool is short, ErrRateLimited (1,000 requests a minute for a partner,
// however many keys) and ErrInternal.
//
// What the documents leave open is said where it matters, and the spec, openapi.partner.yaml, is the one place to
// correct it. Not here, because no path of theirs is known: pixel configuration, allowed referrers, visitors and ICP
// configurations. With the path at hand they are reached through [client.Call] and an operation on
// [client.MountPartner].
package partner
