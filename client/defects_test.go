package client_test

import (
	"bytes"
	"context"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// attemptsOnly are hooks that know nothing of defects.
type attemptsOnly struct{}

func (attemptsOnly) AttemptDone(context.Context, client.Attempt) {}

type defectHooks struct {
	attemptsOnly
	found *[]client.Defect
}

func (h defectHooks) DefectFound(_ context.Context, d client.Defect) { *h.found = append(*h.found, d) }

func TestDefectsReachHooksAndLog(t *testing.T) {
	t.Parallel()
	var logged bytes.Buffer
	var found []client.Defect
	c, err := client.New(
		client.WithEnvironment(client.BaseURL("http://127.0.0.1:1")), client.WithToken(client.Anonymous()),
		client.WithHooks(attemptsOnly{}), client.WithHooks(defectHooks{found: &found}),
		client.WithLogger(slog.New(slog.NewJSONHandler(&logged, nil))),
	)
	require.NoError(t, err)
	d := client.Defect{Operation: "tools/list", Item: "act", Field: "annotations", LeftOut: true}
	c.ReportDefect(t.Context(), d)
	assert.Equal(t, []client.Defect{d}, found)
	for _, want := range []string{
		`"level":"WARN"`, `"operation":"tools/list"`, `"item":"act"`, `"field":"annotations"`,
		`"left_out":true`,
	} {
		assert.Contains(t, logged.String(), want)
	}
}
