package postgres_test

import (
	"testing"

	"portal/internal/onboarding"
)

func TestWhatWasGivenUpMayHaveArrived(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	d := file(examined(t, s, "a"), onboarding.FrontSide)
	if _, err := s.TakePlace(t.Context(), d, now, now); err != nil {
		t.Fatal(err)
	}
	lost, sent := d, d
	lost.Status, lost.Cause, lost.Until = onboarding.DocumentLost, "nobody has seen it", now
	sent.Status, sent.Image, sent.Until = onboarding.DocumentSent, "77", now
	for _, d := range []onboarding.Document{lost, sent} {
		if err := s.SettleDocument(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	list, err := s.DocumentsOf(t.Context(), d.Registration)
	if err != nil || list[0].Status != onboarding.DocumentSent || list[0].Image != "77" || list[0].Cause != "" {
		t.Errorf("it is %+v, %v", list, err)
	}
}
