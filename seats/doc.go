// Package seats is about whom a credential acts for: the accounts that it reaches, their terms of service, the seats
// that a partner manages, and work that is done for many of them (docs/platform.md#permission-levels,
// #seats-and-accounts).
//
//	accounts := seats.New(c)
//	me, err := accounts.Me(ctx)            // who, for which account, and whether terms wait to be accepted
//	all, err := client.Collect(accounts.List().All(ctx))
//	me, err = accounts.Switch(ctx, all[1].ID)
//
// An account is a customer of the platform, alone or with others below it. A seat is a part of one: of an advertiser
// or of a partner.
//
// # Terms of service
//
// Until a direct ADMIN or SUPER_ADMIN of an account has accepted its terms, writes answer 403 TOS_ACCEPTANCE_REQUIRED.
// [Service.ExplainTerms] derives from such an error who can accept; [Service.AcceptTerms] accepts.
//
// # Many seats
//
// [Accessible] lists the seats that a partner may manage, over MCP, with a tool of the first platform. [Each] does
// something for all of them. There are two patterns (docs/platform.md#seats-and-accounts). With one customer token, a
// service token of scope CUSTOMER, each request names its seat:
//
//	results := seats.Each(ctx, all, 8, func(ctx context.Context, seat seats.Seat) (*seats.Account, error) {
//		return seats.New(c.ForSeat(seat.ID)).Current(ctx)
//	})
//
// The header that does so is X-SCOPE3-SEAT-ID, which the platform mentions and does not document as such
// (docs/platform.md#authentication); [client.WithSeatHeader] changes it. It is not documented to narrow lists: filter
// those by seat too. With one token for each seat, a [Keyring] has the clients:
//
//	keys, err := seats.NewKeyring(c, tokens)
//	results := seats.Each(ctx, all, 8, func(ctx context.Context, seat seats.Seat) (*seats.Account, error) {
//		own, err := keys.Client(seat.ID)
//		if err != nil {
//			return nil, err
//		}
//		return seats.New(own).Current(ctx)
//	})
//
// # Access
//
// A credential reads, writes or administers: [client.Level] has what docs/platform.md#permission-levels lists for
// each. Where the platform refuses a call for want of permission, [client.APIError.NeedsLevel] and the text of the
// error say which level it takes.
//
// Errors are those of package client: [client.ParamError] before anything is sent, then [client.APIError] and its
// sentinels.
package seats
