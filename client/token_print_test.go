package client_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"text/template"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/interchange-sdk/interchange-go/client"
)

// tokenHolder has a token in every place where a printer may come upon it.
type tokenHolder struct {
	Exported   client.Token `json:"exported"`
	unexported client.Token
	Pointer    *client.Token
	unexpPtr   *client.Token
	Slice      []client.Token
	Array      [1]client.Token
	Map        map[string]client.Token
	Any        any
	unexpAny   any
	nested     *tokenHolder
}

func newTokenHolder(token client.Token) *tokenHolder {
	return &tokenHolder{
		Exported: token, unexported: token, Pointer: &token, unexpPtr: &token, Slice: []client.Token{token},
		Array: [1]client.Token{token}, Map: map[string]client.Token{"k": token}, Any: token, unexpAny: &token,
		nested: &tokenHolder{unexported: token, Any: []any{token}},
	}
}

// checkNoSecret wants no piece of the canned token's secret in a text, plain or encoded.
func checkNoSecret(t *testing.T, how, text string) {
	t.Helper()
	full := cannedTokenText()
	for _, encoded := range []string{
		base64.StdEncoding.EncodeToString([]byte(full)), base64.StdEncoding.EncodeToString([]byte(cannedSecretText)),
		hex.EncodeToString([]byte(cannedSecretText)), strings.ToUpper(hex.EncodeToString([]byte(cannedSecretText))),
		url.QueryEscape(full), fmt.Sprint([]byte(cannedSecretText)), full, cannedSecretText,
	} {
		// From the middle on, to be clear of the public half.
		encoded = encoded[len(encoded)/2:]
		for i := 0; i+8 <= len(encoded); i++ {
			if strings.Contains(text, encoded[i:i+8]) {
				t.Fatalf("%s shows the secret: %q", how, text)
			}
		}
	}
}

func TestTokenVerbs(t *testing.T) {
	t.Parallel()
	token := cannedToken(t)
	shown := "scope3_" + cannedClientID + "_…"
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%X", "%d", "%t", "%e", "%c", "%U", "%08.3v", "%-200v"} {
		assert.Equal(t, shown, fmt.Sprintf(verb, token), verb)
		assert.Equal(t, shown, fmt.Sprintf(verb, &token), verb)
	}
	assert.Equal(t, fmt.Sprintf("%q", shown), fmt.Sprintf("%q", token))
	assert.Equal(t, shown, fmt.Sprint(token))
	assert.Equal(t, shown, token.GoString())

	holder := newTokenHolder(token)
	values := map[string]any{
		"token": token, "pointer": &token, "holder": holder, "*holder": *holder, "slice": holder.Slice, "map": holder.Map,
		"key": map[client.Token]int{token: 1}, "any": []any{token, &token, holder}, "source": client.StaticToken(token),
		"variable": client.NewTokenVar(token), "struct": struct{ token client.Token }{token},
	}
	c, _ := canned(t)
	values["client"], values["*client"] = c, *c
	for _, verb := range []string{
		"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%p", "%t", "%e", "%c", "%U", "%T",
		"%!", "%08.3v",
	} {
		for name, v := range values {
			checkNoSecret(t, name+" as "+verb, fmt.Sprintf(verb, v))
		}
	}
	for name, v := range values {
		checkNoSecret(t, name+" in an error", fmt.Errorf("wrapped: %w, %v", context.Canceled, v).Error())
	}
}

func TestTokenLogged(t *testing.T) {
	t.Parallel()
	token := cannedToken(t)
	for name, handler := range map[string]func(*bytes.Buffer) slog.Handler{
		"text": func(b *bytes.Buffer) slog.Handler {
			return slog.NewTextHandler(b, &slog.HandlerOptions{AddSource: true})
		},
		"JSON": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
	} {
		var b bytes.Buffer
		log := slog.New(handler(&b))
		log.With("token", token).WithGroup("g").Error("m", "token", token, "pointer", &token, "holder", newTokenHolder(token),
			slog.Group("group", "slice", []client.Token{token}), "map", map[string]any{"k": token}, "source",
			client.StaticToken(token))
		assert.Contains(t, b.String(), cannedClientID, name)
		checkNoSecret(t, "slog "+name, b.String())
	}
}

