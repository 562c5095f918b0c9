package main

import (
	"embed"
	"html/template"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/interchange-sdk/interchange-go/sandbox"
)

//go:embed page.html
var pageFiles embed.FS

// shownRequests limits how many requests the page lists, the newest first.
const shownRequests = 200

// inspector serves the page that shows the sandbox's state and changes its faults and limits.
type inspector struct {
	mu     sync.Mutex
	srv    *sandbox.Server
	faults []activeFault
	limit  string
}

type activeFault struct {
	Text      string
	injection *sandbox.Injection
}

// Hits returns how many requests the fault has hit.
func (f activeFault) Hits() int { return f.injection.Fired() }

func (i *inspector) attach(srv *sandbox.Server) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.srv = srv
}

func (i *inspector) server() *sandbox.Server {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.srv
}

func (i *inspector) inject(text string, fault sandbox.Fault) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.faults = append(i.faults, activeFault{Text: text, injection: i.srv.Inject(fault)})
}

// handler returns the pages. Controls accept requests of the page only: not of other sites, and not through a name that
// was made to resolve to this machine.
func (i *inspector) handler() http.Handler {
	page := template.Must(template.New("page.html").Funcs(template.FuncMap{"clock": clock}).ParseFS(pageFiles,
		"page.html"))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { i.show(page, w, r) })
	mux.HandleFunc("POST /_/faults", i.addFault)
	mux.HandleFunc("POST /_/faults/clear", i.control(func(srv *sandbox.Server) { srv.ClearFaults(); i.forgetFaults() }))
	mux.HandleFunc("POST /_/limit", i.setLimit)
	mux.HandleFunc("POST /_/requests/clear", i.control((*sandbox.Server).ResetRequests))
	mux.HandleFunc("POST /_/sessions/drop", i.control(func(srv *sandbox.Server) { srv.DropSessions() }))
	mux.HandleFunc("POST /_/terms/accept", i.control((*sandbox.Server).AcceptTerms))
	protected := http.NewCrossOriginProtection().Handler(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !loopbackHost(r.Host) || i.server() == nil {
			http.Error(w, "not available under this name", http.StatusForbidden)
			return
		}
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'")
		w.Header().Set("Cache-Control", "no-store")
		protected.ServeHTTP(w, r)
	})
}

func loopbackHost(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}

// view is the content of the page.
type view struct {
	URL, ClientID string
	Requests      []sandbox.Request
	Hidden        int // requests that are not shown
	Violations    []string
	Tokens        []sandbox.Token
	Sessions      int
	Faults        []activeFault
	Keys          []string
	Limit         string
	Problem       string
	Now           time.Time
}

func (i *inspector) show(page *template.Template, w http.ResponseWriter, r *http.Request) {
	srv := i.server()
	v := view{
		URL: srv.URL(), ClientID: srv.AdminClientID(), Requests: srv.Requests(), Violations: srv.Violations(),
		Tokens: srv.Tokens(), Sessions: srv.Sessions(), Keys: faultKeys(), Problem: r.URL.Query().Get("problem"),
		Now: time.Now(),
	}
	i.mu.Lock()
	v.Faults, v.Limit = slices.Clone(i.faults), i.limit
	i.mu.Unlock()
	slices.Reverse(v.Requests)
	if len(v.Requests) > shownRequests {
		v.Hidden = len(v.Requests) - shownRequests
		v.Requests = v.Requests[:shownRequests]
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = page.Execute(w, v)
}

func (i *inspector) addFault(w http.ResponseWriter, r *http.Request) {
	text := strings.TrimSpace(r.FormValue("fault"))
	fault, err := parseFault(text)
	if err == nil {
		i.inject(text, fault)
	}
	back(w, r, err)
}

func (i *inspector) setLimit(w http.ResponseWriter, r *http.Request) {
	text := strings.TrimSpace(r.FormValue("limit"))
	limit, err := parseLimit(text)
	if err == nil {
		err = i.server().SetRateLimit(limit)
	}
	if err == nil {
		i.mu.Lock()
		i.limit = text
		i.mu.Unlock()
	}
	back(w, r, err)
}

// control returns a handler that does something and shows the page again.
func (i *inspector) control(do func(*sandbox.Server)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		do(i.server())
		back(w, r, nil)
	}
}

func (i *inspector) forgetFaults() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.faults = nil
}

// back returns to the page, with what went wrong.
func back(w http.ResponseWriter, r *http.Request, err error) {
	target := "/"
	if err != nil {
		target += "?problem=" + template.URLQueryEscaper(err.Error())
	}
	http.Redirect(w, r, target, http.StatusSeeOther) //nolint:gosec // a path of this page, with an escaped message
}

func clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("15:04:05.000")
}
