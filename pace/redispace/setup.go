package redispace

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// ErrMisconfigured matches errors that last until someone corrects the configuration of Redis or of its client: a wrong
// password, missing ACL permissions, a cluster behind a client that is not a cluster client, or TLS on one side only.
var ErrMisconfigured = errors.New("redis is misconfigured")

// checkTime limits Check when its context has no deadline. It exceeds the timeout of a call, since Check connects
// first.
const checkTime = 5 * time.Second

// Check runs the script of the Limiter once, on a key of its own that expires after a minute. Call it at start. The
// error matches [ErrMisconfigured] if the problem does not end by itself. Check takes nothing from a budget.
func (l *Limiter) Check(ctx context.Context) error {
	if err := l.usable(ctx); err != nil {
		return err
	}
	most := max(l.timeout, checkTime)
	if deadline, has := ctx.Deadline(); has {
		most = min(most, time.Until(deadline)*2/3) // the rest is for the diagnosis
	}
	scriptCtx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	_, err := l.runScript(scriptCtx, l.prefix+"{check}:", l.limit, scriptArgs{})
	switch {
	case err == nil:
		return nil
	case l.ctx.Err() != nil:
		return ErrClosed
	case !errors.Is(err, context.Canceled):
		err = l.diagnose(ctx, err)
	}
	return fmt.Errorf("redispace: cannot use redis: %w", err)
}

// checkClient rejects nil and zero clients, which would crash at the first use, in a goroutine of the Limiter.
func checkClient(rdb redis.UniversalClient) error {
	v := reflect.ValueOf(rdb)
	if !v.IsValid() || (v.Kind() == reflect.Pointer && v.IsNil()) {
		return errors.New("redispace: the Redis client is nil")
	}
	switch rdb.(type) {
	case *redis.Client, *redis.ClusterClient, *redis.Ring:
		if v.Elem().IsZero() {
			return errors.New("redispace: the Redis client must be made by a constructor of go-redis")
		}
	}
	return nil
}

// explain names the cause of an error of go-redis, and makes it match ErrMisconfigured if it does not end by itself.
func explain(rdb redis.UniversalClient, err error) error {
	text := err.Error()
	contains := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(text, w) {
				return true
			}
		}
		return false
	}
	_, follows := rdb.(*redis.ClusterClient)
	switch {
	case errors.Is(err, ErrMisconfigured):
		return err
	case contains("WRONGPASS", "NOAUTH", "invalid password", "AUTH <password> called", "no password is set",
		"unauthenticated"):
		return misconfigured("the user name or password is wrong or missing", text)
	case contains("NOPERM", "user executing the script can't"):
		return misconfigured("the ACL of the user lacks a permission", text)
	case contains("MOVED ", "ASK ", "CROSSSLOT") && !follows:
		return misconfigured("the server is part of a cluster and needs a cluster client", "")
	case contains("cluster support disabled"):
		return misconfigured("the server is not part of a cluster and needs a client without one", "")
	case isTLS(err):
		return misconfigured("the TLS connection failed", text)
	case contains("can't parse reply"):
		return misconfigured("the reply is not one of Redis; the server may require TLS", "")
	case contains("unknown command"):
		return misconfigured("the server lacks a command", text)
	case contains("WRONGTYPE"):
		return misconfigured("another program uses a key with this prefix", "")
	case contains("OOM "):
		return fmt.Errorf("the memory of redis is full: %s", brief(text))
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("redis does not reply: %w", err)
	}
	return err
}

func isTLS(err error) bool {
	var (
		record       tls.RecordHeaderError
		verification *tls.CertificateVerificationError
		alert        tls.AlertError
		authority    x509.UnknownAuthorityError
		hostname     x509.HostnameError
		invalid      x509.CertificateInvalidError
	)
	// An alert of the server is a private type of crypto/tls, and go-redis keeps only the text of some errors.
	text := err.Error()
	return strings.Contains(text, "tls: ") || strings.Contains(text, "x509: ") ||
		errors.As(err, &record) || errors.As(err, &verification) || errors.As(err, &alert) ||
		errors.As(err, &authority) || errors.As(err, &hostname) || errors.As(err, &invalid)
}

func misconfigured(reason, text string) error {
	if text == "" {
		return fmt.Errorf("%w: %s", ErrMisconfigured, reason)
	}
	return fmt.Errorf("%w: %s: %s", ErrMisconfigured, reason, brief(text))
}

// brief shortens an error of Redis. Its text may quote the arguments of a command, which include the password of AUTH.
func brief(text string) string {
	text, _, _ = strings.Cut(text, "\n")
	text, _, _ = strings.Cut(text, ", with args")
	text, _, _ = strings.Cut(text, " script: ")
	const most = 200
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}
