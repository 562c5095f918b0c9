package client_test

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// The frames and codes of HTTP/2 (RFC 9113) that these tests speak.
const (
	h2Data, h2Headers, h2Reset, h2Settings, h2GoAway = 0, 1, 3, 4, 7

	h2EndStream, h2Ack, h2EndHeaders = 1, 1, 4

	h2InternalError, h2RefusedStream, h2Cancel = 2, 7, 8
)

// h2Serve speaks just enough HTTP/2 to answer each request with what answer says: frames, already encoded.
func h2Serve(conn net.Conn, answer func(stream uint32) []byte) {
	out := make(chan []byte, 64)
	written := make(chan struct{})
	go func() { // a pipe has no buffer: reading must go on while this writes
		defer close(written)
		for frame := range out {
			if _, err := conn.Write(frame); err != nil {
				_ = conn.Close()
			}
		}
	}()
	defer func() {
		close(out)
		_ = conn.Close()
		<-written
	}()
	if _, err := io.CopyN(io.Discard, conn, int64(len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))); err != nil {
		return
	}
	out <- h2Frame(h2Settings, 0, 0, nil)
	for {
		var head [9]byte
		if _, err := io.ReadFull(conn, head[:]); err != nil {
			return
		}
		size := int64(head[0])<<16 | int64(head[1])<<8 | int64(head[2])
		if _, err := io.CopyN(io.Discard, conn, size); err != nil {
			return
		}
		kind, flags, stream := head[3], head[4], binary.BigEndian.Uint32(head[5:])
		switch {
		case kind == h2Settings && flags&h2Ack == 0:
			out <- h2Frame(h2Settings, h2Ack, 0, nil)
		case kind == h2Data && flags&h2EndStream != 0, kind == h2Headers && flags&h2EndStream != 0:
			out <- answer(stream)
		}
	}
}

func h2Frame(kind, flags byte, stream uint32, payload []byte) []byte {
	n := len(payload)
	frame := []byte{byte(n >> 16), byte(n >> 8), byte(n), kind, flags}
	return append(binary.BigEndian.AppendUint32(frame, stream), payload...)
}

func h2Refusal(stream, code uint32) []byte {
	return h2Frame(h2Reset, 0, stream, binary.BigEndian.AppendUint32(nil, code))
}

func h2OK(stream uint32) []byte {
	const status200 = 0x88 // in the static table of HPACK
	return append(h2Frame(h2Headers, h2EndHeaders, stream, []byte{status200}),
		h2Frame(h2Data, h2EndStream, stream, []byte(connOK))...)
}

// h2Client talks HTTP/2 to h2Serve.
func h2Client(t *testing.T, answer func(stream uint32) []byte) *client.Client {
	transport := connTransport(t)
	transport.Protocols = new(http.Protocols)
	transport.Protocols.SetUnencryptedHTTP2(true)
	transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		go h2Serve(far, answer)
		return near, nil
	}
	// Longer than the minute and more that net/http goes on repeating refused streams.
	return connClient(t, "http://127.0.0.1:1", client.WithTransport(transport), client.WithTimeout(10*time.Minute))
}

// TestHTTP2Refused: a stream that was refused was not processed, by the letter of the protocol. net/http repeats
// it a few times by itself; after that it is this package's to repeat, a POST as well.
func TestHTTP2Refused(t *testing.T) {
	t.Run("at first", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var refused, effects int
			c := h2Client(t, func(stream uint32) []byte {
				if refused < 10 { // more than net/http's own patience
					refused++
					return h2Refusal(stream, h2RefusedStream)
				}
				effects++
				return h2OK(stream)
			})
			var answer client.Response
			thing, err := connDo(t.Context(), c, &connPost, client.WithResponse(&answer))
			require.NoError(t, err)
			assert.Equal(t, "7", thing.ID)
			assert.Equal(t, 1, effects)
			assert.Equal(t, 2, answer.Attempts)
			c.CloseIdleConnections()
		})
	})
	t.Run("always", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c := h2Client(t, func(stream uint32) []byte { return h2Refusal(stream, h2RefusedStream) })
			_, err := connDo(t.Context(), c, &connPost)
			var broken *client.TransportError
			require.ErrorAs(t, err, &broken)
			assert.Equal(t, connPolicy.MaxAttempts, broken.Attempts)
			require.NotErrorIs(t, err, client.ErrOutcomeUnknown)
			c.CloseIdleConnections()
		})
	})
}

// TestHTTP2Reset: any other reset of a stream says nothing about what was done.
func TestHTTP2Reset(t *testing.T) {
	for _, code := range []uint32{h2InternalError, h2Cancel} {
		for _, class := range retryClasses {
			synctest.Test(t, func(t *testing.T) {
				var seen atomic.Int64
				c := h2Client(t, func(stream uint32) []byte {
					seen.Add(1)
					return h2Refusal(stream, code)
				})
				_, err := connDo(t.Context(), c, class.op, class.opts...)
				retryCheck(t, err, class.want(retryUnlessOnce(retryTransport, 3)), seen.Load(), nil)
				c.CloseIdleConnections()
			})
		}
	}
}

// TestHTTP2GoAway: a server that goes away names the last stream it looked at. What came after may go elsewhere;
// what came before may have been done.
func TestHTTP2GoAway(t *testing.T) {
	goAway := func(last uint32) []byte {
		return h2Frame(h2GoAway, 0, 0, binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, last), 0))
	}
	t.Run("not looked at", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			seen, effects := 0, 0
			c := h2Client(t, func(stream uint32) []byte {
				if seen++; seen == 1 {
					return goAway(0)
				}
				effects++
				return h2OK(stream)
			})
			_, err := connDo(t.Context(), c, &connPost)
			require.NoError(t, err)
			assert.Equal(t, 1, effects)
			c.CloseIdleConnections()
		})
	})
	t.Run("looked at", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			seen := 0
			c := h2Client(t, func(stream uint32) []byte {
				seen++
				return append(goAway(stream), h2Refusal(stream, h2InternalError)...)
			})
			_, err := connDo(t.Context(), c, &connPost)
			assert.True(t, errors.Is(err, client.ErrOutcomeUnknown), "%v", err)
			assert.Equal(t, 1, seen)
			c.CloseIdleConnections()
		})
	})
}
