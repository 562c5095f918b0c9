package guarantees

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/interchange-sdk/interchange-go/client"
)

// bomb is a response that exhausts the memory of a careless client.
type bomb struct {
	name string
	// serve is the server. It runs in another process than the call.
	serve http.HandlerFunc
	// call makes the call whose process is measured.
	call func(ctx context.Context, p *peer) error
	// endless is set if only the end of the context ends the call. It ends after cancelAfter bytes.
	endless bool
	// silent is set if the server sends hardly anything. The context ends after the request is sent.
	silent bool
	// limit replaces memoryLimit.
	limit uint64

	transport *http.Transport // of the process
}

func newBomb(name string, serve http.HandlerFunc, call func(context.Context, *peer) error) bomb {
	return bomb{name: name, serve: serve, call: call}
}

const (
	memoryLimit = 64 << 20
	cancelAfter = 48 << 20
	callTimeout = time.Minute // for calls that never return
)

// allBombs returns the bombs of all tables.
func allBombs() []bomb {
	return slices.Concat(responseBombs(), errorBombs(), transportBombs(), tokenBombs(), oauthBombs(), mcpBombs(),
		streamBombs())
}

// measured is the report of the process that makes a call.
type measured struct {
	Memory uint64 // taken from the operating system, over idle
	Error  string
	Panic  string // why the test failed
}

const (
	rowVariable = "INTERCHANGE_BOMB"
	// everyVariable makes the test run all bombs, which takes ten minutes. Every fifth covers all calls and all shapes, as
	// the calls of a shape are in groups of four.
	everyVariable = "INTERCHANGE_ALL_BOMBS"
	stride        = 5
	urlVariable   = "INTERCHANGE_BOMB_URL"
	marker        = "measured: "
)

func TestPeersCannotExhaustMemory(t *testing.T) {
	if row := os.Getenv(rowVariable); row != "" {
		measureRow(t, row, os.Getenv(urlVariable))
		return
	}
	if testing.Short() || raceDetector {
		t.Skip("it starts a process for each row, and measures memory that the race detector takes as well")
	}
	names := map[string]bool{}
	for i, b := range allBombs() {
		require.False(t, names[b.name], b.name)
		names[b.name] = true
		if i%stride != 0 && os.Getenv(everyVariable) == "" {
			continue
		}
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(b.serve)
			t.Cleanup(server.Close)
			t.Cleanup(server.CloseClientConnections)
			got := runRow(t, b.name, server.URL)
			t.Logf("%5.1f MiB  %s", float64(got.Memory)/(1<<20), got.Error)
			limit := b.limit
			if limit == 0 {
				limit = memoryLimit
			}
			assert.LessOrEqual(t, got.Memory, limit, "bytes over idle")
		})
	}
}

// runRow runs a bomb in its own process, so that nothing else is measured.
func runRow(t *testing.T, row, url string) measured {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestPeersCannotExhaustMemory$", "-test.v")
	child.Env = append(os.Environ(), rowVariable+"="+row, urlVariable+"="+url, "GOGC=100", "GOMEMLIMIT=off")
	out, err := child.CombinedOutput()
	for line := range bytes.Lines(out) {
		if _, report, ok := bytes.Cut(line, []byte(marker)); ok && err == nil {
			var got measured
			require.NoError(t, json.Unmarshal(report, &got))
			return got
		}
	}
	require.FailNow(t, "the process failed", "%v\n%s", err, out[:min(len(out), 4<<10)])
	return measured{}
}

// measureRow makes the call of a bomb twice: to its end, for the memory, and with a context that ends meanwhile.
func measureRow(t *testing.T, row, url string) {
	i := slices.IndexFunc(allBombs(), func(b bomb) bool { return b.name == row })
	require.GreaterOrEqual(t, i, 0, row)
	b := allBombs()[i]
	running := goleak.IgnoreCurrent()

	after := int64(0)
	if b.endless {
		after = cancelAfter
	}
	runtime.GC()
	idle := systemMemory()
	err := b.run(t, url, after)
	got := measured{Memory: systemMemory() - idle}
	if err != nil {
		got.Error = err.Error()
		assert.LessOrEqual(t, len(got.Error), 4<<10, "an error is a line for a log")
	}
	if b.endless || b.silent {
		require.ErrorIs(t, err, context.Canceled)
	}
	_ = b.run(t, url, 1) // it returns
	leak := goleak.Find(running)
	for range 20 { // a connection may become idle after the call has returned
		if leak == nil {
			break
		}
		b.transport.CloseIdleConnections()
		leak = goleak.Find(running)
	}
	require.NoError(t, leak)
	report, err := json.Marshal(got)
	require.NoError(t, err)
	fmt.Println(marker + string(report))
}

