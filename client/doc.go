// Package client is the connection to the Scope3 Interchange platform and the Bullseye Partner API. The typed packages
// make their calls through it.
//
//	c, err := client.New(client.FromEnv()) // SCOPE3_API_KEY, and SCOPE3_BASE_URL if it is set
//
// # A call, in order
//
// [Call], [Client.Do], [List] and [Client.Stream] share these steps:
//
//  1. The arguments are checked and the request is built. A [*ParamError] lists every problem, and nothing is sent.
//  2. The [Limiter] grants an attempt. If that would take too long, the call ends with a [*LimitError].
//  3. The [TokenSource] returns the token of the attempt. After a 401 it is notified, and the call is retried once if
//     it returns another.
//  4. The request is sent. A redirect off the origin is a [*RedirectError].
//  5. A failure is retried if that cannot duplicate a write, see [RetryPolicy]. [Hooks] see every attempt.
//  6. The response is read and decoded. A refusal is an [*APIError], also inside a 2xx; no usable response is a
//     [*TransportError]; a success that cannot be read is a [*DecodeError].
//
// [MayHaveApplied] and [RetryAfter] answer the two usual questions about an error. docs/platform.md states what is
// documented, observed and assumed about the platform.
//
// # For authors of typed packages
//
// [Operation], [Request], [NewList], [InvalidList], [CheckItems], [NewDecodeError], [ToolCaller] and [Defect] serve
// packages on top of this one, and endpoints without a typed method.
package client
