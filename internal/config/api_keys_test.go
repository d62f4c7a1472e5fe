package config_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAPIKeysAreAListThatMayBeEmpty(t *testing.T) {
	t.Parallel()
	c, lines := load(t, file, nil)
	wrong(t, lines)
	if len(c.FixedAPIKeys()) != 0 {
		t.Errorf("by default: %d keys", len(c.FixedAPIKeys()))
	}
	c, lines = load(t, file, map[string]string{"PORTAL_API_KEYS": "a-key-of-the-back-end-1, a-key-of-the-back-end-2,"})
	wrong(t, lines)
	if diff := cmp.Diff([]string{"a-key-of-the-back-end-1", "a-key-of-the-back-end-2"}, c.FixedAPIKeys()); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
}

func TestAPIKeysThatCanBeGuessedAreRefusedAndNotRepeated(t *testing.T) {
	t.Parallel()
	for keys, want := range map[string]string{
		"t0p-short":                          "PORTAL_API_KEYS: each must be 20 or more",
		"long-enough-to-be-one,t0p-short":    "PORTAL_API_KEYS: each must be 20 or more",
		"t0p but with spaces in between":     "PORTAL_API_KEYS: each must be 20 or more",
		"demo-api-key":                       "PORTAL_API_KEYS: is the demo's",
		"long-enough-to-be-one,demo-api-key": "PORTAL_API_KEYS: is the demo's",
	} {
		_, lines := load(t, file, map[string]string{"PORTAL_API_KEYS": keys})
		wrong(t, lines, want)
		if strings.Contains(strings.Join(lines, ""), "t0p") {
			t.Errorf("a key is repeated: %s", lines)
		}
	}
	_, lines := load(t, file, map[string]string{"PORTAL_API_KEYS": "demo-api-key", "PORTAL_BASE_URL": "http://127.0.0.1:8080/onboarding"})
	wrong(t, lines)
}
