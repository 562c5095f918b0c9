package rotation_test

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/rotation"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

// The variables that make a test process the one that is killed.
const (
	childURL   = "INTERCHANGE_TEST_ROTATE_URL"
	childToken = "INTERCHANGE_TEST_ROTATE_TOKEN"
	childOldID = "INTERCHANGE_TEST_ROTATE_OLD"
	childStore = "INTERCHANGE_TEST_ROTATE_STORE"
	childKill  = "INTERCHANGE_TEST_ROTATE_KILL"
)

func TestRerunAfterTheProcessWasKilled(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		killAt string
		stored bool
		want   error
	}{
		{killAt: "response to POST", want: rotation.ErrUnfinished},
		{killAt: "deployed", stored: true, want: rotation.ErrUnfinished},
		{killAt: "response to DELETE", stored: true, want: rotation.ErrEnded},
	} {
		t.Run(tc.killAt, func(t *testing.T) {
			t.Parallel()
			srv := sandboxtest.Start(t)
			tokens := childService(t, srv.URL(), srv.AdminToken(), nil)
			old, err := tokens.Create(t.Context(), servicetokens.CreateParams{Name: "ETL", ExpiresInDays: 90})
			require.NoError(t, err)
			store := filepath.Join(t.TempDir(), "store")

			child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestProcessThatIsKilled$")
			child.Env = append(os.Environ(), childURL+"="+srv.URL(), childToken+"="+srv.AdminToken(),
				childOldID+"="+string(old.ID), childStore+"="+store, childKill+"="+tc.killAt)
			out, err := child.CombinedOutput()
			var exit *exec.ExitError
			require.ErrorAs(t, err, &exit, "%s", out)
			if runtime.GOOS != "windows" {
				require.Equal(t, -1, exit.ExitCode(), "it was not killed: %s", out)
			}

			all := srv.Tokens()
			require.Len(t, all, 2)
			next := client.ID(all[1].ID)
			driver := tokens.RotationDriver(servicetokens.RotateParams{})
			plan := rotation.Plan[servicetokens.Created]{
				Deploy:  func(context.Context, *servicetokens.Created) error { t.Error("deployed"); return nil },
				Confirm: func(context.Context) (bool, error) { return true, nil },
			}
			_, err = rotation.Rotate(t.Context(), driver, old.ID, plan)
			require.ErrorIs(t, err, tc.want)
			var failure *rotation.Error
			require.ErrorAs(t, err, &failure)
			assert.Equal(t, next, failure.NewID)

			secret, err := os.ReadFile(store)
			if !tc.stored {
				require.ErrorIs(t, err, os.ErrNotExist)
				require.NoError(t, rotation.Abandon(t.Context(), driver, failure.State(), plan))
				assert.True(t, srv.Authenticates(old.Token.Reveal()))
				return
			}
			require.NoError(t, err)
			_, err = rotation.Resume(t.Context(), driver, failure.State(), plan)
			require.NoError(t, err)
			assert.True(t, srv.Authenticates(string(secret)))
			assert.False(t, srv.Authenticates(old.Token.Reveal()))
		})
	}
}

// TestProcessThatIsKilled is the rotation of TestRerunAfterTheProcessWasKilled, in a process of its own.
func TestProcessThatIsKilled(t *testing.T) {
	killAt := os.Getenv(childKill)
	if killAt == "" {
		t.Skip("runs in a process of its own")
	}
	kill := func(point string) {
		if point != killAt {
			return
		}
		self, err := os.FindProcess(os.Getpid())
		require.NoError(t, err)
		require.NoError(t, self.Kill())
		select {}
	}
	tokens := childService(t, os.Getenv(childURL), os.Getenv(childToken), kill)
	driver := tokens.RotationDriver(servicetokens.RotateParams{})
	oldID := client.ID(os.Getenv(childOldID))
	_, err := rotation.Rotate(t.Context(), driver, oldID, rotation.Plan[servicetokens.Created]{
		Deploy: func(_ context.Context, next *servicetokens.Created) error {
			if err := os.WriteFile(os.Getenv(childStore), []byte(next.Token.Reveal()), 0o600); err != nil {
				return err
			}
			kill("deployed")
			return nil
		},
		Confirm: func(context.Context) (bool, error) { return true, nil },
	})
	t.Fatalf("it was not killed: %v", err)
}

func childService(t *testing.T, url, token string, kill func(string)) *servicetokens.Service {
	t.Helper()
	parsed, err := client.ParseToken(token)
	require.NoError(t, err)
	transport := client.NewTransport()
	t.Cleanup(transport.CloseIdleConnections)
	c, err := client.New(client.WithEnvironment(client.BaseURL(url)), client.WithToken(parsed),
		client.WithTransport(&killer{transport, kill}))
	require.NoError(t, err)
	return servicetokens.New(c)
}

// killer reports each response before the client gets it.
type killer struct {
	http.RoundTripper
	kill func(string)
}

func (k *killer) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := k.RoundTripper.RoundTrip(req)
	if k.kill != nil && err == nil {
		k.kill("response to " + req.Method)
	}
	return resp, err
}
