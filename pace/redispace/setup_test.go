package redispace_test

import (
	"context"
	"crypto/tls"
	"os"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/pace/redispace"
)

// aclRule is the one in the documentation of the package.
const aclRule = "ACL SETUSER pacer on >password resetkeys ~interchange:* -@all +eval +evalsha +get +set +pttl +time"

// Check reports each configuration error at start, calls succeed with the share, and the error is logged while it
// lasts.
func TestConfigurationErrorsAreReported(t *testing.T) {
	t.Parallel()
	certificates := newCertificates(t)
	tlsPort := freePort(t)
	plain := startRedis(t)
	plain.do(aclRule, "ACL SETUSER reader on >password ~interchange:* -@all +eval +evalsha +get +pttl +time",
		"ACL SETUSER stranger on >password ~other:* +@all")
	closed := startRedis(t, "--requirepass", "secret-1")
	startRedis(t, "--tls-port", tlsPort, "--tls-cert-file", certificates.file("server.crt"),
		"--tls-key-file", certificates.file("server.key"), "--tls-ca-cert-file", certificates.file("ca.crt"),
		"--tls-auth-clients", "no")
	mutual := startRedis(t, "--tls-port", freePort(t), "--tls-cert-file", certificates.file("server.crt"),
		"--tls-key-file", certificates.file("server.key"), "--tls-ca-cert-file", certificates.file("ca.crt"))
	replica := startRedis(t, "--replicaof", "127.0.0.1", "1")
	limited := startRedis(t)
	limited.do("CONFIG SET maxmemory 1")

	onSocket := func(r *realRedis, user, password string) *redis.Options {
		return &redis.Options{Network: "unix", Addr: r.socket, Username: user, Password: password}
	}
	trusted := &tls.Config{RootCAs: certificates.pool, ServerName: "localhost", MinVersion: tls.VersionTLS12}
	for _, tc := range []struct {
		name    string
		options *redis.Options
		text    string
		passing bool // the error may end by itself
	}{
		{name: "wrong password", options: onSocket(closed, "", "secret-2"), text: "password is wrong"},
		{name: "no password", options: onSocket(closed, "", ""), text: "password is wrong or missing"},
		{name: "unknown user", options: onSocket(plain, "nobody", "secret-2"), text: "user name or password is wrong"},
		{name: "command not permitted", options: onSocket(plain, "reader", "password"), text: "ACL"},
		{name: "key not permitted", options: onSocket(plain, "stranger", "password"), text: "ACL"},
		{
			name: "TLS server, plain client", options: &redis.Options{Addr: "127.0.0.1:" + tlsPort},
			text: "the server requires TLS",
		},
		{
			name: "plain server, TLS client", options: &redis.Options{Network: "unix", Addr: plain.socket, TLSConfig: trusted},
			text: "the server does not use TLS",
		},
		{name: "unknown authority", options: &redis.Options{
			Addr:      "127.0.0.1:" + tlsPort,
			TLSConfig: &tls.Config{ServerName: "localhost", MinVersion: tls.VersionTLS12},
		}, text: "unknown authority"},
		{
			name: "wrong host", options: &redis.Options{
				Addr:      "127.0.0.1:" + tlsPort,
				TLSConfig: &tls.Config{RootCAs: certificates.pool, ServerName: "redis.test", MinVersion: tls.VersionTLS12},
			},
			text: "not redis.test",
		},
		{
			name: "missing client certificate", text: "certificate required",
			options: &redis.Options{Addr: "127.0.0.1:" + mutual.arg("--tls-port"), TLSConfig: trusted},
		},
		{name: "read-only replica", options: onSocket(replica, "", ""), text: "READONLY", passing: true},
		{name: "memory is full", options: onSocket(limited, "", ""), text: "memory of redis is full", passing: true},
		{name: "unreachable", options: &redis.Options{Addr: "127.0.0.1:1"}, text: "refused", passing: true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tc.options.ContextTimeoutEnabled = true
			rdb := redis.NewClient(tc.options)
			defer func() { _ = rdb.Close() }() // the server may have closed the connection already
			var log lockedBuffer
			l := limiter(t, rdb, redispace.Limit{Requests: 1000, Per: time.Second}, logTo(&log), redispace.WithShare(1),
				redispace.WithReportInterval(time.Millisecond))
			err := l.Check(t.Context())
			require.ErrorContains(t, err, tc.text)
			assert.Equal(t, !tc.passing, isMisconfigured(err), err)
			assert.NotContains(t, err.Error(), "secret")
			assert.NotContains(t, err.Error(), "\n")
			t.Log(err)
			require.Eventually(t, func() bool {
				return assert.NoError(t, l.Wait(t.Context(), key, time.Second)) && log.lines(tc.text) >= 3
			}, 10*time.Second, time.Millisecond, "the problem is not reported repeatedly")
		})
	}
}

func isMisconfigured(err error) bool {
	return assert.ErrorIs(discard{}, err, redispace.ErrMisconfigured)
}

type discard struct{}

func (discard) Errorf(string, ...any) {}

