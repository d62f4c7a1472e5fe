package seal

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
)

// A keyset gets a new primary key in two steps, so that no process seals with a key that another does not have yet.
// Between the steps a key waits: the newest, while it is not the primary one.
var (
	ErrKeyWaits   = errors.New("a new key of the keyset waits for being promoted already")
	ErrNoKeyWaits = errors.New("no new key of the keyset waits for being promoted")
)

// Extend adds a new key to a keyset in JSON. It opens, and seals nothing before it is promoted.
func Extend(json string) (string, error) {
	return changed(json, func(handle *keyset.Handle, m *keyset.Manager) error {
		_, waits, err := newest(handle)
		if err != nil {
			return err
		}
		if waits {
			return ErrKeyWaits
		}
		_, err = m.Add(aead.AES256GCMKeyTemplate())
		return err
	})
}

// Promote makes the newest key of a keyset in JSON the primary one. The others stay: they open what they sealed.
func Promote(json string) (string, error) {
	return changed(json, func(handle *keyset.Handle, m *keyset.Manager) error {
		id, waits, err := newest(handle)
		if err != nil {
			return err
		}
		if !waits {
			return ErrNoKeyWaits
		}
		return m.SetPrimary(id)
	})
}

// Retire takes keys out of a keyset that have sealed nothing that is still there. The primary key stays. Where one waits for
// being promoted the rotation is not over: [ErrKeyWaits].
func Retire(json string, unused func(KeyID) bool) (string, []KeyID, error) {
	var gone []KeyID
	retired, err := changed(json, func(handle *keyset.Handle, m *keyset.Manager) error {
		_, waits, err := newest(handle)
		if err != nil {
			return err
		}
		if waits {
			return ErrKeyWaits
		}
		for i := range handle.Len() {
			entry, err := handle.Entry(i)
			if err != nil {
				return err
			}
			id := entry.KeyID()
			if entry.IsPrimary() || !unused(KeyID(id)) {
				continue
			}
			if err := m.Delete(id); err != nil {
				return err
			}
			gone = append(gone, KeyID(id))
		}
		return nil
	})
	return retired, gone, err
}

// newest is the key that was added last, and whether it waits.
func newest(handle *keyset.Handle) (id uint32, waits bool, err error) {
	last, err := handle.Entry(handle.Len() - 1)
	if err != nil {
		return 0, false, err
	}
	return last.KeyID(), !last.IsPrimary(), nil
}

// changed is the keyset after a change.
func changed(json string, change func(*keyset.Handle, *keyset.Manager) error) (string, error) {
	handle, err := read(json)
	if err != nil {
		return "", err
	}
	m := keyset.NewManagerFromHandle(handle)
	if err := change(handle, m); err != nil {
		return "", fmt.Errorf("changing a keyset: %w", err)
	}
	if handle, err = m.Handle(); err != nil {
		return "", fmt.Errorf("changing a keyset: %w", err)
	}
	return written(handle)
}

// written is a keyset in JSON.
func written(handle *keyset.Handle) (string, error) {
	var out bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&out)); err != nil {
		return "", fmt.Errorf("writing a keyset: %w", err)
	}
	return out.String(), nil
}
