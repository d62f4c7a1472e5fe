package seal_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"

	"portal/internal/seal"
)

func TestSealedTextOpensOnlyInItsPlace(t *testing.T) {
	t.Parallel()
	keys := parse(t, newKeyset(t))
	sealed, err := keys.Seal("the key", "customer_requests/1")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("the key")) {
		t.Error("the sealed bytes show the text")
	}
	if got, err := keys.Open(sealed, "customer_requests/1"); err != nil || got != "the key" {
		t.Errorf("opening in place: %q, %v", got, err)
	}
	if _, err := keys.Open(sealed, "customer_requests/2"); err == nil {
		t.Error("it opened in another row")
	}
	sealed[len(sealed)-1] ^= 1
	if _, err := keys.Open(sealed, "customer_requests/1"); err == nil {
		t.Error("it opened after a change")
	}
}

func TestOldKeysStillOpenAfterRotation(t *testing.T) {
	t.Parallel()
	old := newKeyset(t)
	sealed, err := parse(t, old).Seal("the key", "place")
	if err != nil {
		t.Fatal(err)
	}
	rotated := parse(t, rotate(t, old))
	if got, err := rotated.Open(sealed, "place"); err != nil || got != "the key" {
		t.Errorf("opening with the rotated keyset: %q, %v", got, err)
	}
	fresh, err := rotated.Seal("the key", "place")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parse(t, old).Open(fresh, "place"); err == nil {
		t.Error("the rotated keyset still seals with the old key")
	}
}

func TestParseErrorsDoNotRepeatTheKeyset(t *testing.T) {
	t.Parallel()
	_, err := seal.Parse(`{"secret":"material"}`)
	if err == nil || strings.Contains(err.Error(), "material") {
		t.Errorf("got %v", err)
	}
}

func newKeyset(t *testing.T) string {
	t.Helper()
	json, err := seal.NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	return json
}

func parse(t *testing.T, json string) *seal.Keyset {
	t.Helper()
	keys, err := seal.Parse(json)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// rotate adds a primary key, as an operator does with Tink's own tool.
func rotate(t *testing.T, json string) string {
	t.Helper()
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(strings.NewReader(json)))
	if err != nil {
		t.Fatal(err)
	}
	m := keyset.NewManagerFromHandle(handle)
	id, err := m.Add(aead.AES256GCMKeyTemplate())
	if err == nil {
		err = m.SetPrimary(id)
	}
	if err != nil {
		t.Fatal(err)
	}
	if handle, err = m.Handle(); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&out)); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
