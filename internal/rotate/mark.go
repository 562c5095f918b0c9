package rotate

import (
	"crypto/rand"
	"encoding/hex"
	"strings"
)

const (
	markBegins = "[rotation "
	markBytes  = 8
	markLength = len(markBegins) + 2*markBytes + len("]")
)

func newMark() string {
	var b [markBytes]byte
	rand.Read(b[:]) // never fails: the runtime ends the program first
	return markBegins + hex.EncodeToString(b[:]) + "]"
}

// markOf is the mark that a text ends in, if it does.
func markOf(text string) string {
	at := strings.LastIndex(text, markBegins)
	if at < 0 || len(text)-at != markLength || !strings.HasSuffix(text, "]") {
		return ""
	}
	return text[at:]
}

// Marked ends a text in mark, in the place of an earlier one. The whole has at most so many characters.
func Marked(text, mark string, most int) string {
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
