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
// It serves every operation of openapi.yaml and openapi.partner.yaml and keeps state. Most operations follow from their
// path and schemas: GET lists and finds, POST adds, PUT and PATCH merge, DELETE archives an item whose schema can show
// that and removes any other, and a verb such as POST /campaigns/{campaignId}/pause changes the status. Lists filter by
// the parameters that are named like fields, and page in the style of their parameters. A missing item or parent is
// a 404; an id that is taken and a change to an archived item are a 409. Unset fields have generated values.
// A list starts empty if the document has an operation that adds to it, or else with the records of [WithRecords]; the
// buyer's lists always have records. Data belongs to a customer. The records that a seat's credential creates are not
// visible to other seats.
//
// Accounts, terms of service, service tokens, agents, reports, events and tasks behave as documented: one account, or
// parents and children ([WithAccounts]) with users and tokens of all roles ([Server.Grant]). Unversioned paths respond
// with 308 to their pinned form. Secrets exist as SHA-256 hashes only; a token is shown once, when it is created.
//
// Inventory sources and their agents have every kind of authentication; the storefront's id is 501.
// [Server.CompleteOAuth] consents in place of a person, and [Server.AgentSecret] reports whether a secret arrived.
// Repeated events and measurements are recognized ([Server.LoggedEvents], [Server.Measurements]). Tasks follow
// [WithTasks]. Report files are under /downloads; a credential that is sent there is one of the [Server.Violations].
//
// It serves MCP over Streamable HTTP on /mcp/v2/buyer and /mcp/v2/storefront, with the same credentials, limits, faults
// and record: the versions with sessions as well as the stateless 2026-07-28 ([WithMCPVersions]), in streams of events
// or in JSON ([WithMCPJSON]), resumable if asked ([WithMCPResumable]). Both endpoints have the tools health, help,
// ask_about_capability, api_call, customer_switch, accept_tos, user_get_current, get_billing_account and those of
// [WithMCPTool] and [WithFirstPlatformTools]. The tool api_call acts on what REST shows, under the same checks;
// [Server.Effects] counts both.
//
// It serves the Bullseye Partner API on /api/v1/partner, with keys of its own in X-Partner-API-Key
// ([Server.PartnerKey], [Server.GrantPartnerKey]), their scopes, expiry and revocation, its errors, and the limit of
// [WithRateLimit] for all keys together, told in X-RateLimit-* with a Unix time.
//
// Every request and every response is checked against the SDK's OpenAPI description; [Server.Violations] lists what
// does not match, undeclared query parameters included. [Server.Requests] returns the requests without secrets;
// [Server.Effects], [Server.Tokens] and [Server.ToolRuns] return their effects. A test can check that a token was
// created exactly once although its response was lost. [Server.Inject] makes the network or the platform fail,
// [Server.DropSessions] forgets MCP sessions and [Server.Restart] simulates a deploy.
//
// # What it assumes
//
// It is written from the public documentation and has never been compared with the real platform. Where the
// documentation is silent it assumes:
//
//   - Creation responds with 201. Days count from the moment of the call, to the millisecond.
//   - Managing service tokens, listing them included, takes a user key of an ADMIN or a service token whose role is
//     ADMIN. A customer-scoped service token has no role and may not.
//   - With scope CUSTOMER the members seatName, seatType and role are ignored.
//   - A seatName that no seat has, or that several have while no seatType decides, is a VALIDATION_ERROR.
//   - An update may not give an expiry to a token that never expires; it may revive an expired token.
//   - An archived token can still be read by its id; to update or archive it again responds with 404.
//   - A seat's ADMIN sees and manages only the tokens of that seat and cannot create others.
//   - A seat named by X-SCOPE3-SEAT-ID is checked, but narrows no answer.
//   - Who has a role in an account has it in its children too. Terms of service, however, are accepted by a user who is
//     ADMIN or SUPER_ADMIN of the account directly. They hold up no switch of accounts.
//   - POST /api/v2/accounts/switch takes customerId as a number or a string, and holds for the credential from then on.
//   - The response to a creation describes the child as the current account, without a switch to it. Its terms are
//     pending.
//   - A child account with seats or active tokens cannot be deleted: INVALID_STATE. An account out of reach is
//     NOT_FOUND.
//   - All accounts share the ledger of service tokens. Every storefront is being set up.
//   - When x-scope3-api-key and Authorization are both sent, the former counts.
//   - The codes METHOD_NOT_ALLOWED, PAYLOAD_TOO_LARGE (over 8 MiB) and UNSUPPORTED_MEDIA_TYPE are the sandbox's own.
//
// Of the buyer it assumes:
//
//   - Records differ in ids, names, times and numbers. A filter by anything else finds all of them or none, one by name
//     finds the name or what all names share, and the order is that of time, oldest first.
//   - Every advertiser and every campaign has as many items of each list as there are records; campaigns belong to the
//     first ten advertisers in turn.
//   - An event fails on its own if it is a purchase without a currency or a custom event without a name, a measurement
//     if it is money without a currency. An event id is known within its source, a row id within its advertiser.
//   - A report without a range is refused, and one over more than 1,000 days. Every campaign delivers every day, and
//     reports have all campaigns that are asked for. One with demo shows three campaigns of its own. The currency is
//     converted to GBP only.
//   - A parameter that is required although it has a default, such as demo, may be left out.
//   - Every campaign targets one metro area, and every fourth call in the activity has lost its details.
//   - The end of an audience sync is not reported to the address in its pushNotificationConfig.
//
// Of agents it assumes:
//
//   - A source is active as soon as its authentication is configured, and pending until then. A source that is disabled
//     stays
//     so. Other authentication replaces the secret that was there.
//   - Registering a sourceId that is taken responds with 409 CONFLICT.
//   - Every page of consent is good until one of them was used. An agent that does not authenticate by OAuth has none.
//   - An account belongs to one credential; linking it twice responds with 409 CONFLICT.
//   - It never calls an endpoint: agents of sources that are configured answer tests, those of type SALES with two
//     products.
//     What sandbox.example announces are the sources that there are.
//   - The first generation's tools register an agent as active at once; that Scope3 has to approve it stands in the
//     message
//     only. Their lists are in a member called agents. signals_agent_update takes what signals_agent_register does.
//
// Of MCP it assumes:
//
//   - An operation of api_call is called as openapi.yaml calls it, in snake_case; nothing else is there.
//   - The result of api_call is one text block with the body that REST answers, its envelope included; where REST has
//     no body, an empty envelope. Other tools answer JSON in a text block, ask_about_capability answers plain text.
//   - What customer_switch chose holds for the MCP session and is gone with it. The stateless protocol has no session:
//     there it holds for the credential, as a switch over REST does.
//   - A session has no owner: any valid credential may use it, each for what it may do.
//   - A call that has begun runs to its end, even if the caller leaves or the reply is lost.
//   - accept_tos and customer_switch answer like user_get_current, whose user is null for a service token. What
//     get_billing_account answers is made up, as are the texts.
//
// Of the Partner API it assumes:
//
//   - What openapi.partner.yaml calls assumed. Managing keys, listing them included, and everything about billing take
//     the
//     scope admin; other writes take write.
//   - Where no code is documented it is the status in words: Forbidden, UnprocessableEntity, TooManyRequests.
//   - A list of keys shows the revoked ones too, with the status revoked. To revoke one again responds with 404.
//   - Credits that are allocated replace those that were. The pool has 10,000.
//   - A domain is verified once [Server.PublishPartnerDNS] was called. No webhook is ever sent.
//   - The responses about usage, costs and log entries are made up.
//
// The sandbox speaks HTTP/1.1 only, keeps everything in memory, and is not meant to face a network: it listens on
// the loopback interface.
package sandbox
