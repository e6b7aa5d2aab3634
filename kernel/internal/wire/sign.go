package wire

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Signer signs and verifies messages with HMAC-SHA256, the only scheme that front ends use. Without a key messages
// are neither signed nor verified.
type Signer struct{ key []byte }

// NewSigner returns the signer for a connection file's key and signature_scheme.
func NewSigner(key, scheme string) (*Signer, error) {
	if key != "" && scheme != "hmac-sha256" {
		return nil, fmt.Errorf("wire: signature scheme %q is not supported, use hmac-sha256", scheme)
	}
	return &Signer{key: []byte(key)}, nil
}

func (s *Signer) sum(parts [][]byte) []byte {
	mac := hmac.New(sha256.New, s.key)
	for _, p := range parts {
		mac.Write(p)
	}
	return mac.Sum(nil)
}

// sign returns the signature of the parts in hexadecimal, empty without a key.
func (s *Signer) sign(parts [][]byte) []byte {
	if len(s.key) == 0 {
		return nil
	}
	return hex.AppendEncode(nil, s.sum(parts))
}

// digest returns the bytes of a signature that has been verified.
func (s *Signer) digest(signature []byte) string {
	if len(s.key) == 0 {
		return ""
	}
	sum, err := hex.DecodeString(string(signature))
	if err != nil {
		return string(signature)
	}
	return string(sum)
}

// verify compares in constant time, so that response times give nothing of the right signature away.
func (s *Signer) verify(signature []byte, parts [][]byte) error {
	if len(s.key) == 0 {
		return nil
	}
	sum, err := hex.DecodeString(string(signature))
	if err != nil || !hmac.Equal(sum, s.sum(parts)) {
		return ErrSignature
	}
	return nil
}
