package client

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
)

// Stream makes one call and hands its answer over with the body still to be read: for event streams and downloads. All
// that [Call] does up to the headers is done here too; [WithTimeout] limits each attempt up to them. From there on the
// body lasts as long as ctx, is not limited by [WithMaxBody] and is not fetched again when it breaks: Read then fails with
// a [*TransportError]. The caller must close it.
//
// An answer that is JSON, or of no type, is read before Stream returns, within the attempts and within [WithMaxBody], so
// that one which breaks off is repeated where that is safe. An error answer is returned beside its [*APIError]; its body
// needs no closing. The response's Request names method and URL only.
func (c *Client) Stream(ctx context.Context, op *Operation, req Request, opts ...CallOption) (*http.Response, error) {
	k := &call{Context: ctx, client: c, op: op, cfg: c.cfg.call, policy: c.policy, open: true}
	k.cfg.apply(opts)
	defer k.release()
	err := k.prepare(req)
	if err == nil {
		err = k.send()
	}
	k.fill()
	resp := k.answer
	if resp != nil {
		resp.Request = &http.Request{Method: k.req.Method, URL: k.req.URL, Header: make(http.Header)}
	}
	if k.handed && err == nil {
		resp.Body = &openBody{call: k, body: resp.Body}
		k.kept = true
		return resp, nil
	}
	if resp != nil {
		body := slices.Clone(k.body)
		resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	}
	return resp, err
}

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

// readsWhole tells the answers that are messages, not streams.
func readsWhole(h http.Header) bool {
	contentType := h.Get("Content-Type")
	media, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		media, _, _ = strings.Cut(contentType, ";")
	}
	return media == "" || media == "application/json" || strings.HasSuffix(media, "+json")
}

// openBody is a body that outlives its call.
type openBody struct {
	call *call
	body io.ReadCloser
}

// Read reads on; what breaks it becomes an error of this package.
func (b *openBody) Read(p []byte) (int, error) {
	n, err := b.body.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		b.call.mayBeApplied = true
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
