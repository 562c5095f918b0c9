package mcpclient

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// readEvents reads a stream to its end.
func readEvents(r io.Reader, limit int) ([]event, error) {
	events := newEventReader(bufio.NewReaderSize(r, 64), limit)
	var all []event
	for {
		e, err := events.next()
		if err == nil || errors.Is(err, io.ErrUnexpectedEOF) {
			all = append(all, e)
		}
		if err != nil {
			return all, err
		}
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	const none = -1
	for stream, want := range map[string][]event{
		"data: a\n\n": {{data: []byte("a"), retry: none}},
		"\ufeffdata:a\r\ndata: b \r\ndata:\r\n\r\nid: 1\nevent: message\ndata:  c\n\n": {
			{data: []byte("a\nb \n"), retry: none}, {id: "1", name: "message", data: []byte(" c"), retry: none},
		},
		": hello\n\n\n:\ndata\n\n": {{data: []byte{}, retry: none}},
		"id: a\x00b\nretry: 20\n\nretry: x\ndata: 1\n\n": {{retry: 20 * time.Millisecond}, {
			data:  []byte("1"),
			retry: none,
		}},
		"retry: 99999999999999999999\ndata: 1\n\n":           {{data: []byte("1"), retry: none}},
		"retry: 9000000000000000000\ndata: 1\n\n":            {{data: []byte("1"), retry: longestReconnect}},
		"data: " + strings.Repeat("x", 200) + "\nfoo: y\n\n": {{data: []byte(strings.Repeat("x", 200)), retry: none}},
		"data: a\r\rid: 2\rdata: b\r\r": {{data: []byte("a"), retry: none}, {
			id:   "2",
			data: []byte("b"), retry: none,
		}},
		"data: a\r\r\ndata: b\n\r\n": {{data: []byte("a"), retry: none}, {
			data:  []byte("b"),
			retry: none,
		}},
		"data: " + strings.Repeat("x", 57) + "\r\ndata: y\r\n\r\n": { // the buffer ends between CR and LF
			{data: []byte(strings.Repeat("x", 57) + "\ny"), retry: none},
		},
	} {
		got, err := readEvents(strings.NewReader(stream), 1<<10)
		require.ErrorIs(t, err, io.EOF, stream)
		assert.Equal(t, want, got, stream)
	}

	for _, cut := range []string{"data: a", "data: a\n", "data: a\r\n"} { // whether it is whole is for the caller to say
		got, err := readEvents(strings.NewReader(cut), 1<<10)
		require.ErrorIs(t, err, io.ErrUnexpectedEOF, cut)
		assert.Equal(t, []event{{data: []byte("a"), retry: none}}, got, cut)
	}
	broken := errors.New("broken")
	_, err := readEvents(io.MultiReader(strings.NewReader("data: a\n"), iotest.ErrReader(broken)), 1<<10)
	require.ErrorIs(t, err, broken)
}

// endless repeats a text, and counts what is taken of it.
type endless struct {
	text  string
	taken int
}

func (e *endless) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		n += copy(p[n:], e.text)
	}
	e.taken += n
	return n, nil
}

func TestEventsAreLimited(t *testing.T) {
	t.Parallel()
	const limit, buffer = 1000, 64
	for _, text := range []string{"x", "data: x\n", "data\n", "id: x\n", "x\ndata:\n"} {
		source := &endless{text: text}
		got, err := readEvents(source, limit)
		require.ErrorIs(t, err, ErrEventTooLarge, text)
		assert.Empty(t, got)
		assert.LessOrEqual(t, source.taken, limit+2*buffer, text)
	}
	exact := "data: " + strings.Repeat("x", 92) + "\n\n" // 100 bytes
	got, err := readEvents(strings.NewReader(strings.Repeat(": ping\n\n"+exact, 50)), 100)
	require.ErrorIs(t, err, io.EOF)
	assert.Len(t, got, 50, "each event has the limit for itself, and what keeps the stream alive does not count")
	_, err = readEvents(strings.NewReader("x"+exact), 100)
	require.ErrorIs(t, err, ErrEventTooLarge)
}

// plainEvents reads a stream as the standard describes it, with no limit and all of it in memory.
func plainEvents(stream string) []event {
	if trimmed := wire.TrimJSON([]byte(stream)); len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '[') {
		return []event{{data: []byte(stream), retry: -1}}
	}
	var all []event
	e, any := event{retry: -1}, false
	stream = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(stream)
	lines := strings.Split(strings.TrimPrefix(stream, "\ufeff"), "\n")
	for i, line := range lines {
		if i == len(lines)-1 && line == "" {
			break
		}
		if line == "" {
			if any {
				all = append(all, e)
			}
			e, any = event{retry: -1}, false
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch name {
		case "data":
			if e.data != nil {
				value = string(e.data) + "\n" + value
			}
			e.data = []byte(value)
		case "id":
			if !strings.Contains(value, "\x00") {
				e.id = value
			}
		case "event":
			e.name = value
		case "retry":
			if ms, err := strconv.ParseUint(value, 10, 63); err == nil {
				e.retry = time.Duration(min(ms, 60_000)) * time.Millisecond
			}
		default:
			continue
		}
		any = true
	}
	if any {
		all = append(all, e)
	}
	return all
}

func FuzzEvents(f *testing.F) {
	for _, seed := range []string{
		"event: message\nid: 7_1\ndata: {\"jsonrpc\":\"2.0\"}\n\n: ping\n\nretry: 100\ndata: a\ndata: b\n\n",
		"\ufeffdata\r\n\r\n:\r\ndata:x", "data: a\rdata: b\r\r\n\ndata: c\r", "\ufeff\r\n {\"a\":1}", "id:\x00\nfoo\n\n",
		"data: " + strings.Repeat("long ", 40) + "\n\ndata\n\n\n",
	} {
		f.Add(seed, uint16(100))
	}
	f.Fuzz(func(t *testing.T, stream string, limit uint16) {
		got, err := readEvents(strings.NewReader(stream), len(stream)+1)
		require.True(t, errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF), err)
		require.Equal(t, plainEvents(stream), got)

		got, err = readEvents(strings.NewReader(stream), int(limit))
		for _, e := range got {
			require.LessOrEqual(t, len(e.id)+len(e.name)+len(e.data), int(limit))
		}
		for _, chunks := range []io.Reader{
			iotest.OneByteReader(strings.NewReader(stream)), iotest.HalfReader(strings.NewReader(stream)),
			iotest.DataErrReader(bytes.NewReader([]byte(stream))),
		} {
			again, errAgain := readEvents(chunks, int(limit))
			require.Equal(t, got, again)
			require.Equal(t, err, errAgain)
		}
	})
}
