// Package webhooks receives what the platform sends to a webhook: it checks the signature, decodes the event and calls
// a function of yours.
//
//	http.Handle("POST /hooks/bullseye", &webhooks.Handler{
//		Header:  webhooks.BullseyeSignature,
//		Secrets: webhooks.Secrets(secret),
//		Handle:  func(ctx context.Context, e webhooks.Event) error { … },
//	})
//
// The platform expects a 2xx within 30 seconds and otherwise sends the event again, so an event can arrive twice: store
// its ID with what you made of it. Payloads are not documented; [Event] has the fields that all known forms share.
package webhooks