// systemMemory returns the memory that the process has obtained from the operating system. It never shrinks, so it is
// the peak.
func systemMemory() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Sys
}

// run makes the call. If after is not 0, the context ends when the server has sent so many bytes.
func (b *bomb) run(t *testing.T, url string, after int64) error {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if b.transport == nil {
		b.transport = client.NewTransport()
	}
	defer b.transport.CloseIdleConnections()
	p := &peer{t: t, url: url, transport: &cancelingTransport{next: b.transport, cancel: cancel, silent: b.silent}}
	p.transport.left.Store(after)
	token, err := client.ParseOpaqueToken("bomb")
	require.NoError(t, err)
	p.client, err = client.New(client.WithEnvironment(client.BaseURL(url)), client.WithToken(token),
		client.WithTransport(p.transport),
		client.WithRetry(client.RetryPolicy{MaxAttempts: 1}))
	require.NoError(t, err)
	returned := make(chan error, 1)
	go func() { returned <- b.call(ctx, p) }()
	select {
	case err := <-returned:
		return err
	case <-time.After(callTimeout):
		require.FailNow(t, "the call does not return")
		return nil
	}
}

// peer is the server with a client of it.
type peer struct {
	t         *testing.T
	url       string
	transport *cancelingTransport
	client    *client.Client
}

// cancelingTransport cancels the context of a call after a number of bytes or a response without a body.
type cancelingTransport struct {
	next   http.RoundTripper
	cancel context.CancelFunc
	left   atomic.Int64
	paused atomic.Bool // while the session is set up

	silent bool
}

func (f *cancelingTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	if f.silent && !f.paused.Load() {
		req = req.WithContext(httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
			WroteRequest: func(httptrace.WroteRequestInfo) { f.cancel() },
		}))
	}
	resp, err := f.next.RoundTrip(req)
	if err != nil {
		f.count(1)
		return nil, err
	}
	resp.Body = &countedBody{resp.Body, f}
	return resp, nil
}

func (f *cancelingTransport) count(n int) {
	if f.paused.Load() || f.left.Load() == 0 {
		return
	}
	if f.left.Add(-int64(n)) <= 0 {
		f.left.Store(0)
		f.cancel()
	}
}

type countedBody struct {
	io.ReadCloser
	transport *cancelingTransport
}

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 || errors.Is(err, io.EOF) {
		b.transport.count(max(n, 1))
	}
	return n, err
}

// size is the length of most bodies: the limit of an event, and half the limit of a response.
const size = 16 << 20

// text describes a body: unit is repeated between head and tail. A %d in unit becomes a counter.
type text struct{ head, unit, tail string }

func (b text) writeTo(w io.Writer, n int) {
	_, _ = io.WriteString(w, b.head)
	const chunk = 64 << 10
	var buf bytes.Buffer
	counts := strings.Contains(b.unit, "%d")
	repeated := strings.Repeat(b.unit, max(chunk/max(len(b.unit), 1), 1))
	for i := 0; n > 0; {
		buf.Reset()
		if counts {
			for buf.Len() < chunk {
				fmt.Fprintf(&buf, b.unit, i)
				i++
			}
		} else {
			buf.WriteString(repeated)
		}
		n -= buf.Len()
		if _, err := w.Write(buf.Bytes()); err != nil {
			return
		}
	}
	_, _ = io.WriteString(w, b.tail)
}

// sends responds to every request with n bytes of a text, as JSON.
func sends(status, n int, b text) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		b.writeTo(w, n)
	}
}

const endless = 1 << 40
