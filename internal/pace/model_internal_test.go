package pace

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// script drives a model by hand.
type script struct {
	t   *testing.T
	m   model
	now time.Time
}

func newScript(t *testing.T) *script {
	return &script{t: t, m: newModel(simulationStart), now: simulationStart}
}

func (s *script) sleep(d time.Duration) {
	s.now = s.now.Add(d)
	s.m.advance(s.now)
}

// free is how many may be sent at once; they are.
func (s *script) free() int {
	for n := 0; ; n++ {
		if s.m.next().After(s.now) || n == 1000 {
			return n
		}
		s.m.take()
	}
}

// wait is how long the next attempt has to wait.
func (s *script) wait() time.Duration { return max(s.m.next().Sub(s.now), 0) }

// send sends one, which must be free, and answers it at once.
func (s *script) send(a Answer) {
	s.t.Helper()
	require.Zero(s.t, s.wait())
	s.m.take()
	s.answer(a)
}

func (s *script) answer(a Answer) {
	a.At = s.now
	if !a.Reset.IsZero() {
		a.Reset = s.now.Add(a.Reset.Sub(time.Unix(0, 0)))
	}
	s.m.answer(a)
}

// left is an answer with a header, the reset in seconds.
func left(limit, remaining int64, reset time.Duration) Answer {
	return Answer{Told: true, Limit: limit, Remaining: remaining, Reset: time.Unix(0, 0).Add(reset)}
}

var plain = Answer{Remaining: -1}

func refused(after time.Duration) Answer {
	return Answer{Refused: true, RetryAfter: after, Remaining: -1}
}

// TestWindowIsSpentAndWaitedOut: what is announced goes at once, and no more; then nothing until the end; then one goes
// to see whether the window has begun, and all others on its answer.
func TestWindowIsSpentAndWaitedOut(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	s.send(left(10, 9, 3*time.Second))
	assert.Equal(t, window, s.m.kind)
	assert.Equal(t, 9, s.free())
	for i := range int64(9) {
		s.sleep(time.Millisecond)
		s.answer(left(10, 8-i, 3*time.Second))
	}
	assert.True(t, s.m.proven, "the end has not moved while most was spent, so it is no bucket")
	assert.Equal(t, 2991*time.Millisecond, s.wait(), "3 s after the first answer: later ends are rounded up more")
	s.sleep(2991 * time.Millisecond)
	assert.Equal(t, 1, s.free())
	assert.Equal(t, scoutPatience, s.wait())
	s.answer(left(10, 9, 3*time.Second))
	assert.Equal(t, 9, s.free())
	assert.InDelta(t, 10/3.0, (&line{model: s.m}).stats().Rate, 0.01)
}

// TestDisorderlyAnswers: answers that come in another order than that in which the server counted are not taken for a
// refill, nor for more than is left.
func TestDisorderlyAnswers(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	s.send(left(100, 99, time.Minute))
	total := 0
	for _, n := range []int64{80, 90, 70, 98, 60, 50, 97, 96, 40} {
		total += s.free()
		s.answer(left(100, n, time.Minute))
	}
	total += s.free()
	assert.Equal(t, 99, total)
	assert.Equal(t, window, s.m.kind)
}

// TestOthersSpendOfAWindow: where less is left than was taken, that counts.
func TestOthersSpendOfAWindow(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	s.send(left(100, 99, time.Minute))
	s.send(left(100, 5, time.Minute))
	assert.Equal(t, 5, s.free())
}

// TestWhatIsNotLimited: answers without a header, among others that have one, spend nothing and show no refill.
func TestWhatIsNotLimited(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	for i := range int64(10) {
		s.send(left(100, 99-i, time.Minute))
		for range 20 {
			s.send(plain)
		}
	}
	assert.Equal(t, window, s.m.kind)
	assert.Equal(t, 90, s.free())
}

