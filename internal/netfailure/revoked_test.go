package netfailure

import (
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The responses were made with "openssl ocsp" for the serial number 0x1234.
func readStaple(t testing.TB, name string) []byte {
	t.Helper()
	staple, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return staple
}

func withSerial(n int64) *x509.Certificate { return &x509.Certificate{SerialNumber: big.NewInt(n)} }

func TestStapleDecides(t *testing.T) {
	t.Parallel()
	revoked, good := readStaple(t, "revoked.ocsp"), readStaple(t, "good.ocsp")
	for _, tt := range []struct {
		name        string
		staple      []byte
		certificate *x509.Certificate
		want        bool
	}{
		{"revoked", revoked, withSerial(0x1234), true},
		{"another certificate is revoked", revoked, withSerial(0x1235), false},
		{"good", good, withSerial(0x1234), false},
		{"none", nil, withSerial(0x1234), false},
		{"cut", revoked[:len(revoked)/4], withSerial(0x1234), false},
		{"junk", []byte("\x30\x80junk"), withSerial(0x1234), false},
		{"the responder has no answer", []byte{0x30, 3, 0x0a, 1, 3}, withSerial(0x1234), false},
		{"a certificate without a number", revoked, &x509.Certificate{}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			chain := []*x509.Certificate{tt.certificate}
			err := CheckStaple(tls.ConnectionState{OCSPResponse: tt.staple, PeerCertificates: chain})
			if tt.want {
				var want *RevokedError
				require.ErrorAs(t, err, &want)
				return
			}
			assert.NoError(t, err)
		})
	}
	assert.NoError(t, CheckStaple(tls.ConnectionState{OCSPResponse: revoked}), "without a certificate")
}

func FuzzStaple(f *testing.F) {
	f.Add(readStaple(f, "revoked.ocsp"), int64(0x1234))
	f.Add(readStaple(f, "good.ocsp"), int64(0x1234))
	f.Add([]byte{0x30, 3, 0x0a, 1, 3}, int64(1))
	f.Fuzz(func(t *testing.T, staple []byte, serial int64) {
		if revokedBy(staple, withSerial(serial)) && revokedBy(staple[:len(staple)/2], withSerial(serial)) {
			t.Fatal("half a response is read like a whole one")
		}
	})
}
