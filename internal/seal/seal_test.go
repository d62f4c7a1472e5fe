package seal_test

import (
	"bytes"
	"strings"
	"testing"

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
