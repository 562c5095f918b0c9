// Package agents registers the agents that sell inventory and offer signals, gives the platform what it needs to
// authenticate to them, and looks after them (docs/platform.md#agents).
//
//	source, err := agents.New(c).Register(ctx, agents.RegisterParams{
//		SourceID: "premium-video", Name: "Premium Video", Type: agents.TypeSales,
//		EndpointURL: "https://agent.publisher.example/mcp", Protocol: agents.ProtocolMCP,
//		Auth: agents.Bearer(secret),
//	})
//
// # Authentication
//
// What the platform authenticates to an agent with is an [Auth]. It is printed and encoded without what is secret in
// it, as a client.Token is, and the platform never shows a secret again. Where it works:
//
//	                  Register,       Register-     first platform:   first platform:
//	                  UpdateSource    Credential    RegisterSales     RegisterSignals
//	Bearer            yes             yes           yes               yes (assumed)
//	APIKey            yes             yes           yes               no
//	Basic             yes             yes           no                no
//	JWT               yes             yes           no                no
//	OAuth             with Audience   plain         with Issuer       with Issuer
//	CustomHeader      no              no            yes               yes (assumed)
//	NoAuth            yes             yes           yes               yes
//	Later             yes             no            no                no
//	RawAuth           with a type     without       without           without
//
// What does not work is refused before anything is sent, by an [*UnsupportedAuthError] that says where it does.
//
// # The first platform
//
// [NewFirstPlatform] reaches the tools that the first platform has for agents, over MCP. Every sales agent that a
// customer adds there must be tested and approved by Scope3 before it gets live inventory. That happens out of band:
// no call asks for it, and the platform lists the agent as active meanwhile. See [Approval].
//
// Errors are those of package client: [client.ParamError] before anything is sent, then [client.APIError] and its
// sentinels. Where the platform quotes a secret of an Auth in an error, it is masked.
package agents
