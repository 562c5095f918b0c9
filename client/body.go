package client

import (
	"io"
	"slices"
	"sync"
)

const (
	// maxPooledBuffer is the size up to which a body is read into one buffer, which is used again.
	maxPooledBuffer = 1 << 20
	// maxPieces limits the bytes of a body that are read in pieces and joined in the end: a buffer that grew would be
	// copied again and again. What is longer gets one buffer that is as large as the limit, so that it is never there
	// twice.
	maxPieces = 8 << 20
)

// readAll reads up to limit bytes into buf, whose size is chosen by what the response announces. Of a response that is
// longer it returns the first kept bytes. A large buffer of an earlier body comes from spare.
func readAll(r io.Reader, buf []byte, announced, limit, kept int64, spare spareBuffers) ([]byte, error) {
	const step = 512
	// An announced length is believed up to a point only: memory is for bytes that have arrived.
	if want := min(announced, limit, maxPooledBuffer) + step; want > int64(cap(buf)) {
		buf = make([]byte, 0, max(want, 2*step))
	}
	var (
		full [][]byte // pieces before buf
		read int64    // how long they are together
	)
	for {
		if len(buf) == cap(buf) {
			size := read + int64(len(buf))
			switch {
			case size < maxPooledBuffer:
				buf = append(buf, 0)[:len(buf)]
			case len(full) == 0 && size <= announced && announced <= limit: // a mebibyte of it has arrived
				buf = join(full, buf, announced+step)
			case size >= maxPieces && size < limit:
				buf = join(full, buf, limit+step)
				full, read = nil, 0
			default:
				if large, _ := spare.Get().(*[]byte); large != nil && int64(cap(*large)) >= limit+step {
					buf, full, read = joinInto(*large, full, buf), nil, 0
					break
				}
				full, read = append(full, buf), size
				buf = make([]byte, 0, maxPooledBuffer)
			}
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		size := read + int64(len(buf))
		switch {
		case size > limit:
			cut := first(full, buf, min(limit, kept))
			keepSpare(buf, spare)
			return cut, ErrBodyTooLarge
		case err != nil:
			if len(full) > 0 {
				buf = join(full, buf, size)
			}
			if err == io.EOF {
				err = nil
			}
			return buf, err
		}
	}
}

// join copies pieces into one buffer with the given capacity.
func join(full [][]byte, last []byte, capacity int64) []byte {
	return joinInto(make([]byte, 0, capacity), full, last)
}

func joinInto(joined []byte, full [][]byte, last []byte) []byte {
	for _, piece := range full {
		joined = append(joined, piece...)
	}
	return append(joined, last...)
}

// spareBuffers keep large buffers: a sync.Pool, or the buffer of a pager.
type spareBuffers interface {
	Get() any
	Put(buffer any)
}

// spareBuffer keeps one large buffer while a list is read. A pool may lose it between two pages, which then take
// twice the memory.
type spareBuffer struct {
	mu   sync.Mutex
	kept any
}

// Get returns the buffer, or nil.
func (s *spareBuffer) Get() any {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := s.kept
	s.kept = nil
	return kept
}

// Put keeps a buffer.
func (s *spareBuffer) Put(buffer any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = buffer
}

func (k *call) spares() spareBuffers {
	if k.cfg.spares != nil {
		return k.cfg.spares
	}
	return &k.client.conn.spares
}

// keepSpare keeps a large buffer for the next large body. Without it, a server that sends one after the other would
// have many of them wait for the garbage collector.
func keepSpare(buf []byte, spare spareBuffers) {
	if cap(buf) > maxPieces {
		buf = buf[:0]
		spare.Put(&buf)
	}
}

// first is the first size bytes of what was read.
func first(full [][]byte, last []byte, size int64) []byte {
	if len(full) > 0 && size <= int64(len(full[0])) {
		return full[0][:size]
	}
	if len(full) > 0 {
		return join(full, last, size)[:size]
	}
	if cap(last) > maxPooledBuffer {
		return slices.Clone(last[:size])
	}
	return last[:size]
}
