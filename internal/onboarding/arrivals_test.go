package onboarding_test

import (
	"slices"
	"testing"
	"time"

	"portal/internal/onboarding"
)

var (
	lostOnTheWay = trouble{err: &onboarding.Error{Kind: onboarding.Unanswered}}
	unheard      = trouble{effect: true, err: &onboarding.Error{Kind: onboarding.Unanswered}}
	turnedAway   = trouble{err: &onboarding.Error{Kind: onboarding.Busy}}
)

// noted is an office whose engine knows of documents, as the portal's does.
func noted(steps ...onboarding.Step) *office {
	o := newOffice(steps...)
	o.world.Engine.Documents = o.files
	return o
}

// last is the document that was given last.
func (o *office) last(t failer) onboarding.Document {
	t.Helper()
	list, err := o.files.DocumentsOf(t.Context(), o.records.only(t).ID)
	if err != nil || len(list) == 0 {
		t.Fatalf("no document: %v", err)
	}
	return list[len(list)-1]
}

func TestARefusalSaysNothingOfTheCallBefore(t *testing.T) {
	t.Parallel()
	o := noted(identityStep)
	o.begun(t)
	o.there.trouble["add"] = []trouble{lostOnTheWay, turnedAway}
	if _, err := o.give(t, "IDENTITY", "PASSPORT", "", "page"); onboarding.KindOf(err) != onboarding.Unanswered {
		t.Errorf("told %v", err)
	}
	if got := o.last(t); got.Status != onboarding.DocumentSending {
		t.Errorf("what may still arrive is %s", got.Status)
	}
}

func TestTheCheckWaitsForWhatMayStillArrive(t *testing.T) {
	t.Parallel()
	o := noted(identityStep)
	o.begun(t)
	r := o.gives(t, "IDENTITY", "PASSPORT", "", "page")
	o.there.trouble["add"] = []trouble{lostOnTheWay, lostOnTheWay}
	if _, err := o.give(t, "IDENTITY", "PASSPORT", "", "better page"); onboarding.KindOf(err) != onboarding.Unanswered {
		t.Fatal(err)
	}
	r, err := o.RequestCheck(t.Context(), o.records.only(t))
	if err != nil {
		t.Fatal(err)
	}
	o.wait(settle - time.Second)
	if r = o.advance(t, r.ID); r.Ask != onboarding.AskCheck || slices.Contains(o.there.calls, "check") {
		t.Errorf("asked for although a file may still arrive: %s", r.Status)
	}
	standsAs(t, o.checked(t, r.ID), onboarding.Checking)
	if got := o.last(t); got.Status != onboarding.DocumentLost {
		t.Errorf("what never arrived is %s", got.Status)
	}
}

func TestAFileThatArrivedUnseenIsKnownFromTheNextRead(t *testing.T) {
	t.Parallel()
	o := noted(identityStep)
	o.begun(t)
	o.there.trouble["add"], o.there.trouble["read"] = []trouble{unheard}, []trouble{turnedAway}
	if _, err := o.give(t, "IDENTITY", "PASSPORT", "", "page"); onboarding.KindOf(err) != onboarding.Unanswered {
		t.Fatal(err)
	}
	r := o.hearAfter(t, time.Second)
	if got := o.last(t); got.Status != onboarding.DocumentSent || got.Image == "" || !r.Verification.Complete() {
		t.Errorf("what has arrived is %s, complete: %v", got.Status, r.Verification.Complete())
	}
}

func TestWhoeverComesBackIsAskedForWhatWasRejected(t *testing.T) {
	t.Parallel()
	for name, heard := range map[string]bool{"rejected and gone": true, "gone before anybody knew": false} {
		o := noted(identityStep, selfieStep)
		id := o.complete(t).Profile
		o.there.decide(id, red(onboarding.Retry), map[string]onboarding.Review{"IDENTITY": red(onboarding.Retry)}, nil)
		if heard {
			o.hear(t)
		}
		images := o.there.people[id].images
		o.there.put(id, func(v *onboarding.Verification) { v.Gone, o.there.people[id].images = true, nil }) // nothing more is told of them
		standsAs(t, o.hearAfter(t, time.Hour), onboarding.Closed)
		o.there.put(id, func(v *onboarding.Verification) { v.Gone, o.there.people[id].images = false, images })
		r := o.hearAfter(t, time.Hour)
		standsAs(t, r, onboarding.Open)
		if got := r.Verification.Wanted(step(t, *r.Verification, "IDENTITY"), "ID_CARD"); len(got) != 2 || r.Verification.Complete() {
			t.Errorf("%s: asked for %v", name, got)
		}
	}
}

func TestARejectionOutlivesTheFirstNewPicture(t *testing.T) {
	t.Parallel()
	o := noted(identityStep, selfieStep)
	id := o.complete(t).Profile
	o.there.decide(id, red(onboarding.Retry), map[string]onboarding.Review{"IDENTITY": red(onboarding.Retry), "SELFIE": red(onboarding.Retry)}, nil)
	o.hear(t)
	o.gives(t, "SELFIE", "SELFIE", "", "better face")
	o.records.mails = nil
	o.there.put(id, func(v *onboarding.Verification) { v.Status = onboarding.ReviewInit })
	r := o.hearAfter(t, time.Hour)
	if got := r.Verification.Wanted(step(t, *r.Verification, "IDENTITY"), "ID_CARD"); len(got) != 2 || r.Verification.Complete() {
		t.Errorf("asked for %v", got)
	}
	if len(o.records.mails) > 0 {
		t.Errorf("mailed once more: %v", o.records.mails)
	}
}

func TestAnEarlierRejectionSaysNothingOfALaterOne(t *testing.T) {
	t.Parallel()
	o := noted(identityStep, selfieStep)
	id := o.complete(t).Profile
	o.there.decide(id, red(onboarding.Retry), map[string]onboarding.Review{"IDENTITY": red(onboarding.Retry)},
		map[string]onboarding.Review{onboarding.FrontSide: red(onboarding.Retry)})
	o.hear(t)
	standsAs(t, o.check(t, o.gives(t, "IDENTITY", "ID_CARD", onboarding.FrontSide, "better front")), onboarding.Checking)
	o.there.decide(id, red(onboarding.Retry), map[string]onboarding.Review{"IDENTITY": red(onboarding.Retry)}, nil)
	r := o.hearAfter(t, time.Hour)
	if got := r.Verification.Wanted(step(t, *r.Verification, "IDENTITY"), "ID_CARD"); len(got) != 2 || r.Verification.Complete() {
		t.Errorf("asked for %v", got)
	}
}
