package onboarding_test

import (
	"context"
	"testing"
	"time"

	"portal/internal/onboarding"
)

// decided answers to decisions about those behind a company, and knows which it was asked to carry out.
type decided struct {
	err   error
	deeds []onboarding.Deed
}

func (d *decided) AcknowledgeStructure(context.Context, onboarding.RegistrationID, time.Time) error {
	d.deeds = append(d.deeds, onboarding.Acknowledge)
	return d.err
}

func (d *decided) RetryAssociates(context.Context, onboarding.RegistrationID, time.Time) (int, error) {
	d.deeds = append(d.deeds, onboarding.RetryAssociates)
	return 3, d.err
}

func TestDecisionsAboutAssociatesAreOnRecordAndCarriedOut(t *testing.T) {
	t.Parallel()
	for deed, want := range map[onboarding.Deed]int{onboarding.RetryAssociates: 3, onboarding.Acknowledge: 0} {
		w, behind := newWorld(), &decided{}
		open := w.until(t, w.start(t, "individual").ID)
		resolver := onboarding.Resolver{Engine: w.Engine, Structures: behind}
		r, retried, err := resolver.Resolve(t.Context(), open.ID, onboarding.Decision{Operator: "ann", Deed: deed, Why: "mended"})
		if err != nil || retried != want || r.Status != open.Status || len(behind.deeds) != 1 || behind.deeds[0] != deed {
			t.Errorf("%s: %d tried again, %v, carried out %v", deed, retried, err, behind.deeds)
		}
		entries := w.records.trail[r.ID]
		if last := entries[len(entries)-1]; last.Actor != "operator ann" || last.Evidence != "mended" {
			t.Errorf("%s: the trail says %+v", deed, last)
		}
	}
}

func TestAssociatesOfARegistrationUnderWayAreNotDecided(t *testing.T) {
	t.Parallel()
	w, behind := newWorld(), &decided{}
	w.provider.trouble["create profile"] = []trouble{{err: &onboarding.Error{Kind: onboarding.Busy}}}
	moving := w.start(t, "individual")
	resolver := onboarding.Resolver{Engine: w.Engine, Structures: behind}
	_, _, err := resolver.Resolve(t.Context(), moving.ID, onboarding.Decision{Operator: "ann", Deed: onboarding.RetryAssociates})
	if onboarding.KindOf(err) != onboarding.Invalid || len(behind.deeds) > 0 {
		t.Errorf("%v, carried out %v", err, behind.deeds)
	}
}

func TestAssociatesUnderWorkAreToldNotToFit(t *testing.T) {
	t.Parallel()
	w := newWorld()
	open := w.until(t, w.start(t, "individual").ID)
	resolver := onboarding.Resolver{Engine: w.Engine, Structures: &decided{err: &onboarding.Error{Kind: onboarding.Conflict}}}
	_, _, err := resolver.Resolve(t.Context(), open.ID, onboarding.Decision{Operator: "ann", Deed: onboarding.RetryAssociates})
	if onboarding.KindOf(err) != onboarding.Invalid {
		t.Errorf("%v, want it to say to try again", err)
	}
}
