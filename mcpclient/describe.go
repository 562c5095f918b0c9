package mcpclient

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// forModel returns a result in words, which are never empty: the text, a description of each block that is no text, and
// the structured content if there is no text.
func (r Result) forModel() string {
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

// describe returns a line about a block without text; empty for a text block.
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

// safeURI returns a URI without the parts that credentials are put into: user, query and fragment. It is empty if the
// URI holds the content itself or cannot be parsed.
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
