package redispace

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// newReporter returns a reporter with an interval of ten seconds, and a function that returns what it wrote since
// the last call, without times.
func newReporter(t *testing.T) (r *reporter, read func() []string) {
	t.Helper()
	var text bytes.Buffer
	strip := func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}
	log := slog.New(slog.NewTextHandler(&text, &slog.HandlerOptions{ReplaceAttr: strip}))
	return &reporter{log: log, interval: 10 * time.Second, share: 0.25}, func() []string {
		lines := strings.Split(strings.TrimSpace(text.String()), "\n")
		text.Reset()
		if lines[0] == "" {
			return nil
		}
		return lines
	}
}

func TestProblemsAreReportedWhileTheyLast(t *testing.T) {
	t.Parallel()
	r, read := newReporter(t)
	var first, second queue
	now := time.Now()
	r.failed(t.Context(), &first, now, io.EOF)
	assert.Equal(t, []string{`level=WARN msg="redis is away; using a share of the limit" share=0.25 error=EOF`}, read())
	r.failed(t.Context(), &second, now, io.EOF)
	r.failed(t.Context(), &first, now.Add(9*time.Second), io.EOF)
	r.remind(t.Context(), now.Add(9*time.Second))
	assert.Empty(t, read())
	r.remind(t.Context(), now.Add(10*time.Second))
	assert.Equal(t, []string{`level=WARN msg="` + stillAway + `" share=0.25 error=EOF`}, read())
	r.failed(t.Context(), &first, now.Add(11*time.Second), misconfigured("the server requires TLS", ""))
	lines := read()
	require.Len(t, lines, 1, "another kind of problem is reported at once")
	assert.Contains(t, lines[0], "level=ERROR")
	r.failed(t.Context(), &first, now.Add(12*time.Second), misconfigured("the server requires TLS", ""))
	assert.Empty(t, read())
	r.failed(t.Context(), &first, now.Add(21*time.Second), misconfigured("the server requires TLS", ""))
	assert.Len(t, read(), 1)
	r.recovered(t.Context(), &first, now.Add(22*time.Second))
	assert.Empty(t, read(), "the second queue is still away")
	r.recovered(t.Context(), &second, now.Add(23*time.Second))
	assert.Equal(t, []string{`level=INFO msg="redis is back; the limit is shared again"`}, read())
	r.remind(t.Context(), now.Add(time.Hour))
	assert.Empty(t, read())
}

// A queue that no call uses any more is not probed. It does not keep the others from being reported as back.
func TestUnusedQueueDoesNotCountAsAway(t *testing.T) {
	t.Parallel()
	r, read := newReporter(t)
	var unused, used queue
	now := time.Now()
	r.failed(t.Context(), &unused, now, io.EOF)
	r.failed(t.Context(), &used, now.Add(time.Minute), io.EOF)
	read()
	r.recovered(t.Context(), &used, now.Add(61*time.Second))
	assert.Len(t, read(), 1)
	r.recovered(t.Context(), &unused, now.Add(time.Hour))
	assert.Empty(t, read())
}

func TestLossesAreReportedOncePerInterval(t *testing.T) {
	t.Parallel()
	r, read := newReporter(t)
	now := time.Now()
	for i := range 25 {
		r.forgotten(t.Context(), now.Add(time.Duration(i)*time.Second))
	}
	lines := read()
	require.Len(t, lines, 3)
	assert.Contains(t, lines[0], "times=1")
	assert.Contains(t, lines[2], "times=10")
}

func TestErrorsOfRedisAreExplained(t *testing.T) {
	t.Parallel()
	plain := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1"})
	defer func() { assert.NoError(t, plain.Close()) }()
	cluster := redis.NewClusterClient(&redis.ClusterOptions{Addrs: []string{"127.0.0.1:1"}})
	defer func() { assert.NoError(t, cluster.Close()) }()
	for _, tc := range []struct {
		text    string
		cluster bool
		lasting bool
		want    string
	}{
		{text: "NOAUTH Authentication required.", lasting: true, want: "password"},
		{text: "ERR invalid password", lasting: true, want: "password"},
		{text: "ERR AUTH <password> called without any password configured", lasting: true, want: "password"},
		{text: "ERR Protocol error: unauthenticated multibulk length", lasting: true, want: "password"},
		{text: "NOPERM User x has no permissions to run the 'evalsha' command", lasting: true, want: "ACL"},
		{text: "MOVED 3999 127.0.0.1:6381", lasting: true, want: "cluster client"},
		{text: "ASK 3999 127.0.0.1:6381", lasting: true, want: "cluster client"},
		{text: "CROSSSLOT Keys in request don't hash to the same slot", lasting: true, want: "cluster client"},
		{text: "MOVED 3999 127.0.0.1:6381", cluster: true, want: "MOVED"},
		{text: "ERR This instance has cluster support disabled", cluster: true, lasting: true, want: "not part of a cluster"},
		{text: "ERR unknown command 'EVALSHA', with args beginning with: '2'", lasting: true, want: "lacks a command"},
		{text: "ERR unknown command `HELLO`, with args beginning with: `AUTH`, `secret-1`", lasting: true, want: "HELLO"},
		{text: "WRONGTYPE Operation against a key holding the wrong kind of value", lasting: true, want: "another program"},
		{text: "remote error: tls: certificate required", lasting: true, want: "TLS"},
		{text: "OOM command not allowed when used memory > 'maxmemory'.", want: "memory"},
		{text: "CLUSTERDOWN The cluster is down", cluster: true, want: "CLUSTERDOWN"},
		{text: "LOADING Redis is loading the dataset in memory", want: "LOADING"},
		{text: "READONLY You can't write against a read only replica.", want: "READONLY"},
	} {
		rdb := redis.UniversalClient(plain)
		if tc.cluster {
			rdb = cluster
		}
		err := explain(rdb, errors.New(tc.text))
		assert.Equal(t, tc.lasting, errors.Is(err, ErrMisconfigured), tc.text)
		assert.ErrorContains(t, err, tc.want)
		assert.NotContains(t, err.Error(), "secret")
	}
	assert.ErrorIs(t, explain(plain, context.DeadlineExceeded), context.DeadlineExceeded)
	assert.Less(t, len(explain(plain, errors.New("NOPERM "+strings.Repeat("x", 10_000))).Error()), 400)
}
