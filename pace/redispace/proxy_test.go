package redispace_test

import (
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// startProxy listens on the loopback interface and forwards connections to a Unix socket. Each direction is delayed
// by half of the round trip; like a network, it carries more than one message at a time.
func startProxy(t *testing.T, socket string, roundTrip time.Duration) (addr string) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &proxy{delay: roundTrip / 2, ended: make(chan struct{})}
	p.all.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := new(net.Dialer).DialContext(t.Context(), "unix", socket)
			if err != nil {
				_ = client.Close()
				continue
			}
			p.mu.Lock()
			p.conns = append(p.conns, client, server)
			p.mu.Unlock()
			p.all.Go(func() { p.forward(client, server) })
			p.all.Go(func() { p.forward(server, client) })
		}
	})
	t.Cleanup(func() {
		assert.NoError(t, listener.Close())
		close(p.ended)
		p.mu.Lock()
		for _, c := range p.conns {
			_ = c.Close()
		}
		p.mu.Unlock()
		p.all.Wait()
	})
	return listener.Addr().String()
}

type proxy struct {
	delay time.Duration
	ended chan struct{}
	all   sync.WaitGroup
	mu    sync.Mutex
	conns []net.Conn
}

type delayed struct {
	data []byte
	due  time.Time
}

// forward copies one direction until either side closes.
func (p *proxy) forward(from, to net.Conn) {
	queue := make(chan delayed, 4096)
	p.all.Go(func() {
		defer func() { _ = to.Close() }()
		for {
			select {
			case d, more := <-queue:
				if !more || !p.until(d.due) {
					return
				}
				if _, err := to.Write(d.data); err != nil {
					return
				}
			case <-p.ended:
				return
			}
		}
	})
	defer close(queue)
	for {
		data := make([]byte, 32<<10)
		n, err := from.Read(data)
		if n > 0 {
			select {
			case queue <- delayed{data[:n], time.Now().Add(p.delay)}:
			case <-p.ended:
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func (p *proxy) until(due time.Time) bool {
	timer := time.NewTimer(time.Until(due))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-p.ended:
		return false
	}
}
