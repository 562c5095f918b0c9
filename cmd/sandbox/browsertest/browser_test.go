// Package browsertest tries the sandbox's page in a real browser. It is a module of its own, so that the browser driver
// stays out of the library's dependencies.
package browsertest

import (
	"bufio"
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// requireBrowser is set by the gate, where a missing browser is a failure.
const requireBrowser = "SANDBOX_REQUIRE_BROWSER"

// screenshot names a file to write a picture of the page to, for the documentation.
const screenshot = "SANDBOX_SCREENSHOT"

func findBrowser(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv(requireBrowser) != "" {
		t.Fatal("no browser is installed")
	}
	t.Skip("no browser is installed")
	return ""
}

// startSandbox builds and starts the command, and returns what it printed.
func startSandbox(t *testing.T, args ...string) map[string]string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "sandbox")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".")
	build.Dir = ".."
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)

	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), binary,
		append([]string{"-addr", "127.0.0.1:0"}, args...)...)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		require.NoError(t, cmd.Process.Signal(os.Interrupt))
		require.NoError(t, cmd.Wait())
	})
	values := make(map[string]string)
	for lines := bufio.NewScanner(stdout); values["page"] == "" && lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), "  ")
		values[name] = strings.TrimSpace(value)
	}
	return values
}

func send(t *testing.T, method, url, token string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, http.NoBody)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode
}

func TestPageInBrowser(t *testing.T) {
	browser := findBrowser(t)
	printed := startSandbox(t)
	tokens := printed["url"] + "/api/v2/service-tokens"
	assert.Equal(t, 200, send(t, "GET", tokens, printed["token"]))

	allocator, stop := chromedp.NewExecAllocator(t.Context(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(browser), chromedp.NoSandbox, chromedp.DisableGPU)...)
	defer stop()
	tab, closeTab := chromedp.NewContext(allocator)
	defer closeTab()
	require.NoError(t, chromedp.Do(tab, chromedp.EmulateViewport(1200, 900)))
	tab, cancel := context.WithTimeout(tab, time.Minute)
	defer cancel()

	do := func(steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		require.NoError(t, chromedp.Do(tab, steps...))
	}
	text := func(selector string) string {
		t.Helper()
		shown, err := chromedp.Run(tab, chromedp.Text(chromedp.CSS(selector)))
		require.NoError(t, err)
		return shown
	}
	do(chromedp.Navigate(printed["page"]))
	assert.Contains(t, text("#requests"), "GET /api/v2/service-tokens")
	assert.Contains(t, text("#requests"), "valid")

	do(
		chromedp.SendKeys(chromedp.CSS("input[name=fault]"), "GET /api/v2/service-tokens status=503\n"),
		chromedp.WaitVisible(chromedp.CSS("#faults")),
	)
	assert.Contains(t, text("#faults"), "status=503")
	assert.Equal(t, 503, send(t, "GET", tokens, printed["token"]))
	assert.Equal(t, 503, send(t, "GET", tokens+"?unknown=1", printed["token"]))

	do(chromedp.Reload())
	assert.Contains(t, text("#requests"), "503")
	if path := os.Getenv(screenshot); path != "" {
		picture, err := chromedp.Run(tab, chromedp.FullScreenshot(100))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, picture, 0o600))
	}
	do(
		chromedp.Click(chromedp.CSS(`button[formaction="/_/faults/clear"]`)),
		chromedp.WaitNotPresent(chromedp.CSS("#faults")),
	)
	assert.Equal(t, 200, send(t, "GET", tokens, printed["token"]))
}
