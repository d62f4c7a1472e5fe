package main

import (
	"strings"
	"testing"

	"portal/internal/localpg"
)

func TestAPIKeysAreMadeListedAndRevoked(t *testing.T) {
	t.Parallel()
	environ := map[string]string{"PORTAL_DATABASE_URL": localpg.NewURL(t)}
	do := func(want int, args ...string) (out, stderr string) {
		t.Helper()
		code, out, stderr := command(t, environ, args...)
		if code != want {
			t.Fatalf("portal %v: exit %d, want %d: %s", args, code, want, stderr)
		}
		return out, stderr
	}
	key, _ := do(exitOK, "api-keys", "new", "back-end")
	if key = strings.TrimSpace(key); !strings.HasPrefix(key, "portal_") || len(key) < len("portal_")+20 {
		t.Errorf("a key of %d characters", len(key))
	}
	do(exitOK, "api-keys", "new", "crm")
	if _, stderr := do(exitFailure, "api-keys", "new", "back-end"); !strings.Contains(stderr, "the name is taken") {
		t.Errorf("a second key of the name: %q", stderr)
	}
	out, _ := do(exitOK, "api-keys", "list")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 3 || !strings.HasPrefix(lines[1], "back-end ") || !strings.HasPrefix(lines[2], "crm ") || strings.Contains(out, key) {
		t.Errorf("list:\n%s", out)
	}
	do(exitOK, "api-keys", "revoke", "back-end")
	if out, _ := do(exitOK, "api-keys", "list"); strings.Count(out, " -") != 3 {
		t.Errorf("after one was revoked:\n%s", out)
	}
	for _, name := range []string{"back-end", "nobody"} {
		if _, stderr := do(exitFailure, "api-keys", "revoke", name); !strings.Contains(stderr, "no key of that name is good") {
			t.Errorf("revoking %s: %q", name, stderr)
		}
	}
	if _, stderr := do(exitFailure, "api-keys", "new", "back-end"); !strings.Contains(stderr, "the name is taken") {
		t.Errorf("a revoked key's name: %q", stderr)
	}
}

func TestWrongUseOfAPIKeysIsToldFromFailure(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"api-keys --help":       {},
		"accepts 1 arg":         {"new"},
		"\"Back End\" is no":    {"new", "Back End"},
		"PORTAL_API_KEYS":       {"revoke", "PORTAL_API_KEYS"},
		"\"\" is no name":       {"new", ""},
		"unknown command":       {"list", "all"},
		strings.Repeat("k", 41): {"new", strings.Repeat("k", 41)},
	} {
		if code, _, stderr := command(t, nil, append([]string{"api-keys"}, args...)...); code != exitWrongUse || !strings.Contains(stderr, want) {
			t.Errorf("portal api-keys %v: exit %d, %q; want a word of %q", args, code, stderr, want)
		}
	}
}
