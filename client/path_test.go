package client

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/internal/check"
)

// pathWire is a network that ends where the bytes would leave: it keeps the request line of each request.
type pathWire struct{ lines []string }

func (w *pathWire) RoundTrip(r *http.Request) (*http.Response, error) {
	var sent bytes.Buffer
	if err := r.Write(&sent); err != nil {
		return nil, err
	}
	line, _, _ := strings.Cut(sent.String(), "\r\n")
	w.lines = append(w.lines, line)
	if _, err := http.ReadRequest(bufio.NewReader(&sent)); err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: http.StatusNoContent, Body: io.NopCloser(strings.NewReader("")), Request: r}, nil
}

func pathClient(t testing.TB, base string) (*Client, *pathWire) {
	t.Helper()
	token, err := ParseOpaqueToken("token")
	require.NoError(t, err)
	wire := new(pathWire)
	c, err := New(WithEnvironment(BaseURL(base)), WithToken(token), WithTransport(wire),
		WithRetry(RetryPolicy{MaxAttempts: 1}))
	require.NoError(t, err)
	return c, wire
}

// checkPath makes one call with an id in each of two places. The call is refused before anything is sent, or the id
// is one segment of what is sent, and that segment decodes to it. It reports whether it was sent.
func checkPath(t *testing.T, c *Client, wire *pathWire, prefix, id string) (sent bool) {
	t.Helper()
	op := Operation{ID: "deletePart", Method: http.MethodDelete, Mount: MountBuyer, Path: "/things/{id}/parts/{partId}"}
	wire.lines = nil
	for i, values := range [][]string{{id, "7"}, {"7", id}} {
		_, err := Call[struct{}](context.Background(), c, &op, Request{Path: values})
		if err != nil {
			var paramErr *ParamError
			if !errors.As(err, &paramErr) || len(wire.lines) != 0 {
				t.Fatalf("%.100q: %v, and sent was %q", id, err, wire.lines)
			}
			if len(paramErr.Issues) != 1 || paramErr.Issues[0].Path != []string{"id", "partId"}[i] {
				t.Fatalf("%.100q: blamed was %+v", id, paramErr.Issues)
			}
			if len(id) > 3 && strings.Contains(err.Error(), id) {
				t.Fatalf("%.100q is repeated: %.200s", id, err)
			}
			continue
		}
		if len(wire.lines) != i+1 {
			t.Fatalf("%.100q is refused in one place only", id)
		}
		method, rest, _ := strings.Cut(wire.lines[i], " ")
		target, proto, _ := strings.Cut(rest, " ")
		if method != http.MethodDelete || proto != "HTTP/1.1" {
			t.Fatalf("%.100q breaks the request line: %q", id, wire.lines[i])
		}
		segments := strings.Split(target, "/")
		want := strings.Split(prefix+"/api/v2/buyer/things/X/parts/X", "/")
		if len(segments) != len(want) {
			t.Fatalf("%.100q changes the path: %q", id, target)
		}
		for j, segment := range segments {
			if want[j] != "X" {
				if segment != want[j] {
					t.Fatalf("%.100q changes the path: %q", id, target)
				}
				continue
			}
			value := values[0]
			if j == len(segments)-1 {
				value = values[1]
			}
			if got, err := url.PathUnescape(segment); err != nil || got != value {
				t.Fatalf("%.100q is sent as %q, which is %q", value, segment, got)
			}
			if strings.ContainsAny(segment, "?#;\\ \r\n\t\x00") || strings.Trim(segment, ".") == "" {
				t.Fatalf("%.100q is sent raw: %q", value, segment)
			}
			if decoded, err := url.PathUnescape(segment); err != nil || strings.ContainsAny(decoded, "/\\?#%;") {
				t.Fatalf("%.100q is something else to a server that decodes first", value)
			}
		}
		sent = true
	}
	return sent
}

