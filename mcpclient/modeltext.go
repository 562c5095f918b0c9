package mcpclient

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// modelText returns the text of a result for a model: the text blocks, a description of other blocks, and the
// structured content if there is no text. It is never empty.
func (r Result) modelText() string {
	var parts []string
	text := false
	for _, b := range r.Blocks {
		if strings.TrimSpace(b.Text) != "" {
			parts = append(parts, b.Text)
			text = true
			continue
		}
		if d := b.describe(); d != "" {
			parts = append(parts, d)
		}
	}
	if !text && r.Structured != nil {
		parts = append(parts, string(r.Structured))
	}
	if len(parts) == 0 {
		return "The tool succeeded and returned no content."
	}
	return strings.Join(parts, "\n")
}

// describe returns a line about a block that has no text; empty for a text block.
func (b Block) describe() string {
	kind := ""
	switch b.Type {
	case "text", "":
		return ""
	case "resource":
		kind = "embedded resource"
	case "resource_link":
		kind = "resource link"
	default:
		kind = wire.Printable(b.Type, 32)
	}
	facts := []string{kind}
	if b.Name != "" {
		facts = append(facts, fmt.Sprintf("named %q", wire.Printable(b.Name, 128)))
	}
	if b.MIMEType != "" {
		facts = append(facts, "of type "+wire.Printable(b.MIMEType, 64))
	}
	if size := max(b.Size, int64(len(b.Data))); size > 0 {
		facts = append(facts, fmt.Sprintf("%d bytes", size))
	} else if b.Type != "resource_link" {
		facts = append(facts, "no readable data")
	}
	if uri := safeURI(b.URI); uri != "" {
		facts = append(facts, "at "+uri)
	}
	return "[" + strings.Join(facts, ", ") + "]"
}

// safeURI returns a URI without the parts that may hold credentials: user, query and fragment. It is empty if the URI
// embeds the content or cannot be parsed.
func safeURI(raw string) string {
	const longest = 256
	u, err := url.Parse(raw)
	if err != nil || u.Scheme == "" || strings.Contains(u.Opaque, "@") || strings.EqualFold(u.Scheme, "data") ||
		strings.EqualFold(u.Scheme, "javascript") {
		return ""
	}
	u.User, u.RawQuery, u.ForceQuery, u.Fragment, u.RawFragment = nil, "", false, "", ""
	text := u.String()
	if len(text) > longest || text != wire.Printable(text, longest) {
		return ""
	}
	return text
}

// modelErrorText explains a failure to a model.
func modelErrorText(err error) string {
	var (
		api     *client.APIError
		guard   *GuardError
		params  *client.ParamError
		limited *client.LimitError
		decode  *client.DecodeError
		broken  *client.TransportError
	)
	unknown := ""
	if errors.Is(err, client.ErrOutcomeUnknown) {
		unknown = " It is not known whether the call took effect: look before you call again."
	}
	switch {
	case errors.As(err, &guard):
		return "Not allowed: " + wire.Printable(guard.Reason, 512) + "."
	case errors.As(err, &params):
		var b strings.Builder
		b.WriteString("The arguments are wrong:")
		for _, issue := range params.Issues[:min(len(params.Issues), maxIssues)] {
			fmt.Fprintf(&b, " %s %s.", issue.Path, issue.Message)
		}
		return b.String()
	case errors.As(err, &limited):
		return fmt.Sprintf("The rate limit is reached. Try again in %s.", seconds(limited.RetryAfter.Seconds()))
	case errors.As(err, &api):
		return modelAPIErrorText(api) + unknown
	case errors.As(err, &decode) && decode.WriteSucceeded:
		return "The tool ran, but its result cannot be read. Do not call it again."
	case errors.As(err, &decode):
		return "The result of the tool cannot be read." + unknown
	case errors.Is(err, context.Canceled):
		return "The call was cancelled." + unknown
	case errors.Is(err, context.DeadlineExceeded):
		return "The call took too long." + unknown
	case errors.Is(err, ErrClosed):
		return "The connection to the platform is closed."
	case unknown != "":
		return "The connection broke before the result came." + unknown
	case errors.As(err, &broken):
		return "The platform cannot be reached at the moment."
	}
	return "The call could not be made." // the error of a guard, hook or token source is for the program
}

// The bounds of a text for a model.
const (
	maxIssues    = 8
	maxCustomers = 20
)

func modelAPIErrorText(e *client.APIError) string {
	var b strings.Builder
	switch message := wire.Printable(e.Message, 1<<10); {
	case e.StatusCode == http.StatusTooManyRequests:
		b.WriteString("The rate limit is reached.")
	case e.StatusCode >= http.StatusInternalServerError:
		fmt.Fprintf(&b, "The platform has a problem of its own (%d).", e.StatusCode)
	case e.Code != "" && !strings.HasPrefix(e.Code, "-") && message != "" && message != e.Code: // JSON-RPC's are numbers
		fmt.Fprintf(&b, "%s: %s", wire.Printable(e.Code, 64), message)
	case message != "":
		b.WriteString(message)
	case e.StatusCode < http.StatusBadRequest: // the error came with a success status
		b.WriteString("The tool failed and did not say why.")
	default:
		text := strings.ToLower(http.StatusText(e.StatusCode))
		fmt.Fprintf(&b, "The platform refused the call (%d %s).", e.StatusCode, text)
	}
	if e.Field != "" && len(e.Issues) == 0 {
		fmt.Fprintf(&b, " (field %s)", wire.Printable(e.Field, 64))
	}
	for _, issue := range e.Issues[:min(len(e.Issues), maxIssues)] {
		b.WriteString("\n- ")
		if issue.Path != "" {
			b.WriteString(wire.Printable(issue.Path, 64) + ": ")
		}
		b.WriteString(wire.Printable(issue.Message, 256))
	}
	if e.Suggestion != "" {
		b.WriteString("\nSuggestion: " + wire.Printable(e.Suggestion, 512))
	}
	if ids := AvailableCustomers(e); len(ids) > 0 {
		fmt.Fprintf(&b, "\nChoose a customer first: %v", ids[:min(len(ids), maxCustomers)])
		if more := len(ids) - maxCustomers; more > 0 {
			fmt.Fprintf(&b, " and %d more", more)
		}
	}
	if e.RetryAfter > 0 {
		fmt.Fprintf(&b, " Try again in %s.", seconds(e.RetryAfter.Seconds()))
	}
	return b.String()
}

func seconds(s float64) string { return fmt.Sprintf("%.0f seconds", max(s, 1)) }
