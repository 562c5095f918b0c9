package webhooks

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"github.com/interchange-sdk/interchange-go/client"
)

// The headers that carry a signature.
const (
	// BullseyeSignature is the header of the Partner API.
	BullseyeSignature = "X-Bullseye-Signature"
	// InterchangeSignature is the header of Interchange subscriptions.
	InterchangeSignature = "X-Webhook-Signature"
)

// Verify reports whether signature is the HMAC-SHA256 of body with one of the secrets. Pass body as received, and both
// the old and the new secret while you replace one. An empty secret matches nothing.
//
// The Partner API documents hexadecimal signatures. How Interchange encodes them is not documented, so base64 and the
// prefix "sha256=" are accepted as well, and several signatures separated by commas.
func Verify(body []byte, signature string, secrets ...client.Token) bool {
	const most = 8 // signatures in one header
	found := false
	for _, secret := range secrets {
		if secret.IsZero() {
			continue
		}
		mac := hmac.New(sha256.New, []byte(secret.Reveal()))
		mac.Write(body)
		want := mac.Sum(nil)
		n := 0
		for part := range strings.SplitSeq(signature, ",") {
			if n++; n > most {
				break
			}
			for _, sent := range decodings(part) {
				found = hmac.Equal(sent, want) || found
			}
		}
	}
	return found
}

// decodings returns the signature decoded from each encoding that is possible.
func decodings(signature string) [][]byte {
	signature = strings.TrimSpace(signature)
	if prefix := "sha256="; len(signature) >= len(prefix) && strings.EqualFold(signature[:len(prefix)], prefix) {
		signature = signature[len(prefix):]
	}
	var all [][]byte
	if b, err := hex.DecodeString(signature); err == nil {
		all = append(all, b)
	}
	signature = strings.TrimRight(signature, "=")
	for _, encoding := range [...]*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		if b, err := encoding.Strict().DecodeString(signature); err == nil {
			all = append(all, b)
		}
	}
	return all
}
