package netfailure

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// The operations of the *net.OpError in which crypto/tls wraps alerts over TCP. It uses them for nothing else.
const (
	opRemoteAlert = "remote error"
	opLocalAlert  = "local error"
)

// describeTLS describes a failure of TLS with who, the server or a proxy. It returns nil for any other failure.
func describeTLS(err error, who string, w *Watch) *Error {
	failed := &Error{Final: true, cause: err}
	var op *net.OpError
	switch text := certificateText(err, who); {
	case text != "":
		failed.Text, failed.NotSent = text, !w.WasGiven()
	case errors.As(err, &op) && op.Op == opRemoteAlert:
		alert := alertOf(op.Err)
		failed.Text = alertText(alert, op.Err, who)
		// After the handshake only an alert about the handshake proves that the server did not process the request, and
		// only on a new connection, as TLS 1.3 lets the client send before the server has checked its certificate.
		failed.NotSent = alert == alertCertificateRequired || (endsHandshake(alert) && w.newConnection())
	case plainHTTP(err):
		failed.Text, failed.NotSent = who+" gave a plain HTTP response to HTTPS client", true
	case notTLS(err):
		failed.Text, failed.NotSent = who+" does not speak TLS on this port", true
	case brokenConnection(err):
		return nil
	case errors.As(err, &op) && op.Op == opLocalAlert && !w.inHandshake(err):
		return nil // a record was damaged on its way
	case w.inHandshake(err), strings.HasPrefix(err.Error(), "tls: "):
		failed.Text, failed.NotSent = handshakeText(err, who), w.WasAsked() && !w.WasGiven()
	default:
		return nil
	}
	return failed
}

// certificateText describes why the certificate of a peer was rejected. It is empty for other failures.
func certificateText(err error, who string) string {
	var (
		revoked *RevokedError
		invalid x509.CertificateInvalidError
		host    x509.HostnameError
		unknown x509.UnknownAuthorityError
		roots   x509.SystemRootsError
		other   *tls.CertificateVerificationError
	)
	certificate := who + "'s certificate "
	switch {
	case errors.As(err, &revoked):
		return certificate + "is revoked"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && notYetValid(invalid):
		return certificate + "is not yet valid"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return certificate + "has expired"
	case errors.As(err, &host):
		return certificate + "is for another host"
	case errors.As(err, &unknown):
		return certificate + "is not trusted: it is signed by an unknown authority"
	case errors.As(err, &roots):
		return certificate + "cannot be checked: the root certificates of this system cannot be read"
	case errors.As(err, &invalid), errors.As(err, &other):
		return certificate + "is not trusted"
	}
	return ""
}

// notYetValid distinguishes the two meanings of x509.Expired. The detail of crypto/x509 counts first, as the
// configuration may have another clock than the system.
func notYetValid(invalid x509.CertificateInvalidError) bool {
	switch {
	case strings.Contains(invalid.Detail, "is before"):
		return true
	case strings.Contains(invalid.Detail, "is after"):
		return false
	}
	return invalid.Cert != nil && time.Now().Before(invalid.Cert.NotBefore)
}

// plainHTTP reports whether a server responded to a TLS handshake with HTTP.
func plainHTTP(err error) bool {
	var record tls.RecordHeaderError
	return errors.Is(err, http.ErrSchemeMismatch) ||
		(errors.As(err, &record) && bytes.HasPrefix(record.RecordHeader[:], []byte("HTTP/")))
}

// notTLS reports whether a server responded to a TLS handshake with something else.
func notTLS(err error) bool {
	var record tls.RecordHeaderError
	return errors.As(err, &record)
}

// handshakeText describes a handshake that failed on this side.
func handshakeText(err error, who string) string {
	text := strings.TrimPrefix(err.Error(), "tls: ")
	if strings.Contains(text, "protocol version") || strings.Contains(text, "supported versions") {
		return who + " supports no TLS version that this client accepts"
	}
	return "the TLS handshake with " + who + " failed: " + wire.Printable(text, 256)
}