func TestTokenEncoded(t *testing.T) {
	t.Parallel()
	token := cannedToken(t)
	type element struct {
		XMLName xml.Name     `xml:"t"`
		Attr    client.Token `xml:"attr,attr"`
		Inner   client.Token `xml:"inner"`
	}
	encoders := map[string]func(any) ([]byte, error){
		"json":    json.Marshal,
		"json v2": func(v any) ([]byte, error) { return jsonv2.Marshal(v) },
		"xml":     xml.Marshal,
		"gob": func(v any) ([]byte, error) {
			var b bytes.Buffer
			err := gob.NewEncoder(&b).Encode(v)
			return b.Bytes(), err
		},
		"template": func(v any) ([]byte, error) {
			var b bytes.Buffer
			err := template.Must(template.New("").Parse(`{{.}} {{printf "%#v" .}}`)).Execute(&b, v)
			return b.Bytes(), err
		},
	}
	for how, encode := range encoders {
		for _, v := range []any{
			token, &token, newTokenHolder(token),
			[]client.Token{token},
			map[string]client.Token{"k": token},
			map[client.Token]string{token: "v"},
			element{Attr: token, Inner: token},
			struct{ T client.Token }{token},
			client.StaticToken(token), client.NewTokenVar(token),
		} {
			out, err := encode(v)
			checkNoSecret(t, how, string(out))
			checkNoSecret(t, how, fmt.Sprint(err))
		}
	}
	text, err := token.MarshalText()
	require.NoError(t, err)
	assert.Equal(t, token.String(), string(text))
	asJSON, err := json.Marshal(token)
	require.NoError(t, err)
	assert.Equal(t, `"`+token.String()+`"`, string(asJSON))
	asXML, err := xml.Marshal(element{Attr: token, Inner: token})
	require.NoError(t, err)
	assert.Equal(t, `<t attr="`+token.String()+`"><inner>`+token.String()+`</inner></t>`, string(asXML))
}

// A failing test prints both sides with a dumper that walks into unexported fields and through pointers.
func TestTokenInTestDiffs(t *testing.T) {
	t.Parallel()
	token := cannedToken(t)
	other, err := client.ParseOpaqueToken("other")
	require.NoError(t, err)
	c, _ := canned(t)
	// A call leaves the ready-made header value with the client.
	current, err := c.Token(t.Context())
	require.NoError(t, err)
	var r cannedRecorder
	assert.Equal(&r, token, other)
	assert.Equal(&r, newTokenHolder(token), newTokenHolder(other))
	assert.Equal(&r, *newTokenHolder(current), tokenHolder{})
	assert.Equal(&r, client.StaticToken(token), client.StaticToken(other))
	assert.Equal(&r, client.NewTokenVar(token), client.NewTokenVar(other))
	assert.EqualValues(&r, map[string]any{"t": token}, map[string]any{"t": other})
	assert.Equal(&r, c, (*client.Client)(nil))
	assert.ElementsMatch(&r, []client.Token{token}, []client.Token{other})
	assert.Nil(&r, newTokenHolder(token))
	assert.Empty(&r, token)
	assert.Greater(t, r.Len(), 3000, "the dumps were made")
	checkNoSecret(t, "a test diff", r.String())
}

// The runtime prints what a program panicked with. That cannot be caught, so the program is this test, run again.
func TestTokenInPanics(t *testing.T) {
	const variable = "INTERCHANGE_TEST_PANIC"
	token := cannedToken(t)
	panics := map[string]func(){
		"token":   func() { panic(token) },
		"pointer": func() { panic(&token) },
		"holder":  func() { panic(*newTokenHolder(token)) },
		"error":   func() { panic(fmt.Errorf("%v: %w", token, context.Canceled)) },
	}
	if kind := os.Getenv(variable); kind != "" {
		panics[kind]()
	}
	for kind := range panics {
		again := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestTokenInPanics$")
		again.Env = append(os.Environ(), variable+"="+kind, "GOTRACEBACK=all")
		out, err := again.CombinedOutput()
		require.Error(t, err)
		assert.Contains(t, string(out), "panic: ", kind)
		checkNoSecret(t, "a panic with a "+kind, string(out))
	}
}
