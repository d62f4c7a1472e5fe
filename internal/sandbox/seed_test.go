package sandbox_test

import (
	"testing"

	"portal/internal/sandbox"
)

// pairs makes three profiles with a request each and returns every identifier and key.
func (w world) pairs(t *testing.T) []string {
	t.Helper()
	var all []string
	for range 3 {
		_, profile := w.addProfile(t)
		id := decode[map[string]any](t, profile)["id"].(string)
		request, key := w.request(t, id, "company-onboarding")
		all = append(all, id, request, key)
	}
	return all
}

// shared counts what two lists have in common.
func shared(a, b []string) int {
	n := 0
	for _, one := range a {
		for _, other := range b {
			if one == other {
				n++
			}
		}
	}
	return n
}

func TestSameSeedGivesTheSameIdentifiers(t *testing.T) {
	t.Parallel()
	first := open(t, sandbox.Options{Seed: 1}).pairs(t)
	for name, c := range map[string]struct {
		seed uint64
		want int
	}{
		"the same seed": {1, len(first)},
		"another seed":  {2, 0},
		"no seed":       {0, 0},
	} {
		if got := shared(first, open(t, sandbox.Options{Seed: c.seed}).pairs(t)); got != c.want {
			t.Errorf("%s: %d of %d are the same, want %d", name, got, len(first), c.want)
		}
	}
}

func TestResetBeginsTheIdentifiersAnew(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{Seed: 1})
	first := w.pairs(t)
	w.Reset()
	if got := shared(first, w.pairs(t)); got != len(first) {
		t.Errorf("%d of %d are the same", got, len(first))
	}
}

func TestLoadedWorldGivesNoIdentifierTwice(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{Seed: 1})
	before := w.pairs(t)
	state, err := w.Save()
	if err != nil {
		t.Fatal(err)
	}
	next := w.pairs(t)
	restarted := open(t, sandbox.Options{Seed: 1})
	if err := restarted.Load(state); err != nil {
		t.Fatal(err)
	}

	got := restarted.pairs(t)

	if n := shared(before, got); n != 0 {
		t.Errorf("%d are given twice", n)
	}
	if n := shared(next, got); n != len(next) {
		t.Errorf("%d of %d are those that would have come next", n, len(next))
	}
}
