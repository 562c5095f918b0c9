package mcpclient

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDelayBetweenConnectionsIsBounded(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		delay       time.Duration // -1: the server asked for none
		fruitless   int
		least, most time.Duration
	}{
		{delay: 0, fruitless: 0, least: reconnectShortest, most: reconnectShortest},
		{delay: 0, fruitless: 1, least: reconnectShortest, most: reconnectShortest},
		{delay: time.Nanosecond, fruitless: 1, least: reconnectShortest, most: reconnectShortest},
		{delay: time.Second, fruitless: 1, least: time.Second, most: time.Second},
		{delay: -1, fruitless: 0, least: reconnectShortest, most: reconnectBase},
		{delay: 0, fruitless: 1000, least: reconnectShortest, most: reconnectLongest},
		{delay: longestReconnect, fruitless: 1000, least: longestReconnect, most: longestReconnect},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &stream{ctx: t.Context(), delay: tt.delay, fruitless: tt.fruitless}
			begin := time.Now()
			require.NoError(t, s.pause())
			assert.GreaterOrEqual(t, time.Since(begin), tt.least)
			assert.LessOrEqual(t, time.Since(begin), tt.most)
		})
	}
}
