package mcpclient_test

import (
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// kind is which of the error types a call fails with.
type kind int

const (
	none kind = iota
	api
	transport
	decode
	foreign // the response of something else
)

// survivors are the calls that succeed although one request of theirs met the trouble.
type survivors int

const (
	nobody survivors = iota
	repeatable
	everybody
)

// trouble is a row of the matrix: something that goes wrong, and what has to come of it.
type trouble struct {
	name   string
	fault  sandbox.Fault                      // of the call's request
	strike func(*rig) error                   // or something that happens before the call
	only   func(generation, form string) bool // where it can happen; nil for everywhere

	works bool // the tool does its work, only the answer is lost

	fails      kind // of a call that meets the trouble each time
	status     int  // of an APIError or DecodeError
	sentinel   error
	retryAfter time.Duration
	unknown    bool // nobody can tell whether a call that changes something took effect
	survive    survivors
}

func status(code int) sandbox.Fault { return sandbox.Fault{Kind: sandbox.FaultStatus, Status: code} }

func onlySessions(generation, _ string) bool  { return generation == withSessions }
func onlyStateless(generation, _ string) bool { return generation == withoutSessions }
func onlyStreams(_, form string) bool         { return form == "stream" }
func onlyJSON(_, form string) bool            { return form == "json" }

// restart is a deploy. The connections that died of it are closed at this end as well: to net/http the end of one that it
// has not read yet is a connection like any other, and what becomes of a request on it is the row "reset before the work".
func restart(r *rig) error {
	err := r.srv.Restart(0)
	r.client.CloseIdleConnections()
	return err
}

func dropSessions(r *rig) error {
	r.srv.DropSessions()
	return nil
}

// troubles is the whole of what is promised about failures. The body that the sandbox answers 408, 502 and 504 with has
// the platform's code INTERNAL_ERROR, which is why these match ErrInternal.
var troubles = []trouble{
	{name: "400", fault: status(400), fails: api, status: 400, sentinel: client.ErrBadRequest},
	{name: "401", fault: status(401), fails: api, status: 401, sentinel: client.ErrUnauthorized},
	{name: "403", fault: status(403), fails: api, status: 403, sentinel: client.ErrForbidden},
	{name: "404 in a session", fault: status(404), only: onlySessions, fails: api, status: 404, sentinel: client.ErrNotFound, survive: everybody},
	{name: "404 without sessions", fault: status(404), only: onlyStateless, fails: api, status: 404, sentinel: client.ErrNotFound},
	{name: "408", fault: status(408), fails: api, status: 408, sentinel: client.ErrInternal, unknown: true, survive: repeatable},
	{name: "409", fault: status(409), fails: api, status: 409, sentinel: client.ErrConflict},
	{
		name: "429", fault: sandbox.Fault{Kind: sandbox.FaultStatus, Status: 429, RetryAfter: "1"}, fails: api, status: 429,
		sentinel: client.ErrRateLimited, retryAfter: time.Second, survive: everybody,
	},
	{name: "500", fault: status(500), fails: api, status: 500, sentinel: client.ErrInternal, unknown: true, survive: repeatable},
	{name: "502", fault: status(502), fails: api, status: 502, sentinel: client.ErrInternal, unknown: true, survive: repeatable},
	{name: "503", fault: status(503), fails: api, status: 503, sentinel: client.ErrServiceUnavailable, unknown: true, survive: repeatable},
	{name: "504", fault: status(504), fails: api, status: 504, sentinel: client.ErrInternal, unknown: true, survive: repeatable},
	{name: "a page of HTML with 200", fault: sandbox.Fault{Kind: sandbox.FaultHTML, Status: 200}, fails: foreign, unknown: true},
	{name: "a page of HTML with 502", fault: sandbox.Fault{Kind: sandbox.FaultHTML}, fails: api, status: 502, unknown: true, survive: repeatable},
	{name: "an empty answer", fault: sandbox.Fault{Kind: sandbox.FaultEmpty}, works: true, fails: decode, status: 200, unknown: true},
	{
		name: "200 MiB of error", fault: sandbox.Fault{Kind: sandbox.FaultOversize, Status: 500, Size: 200 << 20}, works: true,
		fails: api, status: 500, sentinel: client.ErrInternal, unknown: true, survive: repeatable,
	},
	{name: "reset before the work", fault: sandbox.Fault{Kind: sandbox.FaultResetBefore}, fails: transport, unknown: true, survive: repeatable},
	{name: "reset after the work", fault: sandbox.Fault{Kind: sandbox.FaultResetAfter}, works: true, fails: transport, unknown: true, survive: repeatable},
	{
		name: "a stream cut in an event", fault: sandbox.Fault{Kind: sandbox.FaultTruncate}, only: onlyStreams, works: true,
		fails: transport, unknown: true, survive: repeatable,
	},
	{
		name: "JSON cut in the middle", fault: sandbox.Fault{Kind: sandbox.FaultTruncate}, only: onlyJSON, works: true,
		fails: transport, unknown: true, survive: repeatable,
	},
	{name: "restart", strike: restart, survive: everybody},
	{name: "dropped sessions", strike: dropSessions, survive: everybody},
}

// caller is a column of the matrix: a tool, as somebody calls it.
type caller struct {
	name       string
	tool       string
	opts       []client.CallOption
	repeatable bool
	reads      bool
}

var callers = []caller{
	{name: "acts", tool: toolAct},
	{name: "reads", tool: toolLook, repeatable: true, reads: true},
	{name: "is idempotent", tool: toolPut, repeatable: true},
	{name: "is assumed idempotent", tool: toolAct, opts: []client.CallOption{client.AssumeIdempotent()}, repeatable: true},
}

func (k *trouble) survivedBy(c *caller) bool {
	return k.survive == everybody || (k.survive == repeatable && c.repeatable)
}

// inject puts the fault in the way of a tool's calls.
func (k *trouble) inject(srv *sandboxtest.Sandbox, tool string, times int) *sandbox.Injection {
	f := k.fault
	f.RPC, f.Times = "tools/call "+tool, times
	return srv.Inject(f)
}

var sentinels = []error{
	client.ErrBadRequest, client.ErrUnauthorized, client.ErrPaymentRequired, client.ErrForbidden, client.ErrNotFound, client.ErrConflict,
	client.ErrRateLimited, client.ErrInternal, client.ErrNotImplemented, client.ErrServiceUnavailable,
}

// failed checks the error of a call that met the trouble and could not be repeated, or not often enough.
func (k *trouble) failed(t *testing.T, c *caller, err error) {
	t.Helper()
	require.Error(t, err)
	want := k.fails
	if want == foreign {
		want = transport
		if c.reads {
			want = decode
		}
	}
	switch want {
	case api:
		var e *client.APIError
		require.ErrorAs(t, err, &e)
		assert.Equal(t, k.status, e.StatusCode)
		assert.Equal(t, k.retryAfter, e.RetryAfter)
	case transport:
		var e *client.TransportError
		require.ErrorAs(t, err, &e)
	case decode:
		var e *client.DecodeError
		require.ErrorAs(t, err, &e)
		assert.Equal(t, http.StatusOK, e.StatusCode)
	case none, foreign:
		t.Fatalf("unexpected: %v", err)
	}
	for _, sentinel := range sentinels {
		assert.Equal(t, sentinel == k.sentinel, errors.Is(err, sentinel), "%v: %v", sentinel, err) //nolint:errorlint // the very one
	}
	// An answer that began and broke off may have been a refusal: a success status says nothing of a tool.
	assert.Equal(t, k.unknown && !c.reads, errors.Is(err, client.ErrOutcomeUnknown), err)
	if k.unknown && !c.reads {
		requireNotRepeatable(t, err)
	}
}

// forms are how a server may answer.
var forms = map[string][]sandbox.Option{"stream": nil, "json": {sandbox.WithMCPJSON()}}

// everywhere runs a test for both generations and both forms of answers at once.
func (k *trouble) everywhere(t *testing.T, test func(t *testing.T, generation string, opts []sandbox.Option)) {
	t.Helper()
	var running sync.WaitGroup
	for _, generation := range []string{withSessions, withoutSessions} {
		for form, opts := range forms {
			if k.only != nil && !k.only(generation, form) {
				continue
			}
			opts := append(threeTools(), opts...)
			if generation == withSessions {
				opts = append(opts, sandbox.WithMCPVersions(withSessions))
			}
			running.Go(func() {
				t.Run(generation+" "+form, func(t *testing.T) { test(t, generation, opts) })
			})
		}
	}
	running.Wait()
}

// TestMatrix is the proof of what the package's comment says: whatever happens to a call, the caller learns what it was, a
// call that may act is never made twice, and the session is good for the next call.
func TestMatrix(t *testing.T) {
	t.Parallel()
	for i := range troubles {
		k := &troubles[i]
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			k.everywhere(t, func(t *testing.T, generation string, opts []sandbox.Option) {
				var running sync.WaitGroup
				for i := range callers {
					c := &callers[i]
					running.Go(func() {
						t.Run(c.name, func(t *testing.T) {
							r := newRig(t, sandboxtest.Start(t, opts...))
							s := r.connect()
							require.Equal(t, generation, s.ProtocolVersion())
							k.once(t, r, s, c)
							k.always(t, r, s, c)
						})
					})
				}
				running.Wait()
			})
		})
	}
}

