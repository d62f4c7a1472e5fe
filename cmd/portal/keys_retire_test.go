package main

import (
	"maps"
	"strings"
	"testing"
	"time"

	"portal/internal/identity"
	"portal/internal/localpg"
	"portal/internal/postgres"
)

// A keyset that was rotated through all steps has one key, which opens everything.
func TestFormerKeysAreRetiredWhenNothingNeedsThem(t *testing.T) {
	t.Parallel()
	database := map[string]string{"PORTAL_DATABASE_URL": localpg.NewURL(t)}
	with := func(keys map[string]string) map[string]string {
		environ := maps.Clone(keys)
		maps.Copy(environ, database)
		return environ
	}
	first := printed(t, nil, "keys", "new")
	link, now := identity.NewToken(), time.Now()
	pool, err := postgres.Connect(t.Context(), database["PORTAL_DATABASE_URL"])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	store := func(environ map[string]string) *postgres.Store {
		return postgres.New(pool, keysOf(t, environ).seal, postgres.NoJobs)
	}
	if err := store(first).PutLink(t.Context(), link, identity.Link{Subject: "7", Facts: `{"name":"Ada"}`, ExpiresAt: now.Add(time.Hour)}, now); err != nil {
		t.Fatal(err)
	}
	used := printed(t, printed(t, first, "keys", "rotate"), "keys", "rotate", "--promote")
	code, status, stderr := command(t, with(used), "keys", "status")
	if code != exitOK || !strings.Contains(status, "opens  1\n") || !strings.Contains(status, "seals  0\n") {
		t.Errorf("exit %d, %s%s", code, status, stderr)
	}
	last := printed(t, with(used), "keys", "retire")
	got := keysOf(t, last)
	if len(got.cookie) != 1 || got.cookie[0] != keysOf(t, used).cookie[0] || len(got.seal.Keys()) != 1 {
		t.Errorf("%d cookie keys and %d others are left", len(got.cookie), len(got.seal.Keys()))
	}
	if l, err := store(last).Link(t.Context(), link, now); err != nil || l.Facts != `{"name":"Ada"}` {
		t.Errorf("what a former key has sealed does not open: %+v, %v", l, err)
	}
	if code, _, stderr := command(t, with(first), "keys", "status"); code != exitFailure || !strings.Contains(stderr, "1 values were sealed by keys that it lacks") {
		t.Errorf("with the keyset of before: exit %d, %s", code, stderr)
	}
}

func TestNothingIsRetiredWhileAKeyWaits(t *testing.T) {
	t.Parallel()
	environ := printed(t, printed(t, nil, "keys", "new"), "keys", "rotate")
	environ["PORTAL_DATABASE_URL"] = localpg.NewURL(t)
	if code, out, stderr := command(t, environ, "keys", "retire"); code != exitFailure || out != "" || !strings.Contains(stderr, "--promote") {
		t.Errorf("exit %d, %q, %q", code, out, stderr)
	}
}
