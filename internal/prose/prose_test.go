// Package prose checks the language of hand-written files: phrases that make comments hard to read, and long lines.
package prose

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	root       = "../.."
	maxColumns = 120 // runes; a tab counts one, as golangci-lint's lll counts it by default
)

// rule is a phrase that does not belong into the project, and how to write instead.
type rule struct {
	name   string
	phrase *regexp.Regexp
	fix    string
}

var rules = []rule{
	{"tell-s", regexp.MustCompile(`\btell[s]\b`), "use a plain verb: returns, reports whether, sets, shows"},
	{"is-what", regexp.MustCompile(`\bis (what|how|when|who)\b`), "name the thing: a noun or a plain verb"},
	{"who-ever", regexp.MustCompile(`\bwhoeve[r]\b`), "name the role: the caller, the server, the user"},
	{"sees-to-it", regexp.MustCompile(`\bsees to it\b`), "use the verb of the effect: ensures, starts, waits"},
	{"facts", regexp.MustCompile(`\bfacts \x{A7}`), "link to docs/platform.md#section or a public URL"},
	{"seed", regexp.MustCompile(`\bseed [0]`), "link to docs/platform.md#section or a public URL"},
}

func TestProjectFollowsItsLanguageRules(t *testing.T) {
	t.Parallel()
	files := 0
	var findings []string
	project := os.DirFS(root)
	err := fs.WalkDir(project, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if skippedDir(name) {
				return fs.SkipDir
			}
			return nil
		}
		if !handWritten(name) {
			return nil
		}
		content, err := fs.ReadFile(project, name)
		if err != nil {
			return err
		}
		files++
		for _, finding := range check(string(content)) {
			findings = append(findings, name+":"+finding)
		}
		return nil
	})
	require.NoError(t, err)
	assert.Greater(t, files, 100, "files checked")
	assert.Zero(t, len(findings), strings.Join(findings, "\n"))
}

func skippedDir(name string) bool {
	return slices.Contains([]string{".git", "testdata", "node_modules"}, path.Base(name))
}

func handWritten(name string) bool {
	switch path.Ext(name) {
	case ".go":
		return !strings.HasSuffix(name, ".gen.go")
	case ".md", ".yaml", ".yml", ".sh":
		return true
	}
	return name == ".ci/run"
}

// check returns the findings of a file as "line: text (rule): fix". A phrase may continue on the next line.
func check(content string) []string {
	var findings []string
	lines := strings.Split(content, "\n")
	for i, line := range lines {
		if columns := utf8.RuneCountInString(line); columns > maxColumns && !unbreakable(line) {
			findings = append(findings, fmt.Sprintf("%d: %d columns (line-length): break it at %d",
				i+1, columns, maxColumns))
		}
		text := line
		if i+1 < len(lines) {
			text = strings.TrimRight(line, " ") + " " + withoutMarker(lines[i+1])
		}
		for _, rule := range rules {
			if at := rule.phrase.FindStringIndex(text); at != nil && at[0] < len(line) {
				findings = append(findings, fmt.Sprintf("%d: %q (%s): %s", i+1, text[at[0]:at[1]], rule.name, rule.fix))
			}
		}
	}
	return findings
}

var marker = regexp.MustCompile(`^\s*(//|#|>|- )?\s*`)

func withoutMarker(line string) string {
	return line[len(marker.FindString(line)):]
}

var directive = regexp.MustCompile(`^\s*//(go|nolint|export|line)\b`)

// unbreakable reports whether a line is a directive, a row of a table, or a single word such as a URL.
func unbreakable(line string) bool {
	return directive.MatchString(line) || strings.HasPrefix(line, "|") || !strings.Contains(withoutMarker(line), " ")
}

// The samples are lines of three columns: the rule, a line that breaks it, and a neighbor that does not.
func TestRulesFindTheirSamplesAndNothingElse(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("testdata/samples.tsv")
	require.NoError(t, err)
	covered := map[string]bool{}
	for sample := range strings.Lines(string(content)) {
		columns := strings.Split(strings.TrimSuffix(sample, "\n"), "\t")
		require.Len(t, columns, 3, sample)
		unescape := strings.NewReplacer(`\n`, "\n")
		name, bad, good := columns[0], unescape.Replace(columns[1]), unescape.Replace(columns[2])
		covered[name] = true
		findings := check(bad)
		if assert.Len(t, findings, 1, bad) {
			assert.True(t, strings.HasPrefix(findings[0], "1: "), findings[0])
			assert.Contains(t, findings[0], "("+name+")", bad)
		}
		assert.Empty(t, check(good), good)
	}
	for _, rule := range rules {
		assert.True(t, covered[rule.name], "no sample of %s", rule.name)
	}
}

func TestLongLinesAreFound(t *testing.T) {
	t.Parallel()
	word := strings.Repeat("x", maxColumns)
	for line, want := range map[string]int{
		"// " + word[:58] + " " + word[:58]:                   0,
		"// " + word[:58] + " " + word[:59]:                   1,
		"\t// " + word[:58] + " " + word[:57]:                 0,
		"\t// " + word[:58] + " " + word[:58]:                 1,
		"// " + strings.Repeat("é", 58) + " " + word[:58]:     0,
		"// " + strings.Repeat("é", 58) + " " + word[:59]:     1,
		"// https://example.com/" + word:                      0,
		"// see https://example.com/" + word:                  1,
		"//go:generate go run ./x " + word:                    0,
		"//nolint:gosec // " + word[:60] + " " + word[:60]:    0,
		"| " + word[:60] + " | " + word[:60] + " |":           0,
		"name: https://example.com/" + word[:60] + " " + word: 1,
	} {
		assert.Len(t, check(line), want, line)
	}
}

func TestOnlyHandWrittenFilesAreChecked(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"client/call.go": true, "client/call_test.go": true, "buyer/campaigns.gen.go": false, "SECURITY.md": true,
		"openapi.yaml": true, ".github/workflows/ci.yml": true, ".ci/run": true, "go.sum": false, "bench/goodput.svg": false,
	} {
		assert.Equal(t, want, handWritten(name), name)
	}
	assert.True(t, skippedDir("client/testdata"))
	assert.False(t, skippedDir("examples/etl"))
}
