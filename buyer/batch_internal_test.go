package buyer

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// FuzzRun: whatever the sizes, the limits and the call that fails, every item before that is sent once and in order,
// within the limits, and the spans of the error cover all items.
func FuzzRun(f *testing.F) {
	f.Add([]byte{1, 2, 3}, uint8(2), uint16(100), uint16(1000), uint8(99))
	f.Add([]byte{200, 200, 200, 200}, uint8(10), uint16(250), uint16(150), uint8(2))
	f.Add([]byte{0}, uint8(1), uint16(0), uint16(0), uint8(0))
	f.Fuzz(func(t *testing.T, sizes []byte, maxItems uint8, maxBytes, tooLarge uint16, failing uint8) {
		if maxItems == 0 || len(sizes) > 200 {
			return
		}
		items := make([]string, len(sizes))
		for i, size := range sizes {
			items[i] = strings.Repeat("x", int(size))
		}
		var sent []string
		calls := 0
		lost := errors.New("lost")
		b := batch{op: &opLogEvent, maxItems: int(maxItems), maxBytes: int(maxBytes)}
		b.send = func(span Span, chunk []jsontext.Value) error {
			require.Equal(t, len(sent), span.From)
			require.Len(t, chunk, span.Len())
			require.NotEmpty(t, chunk)
			require.LessOrEqual(t, len(chunk), int(maxItems))
			bytes := 0
			for _, item := range chunk {
				bytes += len(item)
			}
			require.True(t, bytes <= int(maxBytes) || len(chunk) == 1)
			if bytes > int(tooLarge) && len(chunk) > 1 {
				return &client.APIError{StatusCode: 413}
			}
			if calls++; calls > int(failing) {
				return lost
			}
			for _, item := range chunk {
				var text string
				require.NoError(t, json.Unmarshal(item, &text))
				sent = append(sent, text)
			}
			return nil
		}
		err := run(b, items)
		require.True(t, slices.Equal(items[:len(sent)], sent))
		if err == nil {
			require.Len(t, sent, len(items))
			return
		}
		var broken *BatchError
		require.ErrorAs(t, err, &broken)
		require.ErrorIs(t, err, lost)
		require.Equal(t, Span{0, len(sent)}, broken.Sent)
		require.Equal(t, broken.Sent.To, broken.Unknown.From)
		require.Equal(t, broken.Unknown.To, broken.NotSent.From)
		require.Equal(t, len(items), broken.NotSent.To)
	})
}

func TestBatchErrorMayHaveAppliedIfItemsWereSent(t *testing.T) {
	t.Parallel()
	refused := &client.APIError{StatusCode: 400}
	for _, tt := range []struct {
		err  *BatchError
		want bool
	}{
		{&BatchError{NotSent: Span{0, 5}, Err: refused}, false},
		{&BatchError{Sent: Span{0, 2}, NotSent: Span{2, 5}, Err: refused}, true},
		{&BatchError{Unknown: Span{0, 2}, NotSent: Span{2, 5}, Err: client.ErrOutcomeUnknown}, true},
		{nil, false},
	} {
		assert.Equal(t, tt.want, client.MayHaveApplied(fmt.Errorf("job: %w", tt.err)), "%+v", tt.err)
	}
}

// FuzzPlaced: an index is -1 or that of an event with the id, and no event with a refused id is left out.
func FuzzPlaced(f *testing.F) {
	f.Add("a b c", "b", 10)
	f.Add("a a b", "a x a", 0)
	f.Add("", "a", 3)
	f.Fuzz(func(t *testing.T, ids, refused string, first int) {
		if first < 0 || first > 1<<30 {
			return
		}
		var events []Event
		for _, id := range strings.Fields(ids) {
			events = append(events, Event{EventID: id})
		}
		var refusals []EventRefusal
		for _, id := range strings.Fields(refused) {
			refusals = append(refusals, EventRefusal{EventID: id, Code: "X"})
		}
		blamed := make(map[int]bool)
		for _, failure := range placed(refusals, events, first) {
			require.True(t, slices.ContainsFunc(refusals, func(r EventRefusal) bool { return r == failure.EventRefusal }))
			if failure.Index == -1 {
				require.False(t, slices.ContainsFunc(events, func(e Event) bool { return e.EventID == failure.EventID }))
				continue
			}
			require.Equal(t, failure.EventID, events[failure.Index-first].EventID)
			require.False(t, blamed[failure.Index], "an event is blamed once")
			blamed[failure.Index] = true
		}
		for i, e := range events {
			isRefused := slices.ContainsFunc(refusals, func(r EventRefusal) bool { return r.EventID == e.EventID })
			require.Equal(t, isRefused, blamed[first+i])
		}
	})
}

// FuzzDownloadable: what is accepted is https, or http on this machine, and no error repeats the address.
func FuzzDownloadable(f *testing.F) {
	for _, address := range []string{
		"https://files.example/x?sig=1", "http://localhost/x", "http://example/",
		"https://a@b/", ":", "https://%zz/",
	} {
		f.Add(address)
	}
	f.Fuzz(func(t *testing.T, address string) {
		u, err := downloadable(address)
		if err != nil {
			if len(address) > 12 {
				assert.NotContains(t, err.Error(), address)
			}
			return
		}
		require.NotEmpty(t, u.Hostname())
		require.Nil(t, u.User)
		require.Contains(t, []string{"http", "https"}, u.Scheme)
	})
}
