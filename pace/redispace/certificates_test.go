package redispace_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// certificates are an authority and a certificate for localhost, which serves as that of the client, too.
type certificates struct {
	dir  string
	pool *x509.CertPool
}

func newCertificates(t *testing.T) certificates {
	t.Helper()
	c := certificates{dir: t.TempDir(), pool: x509.NewCertPool()}
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"},
		IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	key := c.issue(t, "ca", authority, authority, nil)
	c.pool.AddCert(authority)
	c.issue(t, "server", &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: authority.NotBefore, NotAfter: authority.NotAfter,
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}, authority, key)
	return c
}

// issue writes a certificate and its key. It is signed by parent, or by itself if parentKey is nil.
func (c certificates) issue(
	t *testing.T, name string, template, parent *x509.Certificate, parentKey *ecdsa.PrivateKey,
) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	if parentKey == nil {
		parentKey = key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, parentKey)
	require.NoError(t, err)
	if template == parent {
		signed, err := x509.ParseCertificate(der)
		require.NoError(t, err)
		*template = *signed
	}
	encoded, err := x509.MarshalECPrivateKey(key)
	require.NoError(t, err)
	c.write(t, name+".crt", "CERTIFICATE", der)
	c.write(t, name+".key", "EC PRIVATE KEY", encoded)
	return key
}

func (c certificates) write(t *testing.T, name, kind string, der []byte) {
	t.Helper()
	require.NoError(t, os.WriteFile(c.file(name), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
}

func (c certificates) file(name string) string { return filepath.Join(c.dir, name) }

func (c certificates) pair(t *testing.T, name string) tls.Certificate {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(c.file(name+".crt"), c.file(name+".key"))
	require.NoError(t, err)
	return pair
}
