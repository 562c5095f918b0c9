package webhooks_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/webhooks"
)

func ExampleHandler() {
	secret, err := client.ParseOpaqueToken("from-a-secret-manager")
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("POST /hooks/bullseye", &webhooks.Handler{
		Header:  webhooks.BullseyeSignature,
		Secrets: webhooks.Secrets(secret), // and the previous one while you replace it
		Handle: func(_ context.Context, e webhooks.Event) error {
			fmt.Println(e.Type, e.ID) // store e.ID: a delivery can be repeated
			return nil
		},
	})

	// What the platform sends:
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/hooks/bullseye",
		strings.NewReader(`{"type":"visitor.identified","id":"evt_1","data":{"score":7}}`))
	r.Header.Set(webhooks.BullseyeSignature, "290bad9af69a84835c5fdef7d325fb9f66aed39489f32a231ffd785721714cdc")
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	fmt.Println(w.Code)
	// Output:
	// visitor.identified evt_1
	// 204
}