// The documented ACL, TLS with and without a client certificate, and a prefix of one's own suffice.
func TestDocumentedSetupSuffices(t *testing.T) {
	t.Parallel()
	documentation, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	require.Contains(t, string(documentation), aclRule)
	certificates := newCertificates(t)
	server := startRedis(t, "--tls-port", freePort(t), "--tls-cert-file", certificates.file("server.crt"),
		"--tls-key-file", certificates.file("server.key"), "--tls-ca-cert-file", certificates.file("ca.crt"))
	server.do(aclRule, "ACL SETUSER default off")
	rdb := redis.NewClient(&redis.Options{
		Addr: "127.0.0.1:" + server.arg("--tls-port"), Username: "pacer", Password: "password", ContextTimeoutEnabled: true,
		TLSConfig: &tls.Config{
			RootCAs: certificates.pool, ServerName: "localhost", MinVersion: tls.VersionTLS12,
			Certificates: []tls.Certificate{certificates.pair(t, "server")},
		},
	})
	defer func() { assert.NoError(t, rdb.Close()) }()
	var log lockedBuffer
	l := limiter(t, rdb, redispace.Limit{Requests: 1, Per: time.Minute},
		logTo(&log))
	require.NoError(t, l.Check(t.Context()))
	require.NoError(t, l.Wait(t.Context(), key, time.Second))
	l.Observe(key, refusal(time.Minute))
	require.Error(t, l.Wait(t.Context(), key, time.Second))
	assert.Zero(t, log.lines("level"))
}

// A configuration that is corrected is used without a restart.
func TestCorrectedConfigurationIsUsed(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	server.do("ACL SETUSER pacer on >password ~interchange:* -@all +eval +evalsha +get +pttl +time")
	rdb := redis.NewClient(&redis.Options{Network: "unix", Addr: server.socket, Username: "pacer", Password: "password"})
	defer func() { assert.NoError(t, rdb.Close()) }()
	var log lockedBuffer
	l := limiter(t, rdb, redispace.Limit{Requests: 1000, Per: time.Second},
		logTo(&log))
	require.ErrorIs(t, l.Check(t.Context()), redispace.ErrMisconfigured)
	require.NoError(t, l.Wait(t.Context(), key, time.Second))
	log.eventually(t, "until its configuration is corrected")
	server.do("ACL SETUSER pacer +set")
	require.NoError(t, l.Check(t.Context()))
	require.Eventually(t, func() bool {
		return assert.NoError(t, l.Wait(t.Context(), key, time.Second)) && log.lines("redis is back") == 1
	}, 10*time.Second, time.Millisecond)
}

func TestCheckEndsWithTheContext(t *testing.T) {
	t.Parallel()
	rdb, connected := silentRedis(t)
	l := limiter(t, rdb, redispace.Limit{Requests: 1, Per: time.Second})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- l.Check(ctx) }()
	<-connected
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
}

func TestUnusableClientsAreRejected(t *testing.T) {
	t.Parallel()
	limit := redispace.Limit{Requests: 1, Per: time.Second}
	for name, rdb := range map[string]redis.UniversalClient{
		"no client":           nil,
		"nil client":          (*redis.Client)(nil),
		"nil cluster client":  (*redis.ClusterClient)(nil),
		"nil ring":            (*redis.Ring)(nil),
		"nil wrapper":         (*wrapper)(nil),
		"zero client":         new(redis.Client),
		"zero cluster client": new(redis.ClusterClient),
		"zero ring":           new(redis.Ring),
	} {
		l, err := redispace.New(rdb, limit)
		require.ErrorContains(t, err, "redispace: the Redis client ", name)
		assert.Nil(t, l, name)
	}
}

// wrapper is a client whose methods panic.
type wrapper struct{ redis.UniversalClient }

// A client that panics does so in a goroutine of the Limiter, where the caller could not recover.
func TestPanickingClientIsMisconfigured(t *testing.T) {
	t.Parallel()
	l := limiter(t, &wrapper{}, redispace.Limit{Requests: 1, Per: time.Second})
	require.ErrorIs(t, l.Check(t.Context()), redispace.ErrMisconfigured)
	require.NoError(t, l.Wait(t.Context(), key, time.Second))
}

func TestZeroLimiterReturnsErrors(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]*redispace.Limiter{"nil": nil, "zero": new(redispace.Limiter)} {
		require.ErrorContains(t, l.Wait(t.Context(), key, time.Second), "must be made by New", name)
		require.ErrorContains(t, l.Check(t.Context()), "must be made by New", name)
		l.Observe(key, refusal(time.Second))
		require.NoError(t, l.Close(), name)
	}
	_, rdb := frozen(t)
	l := limiter(t, rdb, redispace.Limit{Requests: 1, Per: time.Second})
	require.ErrorContains(t, l.Wait(nil, key, time.Second), "the context is nil") //nolint:staticcheck // what is tested
	require.ErrorContains(t, l.Check(nil), "the context is nil")                  //nolint:staticcheck // what is tested
}
