package mcpclient

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"time"
)

// event is one server-sent event.
type event struct {
	id    string
	name  string
	data  []byte
	retry time.Duration // -1 where none was given
}

// eventReader reads a stream of server-sent events, whose lines end with LF or CRLF. An event is limited in size, and
// so is the memory that the reader takes.
type eventReader struct {
	lines *bufio.Reader
	limit int
	begun bool
}

// ErrEventTooLarge says that a server-sent event was longer than the limit, see [WithMaxEvent].
var ErrEventTooLarge = errors.New("an event of the stream is larger than the limit")

// longestReconnect is how long a server may ask to wait before a stream is opened again.
const longestReconnect = time.Minute

func newEventReader(lines *bufio.Reader, limit int) *eventReader {
	return &eventReader{lines: lines, limit: limit}
}

// next reads up to the end of an event. What a stream that ends has left is an event too, though perhaps not whole: the
// error is then io.ErrUnexpectedEOF beside it.
func (r *eventReader) next() (event, error) {
	e := event{retry: -1}
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
			line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
		}
		if len(line) == 0 {
			if lines == 0 {
				size = 0 // comments and blank lines keep a stream alive, they do not add up
				continue
			}
			return e, nil
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch string(name) {
		case "data":
			if e.data == nil && len(line) > r.lines.Size() {
				e.data = value // which is in no buffer that is used again
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
		default: // a comment, or a field to come
			if lines == 0 {
				continue
			}
		}
		lines++
	}
}

// line reads one line without its end. What follows the last line end of a stream counts as a line.
func (r *eventReader) line(size *int) ([]byte, error) {
	var long []byte
	for {
		part, err := r.lines.ReadSlice('\n')
		if *size += len(part); *size > r.limit {
			return nil, ErrEventTooLarge
		}
		switch {
		case err == nil && long == nil:
			return trimEnd(part), nil
		case err == nil:
			return trimEnd(extend(long, part)), nil
		case errors.Is(err, bufio.ErrBufferFull):
			long = extend(long, part)
		case errors.Is(err, io.EOF) && len(long)+len(part) > 0:
			return append(long, part...), nil
		default:
			return nil, err
		}
	}
}

// extend appends. Large slices of which append leaves many copies behind double instead.
func extend(to, more []byte) []byte {
	if len(to)+len(more) > cap(to) {
		to = append(make([]byte, 0, max(2*cap(to), len(to)+len(more))), to...)
	}
	return append(to, more...)
}

func trimEnd(line []byte) []byte {
	return bytes.TrimSuffix(line[:len(line)-1], []byte("\r"))
}
