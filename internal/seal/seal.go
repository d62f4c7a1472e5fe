// Package seal encrypts single columns with a keyset that can be rotated. A sealed value is bound to the place it was
// sealed for: copied to another row or column it does not open.
package seal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// Keyset seals with its primary key and opens with any of its keys.
type Keyset struct {
	aead    tink.AEAD
	primary KeyID
	keys    []KeyID // the oldest first
}

// KeyID names a key of a keyset, and says nothing about it.
type KeyID uint32

// Parse reads a Tink keyset in JSON. Its errors never repeat the text.
func Parse(json string) (*Keyset, error) {
	handle, err := read(json)
	if err != nil {
		return nil, err
	}
	primitive, err := aead.New(handle)
	if err != nil {
		return nil, errors.New("not a Tink keyset for authenticated encryption (AEAD)")
	}
	k := &Keyset{aead: primitive}
	for i := range handle.Len() {
		entry, err := handle.Entry(i)
		if err != nil {
			return nil, errors.New("a Tink keyset with a key that cannot be used")
		}
		k.keys = append(k.keys, KeyID(entry.KeyID()))
		if entry.IsPrimary() {
			k.primary = KeyID(entry.KeyID())
		}
	}
	return k, nil
}

// Primary is the key that seals.
func (k *Keyset) Primary() KeyID { return k.primary }

// Keys are all of them, the oldest first.
func (k *Keyset) Keys() []KeyID { return slices.Clone(k.keys) }

// prefix is how what Tink has sealed begins: a byte for the format, and the key's id, most significant byte first.
const (
	prefix = 5
	format = 1
)

// KeyOf is the key by which something was sealed; false where that does not show.
func KeyOf(sealed []byte) (KeyID, bool) {
	if len(sealed) < prefix || sealed[0] != format {
		return 0, false
	}
	return KeyID(binary.BigEndian.Uint32(sealed[1:prefix])), true
}

// read takes a keyset in JSON apart.
func read(json string) (*keyset.Handle, error) {
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewBufferString(json)))
	if err != nil {
		return nil, errors.New("not a Tink keyset in JSON")
	}
	return handle, nil
}

// NewKeyset returns a fresh keyset in JSON, with one AES-256-GCM key.
func NewKeyset() (string, error) {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return "", fmt.Errorf("making a keyset: %w", err)
	}
	return written(handle)
}

// Seal encrypts text for one place, such as "customer_requests.sealed_key/ID".
func (k *Keyset) Seal(text, place string) ([]byte, error) {
	sealed, err := k.aead.Encrypt([]byte(text), []byte(place))
	if err != nil {
		return nil, fmt.Errorf("sealing %s: %w", place, err)
	}
	return sealed, nil
}

// Open decrypts what was sealed for that very place.
func (k *Keyset) Open(sealed []byte, place string) (string, error) {
	text, err := k.aead.Decrypt(sealed, []byte(place))
	if err != nil {
		return "", fmt.Errorf("opening %s: %w", place, err)
	}
	return string(text), nil
}