// hostileIDs are what may stand where an id is expected.
func hostileIDs() []string {
	ids := []string{
		"", ".", "..", "...", "....", "%2e", "%2e%2e", "%2E%2E", ".%2e", "%252e%252e", "%c0%ae%c0%ae", "..;", "..%00",
		"..%2f", "%2f", "%5c",
		"/", "//", "a/b", "/a", "a/", "../x", "x/..", "./x", "a/../b", "..\\x", "\\", "a\\b", "\\\\host\\share", "a#x", "#",
		"a?x", "?", "a?x=1&y=2",
		"a;b", ";", "a%20b", "%", "%%", "%zz", "a%", "a%2", "\r\n", "a\r\nHost: evil", "a\nb", "a\x00b", "\x00", "a\tb",
		"a HTTP/1.1\r\nX: y\r\n\r\n", "\xc0\xaf", "\xc0\xae\xc0\xae", "\xe0\x80\xaf", "\xe0\x80\xae\xe0\x80\xae",
		"\xf0\x80\x80\xaf", "\xed\xa0\xbd",
		"\xff", "\xfe\xff", "a\xffb", "\xc3", "\xf8\x88\x80\x80\x80", "\x80", "\x9b31m", "\u0080", "\u0085", "\u009b31m",
		"\u009f", "\u007f", "\ufeff", "\u200b", "\u202e",
		"／", "．．", "‥", "∕", "⁄", "﹨", "＼", "％2e", "？", "＃", "；", "\u2028", "\u2029", "\u00a0", "😀", "Zürich", "e\u0301",
		" ", "  ", " a", "a ", " . ", ". .", "+", "a+b", "a&b", "a=b", "a:b", "a@b", "a,b", "a!b", "a$b", "a'b", "(a)", "a*b",
		"[a]", "{a}", "{id}", "}{",
		"<a>", `"a"`, "a|b", "a^b", "a`b", "~", "~a", "-", "_", "0", "-1", "null", "undefined", "NaN", "true",
		"http://evil.test/x", "//evil.test",
		"javascript:alert(1)", "file:///etc/passwd", "..." + "/" + "...", strings.Repeat("../", 50),
		strings.Repeat("%2e%2e/", 50), strings.Repeat(".", 64),
		strings.Repeat("a", check.MaxSegment), strings.Repeat("a", check.MaxSegment+1),
		strings.Repeat("é", check.MaxSegment/2), strings.Repeat("é", check.MaxSegment/2+1),
		strings.Repeat("a", 64<<10), strings.Repeat("\x00", 64<<10), strings.Repeat("/", 64<<10),
		strings.Repeat("%41", 20<<10), strings.Repeat("😀", 16<<10),
	}
	for c := range 256 {
		ids = append(ids, string([]byte{byte(c)}), "a"+string([]byte{byte(c)})+"b")
	}
	return ids
}

func TestHostileIDs(t *testing.T) {
	t.Parallel()
	ids := hostileIDs()
	require.GreaterOrEqual(t, len(ids), 500)
	for _, prefix := range []string{"", "/a/proxy"} {
		c, wire := pathClient(t, "https://paths.test"+prefix)
		sent := map[bool]int{}
		for _, id := range ids {
			sent[checkPath(t, c, wire, prefix, id)]++
		}
		// A client that refuses everything would pass as well.
		assert.Greater(t, sent[true], 150)
		assert.Greater(t, sent[false], 300)
		for _, id := range []string{
			"7", "tok_1", "a b", "Zürich", "a:b@c,d", "~a-b_c.d", ".a", "a.", "a..b", "(a)!*'",
			"a+b&c=d$", strings.Repeat("a", 1024),
		} {
			assert.True(t, checkPath(t, c, wire, prefix, id), "%q is an id like any other", id)
		}
		for _, id := range []string{
			"", ".", "..", "...", "%2e%2e", "a/b", "a\\b", "a#x", "a?x", "a;b", "a%2fb", "a\x00b", "a\r\nb", "a\x7fb",
			"a\u0080b", "a\u0085b", "a\u009fb",
			"a\xffb", "\xc0\xaf", strings.Repeat("a", 1025), strings.Repeat("a", 64<<10),
		} {
			assert.False(t, checkPath(t, c, wire, prefix, id), "%.20q must not be sent", id)
		}
	}
}

