package postgres_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/identity"
)

func TestKeysOfTheAPIAreGoodUntilRevoked(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	shop, site := identity.NewToken(), identity.NewToken()
	for name, key := range map[string]identity.Token{"shop": shop, "site": site} {
		if err := s.PutKey(t.Context(), name, key, now); err != nil {
			t.Fatal(err)
		}
	}
	if name, err := s.KeyName(t.Context(), shop, now); err != nil || name != "shop" {
		t.Errorf("%q, %v", name, err)
	}
	if err := s.RevokeKey(t.Context(), "shop", now); err != nil {
		t.Fatal(err)
	}
	for name, key := range map[string]identity.Token{"revoked": shop, "made up": identity.NewToken(), "none": ""} {
		if got, err := s.KeyName(t.Context(), key, now); !errors.Is(err, identity.ErrKey) || got != "" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if name, err := s.KeyName(t.Context(), site, now); err != nil || name != "site" {
		t.Errorf("the other one: %q, %v", name, err)
	}
	if grep(t, pool, "api_keys", site.Reveal()) {
		t.Error("a key is stored in clear")
	}
}

// Logs name keys, so a name is never another key's, not even a revoked one's.
func TestNamesOfKeysAreTakenForGood(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	made := atOnce(10, func(int) error {
		err := s.PutKey(t.Context(), "shop", identity.NewToken(), now)
		if err != nil && !errors.Is(err, identity.ErrKeyName) {
			t.Error(err)
		}
		return err
	})
	if made != 1 {
		t.Errorf("%d keys of one name", made)
	}
	if first, second := s.RevokeKey(t.Context(), "shop", now), s.RevokeKey(t.Context(), "shop", now); first != nil || !errors.Is(second, identity.ErrKey) {
		t.Errorf("revoked: %v, and again: %v", first, second)
	}
	if err := s.PutKey(t.Context(), "shop", identity.NewToken(), now); !errors.Is(err, identity.ErrKeyName) {
		t.Errorf("the name of a revoked key: %v", err)
	}
	if err := s.RevokeKey(t.Context(), "none", now); !errors.Is(err, identity.ErrKey) {
		t.Errorf("one that never was: %v", err)
	}
}

func TestKeysAreListedWithWhenTheyWereUsed(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	shop := identity.NewToken()
	for name, at := range map[string]time.Time{"site": now.Add(time.Hour), "old": now} {
		if err := s.PutKey(t.Context(), name, identity.NewToken(), at); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.PutKey(t.Context(), "shop", shop, now.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	for _, after := range []time.Duration{time.Hour, time.Hour + 30*time.Second} { // the second is within the same minute
		if _, err := s.KeyName(t.Context(), shop, now.Add(after)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.RevokeKey(t.Context(), "old", now.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	got, err := s.APIKeys(t.Context())
	want := []identity.APIKey{
		{Name: "old", CreatedAt: now, RevokedAt: now.Add(2 * time.Hour)},
		{Name: "shop", CreatedAt: now.Add(time.Minute), UsedAt: now.Add(time.Hour)},
		{Name: "site", CreatedAt: now.Add(time.Hour)},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
