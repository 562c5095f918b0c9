//go:build linux || darwin

package client_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// drowsy is a connection whose end net/http does not hear of while it is asleep, as when its goroutine has no
// processor.
type drowsy struct {
	*net.TCPConn
	asleep *atomic.Bool
	wake   chan struct{}
}

func (d drowsy) Read(p []byte) (int, error) {
	n, err := d.TCPConn.Read(p)
	if n == 0 && d.asleep.Load() {
		<-d.wake
	}
	return n, err
}

// SyscallConn is that of the socket.
func (d drowsy) SyscallConn() (syscall.RawConn, error) { return d.TCPConn.SyscallConn() }

// A call that must not be sent twice is not written to a connection that the server has ended.
func TestIdleConnectionThatTheServerEnded(t *testing.T) {
	t.Parallel()
	var served atomic.Int64
	ended := make(chan struct{}, 1)
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		served.Add(1)
		fmt.Fprint(w, connOK)
	}))
	srv.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			select {
			case ended <- struct{}{}:
			default:
			}
		}
	}
	srv.Start()
	t.Cleanup(srv.Close)

	var asleep atomic.Bool
	wake := make(chan struct{})
	t.Cleanup(func() { close(wake) })
	transport := connTransport(t)
	dial := transport.DialContext
	transport.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return drowsy{c.(*net.TCPConn), &asleep, wake}, nil
	}
	c := connClient(t, srv.URL, client.WithTransport(transport), client.WithTimeout(5*time.Second))
	_, err := connDo(t.Context(), c, &connPost)
	require.NoError(t, err)
	asleep.Store(true)
	srv.CloseClientConnections()
	<-ended
	_, err = connDo(t.Context(), c, &connPost)
	require.False(t, errors.Is(err, client.ErrOutcomeUnknown), "%v", err)
	require.NoError(t, err)
	assert.EqualValues(t, 2, served.Load())
}
