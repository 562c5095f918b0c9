package check_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/interchange-sdk/interchange-go/internal/check"
)

func TestURL(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"":                                 "",
		"https://agent.example/mcp":        "",
		"HTTPS://agent.example":            "",
		"https://agent.example:8443/a?b=c": "",
		"https://[2001:db8::1]/mcp":        "",
		"http://127.0.0.1:8080/mcp":        "",
		"http://127.8.8.8":                 "",
		"http://[::1]:80/":                 "",
		"http://localhost/":                "",
		"http://LOCALHOST/":                "",
		"http://agent.example/mcp":         "must begin with https",
		"http://localhost.example/":        "must begin with https",
		"http://10.0.0.1/":                 "must begin with https",
		"ftp://agent.example/":             "must begin with https",
		"agent.example/mcp":                "must be an absolute URL",
		"//agent.example/mcp":              "must be an absolute URL",
		"/mcp":                             "must be an absolute URL",
		"https:///mcp":                     "must be an absolute URL",
		"https://:443/":                    "must be an absolute URL",
		"mailto:ann@agent.example":         "must be an absolute URL",
		"https://ann:s3cr3t@agent.example": "must not hold a user name or a password",
		"https://s3cr3t@agent.example":     "must not hold a user name or a password",
		"https://agent.example/#s3cr3t":    "must not have a fragment",
		"https://agent.example/#":          "must not have a fragment",
		"https://agent.example/s3cr3t\n":   "is not a URL",
		"https://agent example/":           "is not a URL",
		"https://agent.example/a b":        "is not a URL",
		"https://agent.example\\s3cr3t":    "is not a URL",
		"https://agent.example/%zz":        "is not a URL",
		"https://agent.example/s3cr3t\xff": "is not a URL",
		"https://agent.example:s3cr3t/":    "is not a URL",
	} {
		var s reported
		check.URL(&s, "f", value)
		got := strings.Join(s, "; ")
		if want == "" {
			assert.Empty(t, got, value)
			continue
		}
		assert.True(t, strings.HasPrefix(got, "f "+want), "%q: %s", value, got)
		assert.NotContains(t, got, "s3cr3t")
	}
}

func FuzzURL(f *testing.F) {
	f.Add("https://agent.example/mcp")
	f.Add("http://[::1%25lo]:80/")
	f.Fuzz(func(t *testing.T, value string) {
		var s reported
		check.URL(&s, "f", value)
		assert.LessOrEqual(t, len(s), 1)
		if value != "" && !strings.Contains(value, "://") {
			assert.Len(t, s, 1)
		}
	})
}
