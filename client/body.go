package client

import "io"

// maxPooledBuffer is the size up to which a body is read into one buffer, which is used again.
const maxPooledBuffer = 1 << 20

// growth is by how much a larger buffer grows. What is copied along the way is garbage, and with this factor little.
const growth = 8

// readAll reads up to limit bytes into buf, whose size is chosen by what the response announces. Of a response that is
// longer it returns the first kept bytes.
func readAll(r io.Reader, buf []byte, announced, limit, kept int64) ([]byte, error) {
	const step = 512
	// An announced length is believed up to a point only: memory is for bytes that have arrived.
	if want := min(announced, limit, maxPooledBuffer) + step; want > int64(cap(buf)) {
		buf = make([]byte, 0, max(want, 2*step))
	}
	for {
		if size := int64(cap(buf)); len(buf) == cap(buf) {
			switch {
			case size < maxPooledBuffer:
				buf = append(buf, 0)[:len(buf)]
			case size <= announced && announced <= limit: // a mebibyte of it has arrived
				buf = enlarge(buf, announced+step)
			default:
				buf = enlarge(buf, min(growth*size, limit+step))
			}
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		size := int64(len(buf))
		switch {
		case size > limit:
			return tooLarge(buf, min(limit, kept)), ErrBodyTooLarge
		case err == io.EOF:
			return buf, nil
		case err != nil:
			return buf, err
		}
	}
}

// enlarge copies a buffer into one of exactly the given size.
func enlarge(buf []byte, size int64) []byte {
	larger := make([]byte, len(buf), size)
	copy(larger, buf)
	return larger
}

// tooLarge returns the first size bytes of a body, and lets a large buffer go.
func tooLarge(buf []byte, size int64) []byte {
	if cap(buf) <= maxPooledBuffer {
		return buf[:size]
	}
	return enlarge(buf[:size], size)
}
