package wire

import (
	"bufio"
	"io"
	"strings"
)

// LooksLikeMarkup reports whether a body is a page of HTML or XML, whatever its content type says.
func LooksLikeMarkup(body []byte) bool {
	body = TrimJSON(body)
	return len(body) > 1 && body[0] == '<' && (body[1] == '!' || body[1] == '?' || isLetter(body[1]))
}

func isLetter(c byte) bool { return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') }

// maxLead limits the white space before a page.
const maxLead = 16 << 10

// RefuseMarkup returns a reader of body. If body is a page of HTML or XML, reading fails with the result of refused.
func RefuseMarkup(body io.Reader, refused func(page error) error) io.Reader {
	return &markupGuard{body: bufio.NewReaderSize(body, maxLead), refused: refused}
}

type markupGuard struct {
	body    *bufio.Reader
	refused func(error) error
	begun   bool
	err     error
}

// Read checks the first bytes of the body before it returns any.
func (g *markupGuard) Read(p []byte) (int, error) {
	if !g.begun {
		g.begun = true
		if start := g.start(); LooksLikeMarkup(start) {
			g.err = g.refused(NotJSON(start))
		}
	}
	if g.err != nil {
		return 0, g.err
	}
	return g.body.Read(p)
}

// start peeks at the first two bytes after a byte order mark and white space, without waiting for more.
func (g *markupGuard) start() []byte {
	for n := 1; ; n++ {
		n = max(n, g.body.Buffered())
		start, err := g.body.Peek(n)
		if err != nil { // the end, or the buffer is full of white space
			return start
		}
		if strings.HasPrefix(byteOrderMark, string(start)) {
			continue
		}
		if trimmed := TrimJSON(start); len(trimmed) > 1 || (len(trimmed) == 1 && trimmed[0] != '<') {
			return start
		}
	}
}
