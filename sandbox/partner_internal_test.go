package sandbox

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every operation of the Partner API says what a key must be allowed to, and the sandbox has it.
func TestEveryPartnerOperationHasAScopeAndAnAction(t *testing.T) {
	t.Parallel()
	r := &recorder{}
	p := newPartnerAPI(&config{}, r)
	c := p.contract()
	require.Empty(t, r.violations)
	require.Len(t, p.acts, len(c.named))
	scopes := []string{PartnerRead, PartnerWrite, PartnerAdmin}
	for name, op := range c.named {
		assert.Contains(t, p.acts, name)
		assert.True(t, slices.Contains(scopes, op.scope), "%s has the scope %q", op.route, op.scope)
		assert.False(t, op.writes && op.scope == PartnerRead, "%s is a write", op.route)
		assert.True(t, isPartner(cutRoute(op.route)), op.route)
	}
}

func cutRoute(route string) string {
	return route[slices.Index([]byte(route), ' ')+1:]
}
