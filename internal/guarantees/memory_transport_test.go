package guarantees

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/webhooks"
)

// errorStatuses are a final status and one that may be retried.
var errorStatuses = []int{400, 500}

func errorBombs() []bomb {
	var all []bomb
	for _, body := range []struct {
		name string
		text text
	}{
		{"issues", text{`{"error":{"code":"VALIDATION_ERROR","details":{"issues":[`, `{},`, `{}]}}}`}},
		{"issues with paths", text{`{"error":{"details":{"issues":[`, `{"path":["a",%d],"message":"m"},`, `{}]}}}`}},
		{"path", text{`{"error":{"details":{"issues":[{"path":[`, `0,`, `0]}]}}}`}},
		{"details", text{`{"error":{"details":{"x":"`, `x`, `"}}}`}},
		{"message", text{`{"error":{"message":"`, `x`, `"}}`}},
		{"escapes", text{`{"error":{"message":"`, `\u0001`, `"}}`}},
		{"tokens", text{`{"error":{"message":"`, `scope3_x `, `"}}`}},
		{"code", text{`{"error":{"code":"`, `X`, `"}}`}},
		{"status", text{`{"error":{"status":`, `4`, `}}`}},
		{"delay", text{`{"error":{"retryAfter":"`, `9`, `"}}`}},
		{"reset time", text{`{"error":{"resetTime":"`, `9`, `"}}`}},
		{"members", text{`{"error":{`, `"%d":0,`, `"":0}}`}},
		{"errors", text{`{"errors":[`, `{"message":"x"},`, `{}]}`}},
		{"deep", text{`{"error":`, `{"error":`, ``}},
		{"deep lists", text{`{"error":`, `[`, ``}},
		{"HTML", text{`<html><title>`, `<p>`, `</title></html>`}},
		{"no text", text{``, "\x00", ``}},
	} {
		// Below the limit of errors, so that it is read as JSON; above it; and as a success, whose limit is larger.
		const limit = 1 << 20
		for _, status := range errorStatuses {
			all = append(all,
				newBomb(fmt.Sprintf("%d/%s", status, body.name), sends(status, limit-100<<10, body.text), getOf("Get")))
		}
		all = append(all,
			newBomb("400/long "+body.name, sends(400, size, body.text), getOf("call without a result")),
			newBomb("200 with error/"+body.name, sends(200, size, body.text), getOf("Get")),
			newBomb("200 with error/no result/"+body.name, sends(200, size, body.text), getOf("call without a result")),
		)
	}
	return append(all,
		newBomb("500/endless", sends(500, endless, text{`{"error":"`, `x`, ``}), getOf("Get")))
}

