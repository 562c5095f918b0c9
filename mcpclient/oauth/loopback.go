package oauth

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/auth"

	"github.com/interchange-sdk/interchange-go/internal/check"
	oauthjson "github.com/interchange-sdk/interchange-go/internal/oauth"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// loopbackReceiver receives the redirect at the end of a consent (RFC 8252 §7.3). It listens during the consent,
// starting before the client is registered with the redirect URL, and on the same port each time if possible. It serves
// one consent at a time.
type loopbackReceiver struct {
	host string // as in the redirect URL
	port string
	path string
	free bool // this package chose the port, so it may choose another

	listener net.Listener // from listen to close
}

// freeLoopback finds a free port and releases it again: most processes never ask a person. If the port is taken later,
// listen chooses another.
func freeLoopback() (*loopbackReceiver, error) {
	l := &loopbackReceiver{host: "127.0.0.1", port: "0", path: defaultPath, free: true}
	if err := l.listen(context.Background()); err != nil {
		return nil, err
	}
	l.close()
	return l, nil
}

// parseLoopback reports whether this package can serve a redirect URL.
func parseLoopback(s string) (*loopbackReceiver, bool) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" || !check.Loopback(u.Hostname()) || u.Port() == "" || u.Port() == "0" ||
		u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return nil, false
	}
	return &loopbackReceiver{host: u.Hostname(), port: u.Port(), path: u.EscapedPath()}, true
}

func (l *loopbackReceiver) url() string { return "http://" + net.JoinHostPort(l.host, l.port) + l.path }

// address returns a listen address that only this machine reaches, even if localhost resolves to another one.
func (l *loopbackReceiver) address() string {
	host := l.host
	if net.ParseIP(host) == nil {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, l.port)
}

// listen binds the port for await; close must follow. Only a port that this package chose can change.
func (l *loopbackReceiver) listen(ctx context.Context) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", l.address())
	if err != nil && l.free {
		listener, err = new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(l.host, "0"))
	}
	if err != nil {
		return &Error{reason: "the port of the redirect URL cannot be listened on", cause: err}
	}
	if l.free {
		_, l.port, _ = net.SplitHostPort(listener.Addr().String()) // it always has one
	}
	l.listener = listener
	return nil
}

// close releases the port. After await it does nothing.
func (l *loopbackReceiver) close() { _ = l.listener.Close() }

// await opens the browser and waits for the redirect, once after listen.
func (l *loopbackReceiver) await(
	ctx context.Context, open func(context.Context, string) error, authorizationURL string,
) (*auth.AuthorizationResult, error) {
	sent, err := url.Parse(authorizationURL)
	if err != nil {
		return nil, &Error{reason: "the authorization endpoint cannot be read"}
	}
	callbacks := &callbackHandler{
		path: l.path, state: sent.Query().Get("state"), received: make(chan url.Values, 1),
	}
	server := &http.Server{
		Handler: callbacks, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, MaxHeaderBytes: 64 << 10,
		ErrorLog: log.New(io.Discard, "", 0), // the server's messages quote requests
	}
	server.SetKeepAlivesEnabled(false)
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(l.listener)
	}()
	defer func() {
		// The page is still on its way to the browser.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		if server.Shutdown(ctx) != nil {
			_ = server.Close()
		}
		<-served
	}()

	opened := make(chan error, 1)
	go func() { opened <- open(ctx, authorizationURL) }()
	for {
		select {
		case query := <-callbacks.received:
			return readCallback(query)
		case err := <-opened:
			if err == nil {
				continue // it sends once
			}
			select {
			case query := <-callbacks.received: // a redirect counts even if the browser failed later
				return readCallback(query)
			default:
				return nil, &hostError{err}
			}
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// callbackHandler accepts the first redirect that belongs to the attempt.
type callbackHandler struct {
	path     string
	state    string
	received chan url.Values
	once     sync.Once
}

func (h *callbackHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// The page shows nothing of the request, and its address must not leak.
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")
	if r.URL.EscapedPath() != h.path && (h.path != "" || r.URL.Path != "/") {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	if r.Method != http.MethodGet {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	query := r.URL.Query()
	// The state is checked here, also that of an error: any page in the browser could end the attempt otherwise.
	if query.Get("state") != h.state || (query.Get("code") == "" && query.Get("error") == "") {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, callbackPage("This page does not belong to a sign-in under way."))
		return
	}
	first := false
	h.once.Do(func() { first = true })
	if !first {
		w.WriteHeader(http.StatusGone)
		_, _ = io.WriteString(w, callbackPage("This sign-in has been answered already."))
		return
	}
	_, _ = io.WriteString(w, callbackPage("Done. You can close this window and return to the application."))
	_ = http.NewResponseController(w).Flush()
	h.received <- query // there is room for the one
}

func callbackPage(text string) string {
	return `<!doctype html><html lang="en"><head><title>interchange-go</title></head><body><p>` + text +
		"</p></body></html>\n"
}

func readCallback(query url.Values) (*auth.AuthorizationResult, error) {
	if query.Get("error") == "" {
		return &auth.AuthorizationResult{Code: query.Get("code"), State: query.Get("state"), Iss: query.Get("iss")}, nil
	}
	e := &Error{Code: oauthjson.Code(query.Get("error")), reason: "the authorization was refused"}
	e.Description = wire.Printable(query.Get("error_description"), maxDescription)
	return nil, e
}
