package mcpclient

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// Result is the whole result of a tool: CallTool[mcpclient.Result]. Printed or logged, it shows only its size, because
// the content may include a secret.
type Result struct {
	// Blocks are the content blocks, in order.
	Blocks []Block
	// Structured is the structured content; nil if there is none.
	Structured jsontext.Value

	isError bool
	op      *client.Operation
	client  *client.Client
	header  http.Header
	raw     jsontext.Value
	data    jsontext.Value
}

// String returns the size of the result.
func (r Result) String() string {
	const form = "result of %d blocks, %d bytes of text, %d bytes of data"
	return fmt.Sprintf(form, len(r.Blocks), len(r.Text()), len(r.JSON()))
}

// Format shows String, whatever the verb.
func (r Result) Format(f fmt.State, verb rune) { wire.Format(f, verb, r.String()) }

// LogValue shows String.
func (r Result) LogValue() slog.Value { return slog.StringValue(r.String()) }

// Block is one content block of a [Result]. Fields that its type does not have are empty.
type Block struct {
	// Type is "text", "image", "audio", "resource" or "resource_link".
	Type string
	// Text is the text of a text block or of an embedded resource, such as an HTML page.
	Text string
	// MIMEType and URI describe content other than plain text.
	MIMEType, URI string
	// Name and Size describe a resource link. Size is in bytes, 0 if it is not known.
	Name string
	Size int64
	// Data is an image, a sound or a binary resource, decoded.
	Data []byte
}

// wireResult is a result of tools/call in the form of the protocol.
type wireResult struct {
	Content []struct {
		Type     string         `json:"type"`
		Text     string         `json:"text"`
		Data     binary         `json:"data"`
		MIMEType string         `json:"mimeType"`
		URI      string         `json:"uri"`
		Name     string         `json:"name"`
		Title    string         `json:"title"`
		Size     jsontext.Value `json:"size"`
		Resource struct {
			URI      string `json:"uri"`
			MIMEType string `json:"mimeType"`
			Text     string `json:"text"`
			Blob     binary `json:"blob"`
		} `json:"resource"`
	} `json:"content"`
	IsError jsontext.Value `json:"isError"`
}

// readResult decodes the result of a tool. A result that is not in the form of the protocol does not prove that the
// tool ran.
func readResult(c *client.Client, op *client.Operation, header http.Header, raw jsontext.Value) (*Result, error) {
	var w wireResult
	if err := wire.CheckResult(raw, &w); err != nil {
		return nil, unprovenError(c, op, http.StatusOK, header, nil, err)
	}
	if err := json.Unmarshal(raw, &w, jsontext.AllowInvalidUTF8(true)); err != nil || raw.Kind() != '{' {
		return nil, unprovenError(c, op, http.StatusOK, header, raw, errNotResult)
	}
	isError, ok := readFlag(w.IsError)
	if !ok {
		return nil, unprovenError(c, op, http.StatusOK, header, raw, errNotResult)
	}
	r := &Result{isError: isError, op: op, client: c, header: header, raw: raw}
	if structured := member(raw, "structuredContent"); structured.Kind() != 'n' && len(structured) > 0 {
		r.Structured = structured // not copied: it may be large
	}
	for _, b := range w.Content {
		block := Block{
			Type: b.Type, Text: b.Text, Data: b.Data, MIMEType: b.MIMEType, URI: b.URI, Name: b.Name,
		}
		if b.Name == "" {
			block.Name = b.Title
		}
		if size, err := strconv.ParseFloat(wire.Text(b.Size), 64); err == nil && size > 0 && size < 1<<62 {
			block.Size = int64(size)
		}
		if b.Type == "resource" {
			block.Text, block.Data = b.Resource.Text, b.Resource.Blob
			block.MIMEType, block.URI = b.Resource.MIMEType, b.Resource.URI
		}
		r.Blocks = append(r.Blocks, block)
	}
	r.data = r.findData()
	return r, nil
}

// readFlag reads a bool, also in the spellings of other languages. ok is false if v cannot mean a bool.
func readFlag(v jsontext.Value) (set, ok bool) {
	switch v.Kind() {
	case 0, 'n', 'f':
		return false, true
	case 't':
		return true, true
	case '"', '0':
		switch strings.ToLower(strings.TrimSpace(wire.Text(v))) {
		case "true", "1":
			return true, true
		case "false", "0", "":
			return false, true
		}
	}
	return false, false
}

// binary decodes base64 without a copy of the text. Malformed data is dropped, so that the other blocks can be read.
type binary []byte

// UnmarshalJSONFrom reads a string.
func (b *binary) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	quoted, err := dec.ReadValue()
	if err != nil || len(quoted) <= len(`""`) {
		return err
	}
	text := []byte(quoted[1 : len(quoted)-1])
	if quoted.Kind() != '"' {
		return errNotResult
	}
	if bytes.IndexByte(text, '\\') >= 0 {
		if text, err = jsontext.AppendUnquote(nil, quoted); err != nil {
			return err
		}
	}
	decoded := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	if n, err := base64.StdEncoding.Decode(decoded, text); err == nil {
		*b = decoded[:n]
	}
	return nil
}

