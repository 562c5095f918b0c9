package buyer_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/buyer"
	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

func TestExportIsStreamed(t *testing.T) {
	t.Parallel()
	srv, b := startSandbox(t, sandbox.WithRecords(2000))
	link, err := b.Reporting.Export(t.Context(), may)
	require.NoError(t, err)
	assert.Equal(t, "report.csv", link.FileName)
	assert.Equal(t, int64(6000), link.RowCount)
	assert.True(t, link.ExpiresAt.After(time.Now()))

	file, err := b.Reporting.Download(t.Context(), link)
	require.NoError(t, err)
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	assert.Len(t, rows, 6001)
	require.NoError(t, file.Close())

	// The sandbox notes any credential that reaches the host of the files as a violation.
	last := srv.Requests()[len(srv.Requests())-1]
	assert.Equal(t, "/downloads/report.csv", last.Path)
	assert.Empty(t, last.Header.Get("Authorization"))
	assert.Contains(t, last.Header.Get("User-Agent"), "interchange-go/")
}

// A file is larger than any limit on answers, and its body breaks off with the context.
func TestDownloadHasNoLimitButItsContext(t *testing.T) {
	t.Parallel()
	srv := sandboxtest.Start(t, sandbox.WithRecords(100_000))
	b := buyer.New(srv.Connect(srv.AdminToken(), client.WithMaxBody(1<<10, 1<<10)))
	link, err := b.Reporting.Export(t.Context(), may)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	file, err := b.Reporting.Download(ctx, link)
	require.NoError(t, err)
	defer file.Close()
	n, err := io.CopyN(io.Discard, file, 100<<10)
	require.NoError(t, err)
	require.Equal(t, int64(100<<10), n)
	cancel()
	_, err = io.Copy(io.Discard, file)
	require.ErrorIs(t, err, context.Canceled)
	var broken *client.TransportError
	require.ErrorAs(t, err, &broken)
}

func TestDownloadFailures(t *testing.T) {
	t.Parallel()
	var now atomic.Int64
	now.Store(time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC).Unix())
	srv, b := startSandbox(t, sandbox.WithClock(func() time.Time { return time.Unix(now.Load(), 0) }))
	link, err := b.Reporting.Export(t.Context(), may)
	require.NoError(t, err)

	t.Run("broken off", func(t *testing.T) { //nolint:paralleltest // in order
		srv.Inject(sandbox.Fault{Route: "/downloads/report.csv", Kind: sandbox.FaultTruncate, Times: 1})
		file, err := b.Reporting.Download(t.Context(), link)
		require.NoError(t, err)
		defer file.Close()
		_, err = io.Copy(io.Discard, file)
		var broken *client.TransportError
		require.ErrorAs(t, err, &broken)
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		noSignature(t, link, err)
		require.ErrorContains(t, err, "download it again with the same ExportLink")
		_, again := file.Read(make([]byte, 1))
		require.Equal(t, err, again, "it stays broken")
	})
	t.Run("from the beginning", func(t *testing.T) { //nolint:paralleltest // in order
		stored, err := buyer.ExportLinkFrom(link.Reveal()) // as another process does
		require.NoError(t, err)
		noSignature(t, stored, nil)
		file, err := b.Reporting.Download(t.Context(), stored)
		require.NoError(t, err)
		defer file.Close()
		rows, err := csv.NewReader(file).ReadAll()
		require.NoError(t, err)
		require.Len(t, rows, int(link.RowCount)+1)
	})
	t.Run("tried again", func(t *testing.T) { //nolint:paralleltest // in order
		srv.Inject(sandbox.Fault{Route: "/downloads/report.csv", Kind: sandbox.FaultStatus, Status: 503, Times: 1})
		file, err := b.Reporting.Download(t.Context(), link)
		require.NoError(t, err)
		require.NoError(t, file.Close())
	})
	t.Run("expired", func(t *testing.T) { //nolint:paralleltest // in order
		now.Add(8 * 24 * 3600)
		_, err := b.Reporting.Download(t.Context(), link)
		require.ErrorIs(t, err, client.ErrForbidden)
		noSignature(t, link, err)
	})
}

// The address is a credential: nothing shows it but Reveal.
func TestALinkDoesNotPrintItsAddress(t *testing.T) {
	t.Parallel()
	_, b := startSandbox(t)
	link, err := b.Reporting.Export(t.Context(), may)
	require.NoError(t, err)
	require.Contains(t, link.Reveal(), "X-Signature=")
	noSignature(t, link, nil)
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("exported", "link", link)
	assert.NotContains(t, out.String(), "X-Signature")
}

func noSignature(t *testing.T, link *buyer.ExportLink, err error) {
	t.Helper()
	u, parseErr := url.Parse(link.Reveal())
	require.NoError(t, parseErr)
	signature := u.Query().Get("X-Signature")
	require.NotEmpty(t, signature)
	for _, text := range []string{
		fmt.Sprintf("%v %+v %#v", link, link, *link), fmt.Sprintf("%v %+v %#v", err, err, err),
		fmt.Sprint(errors.Unwrap(err)),
	} {
		assert.NotContains(t, text, signature)
		assert.NotContains(t, text, u.Path)
	}
}

