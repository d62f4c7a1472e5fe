package seal_test

import (
	"errors"
	"strings"
	"testing"

	"portal/internal/seal"
)

// TestRotationNeverLocksAProcessOut goes through a rotation of several processes, which get their new settings one
// after the other.
func TestRotationNeverLocksAProcessOut(t *testing.T) {
	t.Parallel()
	first := newKeyset(t)
	steps := []string{first, must(t, seal.Extend, first)}
	steps = append(steps, must(t, seal.Promote, steps[1]))
	for i := range steps {
		for _, other := range []int{i, i + 1} {
			if other == len(steps) {
				continue
			}
			opens(t, steps[i], steps[other])
			opens(t, steps[other], steps[i])
		}
	}
	opens(t, first, steps[2]) // what was sealed long ago
	sealed, err := parse(t, steps[2]).Seal("the key", "place")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parse(t, first).Open(sealed, "place"); err == nil {
		t.Error("the rotated keyset still seals with the old key")
	}
}

func TestRotationGoesStepByStep(t *testing.T) {
	t.Parallel()
	first := newKeyset(t)
	if _, err := seal.Promote(first); !errors.Is(err, seal.ErrNoKeyWaits) {
		t.Errorf("promoting before a key is added: %v", err)
	}
	extended := must(t, seal.Extend, first)
	if _, err := seal.Extend(extended); !errors.Is(err, seal.ErrKeyWaits) {
		t.Errorf("adding a key while one waits: %v", err)
	}
	promoted := must(t, seal.Promote, extended)
	if _, err := seal.Promote(promoted); !errors.Is(err, seal.ErrNoKeyWaits) {
		t.Errorf("promoting twice: %v", err)
	}
	again := must(t, seal.Promote, must(t, seal.Extend, promoted))
	opens(t, first, again)
}

func TestRotationErrorsDoNotRepeatTheKeyset(t *testing.T) {
	t.Parallel()
	for _, step := range []func(string) (string, error){seal.Extend, seal.Promote} {
		if _, err := step(`{"secret":"material"}`); err == nil || strings.Contains(err.Error(), "material") {
			t.Errorf("got %v", err)
		}
	}
}

func must(t *testing.T, step func(string) (string, error), json string) string {
	t.Helper()
	changed, err := step(json)
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

// opens checks that one keyset opens what another sealed.
func opens(t *testing.T, sealer, opener string) {
	t.Helper()
	sealed, err := parse(t, sealer).Seal("the key", "place")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := parse(t, opener).Open(sealed, "place"); err != nil || got != "the key" {
		t.Errorf("opening with another process's keyset: %q, %v", got, err)
	}
}
