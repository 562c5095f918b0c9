package rotation

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/interchange-sdk/interchange-go/client"
)

// A mark is [rotation, 8 hex digits derived from the old credential's id, 8 random ones and ]. The first half finds
// every replacement of a credential, whichever run made it. The second half is the same for all that one run creates.
const (
	markBegins = "[rotation "
	markHalf   = 4
	markLength = len(markBegins) + 4*markHalf + len("]")
)

// family is the part of a mark that all replacements of a credential share.
func family(oldID client.ID) string {
	sum := sha256.Sum256([]byte("interchange rotation\n" + oldID))
	return markBegins + hex.EncodeToString(sum[:markHalf])
}

func newMark(oldID client.ID) string {
	var b [markHalf]byte
	rand.Read(b[:]) // never fails: the runtime ends the program first
	return family(oldID) + hex.EncodeToString(b[:]) + "]"
}

// markOf returns the mark at the end of a text, or nothing.
func markOf(text string) string {
	at := strings.LastIndex(text, markBegins)
	if at < 0 || len(text)-at != markLength || !strings.HasSuffix(text, "]") {
		return ""
	}
	return text[at:]
}

// withMark appends mark to a text and drops an earlier one. The result has at most the given number of characters.
func withMark(text, mark string, most int) string {
	text = strings.TrimSpace(strings.TrimSuffix(text, markOf(text)))
	room := most - len(" ") - len(mark)
	for i := range text {
		if room == 0 {
			text = strings.TrimSpace(text[:i])
			break
		}
		room--
	}
	return strings.TrimSpace(text + " " + mark)
}
