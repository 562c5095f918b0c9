package client

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// shortestMasked is the length from which a credential is looked for in texts. A shorter one would be found in ordinary
// words.
const shortestMasked = 8

// masker returns a function that hides a credential in texts: as it is, without its public half, and escaped for a URL.
func masker(token Token) func(string) string {
	whole, secretPart := token.Reveal(), token.RevealSecret()
	if len(whole) < shortestMasked {
		return func(s string) string { return s }
	}
	if len(secretPart) < shortestMasked {
		secretPart = whole
	}
	forms := []string{whole, secretPart}
	for _, escape := range []func(string) string{url.QueryEscape, url.PathEscape} {
		if escaped := escape(secretPart); escaped != secretPart {
			forms = append(forms, escaped)
		}
	}
	return func(s string) string {
		for _, form := range forms {
			if strings.Contains(s, form) {
				s = strings.ReplaceAll(s, form, "…")
			}
		}
		return s
	}
}

// hide hides the credential in a text, in case a peer or a transport quotes it. Nothing is hidden of a nil credential.
func (c *credential) hide(s string) string {
	if c == nil {
		return s
	}
	return c.mask(s)
}

// quotedBy reports whether a text is or holds the credential.
func (c *credential) quotedBy(text string) bool {
	return text != "" && (c.mask(text) != text || text == c.token.Reveal())
}

// checkQuery reports the query parameters that are credentials.
func checkQuery(e *ParamError, query url.Values) {
	for name, values := range query {
		if slices.ContainsFunc(values, wire.HoldsCredential) {
			e.Add(name, "is a credential, which must not be part of a URL")
		}
	}
}

// credential returns what the next attempt carries. If the URL of the request holds it as well, that is an error:
// servers and proxies log URLs.
func (k *call) credential() (*credential, error) {
	cred, err := k.client.creds.get(k.ctx)
	if err != nil {
		return nil, err
	}
	for _, value := range k.values {
		if cred.quotedBy(value) {
			return nil, &ParamError{
				Operation: k.op.name(), Issues: []Issue{{"path", "has the credential as a value: pass the id of the resource"}},
			}
		}
	}
	if query := k.req.URL.RawQuery; query != "" && cred.quotedBy(query) {
		return nil, &ParamError{Operation: k.op.name(), Issues: []Issue{{"query", "has the credential as a value"}}}
	}
	return cred, nil
}

// hideInHeader hides the credential in the headers of a response.
func (c *credential) hideInHeader(h http.Header) {
	if c == nil {
		return
	}
	for _, values := range h {
		for i, value := range values {
			if hidden := c.mask(value); hidden != value {
				values[i] = hidden
			}
		}
	}
}

// hideError returns err, or if it or an error that it wraps quotes the credential, an error that matches the same and
// does not quote it.
func (c *credential) hideError(err error) error {
	if c == nil || err == nil {
		return err
	}
	if anyError(err, func(e error) bool { return c.mask(e.Error()) != e.Error() }) {
		return &maskedError{text: c.mask(err.Error()), of: func() error { return err }}
	}
	return err
}

// maskedError replaces an error whose text, or that of an error which it wraps, quotes the credential. It has no Unwrap
// method, as that would lead to the text.
type maskedError struct {
	text string
	of   func() error
}

// Error returns the text with the credential hidden.
func (e *maskedError) Error() string { return e.text }

// Is matches what the error matches.
func (e *maskedError) Is(target error) bool { return errors.Is(e.of(), target) }

// As finds what the error wraps.
func (e *maskedError) As(target any) bool { return errors.As(e.of(), target) }

// lastCredential returns the credential that was used last, or nil.
func (c *Client) lastCredential() *credential {
	in := c.in()
	if in == nil {
		return nil
	}
	return in.creds.current.Load()
}

// origin returns the origin of the base URL.
func (c *Client) origin() string {
	in := c.in()
	if in == nil {
		return ""
	}
	return origin(in.base)
}
