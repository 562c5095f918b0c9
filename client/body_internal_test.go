package client

import (
	"bytes"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestReadAllReadsBodiesOfEverySize(t *testing.T) {
	t.Parallel()
	const limit = 20 << 20
	var spare sync.Pool
	for _, size := range []int{
		0, 1, 511, 512, 1 << 20, 1<<20 + 1, 3 << 20, maxPieces, maxPieces + 1<<20, 15 << 20, limit - 1, limit, 2 << 20,
		limit + 1, limit, 30 << 20,
	} {
		body := bytes.Repeat([]byte("0123456789"), size/10+1)[:size]
		for _, announced := range []int64{-1, int64(size), 1 << 40, 3} {
			got, err := readAll(iotest.DataErrReader(bytes.NewReader(body)), nil, announced, limit, 100, &spare)
			want := body
			if size > limit {
				require.ErrorIs(t, err, ErrBodyTooLarge)
				want = body[:100]
			} else {
				require.NoError(t, err)
			}
			assert.True(t, bytes.Equal(want, got), "%d of %d", announced, size)
			keepSpare(got, &spare)
		}
	}
	got, err := readAll(io.MultiReader(strings.NewReader("ab"), iotest.ErrReader(io.ErrUnexpectedEOF)), nil, -1, limit, 1,
		&spare)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.Equal(t, "ab", string(got))
}
