package partner_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/partner"
	"github.com/interchange-sdk/interchange-go/rotation"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// A request of a rotation fails, in any way and any number of times. Each valid key is the old one, is named by the
// error, or has the mark that the error names. A 404 for a key that exists hides none either.
func TestNoFailureLosesAKey(t *testing.T) {
	t.Parallel()
	for _, fault := range []sandbox.Fault{
		{Kind: sandbox.FaultResetBefore},
		{Kind: sandbox.FaultResetAfter},
		{Kind: sandbox.FaultTruncate},
		{Status: http.StatusBadGateway},
		{Status: http.StatusForbidden},
		{Status: http.StatusNotFound},
	} {
		t.Run(fmt.Sprint(fault.Kind, fault.Status), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, readKey)
			b.keys = partner.New(b.srv.ConnectPartner(b.srv.PartnerKey(),
				client.WithRetry(client.RetryPolicy{MaxAttempts: 2, BaseDelay: time.Microsecond}))).Keys
			for _, lost := range []bool{false, true} {
				for _, fault.Times = range []int{1, 0} {
					for fault.After = range 8 {
						b.losesNoKey(fault, lost)
					}
				}
			}
		})
	}
}

// losesNoKey rotates a key while requests fail and, where lost says so, the answer to the creation does not arrive.
func (b *bench) losesNoKey(fault sandbox.Fault, lost bool) {
	b.srv.ClearFaults()
	name := fmt.Sprintf("from request %d on, times %d, creation lost: %v", fault.After, fault.Times, lost)
	before := len(b.srv.PartnerKeys())
	var err error
	b.old, err = b.keys.Create(b.ctx, readKey)
	require.NoError(b, err)
	if lost {
		b.srv.Inject(sandbox.Fault{Route: createRoute, Kind: sandbox.FaultResetAfter, Times: 1})
	}
	b.srv.Inject(fault)
	next, err := b.rotate(b.plan())
	var works []sandbox.PartnerKey
	for _, k := range b.srv.PartnerKeys()[before:] {
		if k.RevokedAt.IsZero() {
			works = append(works, k)
		}
	}
	if err == nil {
		require.Len(b, works, 1, name)
		assert.Equal(b, string(next.ID), works[0].ID, name)
		assert.True(b, b.works(b.next), name)
		return
	}
	var failure *rotation.Error
	require.ErrorAs(b, err, &failure, name)
	assert.True(b, b.works(b.old) || failure.Stage == rotation.StageEnd, name)
	for _, k := range works {
		switch id := client.ID(k.ID); {
		case id == b.old.ID || slices.Contains(failure.Strays, id):
		case failure.Unsearched && failure.NewID == "":
			assert.Contains(b, k.Name, failure.Mark, name)
		default:
			assert.Equal(b, failure.NewID, id, "%s: nobody knows of a key: %v", name, err)
			assert.False(b, failure.NewEnded, name)
		}
	}
}
