// Package rotation replaces a service token or a partner key, so that at every moment a valid one is deployed.
//
//	next, err := rotation.Rotate(ctx, tokens.RotationDriver(servicetokens.RotateParams{SeatName: "Acme"}), oldID,
//		rotation.Plan[servicetokens.Created]{
//			Deploy: func(ctx context.Context, next *servicetokens.Created) error {
//				return store.Put(ctx, next.ID, next.Token.Reveal())
//			},
//			Confirm: fleet.Uses, // reports whether every consumer uses the new token
//		})
//
// [Rotate] does all of it in one call. A daemon or a cron job may use the steps [Begin], [Finish] and [Abandon], which
// may run in different processes. Every failure after the arguments were checked is an [*Error] that names the
// credentials that exist. [Resume] continues a rotation whose replacement is deployed.
//
// The calls that differ between the kinds of credentials are a [Driver]: see servicetokens.Service.RotationDriver and
// partner.KeyService.RotationDriver.
//
// # What survives an interruption
//
// A run may be killed between any two instructions, and two runs may work on the same credential. The only state that
// both can rely on is the platform's list. So the description or name of every replacement ends in a mark such as
// [rotation 9f3c…]. The mark begins with a hash of the old credential's id, and the next rotation replaces it. Each
// run reads the list twice before it deploys:
//
//   - Before it creates: a marked credential was left by a run that was interrupted, or is being deployed right now.
//     Without [Plan.Deployed] the run cannot know which, so it fails with [ErrUnfinished], names the credential and
//     changes nothing.
//   - After it created: the run reads the list until its own creation appears. From then on the list contains every
//     earlier creation too. A run that finds an earlier one ends its own and fails. A run that finds a later one waits
//     until it is gone. A run that finds none continues. Two runs can therefore never both continue.
//
// The list is read once more before the old credential ends, for creations that took effect late.
//
// If the response to a creation is lost, the run creates another credential, and ends the first one once the list
// shows it. [Plan.VerifyWithin] limits each wait for the list; an error reports what could not be verified.
// Credentials without the mark are never touched.
package rotation
