package buyer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
	"github.com/interchange-sdk/interchange-go/internal/netfailure"
	"github.com/interchange-sdk/interchange-go/internal/retry"
	"github.com/interchange-sdk/interchange-go/internal/secret"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// ExportLink is a report in a file. Its address works for anyone who has it, and as often as wanted, until it expires,
// about seven days after the export: a download that was cut, or a job that was killed, begins again with the same link
// and makes no second file. Nothing prints the address.
type ExportLink struct {
	// ExpiresAt is the time at which the address stops working, about seven days after the export.
	ExpiresAt time.Time
	// FileName is the name of the file.
	FileName string
	// RowCount counts its rows.
	RowCount int64

	address secret.Text
}

// Reveal returns the address, to store it like a credential or to hand it to another program. [ExportLinkFrom] takes
// it.
func (l *ExportLink) Reveal() string { return l.address.Reveal() }

// String returns the file's name, length and expiry.
func (l *ExportLink) String() string {
	return fmt.Sprintf("report %s of %d rows, until %s", wire.Printable(l.FileName, 128), l.RowCount,
		l.ExpiresAt.UTC().Format(time.RFC3339))
}

// Format shows String, whatever the verb.
func (l *ExportLink) Format(f fmt.State, verb rune) { wire.Format(f, verb, l.String()) }

// LogValue shows String.
func (l *ExportLink) LogValue() slog.Value { return slog.StringValue(l.String()) }

// ExportLinkFrom makes a link of an address that Reveal returned, to download the file in another process; its other
// fields are zero. An address that is not one of https, or of http at a loopback host, is refused with a
// [*client.ParamError], which does not repeat it.
func ExportLinkFrom(address string) (*ExportLink, error) {
	if _, err := downloadable(address); err != nil {
		problems := client.ParamError{Operation: opDownload.ID}
		problems.Add("address", err.Error())
		return nil, &problems
	}
	return &ExportLink{address: secret.New(address)}, nil
}

// exportAnswer is a link as sent.
type exportAnswer struct {
	DownloadURL string    `json:"downloadUrl"`
	ExpiresAt   time.Time `json:"expiresAt"`
	FileName    string    `json:"fileName"`
	RowCount    int64     `json:"rowCount"`
}

func (a *exportAnswer) CheckAnswer() error {
	if a.DownloadURL == "" {
		return errOtherShape
	}
	if _, err := downloadable(a.DownloadURL); err != nil {
		return fmt.Errorf("the address of the file %w", err)
	}
	return nil
}

func (a *exportAnswer) link() *ExportLink {
	return &ExportLink{
		ExpiresAt: a.ExpiresAt, FileName: a.FileName, RowCount: a.RowCount,
		address: secret.New(a.DownloadURL),
	}
}

// downloadable reports whether an address can be downloaded from. Its errors say what is wrong with it and do not
// repeat it.
func downloadable(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return nil, errors.New("cannot be parsed")
	case u.Hostname() == "" || u.User != nil:
		return nil, errors.New("must have a host and no user name")
	case u.Scheme != "https" && !(u.Scheme == "http" && check.Loopback(u.Hostname())):
		return nil, errors.New("must be one of https: plain http is for loopback addresses")
	}
	return u, nil
}

// opDownload names the download in errors. The address is not the platform's, so openapi.yaml does not have it.
var opDownload = client.Operation{
	ID: "downloadReport", Path: "/{file}", Effect: client.EffectRead,
	Level: client.LevelUnknown,
}

const (
	downloadTries   = 3
	downloadHeaders = time.Minute // for the headers of one try
)