// call calls the tool, and tells how often it ran for that.
func (c *caller) call(t *testing.T, r *rig, s *mcpclient.Session) (runs int, err error) {
	t.Helper()
	before := r.srv.ToolRuns(c.tool)
	got, err := mcpclient.CallTool[okay](t.Context(), s, c.tool, nil, c.opts...)
	if err == nil {
		assert.True(t, got.OK)
	} else {
		r.presentable(err)
	}
	return r.srv.ToolRuns(c.tool) - before, err
}

// works checks that the session is good for a call.
func (c *caller) works(t *testing.T, r *rig, s *mcpclient.Session) {
	t.Helper()
	runs, err := c.call(t, r, s)
	require.NoError(t, err)
	require.Equal(t, 1, runs)
}

// ran checks how often a tool ran that may run once.
func (k *trouble) ran(t *testing.T, c *caller, runs int, err error) {
	t.Helper()
	switch {
	case c.repeatable:
		return
	case err == nil || k.works:
		assert.Equal(t, 1, runs)
	default:
		assert.Zero(t, runs)
	}
}

// once lets the trouble hit the first request of a call.
func (k *trouble) once(t *testing.T, r *rig, s *mcpclient.Session, c *caller) {
	t.Helper()
	if k.strike != nil {
		require.NoError(t, k.strike(r))
	} else {
		defer k.inject(r.srv, c.tool, 1).Remove()
	}
	runs, err := c.call(t, r, s)
	if k.survivedBy(c) {
		require.NoError(t, err)
	} else {
		k.failed(t, c, err)
	}
	k.ran(t, c, runs, err)
	c.works(t, r, s)
}

