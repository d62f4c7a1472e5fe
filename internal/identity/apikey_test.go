package identity_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"portal/internal/identity"
)

// rest is what a gate does not need.
type rest = identity.APIKeys

// ring keeps keys in memory and counts what is spent.
type ring struct {
	rest
	names map[identity.Token]string
	spent map[string]int // by allowance and for whom
	full  error
}

func newGate(fixed ...identity.Token) (*ring, *identity.Gate) {
	r := &ring{names: map[identity.Token]string{}, spent: map[string]int{}}
	return r, &identity.Gate{Keys: r, Allowances: r, Fixed: fixed, Now: func() time.Time { return time.Unix(0, 0) }}
}

func (r *ring) PutKey(_ context.Context, name string, k identity.Token, _ time.Time) error {
	r.names[k] = name
	return nil
}

func (r *ring) KeyName(_ context.Context, k identity.Token, _ time.Time) (string, error) {
	if name, ok := r.names[k]; ok {
		return name, nil
	}
	return "", identity.ErrKey
}

func (r *ring) Spend(_ context.Context, a []identity.Allowance, _ time.Time) error {
	for _, a := range a {
		r.spent[a.Name+" "+a.Key]++
	}
	return r.full
}

func (r *ring) GiveBack(context.Context, []identity.Allowance) error { return nil }

func TestGateLetsInWhoHasAKey(t *testing.T) {
	t.Parallel()
	r, g := newGate("of the settings")
	key, err := g.NewKey(t.Context(), "shop")
	if err != nil || !strings.HasPrefix(key.Reveal(), "portal_") || len(key.Reveal()) < 33 {
		t.Fatalf("%s, %v", key.Reveal(), err)
	}
	for k, want := range map[identity.Token]string{key: "shop", "of the settings": "PORTAL_API_KEYS"} {
		if name, err := g.Enter(t.Context(), k, network); err != nil || name != want || r.spent["api "+want] != 1 {
			t.Errorf("%q, %v, want %q; spent %v", name, err, want, r.spent)
		}
	}
}

func TestGateKeepsEverybodyElseOut(t *testing.T) {
	t.Parallel()
	r, g := newGate("of the settings", "")
	key, _ := g.NewKey(t.Context(), "shop")
	for _, k := range []identity.Token{"", "made up", key + "x", key[1:], identity.Token(strings.ToLower(key.Reveal())), "of the setting"} {
		if name, err := g.Enter(t.Context(), k, network); !errors.Is(err, identity.ErrKey) || name != "" {
			t.Errorf("%q is let in as %q, %v", k.Reveal(), name, err)
		}
	}
	if r.spent["api.wrong "+network] != 6 || len(r.spent) != 1 {
		t.Errorf("spent %v", r.spent)
	}
}

func TestGateLimitsCallsAndWrongKeys(t *testing.T) {
	t.Parallel()
	r, g := newGate("of the settings")
	r.full = &identity.TooOften{Wait: time.Second}
	for _, k := range []identity.Token{"made up", "of the settings"} {
		_, err := g.Enter(t.Context(), k, network)
		if _, ok := errors.AsType[*identity.TooOften](err); !ok || errors.Is(err, identity.ErrKey) != (k == "made up") {
			t.Errorf("%q: %v", k.Reveal(), err)
		}
	}
}

// Logs say by the name who it was.
func TestNoKeyIsCalledAsThoseOfTheSettings(t *testing.T) {
	t.Parallel()
	r, g := newGate()
	if k, err := g.NewKey(t.Context(), "PORTAL_API_KEYS"); !errors.Is(err, identity.ErrKeyName) || k != "" || len(r.names) > 0 {
		t.Errorf("made: %v", err)
	}
}
