package client

import (
	"io"
	"slices"
)

// maxPooledBuffer is the size up to which a body is read into one buffer, which is used again.
const maxPooledBuffer = 1 << 20

// readAll reads up to limit bytes into buf, whose size is chosen by what the answer announces. Of an answer that is longer
// it returns the first kept bytes.
func readAll(r io.Reader, buf []byte, announced, limit, kept int64) ([]byte, error) {
	const step = 512
	// What is announced is believed up to a point only: memory is for what has come.
	if want := min(announced, limit, maxPooledBuffer) + step; want > int64(cap(buf)) {
		buf = make([]byte, 0, max(want, 2*step))
	}
	var (
		full [][]byte // what is too long for one buffer: one that grew would be copied again and again
		read int64    // how long they are together
	)
	for {
		switch {
		case len(buf) < cap(buf):
		case cap(buf) < maxPooledBuffer:
			buf = append(buf, 0)[:len(buf)]
		default:
			full, read = append(full, buf), read+int64(len(buf))
			buf = make([]byte, 0, maxPooledBuffer)
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		size := read + int64(len(buf))
		switch {
		case size > limit:
			return join(full, buf, min(limit, kept)), ErrBodyTooLarge
		case err == io.EOF:
			return join(full, buf, size), nil
		case err != nil:
			return join(full, buf, size), err
		}
	}
}

// join is the first size bytes of what was read, in one piece.
func join(full [][]byte, last []byte, size int64) []byte {
	switch {
	case len(full) == 0:
		return last[:size]
	case size <= int64(len(full[0])):
		return full[0][:size]
	}
	return slices.Concat(append(full, last)...)[:size]
}
