package main

import (
	"strings"
	"testing"

	"portal/internal/localpg"
	"portal/internal/seal"
)

// TestSeedSealsWithThePortalsOwnKeys takes what the portal is told from the same settings.
func TestSeedSealsWithThePortalsOwnKeys(t *testing.T) {
	keyset, err := seal.NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	url := localpg.NewURL(t)
	args := []string{"seed", "--registrations", "50", "--database", url}
	var out, errs strings.Builder
	if code := run(t.Context(), args, &out, &errs); code != 1 || !strings.Contains(errs.String(), "PORTAL_SEAL_KEYSET") {
		t.Errorf("without keys: %d, %s", code, &errs)
	}
	t.Setenv("PORTAL_SEAL_KEYSET", keyset)
	errs.Reset()
	if code := run(t.Context(), args, &out, &errs); code != 0 || !strings.Contains(strings.Join(strings.Fields(out.String()), " "), "registrations 50 ") || !strings.Contains(out.String(), " MB\n") {
		t.Errorf("%d, %s%s", code, &out, &errs)
	}
	if code := run(t.Context(), args, &out, &errs); code != 1 || !strings.Contains(errs.String(), "seed a fresh one") {
		t.Errorf("once more: %d, %s", code, &errs)
	}
}
