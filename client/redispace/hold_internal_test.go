package redispace

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/interchange-sdk/interchange-go/client"
)

// What surpasses a hold while Redis is being told of it is told as well.
func TestHoldSurpassed(t *testing.T) {
	t.Parallel()
	var n line
	now := time.Now()
	n.hold(now.Add(time.Minute))
	told, unsaid := n.held()
	assert.True(t, unsaid)
	n.hold(now.Add(time.Hour))
	n.said(told)
	until, unsaid := n.held()
	assert.True(t, unsaid)
	assert.Equal(t, now.Add(time.Hour), until)
	n.said(until)
	_, unsaid = n.held()
	assert.False(t, unsaid)
}

// A process that rotates its credentials for years does not remember them all, but those that are held.
func TestLinesAreForgotten(t *testing.T) {
	t.Parallel()
	l := Limiter{limit: Limit{Requests: 1, Per: time.Second}, share: 1, lines: make(map[client.LimitKey]*line)}
	held := client.LimitKey{Credential: "held"}
	l.line(held).hold(time.Now().Add(time.Hour))
	for i := range 3 * maxLines {
		l.line(client.LimitKey{Credential: strconv.Itoa(i)})
	}
	assert.LessOrEqual(t, len(l.lines), maxLines)
	assert.Contains(t, l.lines, held)
}