// always lets the trouble hit every request.
func (k *trouble) always(t *testing.T, r *rig, s *mcpclient.Session, c *caller) {
	t.Helper()
	if k.strike != nil {
		for range 2 {
			k.once(t, r, s, c)
		}
		return
	}
	fault := k.inject(r.srv, c.tool, 0)
	runs, err := c.call(t, r, s)
	k.failed(t, c, err)
	k.ran(t, c, runs, err)
	require.NotZero(t, fault.Fired())
	fault.Remove()
	c.works(t, r, s)
}

// bearer is how a program sets a credential that uses the bare library.
type bearer struct {
	next  http.RoundTripper
	token string
}

func (b bearer) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Header.Set("Authorization", "Bearer "+b.token)
	return b.next.RoundTrip(req)
}

// TestBareLibraryLosesItsSession keeps on record what this package is for. When it fails, the library has learned
// something, and the package may be able to do less.
func TestBareLibraryLosesItsSession(t *testing.T) {
	t.Parallel()
	for _, generation := range []string{withSessions, withoutSessions} {
		for _, code := range []int{400, 401, 403, 404, 408, 409} {
			t.Run(fmt.Sprint(generation, " ", code), func(t *testing.T) {
				t.Parallel()
				srv := sandboxtest.Start(t, threeTools()...)
				s, err := mcp.NewClient(&mcp.Implementation{Name: "bare"}, nil).Connect(t.Context(), &mcp.StreamableClientTransport{
					Endpoint:             srv.URL() + "/mcp/v2/buyer",
					HTTPClient:           &http.Client{Transport: bearer{srv.HTTPClient().Transport, srv.AdminToken()}},
					DisableStandaloneSSE: true,
				}, &mcp.ClientSessionOptions{ProtocolVersion: generation})
				require.NoError(t, err)
				defer func() { _ = s.Close() }()
				srv.Inject(sandbox.Fault{RPC: "tools/call", Status: code, Times: 1})
				_, err = s.CallTool(t.Context(), &mcp.CallToolParams{Name: toolLook})
				require.Error(t, err)
				_, err = s.CallTool(t.Context(), &mcp.CallToolParams{Name: toolLook})
				require.ErrorIs(t, err, mcp.ErrConnectionClosed, "the fault is long gone")
				require.Zero(t, srv.ToolRuns(toolLook))
			})
		}
	}
}

// TestOversizedErrorsAreNotRead: of an error of 200 MiB no more is read than the limit for errors. It runs alone, because
// memory is counted for the process as a whole.
func TestOversizedErrorsAreNotRead(t *testing.T) { //nolint:paralleltest // see above
	for _, generation := range []string{withSessions, withoutSessions} {
		r := newRig(t, sandboxtest.Start(t, threeTools()...))
		s := r.connect(mcpclient.WithProtocolVersion(generation))
		c := &callers[0]
		c.works(t, r, s)
		fault := r.srv.Inject(sandbox.Fault{RPC: "tools/call", Kind: sandbox.FaultOversize, Status: 500, Size: 200 << 20, Times: 1})
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := c.call(t, r, s)
		runtime.ReadMemStats(&after)
		require.ErrorIs(t, err, client.ErrInternal)
		require.Equal(t, 1, fault.Fired())
		t.Logf("%s: %d KiB allocated in all, of which the sandbox has a part", generation, (after.TotalAlloc-before.TotalAlloc)>>10)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(16<<20))
	}
}
