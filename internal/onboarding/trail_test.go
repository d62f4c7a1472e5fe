package onboarding_test

import (
	"errors"
	"testing"
	"time"

	"portal/internal/onboarding"
)

func TestEveryChangeOfStatusIsInTheTrail(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.provider.trouble["create profile"] = []trouble{{effect: true, err: &onboarding.Error{Kind: onboarding.Unanswered}}}
	r := w.until(t, w.start(t, "individual").ID)
	w.provider.finish(t, r)
	r = w.heard(t, r, word(r.Request.ID, onboarding.Expired))
	wantStatus(t, r, onboarding.Expired)
	r = w.start(t, "individual")
	status, head := onboarding.Status(""), onboarding.Hash{}
	for i, e := range w.records.trail[r.ID] {
		if e.Seq != int64(i)+1 || e.From != status || e.Actor == "" || e.What == "" || e.At.IsZero() {
			t.Errorf("entry %d: %+v after %q", i, e, status)
		}
		status, head = e.To, e.Chained(r.ID, head)
	}
	if status != r.Status || head != r.Trail.Head || r.Trail.Seq != int64(len(w.records.trail[r.ID])) {
		t.Errorf("the trail ends at %s with %x, the registration is %s with %x", status, head, r.Status, r.Trail.Head)
	}
}

func TestALongOutageIsOneEntryOfTheTrail(t *testing.T) {
	t.Parallel()
	w := newWorld()
	for range 200 {
		w.provider.trouble["create profile"] = append(w.provider.trouble["create profile"], trouble{err: &onboarding.Error{Kind: onboarding.Busy, Err: errors.New("away")}})
	}
	r := w.start(t, "individual")
	for range 100 {
		w.wait(time.Minute)
		w.advance(t, r.ID)
	}
	entries := w.records.trail[r.ID]
	if last := entries[len(entries)-1]; len(entries) > 4 || last.What != "put off" || last.Evidence == "" {
		t.Errorf("%d entries, the last %+v", len(entries), last)
	}
}
