package redispace_test

import (
	"os/exec"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/pace"
	"github.com/interchange-sdk/interchange-go/pace/redispace"
)

// startCluster starts a cluster of three nodes on the loopback interface.
func startCluster(t *testing.T) (addrs []string, nodes []*realRedis) {
	t.Helper()
	requireCommand(t, "redis-cli")
	for range 3 {
		port := freePort(t)
		nodes = append(nodes, startRedis(t, "--port", port, "--bind", "127.0.0.1", "--cluster-enabled", "yes",
			"--cluster-port", freePort(t), "--cluster-node-timeout", "1000"))
		addrs = append(addrs, "127.0.0.1:"+port)
	}
	args := append([]string{"--cluster-yes", "--cluster", "create"}, addrs...)
	create := exec.CommandContext(t.Context(), "redis-cli", args...)
	output, err := create.CombinedOutput()
	require.NoError(t, err, "%s", output)
	for _, node := range nodes {
		node.eventually("cluster_state:ok", "CLUSTER", "INFO")
	}
	return addrs, nodes
}

func TestCluster(t *testing.T) {
	t.Parallel()
	addrs, nodes := startCluster(t)
	rdb := redis.NewClusterClient(&redis.ClusterOptions{Addrs: addrs, ContextTimeoutEnabled: true})
	defer func() { assert.NoError(t, rdb.Close()) }()
	keys := make([]pace.Key, 12) // of all nodes
	for i := range keys {
		keys[i] = pace.Key{Host: "api.test", Credential: string(rune('a' + i))}
	}

	var log lockedBuffer
	logger := logTo(&log)
	limit := redispace.Limit{Requests: 60, Per: time.Hour, Burst: 2}
	machines := []*redispace.Limiter{limiter(t, rdb, limit, logger), limiter(t, rdb, limit, logger)}
	for _, m := range machines {
		require.NoError(t, m.Check(t.Context()))
		for _, k := range keys {
			require.NoError(t, m.Wait(t.Context(), k, time.Second))
		}
	}
	for _, k := range keys {
		require.Error(t, machines[0].Wait(t.Context(), k, time.Second), "both slots of the burst are used")
		machines[1].Observe(k, refusal(30*time.Minute))
		for _, m := range []*redispace.Limiter{machines[1], machines[0]} {
			var limited *pace.WaitError
			require.ErrorAs(t, m.Wait(t.Context(), k, time.Second), &limited)
			assert.InDelta(t, 30*time.Minute, limited.RetryAfter, float64(time.Minute))
		}
	}
	assert.Zero(t, log.lines("level"))

	// The documented permissions suffice.
	for _, node := range nodes {
		node.do(aclRule, "ACL SETUSER pacer +cluster|slots")
	}
	restricted := redis.NewClusterClient(&redis.ClusterOptions{Addrs: addrs, Username: "pacer", Password: "password"})
	defer func() { assert.NoError(t, restricted.Close()) }()
	l := limiter(t, restricted, limit, logTo(&log))
	require.NoError(t, l.Check(t.Context()))
	for _, k := range keys {
		require.Error(t, l.Wait(t.Context(), k, time.Second), "the hold counts for this process, too")
	}
	assert.Zero(t, log.lines("level"))

	// A plain client reaches the keys of one node only.
	misconfigured := 0
	for _, addr := range addrs {
		if err := limiter(t, connect(t, "tcp", addr), limit).Check(t.Context()); err != nil {
			require.ErrorIs(t, err, redispace.ErrMisconfigured)
			require.ErrorContains(t, err, "needs a cluster client")
			misconfigured++
		}
	}
	assert.Equal(t, 2, misconfigured)
	// A cluster client does not work with a server that is not part of a cluster.
	single := startRedis(t, "--port", freePort(t))
	wrong := redis.NewClusterClient(&redis.ClusterOptions{Addrs: []string{"127.0.0.1:" + single.arg("--port")}})
	defer func() { assert.NoError(t, wrong.Close()) }()
	require.ErrorIs(t, limiter(t, wrong, limit).Check(t.Context()), redispace.ErrMisconfigured)

	// Without one of its nodes, the cluster rejects all commands, and the share is used.
	nodes[2].kill()
	l = limiter(t, rdb, redispace.Limit{Requests: 1000, Per: time.Second}, logger)
	require.Eventually(t, func() bool {
		for _, k := range keys {
			assert.NoError(t, l.Wait(t.Context(), pace.Key{Host: "b.test", Credential: k.Credential}, time.Second))
		}
		return log.lines("redis is away") == 1
	}, 10*time.Second, time.Millisecond)
	assert.Zero(t, log.lines("configuration"), "it may end by itself")
}

// A cluster keeps the limit, and the goodput does not depend on the number of nodes.
func TestGoodputOfCluster(t *testing.T) {
	addrs, _ := startCluster(t)
	w := load{4, 8, time.Second}
	checkGoodput(t, w, 0.95, 0, func() []*redispace.Limiter {
		limiters := make([]*redispace.Limiter, w.processes)
		for i := range limiters {
			rdb := redis.NewClusterClient(&redis.ClusterOptions{Addrs: addrs, ContextTimeoutEnabled: true})
			t.Cleanup(func() { require.NoError(t, rdb.Close()) })
			limiters[i] = limiter(t, rdb, perSecond200)
			require.NoError(t, limiters[i].Check(t.Context()))
		}
		return limiters
	})
}
