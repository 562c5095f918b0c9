// Package webhooks receives webhook deliveries: it checks the signature, decodes the event and calls your function.
//
//	http.Handle("POST /hooks/bullseye", &webhooks.Handler{
//		Header:  webhooks.BullseyeSignature,
//		Secrets: webhooks.Secrets(secret),
//		Handle:  func(ctx context.Context, e webhooks.Event) error { … },
//	})
//
// The platform expects a 2xx within 30 seconds and otherwise sends the event again. Store the ID of each event to
// recognize repeated deliveries. Payloads are not documented; [Event] has the fields that all known forms share.
package webhooks
