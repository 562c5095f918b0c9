package client

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/interchange-sdk/interchange-go/internal/retry"
	"github.com/interchange-sdk/interchange-go/internal/wire"
	"github.com/interchange-sdk/interchange-go/pace"
)

// checkRetry ends an attempt: its answer is read here, so that one that breaks off halfway is repeated like one
// that never came. It returns whether go-retryablehttp makes another attempt; the result stays with the call.
func checkRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	k := callOf(ctx)
	again := k.settle(resp, err)
	if k.cancel != nil && !k.handed {
		k.cancel()
		k.cancel, k.attempt = nil, nil
	}
	k.done = !again
	return again, nil
}

// settle decides what follows from an attempt.
func (k *call) settle(resp *http.Response, err error) (again bool) {
	if resp != nil {
		k.cred.hideInHeader(resp.Header)
	}
	refused := redirectFailure(err, k.status, k.req.URL)
	switch {
	case err == nil && k.handOver(resp):
	case err == nil:
		err = k.readAnswer(resp)
	default:
		k.status, k.header, k.body, k.answer = 0, nil, nil, nil
		if refused != nil {
			k.status = refused.StatusCode
			if resp != nil { // its body is closed already
				k.header = resp.Header
			}
		}
	}
	k.answered, k.refusal = time.Now(), nil
	report := Attempt{
		Operation: k.op.name(), Method: k.op.method(), Route: k.op.route(),
		Number: k.attempts, StatusCode: k.status, RequestID: requestID(k.header),
		Waited: k.waited, Duration: k.answered.Sub(k.started),
	}
	switch {
	case refused != nil:
		refused.Operation, refused.To = k.op.name(), k.cred.hide(refused.To)
		// The server may have processed the request before a 301, 302 or 303.
		processed := refused.StatusCode < http.StatusTemporaryRedirect
		refused.OutcomeUnknown = k.effect != EffectRead && (k.outcomeUncertain || processed)
		k.failed = refused
	case k.status == 0:
		again = k.broken(err)
	case k.status >= 200 && k.status <= 299:
		again = k.succeeded(err)
	default:
		again = k.answeredError()
	}
	if k.status == 0 || refused != nil || (k.status < 300 && k.failed != nil) {
		report.Err = k.failed
	}
	report.Retrying = again
	if again {
		report.RetryIn = k.delay
	}
	k.observe(&report)
	return again
}

// broken handles an attempt without any answer.
func (k *call) broken(err error) bool {
	err = k.describe(err)
	notSent := k.surelyNotSent(err)
	k.notSentAtAll = notSent
	if !notSent {
		k.outcomeUncertain = true
	}
	timedOut := k.attempt != nil && k.attempt.Err() != nil && k.ctx.Err() == nil
	k.failed = k.transportError(err)
	if k.ctx.Err() != nil || (!notSent && k.effect == EffectOnce) || (!timedOut && isFinal(err)) {
		return false
	}
	return k.retryAfter(0, retry.CostFailure)
}

// succeeded handles a success status; err is set when its body could not be read.
func (k *call) succeeded(err error) bool {
	if err == nil {
		k.failed = nil
		k.client.conn.quota.Succeeded(k.quotaTaken)
		return false
	}
	switch {
	case errors.Is(err, ErrBodyTooLarge):
		k.failed = k.decodeFailure(err)
		return false
	case k.effect == EffectOnce:
		k.failed = k.decodeFailure(k.cause(err))
		return false
	}
	k.outcomeUncertain = true
	k.failed = k.transportError(err)
	return k.ctx.Err() == nil && k.retryAfter(0, retry.CostFailure)
}

// answeredError handles an error status.
func (k *call) answeredError() bool {
	failure := k.apiError(wire.ReadError(k.body))
	k.failed, k.refusal = failure, failure
	if !retryableStatus(k.status) {
		k.client.conn.quota.Succeeded(k.quotaTaken) // the platform is well, whatever it thinks of the call
	}
	if k.status == http.StatusUnauthorized && !k.replaced {
		k.replaced = true
		other, err := k.client.creds.replace(k.ctx, k.cred.token)
		if err != nil {
			k.failed = &interruptedError{operation: k.op.name(), ended: k.notSent(err), last: failure}
		}
		k.delay = 0
		return other && err == nil
	}
	if k.status == http.StatusInternalServerError {
		k.internalErrors++
	}
	if !mayRepeat(k.effect, k.status, k.internalErrors) {
		return false
	}
	if ambiguousStatus(k.status) {
		k.outcomeUncertain = true
	}
	cost := retry.CostFailure
	if k.status == http.StatusTooManyRequests {
		cost = retry.CostThrottle
		if failure.RetryAfter > 0 {
			cost = 0 // the wait that the platform asked for spares it
		}
	}
	return k.retryAfter(failure.RetryAfter, cost)
}

// retryAfter decides whether there is room for another attempt: in the policy, before the caller's deadline and in
// the quota. asked is the delay that the server named; it is never shortened.
func (k *call) retryAfter(asked time.Duration, cost int) bool {
	if k.attempts >= k.policy.MaxAttempts || asked > k.policy.MaxDelay {
		return false
	}
	k.delay = asked
	k.stalled = k.stalled || isStalled(k.failed)
	if asked == 0 && !isStalled(k.failed) { // a stall was wait enough
		k.delay = retry.Backoff(k.attempts, k.policy.BaseDelay, k.policy.MaxBackoff)
	}
	if deadline, ok := k.ctx.Deadline(); ok && k.answered.Add(k.delay).After(deadline) {
		return false
	}
	if !k.client.conn.quota.Take(cost) {
		return false
	}
	k.quotaTaken += cost
	return true
}

// observe reports an attempt to the limiter and the hooks.
func (k *call) observe(report *Attempt) {
	cfg := &k.client.cfg
	if k.status != 0 {
		o := pace.Observation{At: k.answered, StatusCode: k.status, Quota: wire.ReadQuota(k.header, k.answered)}
		if k.refusal != nil {
			o.RetryAfter = k.refusal.RetryAfter
		}
		k.allowed = false
		cfg.limiter.Observe(k.key, o)
	} else {
		k.releaseLimit(!k.notSentAtAll)
	}
	for _, hooks := range cfg.hooks {
		hooks.AttemptDone(k.ctx, *report)
	}
}

// releaseLimit reports an attempt without a response to the limiter.
func (k *call) releaseLimit(sent bool) {
	k.allowed = false
	k.client.cfg.limiter.Release(k.key, sent)
}