// Download fetches the file of an export, which the caller must close. The body is streamed: it is of any length and
// lasts as long as ctx. Until it begins, what passes is tried again, three times in all; a body that breaks off is not,
// and Read then fails with a [*client.TransportError]: download it again from its beginning with the same link.
//
// The file is on another host, which is sent neither the credential nor any header of the Client, but goes over its
// transport: one that traces requests sees the address. Redirects are not followed. Errors: [*client.TransportError],
// or [*client.APIError] with the other host's status, which also matches [ErrLinkExpired] for a 403 or 410.
func (s Reporting) Download(ctx context.Context, link *ExportLink) (io.ReadCloser, error) {
	problems := client.ParamError{Operation: opDownload.ID}
	var target *url.URL
	if link == nil {
		problems.Add("link", "is nil")
	} else if u, err := downloadable(link.Reveal()); err != nil {
		problems.Add("link", "is not one that Export or ExportLinkFrom returned")
	} else {
		target = u
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	for n := 1; ; n++ {
		body, err := s.fetch(ctx, target)
		if err == nil || n == downloadTries || !passes(err) || ctx.Err() != nil {
			return body, err
		}
		if ended := retry.Wait(ctx, retry.Backoff(n, time.Second, 5*time.Second)); ended != nil {
			return nil, fmt.Errorf("interchange: downloadReport: %w while waiting to repeat it; the last try: %w", ended,
				wire.Bare(err))
		}
	}
}

// fetch makes one try.
func (s Reporting) fetch(ctx context.Context, target *url.URL) (io.ReadCloser, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(downloadHeaders, func() { cancel(client.ErrAttemptTimeout) })
	var watch netfailure.Watch
	var req *http.Request
	failed := func(err error) error {
		if cause := context.Cause(ctx); cause != nil && ctx.Err() != nil {
			err = cause
		}
		cancel(nil)
		if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		if strings.Contains(err.Error(), target.RequestURI()) { // what a transport of the caller's may do
			err = errors.New("the request failed, and what was said about it quotes the address")
		}
		err = netfailure.Describe(err, "the file server", &watch, netfailure.ProxyOf(s.client.Transport(), req))
		e := s.client.NewTransportError(&opDownload, err)
		e.Origin = target.Scheme + "://" + target.Host
		return e
	}
	traced := httptrace.WithClientTrace(ctx, watch.Trace())
	var err error
	req, err = http.NewRequestWithContext(traced, http.MethodGet, target.String(), http.NoBody)
	if err != nil {
		return nil, failed(errors.New("the address of the file cannot be used")) // the cause would quote it
	}
	req.Header.Set("User-Agent", "interchange-go/"+client.Version)
	direct := http.Client{
		Transport:     netfailure.Direct(s.client.Transport()),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := direct.Do(req)
	timer.Stop()
	if err != nil {
		return nil, failed(err)
	}
	watch.Answered()
	if resp.StatusCode != http.StatusOK {
		_ = resp.Body.Close()
		cancel(nil)
		refusal := s.client.NewAPIError(&opDownload, resp.StatusCode, nil, nil) // their text may quote the signature
		if resp.StatusCode == http.StatusForbidden || resp.StatusCode == http.StatusGone {
			return nil, &expiredLinkError{refusal}
		}
		return nil, refusal
	}
	d := &download{body: resp.Body, failed: failed, cancel: cancel}
	d.read = wire.RefuseMarkup(resp.Body, func(page error) error {
		return client.NewDecodeError(&opDownload, resp.StatusCode, nil, nil, page)
	})
	return d, nil
}

// passes reports whether a retry may succeed after err.
func passes(err error) bool {
	var refusal *client.APIError
	var connection *netfailure.Error
	if errors.As(err, &connection) {
		return !connection.Final
	}
	return !errors.As(err, &refusal) || refusal.Retryable()
}

// download is the body of a file.
type download struct {
	body   io.ReadCloser
	read   io.Reader
	failed func(error) error
	cancel context.CancelCauseFunc
	broken error // what the first Read that failed said
}

// Read reads on; what breaks it becomes an error of package client.
func (d *download) Read(p []byte) (int, error) {
	if d.broken != nil {
		return 0, d.broken
	}
	n, err := d.read.Read(p)
	var page *wire.NotPlatformError
	if errors.As(err, &page) {
		d.broken = err
	} else if err != nil && !errors.Is(err, io.EOF) {
		if d.broken = d.failed(err); !errors.Is(d.broken, context.Canceled) &&
			!errors.Is(d.broken, context.DeadlineExceeded) {
			d.broken = fmt.Errorf("%w; download it again with the same ExportLink, which works until it expires", d.broken)
		}
	}
	if d.broken != nil {
		err = d.broken
	}
	return n, err
}

// Close ends the download.
func (d *download) Close() error {
	err := d.body.Close()
	d.cancel(nil)
	return err
}