// Where a file may be is decided before anything is sent there.
func TestWhereAFileMayBe(t *testing.T) {
	t.Parallel()
	for address, good := range map[string]bool{
		"https://files.example/a%2Fb?sig=x%2By&a=%20": true,
		"http://127.0.0.1:1/x":                        true,
		"http://files.example/x":                      false,
		"https://user:pw@files.example/x":             false,
		"ftp://files.example/x":                       false,
		"//files.example/x":                           false,
		"/x":                                          false,
		"https://":                                    false,
		"https://files.example/%zz":                   false,
		"file:///etc/passwd":                          false,
	} {
		b := answering(t, func(*http.Request) (int, string) {
			return 200,
				fmt.Sprintf(`{"data":{"downloadUrl":%q,"expiresAt":"2026-06-01T00:00:00Z","fileName":"f","rowCount":"many"}}`,
					address)
		})
		_, err := b.Reporting.Export(t.Context(), may)
		require.Error(t, err, "the count is not a number")
		b = answering(t, func(r *http.Request) (int, string) {
			return 200, fmt.Sprintf(`{"data":{"downloadUrl":%q,"expiresAt":"2026-06-01T00:00:00Z","fileName":"f","rowCount":1}}`,
				address)
		})
		link, err := b.Reporting.Export(t.Context(), may)
		stored, refused := buyer.ExportLinkFrom(address)
		if good {
			require.NoError(t, err, address)
			assert.Equal(t, address, link.Reveal())
			require.NoError(t, refused, address)
			assert.Equal(t, address, stored.Reveal())
		} else {
			assert.Equal(t, []string{"address"}, problems(t, refused), address)
			assert.NotContains(t, refused.Error(), address)
			assert.Nil(t, stored)
			var unread *client.DecodeError
			require.ErrorAs(t, err, &unread, address)
			assert.NotContains(t, err.Error(), address)
		}
	}
	b := answering(t, func(*http.Request) (int, string) {
		t.Error("something was sent")
		return 500, ""
	})
	for _, link := range []*buyer.ExportLink{nil, {}} {
		_, err := b.Reporting.Download(t.Context(), link)
		assert.Equal(t, []string{"link"}, problems(t, err))
	}
}

// The other host gets the address as it is, and nothing of the Client's own. It is not followed elsewhere.
func TestADownloadCarriesNothing(t *testing.T) {
	t.Parallel()
	const address = "https://files.example/a%2Fb?sig=x%2By&a=%20"
	var hosts []string
	b := answering(t, func(r *http.Request) (int, string) {
		hosts = append(hosts, r.URL.Host)
		if r.URL.Host == "platform.example" {
			return 200, `{"data":{"downloadUrl":"` + address +
				`","expiresAt":"2026-06-01T00:00:00Z","fileName":"f","rowCount":1}}`
		}
		assert.Equal(t, address, r.URL.String())
		assert.Equal(t, http.Header{"User-Agent": {"interchange-go/" + client.Version}}, r.Header)
		return 307, ``
	}, client.WithSeat("seat_1"), client.WithHeader("X-Custom", "1"))
	link, err := b.Reporting.Export(t.Context(), may)
	require.NoError(t, err)
	_, err = b.Reporting.Download(t.Context(), link)
	var refusal *client.APIError
	require.ErrorAs(t, err, &refusal)
	assert.Equal(t, 307, refusal.StatusCode)
	assert.Equal(t, []string{"platform.example", "files.example"}, hosts)
}

// The context ends a download, also while it waits to be tried again, and Close lets go of what it holds.
func TestTheContextOfADownload(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		status := http.StatusServiceUnavailable
		var used context.Context
		b := buyer.New(connect(t, "https://platform.example", credential,
			client.WithTransport(roundTrip(func(r *http.Request) (*http.Response, error) {
				resp := &http.Response{
					StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
					Request: r, Body: io.NopCloser(strings.NewReader(
						`{"data":{"downloadUrl":"https://files.example/a?sig=1","expiresAt":"2026-06-01T00:00:00Z","fileName":"f",` +
							`"rowCount":1}}`)),
				}
				if r.URL.Host == "files.example" {
					used = r.Context()
					resp.StatusCode = status
				}
				return resp, nil
			}))))
		link, err := b.Reporting.Export(t.Context(), may)
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
		defer cancel()
		_, err = b.Reporting.Download(ctx, link)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorIs(t, err, client.ErrServiceUnavailable)

		status = http.StatusOK
		file, err := b.Reporting.Download(t.Context(), link)
		require.NoError(t, err)
		require.NoError(t, used.Err())
		require.NoError(t, file.Close())
		require.Error(t, used.Err())
	})
}

// slow is a body that takes its time, and as long as the request's context lasts.
type slow struct {
	ctx  context.Context
	left int
}

