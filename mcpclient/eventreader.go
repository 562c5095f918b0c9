package mcpclient

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"time"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// event is one server-sent event.
type event struct {
	id    string
	name  string
	data  []byte
	retry time.Duration // -1 where none was given
}

// eventReader reads server-sent events, whose lines end with LF, CRLF or CR. It limits the size of an event.
type eventReader struct {
	lines *bufio.Reader
	limit int
	begun bool
	sawCR bool // the last line ended with CR at the end of the buffer: an LF that follows belongs to it
}

// ErrEventTooLarge is returned for a server-sent event that is longer than the limit, see [WithMaxEvent].
var ErrEventTooLarge = errors.New("an event of the stream is larger than the limit")

// longestReconnect bounds the delay that a server asks for before a stream is reopened.
const longestReconnect = time.Minute

func newEventReader(lines *bufio.Reader, limit int) *eventReader {
	return &eventReader{lines: lines, limit: limit}
}

// next reads an event. An event that the end of the stream cuts off is returned with io.ErrUnexpectedEOF.
func (r *eventReader) next() (event, error) {
	e := event{retry: -1}
	if !r.begun && r.isBare() {
		var err error
		r.begun = true
		e.data, err = r.rest()
		return e, err
	}
	size, lines := 0, 0
	for {
		line, err := r.line(&size)
		if err != nil {
			if errors.Is(err, io.EOF) && lines > 0 {
				err = io.ErrUnexpectedEOF
			}
			return e, err
		}
		if !r.begun {
			r.begun = true
			line = wire.TrimMark(line)
		}
		if len(line) == 0 {
			if lines == 0 {
				size = 0 // comments and blank lines keep a stream alive and do not add up
				continue
			}
			return e, nil
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch string(name) {
		case "data":
			if e.data == nil && len(line) > r.lines.Size() {
				e.data = value // a long line has a buffer of its own
				break
			}
			if e.data != nil {
				e.data = append(e.data, '\n')
			}
			e.data = extend(e.data, value)
			if e.data == nil {
				e.data = []byte{}
			}
		case "id":
			if bytes.IndexByte(value, 0) < 0 {
				e.id = string(value)
			}
		case "event":
			e.name = string(value)
		case "retry":
			if ms, err := strconv.ParseUint(string(value), 10, 63); err == nil {
				e.retry = longestReconnect
				if ms < uint64(longestReconnect/time.Millisecond) {
					e.retry = time.Duration(ms) * time.Millisecond
				}
			}
		default: // a comment or an unknown field
			if lines == 0 {
				continue
			}
		}
		lines++
	}
}

// isBare reports whether the body is JSON, which some servers send under the content type of an event stream.
func (r *eventReader) isBare() bool {
	for n := 1; n <= r.lines.Size(); n++ {
		head, err := r.lines.Peek(n)
		if first := wire.TrimJSON(head); len(first) > 0 && first[0] != '\xef' && first[0] != '\xbb' {
			return first[0] == '{' || first[0] == '['
		}
		if err != nil {
			return false
		}
	}
	return false
}

func (r *eventReader) rest() ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r.lines, int64(r.limit)+1))
	switch {
	case err != nil:
		return nil, err
	case len(body) > r.limit:
		return nil, ErrEventTooLarge
	}
	return body, nil
}

// line returns the next line without its end. The text after the last line end counts as a line. It is valid until the
// next call.
func (r *eventReader) line(size *int) ([]byte, error) {
	var long []byte
	for {
		if r.lines.Buffered() == 0 {
			if _, err := r.lines.Peek(1); err != nil {
				if errors.Is(err, io.EOF) && len(long) > 0 {
					return long, nil
				}
				return nil, err
			}
		}
		buffered, _ := r.lines.Peek(r.lines.Buffered())
		if r.sawCR {
			r.sawCR = false
			if buffered[0] == '\n' { // the second half of a CRLF
				_, _ = r.lines.Discard(1)
				continue
			}
		}
		end, used := lineEnd(buffered)
		r.sawCR = used > end && buffered[end] == '\r' && used == end+1
		if *size += min(used, end+1); *size > r.limit { // CRLF counts once, however the connection splits it
			return nil, ErrEventTooLarge
		}
		part := buffered[:end]
		_, _ = r.lines.Discard(used)
		switch {
		case used == end: // the line goes on
			long = extend(long, part)
		case long != nil:
			return extend(long, part), nil
		default:
			return part, nil
		}
	}
}

// lineEnd returns the length of the first line in b, and that length with the line's end.
func lineEnd(b []byte) (end, used int) {
	end = len(b)
	if lf := bytes.IndexByte(b, '\n'); lf >= 0 {
		end = lf
	}
	if cr := bytes.IndexByte(b[:end], '\r'); cr >= 0 {
		end = cr
	}
	switch {
	case end == len(b):
		return end, end
	case b[end] == '\r' && end+1 < len(b) && b[end+1] == '\n':
		return end, end + 2
	}
	return end, end + 1
}

// extend appends and doubles the capacity: append grows large slices in smaller steps, with more copies.
func extend(to, more []byte) []byte {
	if len(to)+len(more) > cap(to) {
		to = append(make([]byte, 0, max(2*cap(to), len(to)+len(more))), to...)
	}
	return append(to, more...)
}
