package oidctest

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"
)

// Key is a private RSA key of a provider, known to the test.
type Key struct {
	ID      string // as in the header of tokens (kid)
	private *rsa.PrivateKey
}

// sharedKey spares the tests that do not care the making of a key.
var sharedKey = sync.OnceValue(func() *Key {
	k, err := makeKey()
	if err != nil {
		panic(err) // the system has no randomness
	}
	return k
})

// NewKey returns a key that no provider has.
func NewKey(t testing.TB) *Key {
	t.Helper()
	k, err := makeKey()
	if err != nil {
		t.Fatalf("oidctest: %v", err)
	}
	return k
}

func makeKey() (*Key, error) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	return &Key{ID: rand.Text(), private: private}, err
}

// Sign returns the claims as a signed token. The members of header come on top of alg, kid and typ as a provider writes
// them; those that are nil are left out. alg may be RS256, "none" with an empty signature, or HS256: that one takes the
// public key for a shared secret, as forgers do.
func (k *Key) Sign(header, claims Claims) string {
	h := Claims{"alg": "RS256", "kid": k.ID, "typ": "JWT"}
	maps.Copy(h, header)
	maps.DeleteFunc(h, func(_ string, v any) bool { return v == nil })
	signed := base64.RawURLEncoding.EncodeToString(text(h)) + "." + base64.RawURLEncoding.EncodeToString(text(claims))
	return signed + "." + base64.RawURLEncoding.EncodeToString(k.signature(h["alg"], signed))
}

func (k *Key) signature(alg any, signed string) []byte {
	sum := sha256.Sum256([]byte(signed))
	switch alg {
	case "none":
		return nil
	case "HS256":
		mac := hmac.New(sha256.New, k.public())
		mac.Write([]byte(signed))
		return mac.Sum(nil)
	}
	signature, err := rsa.SignPKCS1v15(rand.Reader, k.private, crypto.SHA256, sum[:])
	if err != nil {
		panic(fmt.Sprintf("oidctest: signing: %v", err)) // the key is ours, and large enough
	}
	return signature
}

// public is the public half as everybody can write it down.
func (k *Key) public() []byte {
	der, err := x509.MarshalPKIXPublicKey(&k.private.PublicKey)
	if err != nil {
		panic(fmt.Sprintf("oidctest: public key: %v", err))
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

func (k *Key) pem() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(k.private)}))
}

// text is a header or the claims in JSON.
func text(c Claims) []byte {
	b, err := json.Marshal(c)
	if err != nil {
		panic(fmt.Sprintf("oidctest: claims that are no JSON: %v", err))
	}
	return b
}

// Decode returns the claims of a token without checking anything.
func Decode(t testing.TB, token string) Claims {
	t.Helper()
	c, err := decode(token)
	if err != nil {
		t.Fatalf("oidctest: reading a token: %v", err)
	}
	return c
}

func decode(token string) (Claims, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, errors.New("it has not three parts")
	}
	b, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil, err
	}
	var c Claims
	return c, json.Unmarshal(b, &c)
}