func (s *slow) Read(p []byte) (int, error) {
	select {
	case <-time.After(time.Minute):
	case <-s.ctx.Done():
		return 0, s.ctx.Err()
	}
	if s.left--; s.left < 0 {
		return 0, io.EOF
	}
	return copy(p, "row\n"), nil
}

func (*slow) Close() error { return nil }

// Only the beginning of a download has to be soon.
func TestALongDownload(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := buyer.New(connect(t, "https://platform.example", credential,
			client.WithTransport(roundTrip(func(r *http.Request) (*http.Response, error) {
				resp := &http.Response{
					StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
					Request: r, Body: io.NopCloser(strings.NewReader(
						`{"data":{"downloadUrl":"https://files.example/a?sig=1","expiresAt":"2026-06-01T00:00:00Z","fileName":"f",` +
							`"rowCount":1}}`)),
				}
				if r.URL.Host == "files.example" {
					resp.Body = &slow{r.Context(), 10}
				}
				return resp, nil
			}))))
		link, err := b.Reporting.Export(t.Context(), may)
		require.NoError(t, err)
		file, err := b.Reporting.Download(t.Context(), link)
		require.NoError(t, err)
		rows, err := io.ReadAll(file)
		require.NoError(t, err)
		assert.Equal(t, strings.Repeat("row\n", 10), string(rows))
		require.NoError(t, file.Close())
	})
}

type tracked struct {
	io.Reader
	closed bool
}

func (b *tracked) Close() error {
	b.closed = true
	return nil
}

// A redirect is an answer like any other that is no file: nobody goes there, by https or by http.
func TestADownloadIsNotLedElsewhere(t *testing.T) {
	t.Parallel()
	for _, target := range []string{
		"https://elsewhere.example/x", "http://files.example/x", "/other",
		"https://platform.example/",
	} {
		for _, status := range []int{301, 302, 303, 307, 308} {
			body := &tracked{Reader: strings.NewReader("moved to " + target)}
			var asked []string
			b := buyer.New(connect(t, "https://platform.example", credential,
				client.WithTransport(roundTrip(func(r *http.Request) (*http.Response, error) {
					asked = append(asked, r.URL.Host)
					resp := &http.Response{
						StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
						Request: r, Body: io.NopCloser(strings.NewReader(
							`{"data":{"downloadUrl":"https://files.example/a?sig=1","expiresAt":"2026-06-01T00:00:00Z","fileName":"f",` +
								`"rowCount":1}}`)),
					}
					if len(asked) > 1 {
						resp.StatusCode, resp.Header, resp.Body = status, http.Header{"Location": {target}}, body
					}
					return resp, nil
				}))))
			link, err := b.Reporting.Export(t.Context(), may)
			require.NoError(t, err)
			_, err = b.Reporting.Download(t.Context(), link)
			var refusal *client.APIError
			require.ErrorAs(t, err, &refusal)
			assert.Equal(t, status, refusal.StatusCode)
			assert.Equal(t, []string{"platform.example", "files.example"}, asked)
			assert.True(t, body.closed)
		}
	}
}

// An error that quotes the address is not passed on.
func TestATransportThatQuotesTheAddress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := buyer.New(connect(t, "https://platform.example", credential,
			client.WithTransport(roundTrip(func(r *http.Request) (*http.Response, error) {
				if r.URL.Host == "platform.example" {
					return &http.Response{
						StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
						Request: r, Body: io.NopCloser(strings.NewReader(
							`{"data":{"downloadUrl":"https://files.example/a?sig=1","expiresAt":"2026-06-01T00:00:00Z","fileName":"f",` +
								`"rowCount":1}}`)),
					}, nil
				}
				return nil, fmt.Errorf("tracing %s", r.URL)
			}))))
		link, err := b.Reporting.Export(t.Context(), may)
		require.NoError(t, err)
		_, err = b.Reporting.Download(t.Context(), link)
		var broken *client.TransportError
		require.ErrorAs(t, err, &broken)
		for ; err != nil; err = errors.Unwrap(err) {
			assert.NotContains(t, err.Error(), "sig=")
		}
	})
}

// A host that never answers is given up on.
func TestADownloadThatDoesNotBegin(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		hang := roundTrip(func(r *http.Request) (*http.Response, error) {
			if r.URL.Host == "platform.example" {
				return &http.Response{
					StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
					Request: r, Body: io.NopCloser(strings.NewReader(
						`{"data":{"downloadUrl":"https://files.example/x?sig=1","expiresAt":"2026-06-01T00:00:00Z","fileName":"f",` +
							`"rowCount":1}}`)),
				}, nil
			}
			tries++
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		b := buyer.New(connect(t, "https://platform.example", credential, client.WithTransport(hang)))
		link, err := b.Reporting.Export(t.Context(), may)
		require.NoError(t, err)
		_, err = b.Reporting.Download(t.Context(), link)
		require.ErrorIs(t, err, client.ErrAttemptTimeout)
		assert.Equal(t, 3, tries)
		var broken *client.TransportError
		require.ErrorAs(t, err, &broken)
		assert.Equal(t, "https://files.example", broken.Origin)
		assert.NotContains(t, err.Error(), "sig=")
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
