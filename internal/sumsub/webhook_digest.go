package sumsub

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"

	"portal/internal/inbox"
)

// algorithm makes digests; it is keyed and then fed with a body.
type algorithm func() hash.Hash

// The name of the algorithm that is not accepted unless it is wanted, and meant where none is named.
const algorithmSHA1 = "HMAC_SHA1_HEX"

// algorithms are those that are accepted, by Sumsub's names.
func algorithms(sha1Too bool) map[string]algorithm {
	accepted := map[string]algorithm{"HMAC_SHA256_HEX": sha256.New, "HMAC_SHA512_HEX": sha512.New}
	if sha1Too {
		accepted[algorithmSHA1], accepted[""] = sha1.New, sha1.New
	}
	return accepted
}

// claim is a digest that a delivery came with.
type claim struct {
	digest []byte
	by     algorithm
}

// claimed reads the digest of a delivery: whether it has one that could be right.
func (d *Decoder) claimed(p inbox.Proof) (claim, error) {
	by, accepted := d.algorithms[p.Algorithm]
	switch {
	case !accepted && (p.Algorithm == algorithmSHA1 || p.Algorithm == ""):
		return claim{}, forged("the digest is by SHA-1, which is not accepted")
	case !accepted:
		return claim{}, forged("the digest is by an unknown algorithm")
	case len(p.Digest) != hex.EncodedLen(by().Size()):
		return claim{}, forged("there is no digest of that algorithm")
	}
	digest, err := hex.DecodeString(p.Digest)
	if err != nil {
		return claim{}, forged("there is no digest of that algorithm")
	}
	return claim{digest, by}, nil
}

// provedBy says whether the digest is of a body and one of the keys. It tries all of them, always.
func (c claim) provedBy(keys [][]byte, body []byte) bool {
	found := false
	for _, key := range keys {
		mac := hmac.New(c.by, key)
		mac.Write(body)
		found = hmac.Equal(mac.Sum(nil), c.digest) || found
	}
	return found
}

// forged is the refusal of a delivery, for operators.
func forged(why string) error { return fmt.Errorf("%w: %s", inbox.ErrForged, why) }
