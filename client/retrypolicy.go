package client

import (
	"errors"
	"net/http"
	"time"
)

// RetryPolicy says how failed attempts are repeated. Zero fields take the defaults.
//
// What may be repeated follows from the [Effect] of the operation, not from the policy. EffectRead and
// EffectIdempotent: after connection failures and lost or cut answers, and on 408, 429, 500 (once), 502, 503 and
// 504. EffectOnce: only when the request surely was not processed: on 429, and when the connection could not be
// made or broke before the first byte of the request was written. Failures of TLS, such as a certificate that is not
// trusted or a missing client certificate, and proxies that refuse with a 4xx are never followed by another attempt.
// A delay that the server names is never shortened; where it is longer than MaxDelay or than the context lasts, the
// answer is returned at once.
type RetryPolicy struct {
	// MaxAttempts limits the attempts of a call, the first included. Default 7; 1 switches retries off. The one repetition
	// with another token after a 401 is beside it.
	MaxAttempts int
	// BaseDelay and MaxBackoff shape the delays that the server does not name: the one before attempt n+1 is a
	// random part of min(MaxBackoff, BaseDelay·2ⁿ⁻¹). Defaults 100 ms and 5 s.
	BaseDelay, MaxBackoff time.Duration
	// MaxDelay is the longest delay named by the server that is waited for. Default 60 s, the length of the
	// platform's window; unattended jobs under an hourly limit want more.
	MaxDelay time.Duration
}

// Seven attempts: with 12 % of the attempts failing, as in the fault scenario this module is measured by, three would
// lose one call in 600 and seven lose one in three million. What a dead server is spared is the quota's business.
const (
	defaultAttempts   = 7
	defaultBaseDelay  = 100 * time.Millisecond
	defaultMaxBackoff = 5 * time.Second
	defaultMaxDelay   = time.Minute
	retryQuota        = 500
)

func (p RetryPolicy) check() error {
	if p.MaxAttempts < 0 || p.BaseDelay < 0 || p.MaxBackoff < 0 || p.MaxDelay < 0 {
		return errors.New("interchange: a RetryPolicy must not have negative fields")
	}
	return nil
}

func (p RetryPolicy) withDefaults() RetryPolicy {
	setDefault(&p.MaxAttempts, defaultAttempts)
	setDefault(&p.BaseDelay, defaultBaseDelay)
	setDefault(&p.MaxBackoff, defaultMaxBackoff)
	setDefault(&p.MaxDelay, defaultMaxDelay)
	return p
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

func retryableStatus(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// mayRepeat reports whether an answer with this status may be followed by another attempt.
func mayRepeat(effect Effect, status, internalErrors int) bool {
	switch {
	case !retryableStatus(status):
		return false
	case status == http.StatusTooManyRequests:
		return true // refused before any work was done
	case effect == EffectOnce:
		return false
	case status == http.StatusInternalServerError:
		return internalErrors <= 1
	}
	return true
}