// The alerts that the texts below distinguish (RFC 8446 §6).
const (
	alertHandshakeFailure       tls.AlertError = 40
	alertBadCertificate         tls.AlertError = 42
	alertUnsupportedCertificate tls.AlertError = 43
	alertCertificateRevoked     tls.AlertError = 44
	alertCertificateExpired     tls.AlertError = 45
	alertCertificateUnknown     tls.AlertError = 46
	alertUnknownCA              tls.AlertError = 48
	alertAccessDenied           tls.AlertError = 49
	alertProtocolVersion        tls.AlertError = 70
	alertInsufficientSecurity   tls.AlertError = 71
	alertInappropriateFallback  tls.AlertError = 86
	alertMissingExtension       tls.AlertError = 109
	alertUnsupportedExtension   tls.AlertError = 110
	alertUnrecognizedName       tls.AlertError = 112
	alertUnknownPSKIdentity     tls.AlertError = 115
	alertCertificateRequired    tls.AlertError = 116
	alertNoApplicationProtocol  tls.AlertError = 120
)

// alertOf returns the alert that a peer sent. Over TCP crypto/tls uses an unexported type for it, whose text is that of
// the exported one. The result is 0, close_notify, for an alert that it does not know.
func alertOf(err error) tls.AlertError {
	var alert tls.AlertError
	if errors.As(err, &alert) {
		return alert
	}
	for code := 1; code < 256; code++ {
		if alert = tls.AlertError(code); alert.Error() == err.Error() {
			return alert
		}
	}
	return 0
}

// alertOn returns the alert that the peer of a failed connection has sent, or nil. While a request is being written,
// net/http reports the failure to write, although the alert has been read by then; the connection keeps it. HTTP/2
// shares its connections, so they are left alone.
func alertOn(conn *tls.Conn) error {
	if conn.ConnectionState().NegotiatedProtocol == "h2" {
		return nil
	}
	_ = conn.NetConn().Close() // it has failed, and Read must not wait
	var op *net.OpError
	if _, err := conn.Read(make([]byte, 1)); errors.As(err, &op) && op.Op == opRemoteAlert {
		return err
	}
	return nil
}

// endsHandshake reports whether a peer sends an alert only while it negotiates, before it accepts a request.
func endsHandshake(alert tls.AlertError) bool {
	switch alert {
	case alertHandshakeFailure, alertBadCertificate, alertUnsupportedCertificate, alertCertificateRevoked,
		alertCertificateExpired, alertCertificateUnknown, alertUnknownCA, alertAccessDenied, alertProtocolVersion,
		alertInsufficientSecurity, alertInappropriateFallback, alertMissingExtension, alertUnsupportedExtension,
		alertUnrecognizedName, alertUnknownPSKIdentity, alertCertificateRequired, alertNoApplicationProtocol:
		return true
	}
	return false
}

// alertText describes an alert. Those about certificates concern the certificate of the client.
func alertText(alert tls.AlertError, err error, who string) string {
	switch alert {
	case alertCertificateRequired:
		return who + " requires a client certificate"
	case alertBadCertificate:
		return who + " refused the client certificate, or requires one"
	case alertUnsupportedCertificate:
		return who + " refused the client certificate: its kind is not supported"
	case alertCertificateRevoked:
		return who + " refused the client certificate: it is revoked"
	case alertCertificateExpired:
		return who + " refused the client certificate: it has expired"
	case alertCertificateUnknown:
		return who + " refused the client certificate"
	case alertUnknownCA:
		return who + " refused the client certificate: it is signed by an unknown authority"
	case alertAccessDenied:
		return who + " denied access in the TLS handshake"
	case alertProtocolVersion, alertInappropriateFallback:
		return who + " supports no TLS version that this client offers"
	case alertHandshakeFailure:
		return who + " refused the TLS handshake: it accepts nothing that this client offers, " +
			"or requires a client certificate"
	case alertInsufficientSecurity:
		return who + " refused the TLS handshake: it requires stronger ciphers"
	case alertUnrecognizedName:
		return who + " refused the TLS handshake: it does not serve this host name"
	case alertNoApplicationProtocol:
		return who + " refused the TLS handshake: it supports no common application protocol"
	}
	return who + " ended the TLS connection: " + wire.Printable(strings.TrimPrefix(err.Error(), "tls: "), 64)
}
