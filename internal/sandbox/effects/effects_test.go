package effects_test

import (
	"sync"
	"testing"

	"portal/internal/sandbox/effects"
)

func TestAddNumbersConcurrentEffectsWithoutGaps(t *testing.T) {
	t.Parallel()
	var log effects.Log
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() { log.Add(effects.Effect{Kind: effects.ProfileCreate}) })
	}
	wg.Wait()

	all := log.All()
	if len(all) != 50 {
		t.Fatalf("%d effects, want 50", len(all))
	}
	for i, e := range all {
		if e.Seq != i+1 {
			t.Errorf("effect %d has seq %d", i, e.Seq)
		}
	}
}

func TestAllReturnsACopy(t *testing.T) {
	t.Parallel()
	var log effects.Log
	log.Add(effects.Effect{ID: "a"})

	log.All()[0].ID = "changed"

	if got := log.All()[0].ID; got != "a" {
		t.Errorf("id = %q, want the recorded one", got)
	}
}

func TestResetStartsNumberingAgain(t *testing.T) {
	t.Parallel()
	var log effects.Log
	log.Add(effects.Effect{})
	log.Reset()
	log.Add(effects.Effect{})

	if all := log.All(); len(all) != 1 || all[0].Seq != 1 {
		t.Errorf("after reset: %+v", all)
	}
}
