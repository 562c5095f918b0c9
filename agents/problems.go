package agents

import (
	"errors"
	"strings"

	"github.com/interchange-sdk/interchange-go/client"
)

// ErrAuthUnsupported is matched by every [UnsupportedAuthError].
var ErrAuthUnsupported = errors.New("interchange: this kind of authentication does not work here")

// UnsupportedAuthError says that an [Auth] has no form on the transport that it was given to. Nothing was sent. It
// matches [ErrAuthUnsupported] and client.ErrInvalidParams, and errors.As finds the *client.ParamError with everything
// else that was wrong.
type UnsupportedAuthError struct {
	// Auth names the kind, such as "custom header".
	Auth string
	// Works names the transports on which it does work; empty where there is none.
	Works []string

	params *client.ParamError
}

// Error lists everything that is wrong with the parameters.
func (e *UnsupportedAuthError) Error() string {
	if e.params == nil {
		return ErrAuthUnsupported.Error()
	}
	return e.params.Error()
}

// Unwrap returns the *client.ParamError.
func (e *UnsupportedAuthError) Unwrap() error {
	if e == nil || e.params == nil {
		return nil
	}
	return e.params
}

// Is matches ErrAuthUnsupported.
func (e *UnsupportedAuthError) Is(target error) bool { return target == ErrAuthUnsupported }

// The transports, as errors name them.
const (
	onSources     = "Register and UpdateSource on the current platform"
	onCredentials = "RegisterCredential on the current platform"
	onSales       = "RegisterSales on the first platform"
	onSignals     = "RegisterSignals on the first platform"
)

// works lists the transports on which an Auth has a form.
func (a Auth) works() []string {
	_, sources := a.sourceForm()
	_, credentials := a.credentialForm()
	_, sales := a.salesForm()
	_, signals := a.signalsForm()
	var names []string
	for _, transport := range [...]struct {
		name string
		ok   bool
	}{{onSources, sources}, {onCredentials, credentials}, {onSales, sales}, {onSignals, signals}} {
		if transport.ok {
			names = append(names, transport.name)
		}
	}
	return names
}

// problems collects what is wrong with the arguments of a call.
type problems struct {
	client.ParamError
	unsupported *UnsupportedAuthError
}

func newProblems(operation string) *problems {
	return &problems{ParamError: client.ParamError{Operation: operation}}
}

// unsupportedAuth notes that an Auth has no form on a transport.
func (p *problems) unsupportedAuth(a Auth, here string) {
	p.unsupported = &UnsupportedAuthError{Auth: a.name(), Works: a.works()}
	says := a.particular() + " does not work with " + here
	if len(p.unsupported.Works) > 0 {
		says += "; it works with " + together(p.unsupported.Works)
	} else {
		says += ", nor anywhere else"
	}
	if cure := a.cure(here); cure != "" {
		says += ": " + cure
	}
	p.Add("auth", says)
}

// together lists transports, and each platform once.
func together(transports []string) string {
	var text, last string
	for _, transport := range transports {
		call, platform, _ := strings.Cut(transport, " on ")
		switch {
		case platform == last:
			text += " and " + call
		case last != "":
			text += " on " + last + ", and with " + call
		default:
			text = call
		}
		last = platform
	}
	return text + " on " + last
}

// cure returns advice for an Auth that is not supported.
func (a Auth) cure(here string) string {
	switch {
	case a.kind != authOAuth:
		return ""
	case here == onSources:
		return "leave Issuer and Scope out, Audience has that role there"
	case here == onCredentials:
		return "leave Issuer, Scope and Audience out there"
	default:
		return "leave Audience out, Issuer and Scope are what it takes there"
	}
}

// particular names an Auth together with what makes it special.
func (a Auth) particular() string {
	var parts []string
	switch {
	case a.kind == authRaw && a.typ != "":
		return "raw authentication with an authentication type"
	case a.kind == authRaw:
		return "raw authentication without an authentication type"
	case a.oauth.Issuer != "":
		parts = append(parts, "an issuer")
	}
	if a.oauth.Scope != "" {
		parts = append(parts, "a scope")
	}
	if a.oauth.Audience != "" {
		parts = append(parts, "an audience")
	}
	if len(parts) == 0 {
		return a.name()
	}
	return a.name() + " with " + strings.Join(parts, " and ")
}

// err returns the collected problems, or nil.
func (p *problems) err() error {
	if p.unsupported != nil {
		p.unsupported.params = &p.ParamError
		return p.unsupported
	}
	return p.Err()
}