func transportBombs() []bomb {
	all := []bomb{
		{
			name: "redirects/to itself", serve: redirects(func(r *http.Request) string { return r.URL.Path }),
			call: getOf("Get"),
		},
		{name: "redirects/longer and longer", serve: redirects(func(r *http.Request) string {
			return r.URL.Path + "?" + r.URL.RawQuery + strings.Repeat("x", 150<<10)
		}), call: getOf("Get")},
		{name: "redirects/long location", serve: redirects(func(*http.Request) string {
			return "/" + strings.Repeat("x", 1000<<10)
		}), call: getOf("Get")},
		{name: "redirects/long location elsewhere", serve: redirects(func(*http.Request) string {
			return "http://" + strings.Repeat("x", 1000<<10)
		}), call: getOf("Get")},
		{name: "redirects/endless body", serve: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", r.URL.Path)
			sends(307, endless, text{"", "x", ""})(w, r)
		}, call: getOf("Get")},
		{
			name: "redirects/of a write", serve: redirects(func(r *http.Request) string { return r.URL.Path }),
			call: getOf("call without a result"),
		},
		{
			name: "headers/endless", serve: rawHead("HTTP/1.1 200 OK\r\n", "X-Header: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n"),
			call: getOf("Get"),
		},
		{
			name: "headers/endless name", serve: rawHead("HTTP/1.1 200 OK\r\n", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
			call: getOf("Get"),
		},
		{
			name: "headers/endless status line", serve: rawHead("HTTP/1.1 200 OK", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
			call: getOf("Get"),
		},
		{
			name: "headers/endless 1xx", serve: rawHead("", "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"),
			call: getOf("Get"),
		},
		{
			name: "headers/endless trailers", serve: rawHead(
				"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n", "X-Trailer: xxxxxxxxxxxxxxxxxxxxxxxx\r\n"),
			call: getOf("Get"),
		},
		{name: "headers/endless chunk extension", serve: rawHead(
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"), call: getOf("Get")},
		{name: "headers/tiny chunks", serve: rawHead(
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1;xxxxxxxx\r\n \r\n"), call: getOf("Get")},
		{
			name: "length/announced and never sent", serve: rawHead("HTTP/1.1 200 OK\r\nContent-Length: 33554432\r\n\r\n{", ""),
			call: getOf("Get"), silent: true,
		},
		{name: "slow/headers", serve: waits, call: getOf("Get"), silent: true},
		{name: "slow/body", serve: func(w http.ResponseWriter, r *http.Request) {
			sends(200, 1, text{`{"id":"`, "x", ""})(w, r)
			w.(http.Flusher).Flush()
			waits(w, r)
		}, call: getOf("Get"), silent: true},
		{name: "slow/error body", serve: func(w http.ResponseWriter, r *http.Request) {
			sends(400, 1, text{`{"error":"`, "x", ""})(w, r)
			w.(http.Flusher).Flush()
			waits(w, r)
		}, call: getOf("Get"), silent: true},
		{name: "download/endless", serve: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/csv")
			text{"", "a,b,c\n", ""}.writeTo(w, endless)
		}, call: download, endless: true, limit: 8 << 20},
		{name: "download/endless gzip", serve: zipped("gzip", "text/csv", 1), call: download, endless: true, limit: 8 << 20},
		{name: "download/JSON instead", serve: sends(200, endless, text{`{"a":"`, "x", ""}), call: download},
		{name: "download/JSON of 32 MiB", serve: sends(200, 32<<20-100, text{`"`, "x", `"`}), call: download},
		{name: "download/spaces before a page", serve: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/csv")
			text{"", " ", "<html>"}.writeTo(w, endless)
		}, call: download, endless: true, limit: 8 << 20},
		{name: "webhook/members", serve: http.NotFound, call: delivery(text{`{"type":"x","data":{`, `"%d":0,`, `"":0}}`})},
		{name: "webhook/objects", serve: http.NotFound, call: delivery(text{`{"type":"x","data":[`, `{},`, `{}]}`})},
		{name: "webhook/deep", serve: http.NotFound, call: delivery(text{`{"event":`, `{"event":`, ``})},
		{name: "webhook/endless", serve: http.NotFound, call: func(ctx context.Context, p *peer) error {
			return deliver(ctx, p, io.MultiReader(strings.NewReader(`{"`), repeat{"x"}))
		}},
	}
	for _, encoding := range []string{"gzip", "x-gzip", "GZIP"} {
		all = append(all,
			newBomb(encoding+"/spaces", zipped(encoding, "application/json", 1), getOf("Get")),
			newBomb(encoding+"/spaces, no result", zipped(encoding, "application/json", 1), getOf("call without a result")),
			bomb{
				name: encoding + "/empty files", serve: zipped(encoding, "application/json", 0), call: getOf("Get"),
				silent: true,
			},
			newBomb(encoding+"/long name", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Encoding", encoding)
				text{"\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\x00", "x", ""}.writeTo(w, endless)
			}, getOf("Get")),
		)
	}
	return all
}

func redirects(to func(*http.Request) string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", to(r))
		w.WriteHeader(http.StatusPermanentRedirect)
	}
}

// waits sends nothing until the client is gone. The server notices that only after it has read the request.
func waits(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

// rawHead sends begin and then part without end, even against HTTP. Without a part it waits.
func rawHead(begin, part string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		if part == "" {
			_, _ = io.WriteString(conn, begin)
			_, _ = io.Copy(io.Discard, conn)
			return
		}
		text{begin, part, ""}.writeTo(conn, endless)
	}
}

// zipped sends gzip files of so many MiB of spaces each, one after the other.
func zipped(encoding, contentType string, mebibytes int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", encoding)
		w.Header().Set("Content-Type", contentType)
		var file strings.Builder
		z, _ := gzip.NewWriterLevel(&file, gzip.BestCompression)
		_, _ = z.Write([]byte(strings.Repeat(" ", mebibytes<<20)))
		_ = z.Close()
		for {
			if _, err := io.WriteString(w, file.String()); err != nil {
				return
			}
		}
	}
}

// download reads a stream as if to write it to a file.
func download(ctx context.Context, p *peer) error {
	op := client.Operation{ID: "download", Mount: client.MountBuyer, Path: "/file"}
	resp, err := p.client.Stream(ctx, &op, client.Request{Accept: "text/csv"})
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

// delivery is a signed request to a webhook.
func delivery(body text) func(context.Context, *peer) error {
	return func(ctx context.Context, p *peer) error {
		var b strings.Builder
		body.writeTo(&b, webhooks.DefaultMaxBody-100<<10)
		return deliver(ctx, p, strings.NewReader(b.String()))
	}
}

func deliver(ctx context.Context, p *peer, body io.Reader) error {
	sent, err := io.ReadAll(io.LimitReader(body, webhooks.DefaultMaxBody+1))
	if err != nil {
		return err
	}
	secret, err := client.ParseOpaqueToken("secret-of-a-webhook")
	if err != nil {
		return err
	}
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, p.url, io.MultiReader(strings.NewReader(string(sent)), body))
	r.Header.Set(webhooks.InterchangeSignature, sign(sent, secret))
	w := httptest.NewRecorder()
	(&webhooks.Handler{
		Header: webhooks.InterchangeSignature, Secrets: webhooks.Secrets(secret),
		Handle: func(context.Context, webhooks.Event) error { return nil },
	}).ServeHTTP(w, r)
	return fmt.Errorf("status %d", w.Code)
}

// repeat is an endless text.
type repeat struct{ text string }

func (r repeat) Read(p []byte) (int, error) {
	return copy(p, strings.Repeat(r.text, len(p)/len(r.text)+1)), nil
}
