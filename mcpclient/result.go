package mcpclient

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// Result is what a tool answered, for those who want to see all of it: CallTool[mcpclient.Result]. Printed and logged it
// tells how much there is, not what: an answer may hold a secret that is shown once.
type Result struct {
	// Blocks are the content blocks, in order.
	Blocks []Block
	// Structured is the structured content; nil when there is none.
	Structured jsontext.Value

	isError bool
	op      *client.Operation
	client  *client.Client
	header  http.Header
	raw     jsontext.Value
	data    jsontext.Value
}

// String tells how much there is.
func (r Result) String() string {
	return fmt.Sprintf("result of %d blocks, %d bytes of text, %d bytes of data", len(r.Blocks), len(r.Text()), len(r.JSON()))
}

// Format shows String, whatever the verb.
func (r Result) Format(f fmt.State, verb rune) { wire.Format(f, verb, r.String()) }

// LogValue shows String.
func (r Result) LogValue() slog.Value { return slog.StringValue(r.String()) }

// Block is one content block of a [Result]. What its type does not have is empty.
type Block struct {
	// Type is "text", "image", "audio", "resource" or "resource_link".
	Type string
	// Text is the text of a text block or of an embedded resource, such as a page of HTML.
	Text string
	// MIMEType and URI describe what is not plain text.
	MIMEType, URI string
	// Data is an image, a sound or a binary resource, decoded.
	Data []byte
}

// wireResult is a result of tools/call as the protocol has it.
type wireResult struct {
	Content []struct {
		Type     string `json:"type"`
		Text     string `json:"text"`
		Data     binary `json:"data"`
		MIMEType string `json:"mimeType"`
		URI      string `json:"uri"`
		Resource struct {
			URI      string `json:"uri"`
			MIMEType string `json:"mimeType"`
			Text     string `json:"text"`
			Blob     binary `json:"blob"`
		} `json:"resource"`
	} `json:"content"`
	IsError bool `json:"isError"`
}

// readResult reads the result of a tool from the JSON that came over the wire, so that no number is rounded on the way.
func readResult(c *client.Client, op *client.Operation, header http.Header, raw jsontext.Value) (*Result, error) {
	var w wireResult
	if err := wire.CheckResult(raw, &w); err != nil {
		return nil, client.NewDecodeError(op, http.StatusOK, header, nil, err)
	}
	if err := json.Unmarshal(raw, &w, jsontext.AllowInvalidUTF8(true)); err != nil {
		return nil, client.NewDecodeError(op, http.StatusOK, header, raw, errNotResult)
	}
	r := &Result{isError: w.IsError, op: op, client: c, header: header, raw: raw}
	if structured := member(raw, "structuredContent"); structured.Kind() != 'n' && len(structured) > 0 {
		r.Structured = structured // a part of raw: it may be large
	}
	for _, b := range w.Content {
		block := Block{Type: b.Type, Text: b.Text, Data: b.Data, MIMEType: b.MIMEType, URI: b.URI}
		if b.Type == "resource" {
			block.Text, block.Data = b.Resource.Text, b.Resource.Blob
			block.MIMEType, block.URI = b.Resource.MIMEType, b.Resource.URI
		}
		r.Blocks = append(r.Blocks, block)
	}
	r.data = r.findData()
	return r, nil
}

// binary is decoded from base64, without a copy of the text. What is none is left out: the tool has run, and its other
// blocks are worth reading.
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

// maxErrorText is how much of a text that is no JSON describes an error.
const maxErrorText = 64 << 10

var errNotResult = errors.New("it is not the result of a tool")

// Text is the text of all blocks, those of HTML included, a line each.
func (r Result) Text() string {
	var texts []string
	for _, b := range r.Blocks {
		if b.Text != "" {
			texts = append(texts, b.Text)
		}
	}
	return strings.Join(texts, "\n")
}

// words is the text, or the data where there is no text.
func (r Result) words() string {
	if text := r.Text(); text != "" {
		return text
	}
	return string(r.Structured)
}

// JSON is the data in the result: the structured content, or the first block that holds JSON, as it was sent; nil where
// there is neither.
func (r Result) JSON() jsontext.Value { return r.data }

func (r *Result) findData() jsontext.Value {
	if r.Structured != nil {
		return r.Structured
	}
	for _, b := range r.Blocks {
		text := strings.TrimSpace(b.Text)
		if text == "" || !strings.ContainsAny(text[:1], `{["-0123456789tfn`) {
			continue // not worth a copy
		}
		v := jsontext.Value(text)
		if wire.CheckNames(v) == nil && v.IsValid(jsontext.AllowInvalidUTF8(true)) {
			return v
		}
	}
	return nil
}

// failure is the error that a result describes, if it does: marked as one by the protocol, or by the first platform's
// own form, which is JSON in a text block with success false (facts §C).
func (r Result) failure() error {
	data := r.JSON()
	first, isFirst := firstPlatform(data)
	switch {
	case isFirst && !first.Success:
	case !r.isError:
		return nil
	case data.Kind() != '{':
		text := r.Text()
		data = jsontext.Value(text[:min(len(text), maxErrorText)])
	}
	return r.client.NewAPIError(r.op, http.StatusOK, r.header, data)
}

// firstAnswer is what the first platform's tools put into a text block.
type firstAnswer struct {
	Success bool
	Data    jsontext.Value
}

// firstPlatform tells whether an object is of the first platform's form.
func firstPlatform(object jsontext.Value) (a firstAnswer, ok bool) {
	if object.Kind() != '{' || !bytes.Contains(object, []byte(`"success"`)) {
		return a, false
	}
	success := member(object, "success").Kind()
	return firstAnswer{Success: success == 't', Data: member(object, "data")}, success == 't' || success == 'f'
}

// into reads the result into what the caller wants.
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
		*out = r.words()
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
	if first, ok := firstPlatform(data); ok && first.Data != nil {
		data = first.Data
	}
	id, err := decode(data, out)
	var failure *wire.Failure
	switch {
	case err == nil:
		return nil
	case errors.As(err, &failure):
		return r.client.NewAPIError(r.op, http.StatusOK, r.header, data)
	}
	unread := client.NewDecodeError(r.op, http.StatusOK, r.header, r.raw, err)
	unread.ResourceID = id
	return unread
}

// decode reads data into out and checks it as [client.Call] does. If all but the secret of a creation could be read, it
// returns the id of the resource and an error that names the field.
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

var (
	errNothing = errors.New("the tool answered with nothing")
	errNoData  = errors.New("the tool answered with text, not data: ask for a string or a Result")
	errPage    = errors.New("the tool answered with a page of HTML, not data: ask for a string or a Result")
)

func looksLikeHTML(b Block) bool {
	return strings.HasPrefix(b.MIMEType, "text/html") || strings.HasPrefix(strings.TrimSpace(b.Text), "<")
}
