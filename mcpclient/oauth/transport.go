package oauth

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/interchange-sdk/interchange-go/internal/check"
	"github.com/interchange-sdk/interchange-go/internal/netfailure"
)

const (
	httpTimeout  = 30 * time.Second
	maxResponse  = 1 << 20
	maxRedirects = 5
)

// encryptedOrLoopback reports whether credentials may be sent to u.
func encryptedOrLoopback(u *url.URL) bool {
	_, problem := check.Host(u)
	return problem == "" && u.User == nil && u.Host != "" &&
		(u.Scheme == "https" || (u.Scheme == "http" && check.Loopback(u.Hostname())))
}

// newHTTPClient returns the client that discovers, registers, exchanges and refreshes. Servers name the URLs, so every
// request is checked.
func newHTTPClient(transport http.RoundTripper) *http.Client {
	return &http.Client{
		Transport: safeTransport{netfailure.Direct(transport)},
		Timeout:   httpTimeout,
		CheckRedirect: func(next *http.Request, via []*http.Request) error {
			first := via[0]
			switch {
			case first.Method != http.MethodGet || next.Method != http.MethodGet:
				return errors.New("a redirect of a POST is not followed")
			case !sameOrigin(first.URL, next.URL):
				return errors.New("a redirect to another origin is not followed")
			case len(via) > maxRedirects:
				return fmt.Errorf("more than %d redirects in a row are not followed", maxRedirects)
			}
			return nil
		},
	}
}

// exchange sends a request for JSON and reads the response.
func exchange(c *http.Client, req *http.Request) (status int, body []byte, err error) {
	req.Header.Set("Accept", "application/json")
	resp, err := c.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(resp.Body)
	return resp.StatusCode, body, err
}

func sameOrigin(a, b *url.URL) bool {
	port := func(u *url.URL) string {
		if p := u.Port(); p != "" {
			return p
		}
		return u.Scheme // stands for its own port
	}
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

// safeTransport rejects requests that would cross a network unencrypted, and bounds the responses.
type safeTransport struct{ next http.RoundTripper }

func (t safeTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	if !encryptedOrLoopback(req.URL) {
		if req.Body != nil {
			_ = req.Body.Close()
		}
		return nil, &Error{reason: "the authorization server is neither https nor on a loopback address"}
	}
	resp, err := t.next.RoundTrip(req)
	if err == nil && resp.Body != nil {
		resp.Body = &boundedBody{ReadCloser: resp.Body, left: maxResponse}
	}
	return resp, err
}

// boundedBody fails where it is read beyond its limit.
type boundedBody struct {
	io.ReadCloser
	left int
}

func (b *boundedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p[:min(len(p), b.left+1)])
	if b.left -= n; b.left < 0 {
		return 0, &Error{reason: "a response of the authorization server is larger than 1 MiB"}
	}
	return n, err
}
