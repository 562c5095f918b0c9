// Package tlstest starts TLS servers on loopback, most of which a client must refuse. It is for tests only.
package tlstest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Server is a running server.
type Server struct {
	// Name describes the defect of the server.
	Name string
	// URL is its base URL.
	URL string
	// Want is the text of the error that a client returns. It is empty for a good server.
	Want string
	// Connections counts the connections that it accepted, Requests the requests that its handler received.
	Connections, Requests atomic.Int64
}

// Start starts ten servers, the first of them good, with the same handler. The pool holds the authority that signed the
// certificates of all but one.
func Start(t testing.TB, handler http.Handler) ([]*Server, *x509.CertPool) {
	t.Helper()
	authority, stranger := newAuthority(t), newAuthority(t)
	roots := x509.NewCertPool()
	roots.AddCert(authority.certificate)
	now := time.Now()
	valid := leaf{from: now.Add(-time.Hour), to: now.Add(time.Hour), host: "127.0.0.1"}
	expired, early, other := valid, valid, valid
	expired.to = now.Add(-time.Minute)
	early.from = now.Add(time.Minute)
	other.host = "192.0.2.1"
	revoked := authority.sign(t, valid)
	revoked.OCSPStaple = Staple(t, revoked.Leaf.SerialNumber, true)
	good := authority.sign(t, valid)
	good.OCSPStaple = Staple(t, good.Leaf.SerialNumber, false)
	mutual := func(version uint16) *tls.Config {
		return &tls.Config{
			MinVersion: version, MaxVersion: version, ClientAuth: tls.RequireAnyClientCert,
			Certificates: []tls.Certificate{authority.sign(t, valid)},
		}
	}
	old := with(authority.sign(t, valid))
	old.MinVersion, old.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	var servers []*Server
	for _, s := range []struct {
		name, want string
		config     *tls.Config // nil: no TLS
	}{
		{"good", "", with(good)},
		{"expired", "the server's certificate has expired", with(authority.sign(t, expired))},
		{"not yet valid", "the server's certificate is not yet valid", with(authority.sign(t, early))},
		{"wrong host", "the server's certificate is for another host", with(authority.sign(t, other))},
		{
			"unknown authority", "the server's certificate is not trusted: it is signed by an unknown authority",
			with(stranger.sign(t, valid)),
		},
		{"revoked", "the server's certificate is revoked", with(revoked)},
		{"old version", "the server supports no TLS version that this client offers", old},
		{"client certificate, TLS 1.3", "the server requires a client certificate", mutual(tls.VersionTLS13)},
		{
			"client certificate, TLS 1.2",
			"the server refused the TLS handshake: it accepts nothing that this client offers, or requires a client certificate",
			mutual(tls.VersionTLS12),
		},
		{"plain HTTP", "the server gave a plain HTTP response to HTTPS client", nil},
	} {
		server := &Server{Name: s.name, Want: s.want}
		server.start(t, handler, s.config)
		servers = append(servers, server)
	}
	return servers, roots
}

func with(certificate tls.Certificate) *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{certificate}}
}

func (s *Server) start(t testing.TB, handler http.Handler, config *tls.Config) {
	running := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.Requests.Add(1)
		handler.ServeHTTP(w, r)
	}))
	running.Config.ErrorLog = log.New(io.Discard, "", 0)
	running.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.Connections.Add(1)
		}
	}
	if config == nil {
		running.Start()
	} else {
		running.TLS = config
		running.StartTLS()
	}
	t.Cleanup(running.Close)
	s.URL = "https://" + running.Listener.Addr().String()
}

type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// leaf describes the certificate of a server.
type leaf struct {
	from, to time.Time
	host     string
}

func newAuthority(t testing.TB) authority {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		SerialNumber: serial(t), Subject: pkix.Name{CommonName: "authority of a test"},
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	return authority{create(t, template, template, key, key), key}
}

func (a authority) sign(t testing.TB, l leaf) tls.Certificate {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		SerialNumber: serial(t), NotBefore: l.from, NotAfter: l.to, IPAddresses: []net.IP{net.ParseIP(l.host)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	signed := create(t, template, a.certificate, key, a.key)
	return tls.Certificate{Certificate: [][]byte{signed.Raw}, PrivateKey: key, Leaf: signed}
}

func create(t testing.TB, template, parent *x509.Certificate, key, signer *ecdsa.PrivateKey) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	require.NoError(t, err)
	signed, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return signed
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return key
}

func serial(t testing.TB) *big.Int {
	t.Helper()
	n, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	require.NoError(t, err)
	return n
}

// Staple returns an unsigned OCSP response (RFC 6960 §4.2.1) about a certificate.
func Staple(t testing.TB, serial *big.Int, revoked bool) []byte {
	t.Helper()
	type algorithm struct {
		ID asn1.ObjectIdentifier
	}
	type single struct {
		ID struct {
			Algorithm         algorithm
			NameHash, KeyHash []byte
			Serial            *big.Int
		}
		Status asn1.RawValue
		This   time.Time `asn1:"generalized"`
	}
	sha1 := algorithm{asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}}
	now := time.Now().UTC().Truncate(time.Second)
	about := single{This: now, Status: asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0}}
	about.ID.Algorithm, about.ID.Serial = sha1, serial
	about.ID.NameHash, about.ID.KeyHash = make([]byte, 20), make([]byte, 20)
	if revoked {
		at, err := asn1.MarshalWithParams(now, "generalized")
		require.NoError(t, err)
		about.Status = asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 1, IsCompound: true, Bytes: at}
	}
	keyHash, err := asn1.Marshal(make([]byte, 20))
	require.NoError(t, err)
	var basic struct {
		Data struct {
			Responder asn1.RawValue
			Produced  time.Time `asn1:"generalized"`
			Responses []single
		}
		Algorithm algorithm
		Signature asn1.BitString
	}
	basic.Data.Responder = asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 2, IsCompound: true, Bytes: keyHash}
	basic.Data.Produced, basic.Data.Responses = now, []single{about}
	basic.Algorithm, basic.Signature = sha1, asn1.BitString{Bytes: []byte{0}, BitLength: 8}
	body, err := asn1.Marshal(basic)
	require.NoError(t, err)
	var outer struct {
		Status   asn1.Enumerated
		Response struct {
			Type asn1.ObjectIdentifier
			Body []byte
		} `asn1:"explicit,tag:0"`
	}
	outer.Response.Type, outer.Response.Body = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 1}, body
	der, err := asn1.Marshal(outer)
	require.NoError(t, err)
	return der
}
