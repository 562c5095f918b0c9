package agents

import (
	"cmp"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// shortestMasked is the length from which on a secret is masked: shorter ones would be found in ordinary words.
const shortestMasked = 8

// secrets lists what must not be read in an error.
func (a Auth) secrets() []string {
	var all []string
	switch a.kind {
	case authBasic:
		pair := a.first.Reveal() + ":" + a.second.Reveal()
		all = []string{a.second.Reveal(), base64.StdEncoding.EncodeToString([]byte(pair))}
	case authHeader:
		all = []string{a.second.Reveal()}
	case authRaw:
		all = leaves(jsontext.Value(a.first.Reveal()))
	case authJWT:
		key := a.first.Reveal()
		all = append([]string{key}, strings.Fields(key)...)
	default:
		all = []string{a.first.Reveal()}
	}
	var long []string
	for _, s := range all {
		if len(s) < shortestMasked {
			continue
		}
		long = append(long, s)
		for _, forHTML := range [...]bool{false, true} { // as a request has it that is quoted whole
			quoted, err := json.Marshal(s, jsontext.EscapeForHTML(forHTML))
			if err == nil && string(quoted[1:len(quoted)-1]) != s {
				long = append(long, string(quoted[1:len(quoted)-1]))
			}
		}
	}
	// The longest first: what another one begins with would leave the rest of that.
	slices.SortFunc(long, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	return long
}

// leaves are the texts in a JSON value, without the names of its members.
func leaves(value jsontext.Value) []string {
	var all []string
	dec := jsontext.NewDecoder(strings.NewReader(string(value)))
	for {
		token, err := dec.ReadToken()
		if err != nil {
			return all
		}
		kind, length := dec.StackIndex(dec.StackDepth())
		isName := kind == '{' && length%2 == 1
		if token.Kind() == '"' && !isName {
			all = append(all, strings.Fields(token.String())...)
		}
	}
}

// masked hides the secrets of an Auth in an error: the platform may quote what it was sent.
func (a Auth) masked(err error) error {
	if err == nil || a.IsZero() {
		return err
	}
	secrets := a.secrets()
	if len(secrets) == 0 {
		return err
	}
	var pairs []string
	for _, s := range secrets {
		pairs = append(pairs, s, "…")
	}
	mask := strings.NewReplacer(pairs...).Replace
	for pending := []error{err}; len(pending) > 0; pending = pending[1:] {
		switch e := pending[0].(type) { //nolint:errorlint // walks the tree itself
		case *client.APIError:
			maskAPIError(e, mask)
		case interface{ Unwrap() error }:
			if inner := e.Unwrap(); inner != nil {
				pending = append(pending, inner)
			}
		case interface{ Unwrap() []error }:
			pending = append(pending, e.Unwrap()...)
		}
	}
	return err
}

func maskAPIError(e *client.APIError, mask func(string) string) {
	for _, field := range [...]*string{&e.Code, &e.Message, &e.Field, &e.Suggestion, &e.RequestID} {
		*field = mask(*field)
	}
	for i := range e.Issues {
		e.Issues[i].Path, e.Issues[i].Message = mask(e.Issues[i].Path), mask(e.Issues[i].Message)
	}
	if e.Details != nil {
		e.Details = wire.MaskJSON(e.Details, mask)
	}
}