// maxErrorText bounds an error text that is no JSON, in bytes.
const maxErrorText = 64 << 10

var errNotResult = errors.New("it is not the result of a tool")

// Text returns the text of all blocks, HTML included, joined by line ends.
func (r Result) Text() string {
	var texts []string
	for _, b := range r.Blocks {
		if b.Text != "" {
			texts = append(texts, b.Text)
		}
	}
	return strings.Join(texts, "\n")
}

// textOrData returns the text, or the data if there is no text.
func (r Result) textOrData() string {
	if text := r.Text(); text != "" {
		return text
	}
	return string(r.Structured)
}

// JSON returns the structured content, or the first text block that is JSON, unchanged; nil if there is neither.
func (r Result) JSON() jsontext.Value {
	if r.data != nil {
		return r.data
	}
	return r.findData()
}

func (r *Result) findData() jsontext.Value {
	if r.Structured != nil {
		return r.Structured
	}
	for _, b := range r.Blocks {
		v := jsonIn(b.Text, `{["-0123456789tfn`)
		if v != nil && wire.CheckNames(v) == nil && v.IsValid(jsontext.AllowInvalidUTF8(true)) {
			return v
		}
	}
	return nil
}

// failure returns the error that a result describes, or nil. A result is an error if it is marked as one or if its data
// is an error by the rules for REST responses, whatever it is decoded into.
func (r Result) failure() error {
	if v := r.failedData(); v != nil {
		return r.client.NewAPIError(r.op, http.StatusOK, r.header, v)
	}
	if !r.isError {
		return nil
	}
	data := r.JSON()
	if data.Kind() != '{' {
		text := r.Text()
		data = jsontext.Value(text[:min(len(text), maxErrorText)])
	}
	return r.client.NewAPIError(r.op, http.StatusOK, r.header, data)
}

// failedData returns the data that describes an error, or nil. It may be in a text block beside the structured content.
func (r Result) failedData() jsontext.Value {
	if data := r.JSON(); wire.Failed(data) != nil {
		return data
	}
	for _, b := range r.Blocks {
		if b.Type != "text" {
			continue // a document that a tool returns may hold anything
		}
		if v := jsonIn(b.Text, `{[`); v != nil && wire.Failed(v) != nil {
			return v
		}
	}
	return nil
}

// jsonIn returns text that begins with one of the characters. Other text, which may be long, is not copied.
func jsonIn(text, starts string) jsontext.Value {
	text = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text), "\ufeff"))
	if text == "" || !strings.ContainsAny(text[:1], starts) {
		return nil
	}
	return jsontext.Value(text)
}

// into decodes the result into the caller's type.
func (r Result) into(out any) error {
	switch out := out.(type) {
	case *Result:
		*out = r
		return nil
	case **Result:
		*out = &r
		return nil
	case *struct{}:
		return nil
	case *string:
		*out = r.textOrData()
		return nil
	}
	data := r.JSON()
	if data == nil {
		reason := errNoData
		if len(r.Blocks) == 0 {
			reason = errNothing
		}
		for _, b := range r.Blocks {
			if looksLikeHTML(b) {
				reason = errPage
			}
		}
		return client.NewDecodeError(r.op, http.StatusOK, r.header, r.raw, reason)
	}
	id, err := decode(firstPlatformData(data), out)
	var failure *wire.Failure
	var foreign *wire.NotPlatformError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &failure):
		return r.client.NewAPIError(r.op, http.StatusOK, r.header, data)
	case errors.As(err, &foreign): // the MCP endpoint has sent it, so the tool has run
		err = errShape
	}
	unread := client.NewDecodeError(r.op, http.StatusOK, r.header, r.raw, err)
	unread.ResourceID = id
	return unread
}

// decode decodes and checks data as [client.Call] does. If everything but the secret of a new resource could be read,
// it returns the id of the resource with the error.
func decode(data []byte, out any) (id client.ID, err error) {
	err = wire.Decode(data, out)
	if answer, ok := out.(interface{ AnswerID() client.ID }); ok {
		id = answer.AnswerID()
	}
	if answer, ok := out.(interface{ CheckAnswer() error }); ok && (err == nil || id != "") {
		if problem := answer.CheckAnswer(); problem != nil {
			err = problem
		}
	}
	return id, err
}

// firstPlatformData returns the data without the first platform's success envelope, if it has one.
func firstPlatformData(data jsontext.Value) jsontext.Value {
	if data.Kind() != '{' || member(data, "success").Kind() != 't' {
		return data
	}
	if inner := member(data, "data"); inner != nil {
		return inner
	}
	return data
}

var (
	errNothing = errors.New("the tool returned nothing")
	errNoData  = errors.New("the tool returned text, not data: ask for a string or a Result")
	errPage    = errors.New("the tool returned an HTML page, not data: ask for a string or a Result")
	errShape   = errors.New("the data has another shape than the type that was asked for")
)

func looksLikeHTML(b Block) bool {
	return strings.HasPrefix(b.MIMEType, "text/html") || strings.HasPrefix(strings.TrimSpace(b.Text), "<")
}