func TestPathValuesAreCounted(t *testing.T) {
	t.Parallel()
	c, wire := pathClient(t, "https://paths.test")
	for _, tt := range []struct {
		template string
		values   []string
		want     string // the issues; empty: it is sent
	}{
		{"/things", nil, ""},
		{"/things", []string{}, ""},
		{"/things", []string{"7"}, "path takes no values, got 1"},
		{"/things/{id}", nil, "id is required"},
		{"/things/{id}", []string{}, "id is required"},
		{"/things/{id}", []string{"7"}, ""},
		{"/things/{id}", []string{"7", "8"}, "path takes 1 values, got 2"},
		{"/things/{id}", []string{""}, "id is required"},
		{"/things/{id}/parts/{partId}", nil, "id is required; partId is required"},
		{"/things/{id}/parts/{partId}", []string{"7"}, "partId is required"},
		{"/things/{id}/parts/{partId}", []string{"7", "8"}, ""},
		{"/things/{id}/parts/{partId}", []string{"", ".."}, "id is required; partId must not consist of dots"},
		{"/things/{id}/parts/{partId}", []string{"7", "8", "9"}, "path takes 2 values, got 3"},
		{"/things/{id}/parts", []string{"{partId}"}, ""},
		{"/things/{id", []string{"7"}, "path has an unclosed brace in its template"},
	} {
		wire.lines = nil
		values := append([]string(nil), tt.values...)
		op := Operation{Path: tt.template, Mount: MountShared}
		_, err := Call[struct{}](t.Context(), c, &op, Request{Path: values})
		if tt.want == "" {
			require.NoError(t, err, "%+v", tt)
			assert.Len(t, wire.lines, 1)
		} else {
			var paramErr *ParamError
			require.ErrorAs(t, err, &paramErr, "%+v", tt)
			assert.Equal(t, "interchange: GET /api/v2"+tt.template+": "+tt.want, err.Error())
			assert.Empty(t, wire.lines)
		}
		assert.Equal(t, append([]string(nil), tt.values...), values, "the caller's values are left alone")
	}
}

// FuzzPath looks at the one place where paths are built alone, for the sake of speed; TestHostileIDs looks at what
// leaves.
func FuzzPath(f *testing.F) {
	for _, id := range hostileIDs() {
		if len(id) < 256 {
			f.Add(id)
		}
	}
	f.Fuzz(func(t *testing.T, id string) {
		plain := id != "" && len(id) <= check.MaxSegment && utf8.ValidString(id) && strings.Trim(id, ".") != "" &&
			strings.IndexFunc(id,
				func(r rune) bool { return r < ' ' || (r >= 0x7f && r <= 0x9f) || strings.ContainsRune(`/\?#%;`, r) }) < 0
		for i, values := range [][]string{{id, "7"}, {"7", id}} {
			problems := ParamError{Operation: "deletePart"}
			escaped := expand(&problems, "/things/{id}/parts/{partId}", values)
			if refused := len(problems.Issues) > 0; refused == plain {
				t.Fatalf("%q: %v", id, problems.Err())
			}
			if !plain {
				continue
			}
			segments := strings.Split(escaped, "/")
			if len(segments) != 5 || segments[1] != "things" || segments[3] != "parts" {
				t.Fatalf("%q changes the path: %q", id, escaped)
			}
			if got, err := url.PathUnescape(segments[2+2*i]); err != nil || got != id {
				t.Fatalf("%q is sent as %q", id, segments[2+2*i])
			}
			decoded, err := url.PathUnescape(escaped)
			if sent := (&url.URL{Path: decoded, RawPath: escaped}).EscapedPath(); err != nil || sent != escaped {
				t.Fatalf("%q: net/url sends %q for %q", id, sent, escaped)
			}
			if parsed, err := url.Parse("https://paths.test" + escaped); err != nil || parsed.EscapedPath() != escaped ||
				parsed.RawQuery != "" {
				t.Fatalf("%q: %q is read as another path", id, escaped)
			}
		}
	})
}
