package onboarding_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"portal/internal/onboarding"
)

// Whatever becomes of any number of calls, no applicant gets two profiles without a person being told, or two live
// requests at all, and nobody is left behind.
func TestNoSeriesOfTroublesMakesTwo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld()
		w.provider.hideKey = rapid.Bool().Draw(rt, "key hidden")
		for _, call := range []string{"create profile", "create request", "find profile", "latest request"} {
			w.provider.trouble[call] = rapid.SliceOfN(drawTrouble(call), 0, 5).Draw(rt, call)
		}
		r := w.until(rt, w.start(rt, "individual").ID)
		if r.Status != onboarding.Open && r.Status != onboarding.NeedsAttention {
			rt.Fatalf("ended as %s", r.Status)
		}
		if n := len(w.provider.profiles); n > 1 && !r.StubMayExist {
			rt.Fatalf("%d profiles and nobody is told", n)
		}
		live := 0
		for _, q := range w.provider.requests[string(r.Profile)] {
			if !q.over {
				live++
			}
		}
		if live > 1 || r.Status == onboarding.Open && live != 1 {
			rt.Fatalf("%d live requests", live)
		}
	})
}

// drawTrouble draws how a call may end; reads have no effects and never end unanswered.
func drawTrouble(call string) *rapid.Generator[trouble] {
	kinds := []onboarding.Kind{onboarding.Busy, onboarding.Denied, onboarding.Invalid, onboarding.Unanswered, ""}
	if call == "find profile" || call == "latest request" {
		return rapid.Just(trouble{err: &onboarding.Error{Kind: onboarding.Busy}})
	}
	return rapid.Custom(func(rt *rapid.T) trouble {
		switch kind := rapid.SampledFrom(kinds).Draw(rt, "kind"); kind {
		case "":
			return trouble{effect: true}
		case onboarding.Unanswered:
			return trouble{effect: rapid.Bool().Draw(rt, "effect"), err: &onboarding.Error{Kind: kind}}
		default:
			return trouble{err: &onboarding.Error{Kind: kind, Err: errors.New("no")}}
		}
	})
}
