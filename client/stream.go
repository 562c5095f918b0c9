package client

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// Stream makes one call and returns the response before its body is read: for event streams and downloads. Up to the
// headers it does everything that [Call] does, and [WithTimeout] limits each attempt. After that the body lasts as long
// as ctx and is not limited by [WithMaxBody]. If it breaks off, Read returns a [*TransportError]; it is not fetched
// again. The caller must close it.
//
// A response that is JSON, or has no content type, is read before Stream returns, within the attempts and
// [WithMaxBody], and retried if that is safe. An error response is returned together with its [*APIError]; its body
// needs no closing. A page of HTML or XML is an error, unless [Request.Accept] asks for one; so is JSON with an error,
// if Accept excludes JSON. The response's Request has only method and URL.
func (c *Client) Stream(ctx context.Context, op *Operation, req Request, opts ...CallOption) (*http.Response, error) {
	k, err := c.begin(ctx, op, opts)
	if err != nil {
		return nil, err
	}
	k.open = true
	defer k.release()
	if err = k.prepare(req); err == nil {
		err = k.send()
	}
	k.fill()
	resp := k.answer
	if resp != nil {
		resp.Request = &http.Request{Method: k.req.Method, URL: k.req.URL, Header: make(http.Header)}
	}
	if k.handed && err == nil {
		resp.Body = k.openBody(resp.Body)
		k.kept = true
		return resp, nil
	}
	k.markup = strings.Contains(req.Accept, "html") || strings.Contains(req.Accept, "xml")
	if err == nil && !k.markup && wire.LooksLikeMarkup(k.body) {
		err = k.decodeFailure(wire.NotJSON(k.body))
	}
	if err == nil && req.Accept != "" && !strings.Contains(req.Accept, "json") && !strings.Contains(req.Accept, "*") {
		if failure := wire.Failed(k.body); failure != nil {
			err = k.decodeFailure(failure)
		}
	}
	if resp != nil {
		body := k.takeBody()
		resp.Body, resp.ContentLength = &wholeBody{bytes.NewReader(body), body}, int64(len(body))
	}
	return resp, err
}

// wholeBody is a body that was read. Package mcpclient uses the bytes without another copy.
type wholeBody struct {
	*bytes.Reader
	body []byte
}

func (b *wholeBody) Bytes() []byte { return b.body }

// Close does nothing.
func (b *wholeBody) Close() error { return nil }

// handOver leaves the body of an answer to the caller, where the call wants that and the answer is worth it.
func (k *call) handOver(resp *http.Response) bool {
	if !k.open || resp.StatusCode < 200 || resp.StatusCode > 299 || readsWhole(resp.Header) {
		return false
	}
	k.stopClock()
	k.watch.stop()
	if watched, ok := resp.Body.(*watchedBody); ok {
		resp.Body = watched.ReadCloser
	}
	k.status, k.header, k.body = resp.StatusCode, resp.Header, nil
	k.answer, k.handed = resp, true
	return true
}

// readsWhole reports whether a response is a message or a page, not a stream.
func readsWhole(h http.Header) bool {
	media := mediaType(h)
	return media == "" || isJSON(media) || isMarkup(media)
}

func mediaType(h http.Header) string {
	media, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	return strings.ToLower(strings.TrimSpace(media))
}

func isJSON(media string) bool {
	return media == "application/json" || strings.HasSuffix(media, "+json")
}

func isMarkup(media string) bool {
	switch media {
	case "text/html", "application/xhtml+xml", "text/xml", "application/xml":
		return true
	}
	return false
}

// openBody is a body that outlives its call.
type openBody struct {
	call *call
	body io.ReadCloser
	read io.Reader
}

func (k *call) openBody(body io.ReadCloser) *openBody {
	b := &openBody{call: k, body: body, read: body}
	if !k.markup {
		b.read = wire.RefuseMarkup(body, k.decodeFailure)
	}
	return b
}

// Read reads on; an error becomes one of this package.
func (b *openBody) Read(p []byte) (int, error) {
	n, err := b.read.Read(p)
	var page *wire.NotPlatformError
	if err != nil && !errors.Is(err, io.EOF) && !errors.As(err, &page) {
		b.call.outcomeUncertain = true
		err = b.call.transportError(err)
	}
	return n, err
}

// Close ends the attempt.
func (b *openBody) Close() error {
	err := b.body.Close()
	b.call.kept = false
	b.call.release()
	return err
}
