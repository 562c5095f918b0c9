package partner

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/interchange-sdk/interchange-go/client"
)

// SignatureHeader is where a webhook's request carries its signature.
const SignatureHeader = "X-Bullseye-Signature"

// VerifySignature tells whether a webhook's request was sent by somebody who knows the secret: the header's value must be
// the HMAC-SHA256 of the body as received, in hex (facts §K). Read the body whole, and check it before anything is made of
// it. The platform wants a 2xx within 30 seconds and otherwise sends the event again. A zero secret verifies nothing.
func VerifySignature(secret client.Token, body []byte, signature string) bool {
	sent, err := hex.DecodeString(strings.TrimSpace(signature))
	if err != nil || secret.Reveal() == "" {
		return false
	}
	mac := hmac.New(sha256.New, []byte(secret.Reveal()))
	mac.Write(body)
	return hmac.Equal(sent, mac.Sum(nil))
}