// TestLimitOfAWindowChanges: in either direction, with the next answer.
func TestLimitOfAWindowChanges(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	s.send(left(100, 50, time.Minute))
	s.send(left(40, 2, time.Minute))
	assert.Equal(t, 2, s.free())
	s.answer(left(40, 1, time.Minute))
	s.answer(left(40, 0, time.Minute))
	assert.Equal(t, time.Minute, s.wait())
	s.sleep(time.Minute)
	s.send(left(200, 199, time.Minute))
	assert.Equal(t, 199, s.free())
	assert.Equal(t, window, s.m.kind)
}

// TestBucketIsFound: one is sent before the end that was told, which a bucket answers with more than there was; the rest
// of that goes at once, and then the rate is kept.
func TestBucketIsFound(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	s.send(left(20, 1, time.Second))
	s.send(left(20, 0, time.Second))
	assert.Equal(t, time.Second/12, s.wait())
	s.sleep(s.wait())
	assert.Equal(t, 1, s.free())
	s.answer(left(20, 15, time.Second))
	assert.Equal(t, bucket, s.m.kind)
	assert.InDelta(t, 200, s.m.rate, 8, "16 in 83 ms")
	assert.Equal(t, 14, s.free(), "one stays")
	for i := range int64(14) {
		s.answer(left(20, 14-i, time.Second))
	}
	assert.InDelta(t, 5, s.wait().Seconds()*1000, 1, "milliseconds")
}

// TestTryForABucketInVain: a window refuses the one that was sent to find out, which holds all; the next windows are
// waited out.
func TestTryForABucketInVain(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	s.send(left(2, 1, time.Second))
	s.send(left(2, 0, time.Second))
	s.sleep(s.wait())
	assert.Equal(t, 1, s.free())
	a := left(2, 0, time.Second)
	a.Refused, a.RetryAfter = true, time.Second
	s.answer(a)
	assert.Equal(t, time.Second, s.wait())
	s.sleep(time.Second)
	s.send(left(2, 1, time.Second))
	s.send(left(2, 0, time.Second))
	assert.Equal(t, time.Second/2, s.wait(), "the bucket may be slower")
	s.sleep(time.Second / 2)
	s.m.take()
	s.answer(a)
	s.sleep(time.Second)
	s.send(left(2, 1, time.Second))
	s.send(left(2, 0, time.Second))
	assert.Equal(t, time.Second, s.wait())
}

// TestRefusalByABucket: the delay that it names is a whole second; the others do not wait it out. One that rounding does
// not explain holds all.
func TestRefusalByABucket(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	s.m.becomeBucket(200)
	s.m.told = true
	s.sleep(10 * time.Millisecond)
	s.m.take()
	s.answer(refused(time.Second))
	assert.Less(t, s.wait(), 20*time.Millisecond)
	assert.Less(t, s.m.rate, 200.0)
	s.sleep(20 * time.Millisecond)
	s.m.take()
	s.answer(refused(3 * time.Second))
	assert.Equal(t, 3*time.Second, s.wait())
}

// TestRefusedAgainAndAgain: what was taken for a bucket and lets nothing through holds all as long as it says.
func TestRefusedAgainAndAgain(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	s.m.becomeBucket(200)
	for range 3 {
		s.sleep(s.wait())
		s.m.take()
		s.answer(refused(time.Second))
	}
	assert.Equal(t, time.Second, s.wait())
}

// TestWindowWithoutHeaders: what was let through is what goes at once after the hold. Once that came out the same, the
// window is waited out without a refusal, and tried again only now and then.
func TestWindowWithoutHeaders(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	server := silent(simulatedLimit{requests: 5, per: 3 * time.Second})
	refusals := 0
	for range 20 { // windows
		for n := 0; s.wait() < time.Second && n < 100; n++ {
			s.sleep(s.wait())
			s.m.take()
			a := server.answer(s.now)
			if a.Refused {
				refusals++
			}
			s.answer(a)
		}
		s.sleep(s.wait())
	}
	assert.Equal(t, 5, s.m.burst)
	assert.LessOrEqual(t, refusals, 6)
	assert.InDelta(t, 3, s.m.length.Seconds(), 0.1)
}

