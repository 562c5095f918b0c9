package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// safeBody is a JSON body without what is secret in it: tokens of the platform, and what it is to authenticate to
// agents with. A body that cannot be read may hold a secret anywhere; it is kept only where there is no text in it at
// all.
func safeBody(data []byte) string {
	value, err := decodeNumbers(data)
	switch {
	case err != nil && bytes.IndexByte(data, '"') >= 0:
		return hidden
	case err == nil && hideSecrets(value, false):
		data = encodeJSON(value)
	}
	return redact(string(data[:min(len(data), maxBody)]))
}

// isSecretMember reports whether a field of a body is secret.
func isSecretMember(name string) bool {
	switch strings.ToLower(name) {
	case "token", "password", "privatekey", "private_key", "clientsecret", "client_secret", "refreshtoken",
		"refresh_token",
		"headervalue", "apikey", "api_key", "secret", "credentials":
		return true
	}
	return false
}

// isAuthMember reports whether all texts in a field are secret, except the one that names their form.
func isAuthMember(name string) bool {
	switch strings.ToLower(name) {
	case "auth", "auth_config", "authconfig", "config":
		return true
	}
	return false
}

// hideSecrets hides the secrets in a value and reports whether there were any. Within an auth member all texts and
// numbers are.
func hideSecrets(value any, within bool) bool {
	found := false
	switch v := value.(type) {
	case []any:
		for i, item := range v {
			if within && isScalar(item) {
				v[i], found = hidden, true
			} else {
				found = hideSecrets(item, within) || found
			}
		}
	case map[string]any:
		for name, item := range v {
			secret := within && name != "type" && name != "auth_type" || isSecretMember(name) || isAuthMember(name)
			if secret && isScalar(item) {
				v[name], found = hidden, true
			} else {
				found = hideSecrets(item, within || isAuthMember(name)) || found
			}
		}
	}
	return found
}

func isScalar(value any) bool {
	switch value.(type) {
	case string, json.Number:
		return true
	}
	return false
}

// decodeNumbers reads one JSON value and leaves its numbers as they are written.
func decodeNumbers(data []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one JSON value")
	}
	return v, nil
}
