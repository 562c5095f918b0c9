// Package sandbox is the Interchange platform in one process, over real sockets. It is for the first hour with the
// SDK, when there is no credential yet, and for the tests of programs that use the SDK:
//
//	srv, err := sandbox.Start()
//	if err != nil { … }
//	defer srv.Close()
//	// talk to srv.URL() with srv.AdminToken()
//
// # What it does
//
// It serves GET /health, GET /api/v2/accounts/current and the five service-token operations with the platform's
// envelopes, errors, roles, seats, paging and token lifecycle. Unversioned paths answer 308 to their pinned form.
// Secrets exist as SHA-256 hashes only; a token is shown once, on the answer to its creation.
//
// Every request and every answer is checked against the SDK's OpenAPI description; [Server.Violations] lists what
// does not match. [Server.Requests] tells what was asked, without secrets, and [Server.Effects] and [Server.Tokens]
// tell what came of it, so that a test can say "the token was created exactly once" even though a reply was lost.
// [Server.Inject] makes the network or the platform fail in a chosen way.
//
// # What it assumes
//
// It is written from the public documentation and has never been compared with the real platform. Where the
// documentation is silent it assumes:
//
//   - Creation answers 201. Days count from the moment of the call, to the millisecond.
//   - Managing service tokens, listing them included, takes a user key of an ADMIN or a service token whose role is
//     ADMIN. A customer-scoped service token has no role and may not.
//   - With scope CUSTOMER the members seatName, seatType and role are ignored.
//   - A seatName that no seat has, or that several have while no seatType decides, is a VALIDATION_ERROR.
//   - An update may not give an expiry to a token that never expires; it may revive an expired token.
//   - An archived token can still be read by its id; to update or archive it again answers 404.
//   - A seat's ADMIN sees and manages only the tokens of that seat and cannot create others.
//   - A seat named by X-SCOPE3-SEAT-ID is checked, but narrows no answer.
//   - When x-scope3-api-key and Authorization are both sent, the former counts.
//   - The codes METHOD_NOT_ALLOWED, PAYLOAD_TOO_LARGE (over 1 MiB) and UNSUPPORTED_MEDIA_TYPE are the sandbox's own.
//
// The sandbox speaks HTTP/1.1 only, keeps everything in memory, and is not meant to face a network: it listens on
// the loopback interface.
package sandbox
