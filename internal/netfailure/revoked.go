package netfailure

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/asn1"
	"math/big"
	"time"
)

// RevokedError reports a certificate that its issuer has revoked.
type RevokedError struct{}

// Error returns the text.
func (*RevokedError) Error() string { return "the certificate is revoked" }

// CheckStaple is for tls.Config.VerifyConnection. It rejects a server whose stapled OCSP response (RFC 6960, RFC 6066
// §8) reports that its certificate is revoked. Go asks for the response but ignores it. No signature is checked, as a
// forged response could only cause a refusal, and a server without a response is accepted as before.
func CheckStaple(state tls.ConnectionState) error {
	if len(state.PeerCertificates) > 0 && revokedBy(state.OCSPResponse, state.PeerCertificates[0]) {
		return &RevokedError{}
	}
	return nil
}

// The parts of an OCSP response (RFC 6960 §4.2.1) that lead to the status of a certificate. encoding/asn1 ignores
// elements that follow at the end of a sequence.
type (
	ocspResponse struct {
		Status   asn1.Enumerated
		Response struct {
			Type asn1.ObjectIdentifier
			Body []byte
		} `asn1:"explicit,tag:0,optional"`
	}
	ocspBasic struct {
		Data ocspData
	}
	ocspData struct {
		Version   int `asn1:"optional,default:0,explicit,tag:0"`
		Responder asn1.RawValue
		Produced  time.Time `asn1:"generalized"`
		Responses []ocspSingle
	}
	ocspSingle struct {
		ID struct {
			Algorithm         asn1.RawValue
			NameHash, KeyHash []byte
			Serial            *big.Int
		}
		Status asn1.RawValue
	}
)

// revokedBy reports whether an OCSP response says that a certificate is revoked.
func revokedBy(staple []byte, certificate *x509.Certificate) bool {
	const revoked = 1 // of the choice CertStatus
	var outer ocspResponse
	var basic ocspBasic
	if len(staple) == 0 || certificate.SerialNumber == nil {
		return false
	}
	if _, err := asn1.Unmarshal(staple, &outer); err != nil || outer.Status != 0 {
		return false
	}
	if _, err := asn1.Unmarshal(outer.Response.Body, &basic); err != nil {
		return false
	}
	for _, single := range basic.Data.Responses {
		if single.ID.Serial.Cmp(certificate.SerialNumber) == 0 &&
			single.Status.Class == asn1.ClassContextSpecific && single.Status.Tag == revoked {
			return true
		}
	}
	return false
}
