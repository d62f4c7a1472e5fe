package webhooks

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
)

// Algorithm is how a webhook is signed.
type Algorithm string

// The algorithms of Sumsub. New webhooks begin with SHA-256; SHA-1 is deprecated and still sent.
const (
	SHA256 Algorithm = "sha256"
	SHA512 Algorithm = "sha512"
	SHA1   Algorithm = "sha1"
)

// algorithms are what each one is called in the header, and what it is made of.
var algorithms = map[Algorithm]struct {
	name string
	hash func() hash.Hash
}{
	SHA256: {"HMAC_SHA256_HEX", sha256.New},
	SHA512: {"HMAC_SHA512_HEX", sha512.New},
	SHA1:   {"HMAC_SHA1_HEX", sha1.New},
}

// Name is what the algorithm is called in the header X-Payload-Digest-Alg.
func (a Algorithm) Name() string { return algorithms[a].name }

// Named is the algorithm with this name in the header, if there is one.
func Named(name string) (Algorithm, bool) {
	for a, known := range algorithms {
		if known.name == name {
			return a, true
		}
	}
	return "", false
}

// Digest signs a body with a secret: the hexadecimal HMAC over its very bytes. The algorithm must be a known one.
func Digest(a Algorithm, secret string, body []byte) string {
	mac := hmac.New(algorithms[a].hash, []byte(secret))
	_, _ = mac.Write(body) // never fails
	return hex.EncodeToString(mac.Sum(nil))
}