func TestKnownLimit(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	s.m.seed(5, time.Minute)
	assert.Equal(t, 5, s.free())
	s.sleep(time.Second)
	s.answer(plain)
	assert.Equal(t, time.Minute, s.wait(), "from the first answer on")
	for range 4 {
		s.answer(plain)
	}
	s.sleep(time.Minute)
	assert.Equal(t, 1, s.free())
	s.answer(plain)
	assert.Equal(t, 4, s.free())

	s.answer(left(100, 50, time.Minute))
	assert.Greater(t, s.free(), 40, "what the platform says counts more")
}

func TestClockGoesBackwards(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	s.send(refused(time.Minute))
	s.sleep(-time.Hour)
	assert.Equal(t, time.Hour+time.Minute, s.m.next().Sub(s.now))
	s.sleep(time.Hour + time.Minute)
	assert.Zero(t, s.wait())
	s.m.becomeBucket(10)
	s.sleep(-time.Hour)
	credit := s.m.credit
	s.sleep(time.Minute)
	assert.InDelta(t, credit, s.m.credit, 1e-9)
}

// FuzzAnswers: whatever is answered, in whatever order, nobody waits for more than an hour, and those who gave up have
// left no trace.
func FuzzAnswers(f *testing.F) {
	f.Add([]byte{0, 0, 1, 5, 2, 10, 3, 0, 4, 9, 5, 1, 6, 0, 7, 3})
	f.Add([]byte{0, 0, 0, 0, 3, 1, 3, 200, 7, 255, 0, 0, 2, 0, 2, 7})
	f.Fuzz(func(t *testing.T, in []byte) {
		now := simulationStart
		l := line{model: newModel(now)}
		if len(in) > 0 && in[0]%5 == 0 {
			l.model.seed(int64(in[0]), time.Duration(in[0])*time.Second)
		}
		odd := func(b byte) int64 {
			return [...]int64{0, 1, 2, 19, 20, 100, 1 << 40, 1<<63 - 1, -1, -1 << 63}[b%10]
		}
		for len(in) >= 2 {
			op, b := in[0], in[1]
			in = in[2:]
			l.model.advance(now)
			switch op % 9 {
			case 0:
				l.push(&waiter{longest: time.Hour, ready: make(chan struct{}, 1)})
			case 1:
				now = now.Add(time.Duration(b) * time.Duration(b) * time.Millisecond)
			case 2:
				l.model.answer(Answer{At: now, Told: true, Limit: odd(b), Remaining: odd(b / 10), Reset: now.Add(time.Duration(odd(b / 3)))})
			case 3:
				l.model.answer(Answer{At: now, Refused: true, RetryAfter: time.Duration(odd(b)) * time.Millisecond, Remaining: -1})
				l.dismiss()
			case 4:
				l.model.answer(Answer{At: now.Add(time.Duration(odd(b))), Remaining: -1, Refused: b%3 == 0, RetryAfter: time.Duration(b) * time.Second})
				l.dismiss()
			case 5:
				l.model.lost()
			case 6:
				l.model.putBack()
			case 7:
				now = now.Add(-time.Duration(b) * time.Second)
			case 8:
				if l.first != nil {
					l.remove(l.first)
				}
			}
			l.serve(now)
		}
		for l.first != nil {
			l.remove(l.first)
		}
		require.Zero(t, l.waiting)

		now = later(now, l.model.now)
		l.model.advance(now)
		w := &waiter{longest: 1 << 62, ready: make(chan struct{}, 1)}
		l.push(w)
		began := now
		for i := 0; ; i++ {
			if l.serve(now); w.done {
				break
			}
			require.Less(t, i, 100, "it does not come to an end")
			now = l.at
			require.LessOrEqual(t, now.Sub(began), longestHold)
		}
		s := l.stats()
		require.True(t, s.Rate >= 0 && s.Rate <= 1e6 || !s.Bucket, "%v", s.Rate)
		require.GreaterOrEqual(t, s.InFlight, 1)
	})
}
