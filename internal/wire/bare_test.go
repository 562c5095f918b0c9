package wire_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// The project is named once, and what was wrapped is still found.
func TestBare(t *testing.T) {
	t.Parallel()
	cause := errors.New("interchange: no key")
	err := fmt.Errorf("interchange: seat 7: %w", wire.Bare(fmt.Errorf("interchange: getAccount: %w", wire.Bare(cause))))
	require.EqualError(t, err, "interchange: seat 7: getAccount: no key")
	require.ErrorIs(t, err, cause)
	assert.Equal(t, "of the interchange: a", wire.Bare(errors.New("of the interchange: a")).Error())
}
