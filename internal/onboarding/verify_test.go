package onboarding_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"portal/internal/onboarding"
)

// An answer counts only once the check is completed: a GREEN beside any other status is a part, or of the past.
func TestOnlyACompletedCheckDecides(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status onboarding.ReviewStatus
		review onboarding.Review
		want   onboarding.Status
	}{
		{onboarding.ReviewInit, onboarding.Review{}, onboarding.Open},
		{onboarding.ReviewInit, green(), onboarding.Open},
		{onboarding.ReviewPending, onboarding.Review{}, onboarding.Checking},
		{onboarding.ReviewPrechecked, green(), onboarding.Checking},
		{onboarding.ReviewQueued, green(), onboarding.Checking},
		{onboarding.ReviewOnHold, green(), onboarding.Checking},
		{onboarding.ReviewAwaitingService, green(), onboarding.Checking},
		{onboarding.ReviewAwaitingUser, green(), onboarding.Checking},
		{"somethingNew", green(), onboarding.Checking},
		{onboarding.ReviewCompleted, onboarding.Review{}, onboarding.Checking},
		{onboarding.ReviewCompleted, onboarding.Review{Answer: "YELLOW"}, onboarding.Checking},
		{onboarding.ReviewCompleted, green(), onboarding.Completed},
		{onboarding.ReviewCompleted, red(onboarding.Retry), onboarding.Open},
		{onboarding.ReviewCompleted, red(onboarding.Final), onboarding.Rejected},
		{onboarding.ReviewCompleted, red(""), onboarding.NeedsAttention},
		{onboarding.ReviewCompleted, red("EXTERNAL"), onboarding.NeedsAttention},
	} {
		t.Run(fmt.Sprintf("%s %s %s", c.status, c.review.Answer, c.review.RejectType), func(t *testing.T) {
			t.Parallel()
			o := newOffice(identityStep, selfieStep)
			r := o.complete(t)
			o.there.put(r.Profile, func(v *onboarding.Verification) { v.Status, v.Review = c.status, c.review })
			standsAs(t, o.hear(t), c.want)
		})
	}
}

func TestADecisionMayChangeAtAnyTime(t *testing.T) {
	t.Parallel()
	o := newOffice(identityStep, selfieStep)
	r := o.complete(t)
	for _, step := range []struct {
		review onboarding.Review
		want   onboarding.Status
	}{
		{green(), onboarding.Completed},
		{red(onboarding.Final, "BLOCKLIST"), onboarding.Rejected},
		{green(), onboarding.Completed},
		{red(onboarding.Retry), onboarding.Open},
	} {
		o.there.decide(r.Profile, step.review, nil, nil)
		standsAs(t, o.hear(t), step.want)
	}
	o.there.put(r.Profile, func(v *onboarding.Verification) { v.Gone = true })
	standsAs(t, o.hear(t), onboarding.Closed)
}

func TestApplicantsAreMailedOnlyWhatChanges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		told onboarding.ResultMails
		want string
	}{
		{onboarding.MailNever, "- - - -"}, {onboarding.MailChanges, "retry approved rejected approved"}, {onboarding.MailAlways, "retry approved rejected approved"},
	} {
		o := newOffice(identityStep, selfieStep)
		f := o.Flows["documents"]
		f.ResultMails = c.told
		o.Flows["documents"] = f
		id := o.complete(t).Profile
		var got []string
		for i, review := range []onboarding.Review{red(onboarding.Retry), green(), red(onboarding.Final), green()} {
			o.there.put(id, func(v *onboarding.Verification) { v.Attempt = i })
			o.there.decide(id, review, nil, nil)
			o.records.mails = nil
			o.hear(t)
			o.hear(t)
			mail := "-"
			for _, m := range o.records.mails {
				mail = strings.TrimPrefix(mail+string(m), "-")
			}
			got = append(got, mail)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: mailed %v, want %s", c.told, got, c.want)
		}
	}
}

func TestOnlyWhatWasRejectedIsAskedForAgain(t *testing.T) {
	t.Parallel()
	o := newOffice(identityStep, selfieStep)
	r := o.complete(t)
	o.there.decide(r.Profile, red(onboarding.Retry), map[string]onboarding.Review{"IDENTITY": red(onboarding.Retry), "SELFIE": green()},
		map[string]onboarding.Review{onboarding.FrontSide: green(), onboarding.BackSide: red(onboarding.Retry), "": green()})
	r = o.hear(t)
	v := *r.Verification
	card, selfie := step(t, v, "IDENTITY"), step(t, v, "SELFIE")
	if got := v.Wanted(card, "ID_CARD"); !slices.Equal(got, []string{onboarding.BackSide}) {
		t.Errorf("asked for %v", got)
	}
	if v.StateOf(card) != onboarding.StepRejected || v.StateOf(selfie) != onboarding.StepAccepted || v.Complete() {
		t.Errorf("the card is %s, the selfie %s, complete: %v", v.StateOf(card), v.StateOf(selfie), v.Complete())
	}
	if _, err := o.give(t, "SELFIE", "SELFIE", "", "another face"); onboarding.KindOf(err) != onboarding.Invalid {
		t.Errorf("what was found good is taken again: %v", err)
	}
	if _, err := o.give(t, "IDENTITY", "ID_CARD", onboarding.FrontSide, "another front"); onboarding.KindOf(err) != onboarding.Invalid {
		t.Errorf("a side that was found good is taken again: %v", err)
	}
	r = o.gives(t, "IDENTITY", "ID_CARD", onboarding.BackSide, "better back")
	if !r.Verification.Complete() {
		t.Errorf("not complete: %+v", r.Verification.Steps)
	}
	if n := o.there.active(r.Profile, "IDENTITY", onboarding.BackSide); n != 1 {
		t.Errorf("%d backs count", n)
	}
	standsAs(t, o.check(t, r), onboarding.Checking)
}

func TestAStepRejectedAsAWholeIsAskedForAsAWhole(t *testing.T) {
	t.Parallel()
	o := newOffice(identityStep, selfieStep)
	r := o.complete(t)
	o.there.decide(r.Profile, red(onboarding.Retry), map[string]onboarding.Review{"IDENTITY": red(onboarding.Retry)}, nil)
	r = o.hear(t)
	if got := r.Verification.Wanted(step(t, *r.Verification, "IDENTITY"), "ID_CARD"); len(got) != 2 {
		t.Errorf("asked for %v", got)
	}
	o.gives(t, "IDENTITY", "ID_CARD", onboarding.FrontSide, "better front")
	r = o.gives(t, "IDENTITY", "ID_CARD", onboarding.BackSide, "better back")
	if !r.Verification.Complete() {
		t.Errorf("not complete: %+v", r.Verification.Steps)
	}
}

// A picture arrives between the look at the provider and the question what is under way: the look does not show that it has
// taken the place of another, which would be checked beside it.
func TestNoCheckIsAskedForWhileAPictureComesIn(t *testing.T) {
	t.Parallel()
	o := newOffice(selfieStep)
	o.world.Documents = o.files
	o.begun(t)
	r, err := o.RequestCheck(t.Context(), o.gives(t, "SELFIE", "SELFIE", "", "face"))
	if err != nil {
		t.Fatal(err)
	}
	late := onboarding.Document{
		ID: onboarding.DocumentID(uuid.Must(uuid.NewV7())), Registration: r.ID, Status: onboarding.DocumentSending, Until: o.Now().Add(time.Minute),
		Place: onboarding.Place{Set: "SELFIE", Type: "SELFIE"},
	}
	if _, err := o.files.TakePlace(t.Context(), late, o.Now(), late.Until); err != nil {
		t.Fatal(err)
	}
	o.there.looked = func() { // while the provider answers the sender hears that it has arrived
		late.Status, late.Image = onboarding.DocumentSent, "late"
		if err := o.files.SettleDocument(t.Context(), late); err != nil {
			t.Error(err)
		}
	}
	o.advance(t, r.ID)
	if n := o.there.people[r.Profile].checks; n != 0 {
		t.Error("the check was asked for, and nobody had seen the picture")
	}
	o.there.looked = nil
	standsAs(t, o.checked(t, r.ID), onboarding.Checking)
}

// Staff take back a rejection for good: what an earlier check had found bad is not good by that.
func TestWhatWasRejectedIsAskedForAgainAlsoAfterARejectionForGoodIsTakenBack(t *testing.T) {
	t.Parallel()
	o := newOffice(identityStep, selfieStep)
	r := o.complete(t)
	steps := map[string]onboarding.Review{"IDENTITY": red(onboarding.Retry), "SELFIE": green()}
	o.there.decide(r.Profile, red(onboarding.Retry), steps, nil)
	o.hear(t)
	o.there.decide(r.Profile, red(onboarding.Final), steps, nil)
	standsAs(t, o.hear(t), onboarding.Rejected)
	o.there.put(r.Profile, func(v *onboarding.Verification) { v.Status = onboarding.ReviewInit })
	r = o.hear(t)
	if got := r.Verification.Wanted(step(t, *r.Verification, "IDENTITY"), "ID_CARD"); r.Status != onboarding.Open || len(got) != 2 || r.Verification.Complete() {
		t.Fatalf("%s, and asked for %v", r.Status, got)
	}
	o.gives(t, "IDENTITY", "ID_CARD", onboarding.FrontSide, "better front")
	if r = o.gives(t, "IDENTITY", "ID_CARD", onboarding.BackSide, "better back"); !r.Verification.Complete() {
		t.Errorf("not complete: %+v", r.Verification.Steps)
	}
}

func TestAnotherTypeOfDocumentTakesThePlaceOfTheFirst(t *testing.T) {
	t.Parallel()
	o := newOffice(identityStep)
	o.begun(t)
	o.gives(t, "IDENTITY", "ID_CARD", onboarding.FrontSide, "front")
	r := o.gives(t, "IDENTITY", "PASSPORT", "", "page")
	if o.there.active(r.Profile, "IDENTITY", onboarding.FrontSide) != 0 || o.there.active(r.Profile, "IDENTITY", "") != 1 || !r.Verification.Complete() {
		t.Errorf("the card still counts: %+v", r.Verification.Steps)
	}
}

func TestWrongDataOpensTheDataForm(t *testing.T) {
	t.Parallel()
	o := newOffice(identityStep, selfieStep)
	r := o.complete(t)
	o.there.put(r.Profile, func(v *onboarding.Verification) {
		v.Data = onboarding.ApplicantData{"firstName": "Ad", "nationality": "GBR"}
	})
	o.there.decide(r.Profile, red(onboarding.Retry, onboarding.DataLabel), map[string]onboarding.Review{"IDENTITY": green(), "SELFIE": green()}, nil)
	r = o.hear(t)
	if !r.Verification.WantsData() || r.Verification.Complete() || len(r.Verification.DataFields()) != 4 {
		t.Fatalf("asked for %v", r.Verification.DataFields())
	}
	given := onboarding.ApplicantData{"firstName": "Ada", "lastName": "Lovelace", "dob": "1990-12-10", "nationality": "GBR"}
	r, err := o.Provide(t.Context(), r, given)
	if err != nil || r.Verification.WantsData() || !r.Verification.Complete() {
		t.Fatalf("still asked for: %v", err)
	}
	standsAs(t, o.check(t, r), onboarding.Checking)
	if strings.Contains(fmt.Sprintf("%v %+v %s", given, r.Verification, given), "Lovelace") {
		t.Error("data can be printed")
	}
}

func TestDataIsCheckedFieldByField(t *testing.T) {
	t.Parallel()
	v := onboarding.Verification{Steps: []onboarding.Step{{Set: onboarding.DataStep, Fields: []onboarding.DataField{
		{Name: "firstName", Required: true}, {Name: "dob"}, {Name: "phone"}, {Name: "email"}, {Name: "country"}, {Name: "gender"}, {Name: "strange"},
	}}}}
	now := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		field, value string
		want         error
	}{
		{"firstName", "Ада Łukasz 李", nil},
		{"firstName", " ", onboarding.ErrDataMissing},
		{"firstName", strings.Repeat("a", 201), onboarding.ErrDataTooLong},
		{"firstName", "a\x00b", onboarding.ErrDataText},
		{"dob", "1990-02-30", onboarding.ErrDataDate},
		{"dob", "2026-01-03", onboarding.ErrDataDate},
		{"dob", "1890-01-03", onboarding.ErrDataDate},
		{"dob", "1990-12-31", nil},
		{"phone", "030 123", onboarding.ErrDataPhone},
		{"phone", "+49 (30) 123-4567", nil},
		{"email", "ada", onboarding.ErrDataEmail},
		{"country", "Germany", onboarding.ErrDataCountry},
		{"country", "DEU", nil},
		{"gender", "female", onboarding.ErrDataChoice},
	} {
		d := onboarding.ApplicantData{"firstName": "Ada"}
		d[c.field] = c.value
		if err := v.CheckData(d, now); !errors.Is(err, c.want) || c.want != nil && strings.Contains(err.Error(), c.value) && c.value != " " {
			t.Errorf("%s %q: %v, want %v", c.field, c.value, err, c.want)
		}
	}
	if err := v.CheckData(onboarding.ApplicantData{"firstName": "Ada", "tin": "1"}, now); onboarding.KindOf(err) != onboarding.Invalid {
		t.Errorf("a field that is not asked for: %v", err)
	}
}

func TestNoCheckIsAskedForWhileSomethingIsMissing(t *testing.T) {
	t.Parallel()
	o := newOffice(identityStep, selfieStep)
	o.begun(t)
	r := o.gives(t, "IDENTITY", "ID_CARD", onboarding.FrontSide, "front")
	if _, err := o.RequestCheck(t.Context(), r); onboarding.KindOf(err) != onboarding.Invalid {
		t.Errorf("asked for: %v", err)
	}
	o.gives(t, "IDENTITY", "ID_CARD", onboarding.BackSide, "back")
	r = o.gives(t, "SELFIE", "SELFIE", "", "face")
	o.there.mu.Lock() // staff take a picture away at the last moment
	for id, i := range o.there.people[r.Profile].images {
		i.Inactive = i.Inactive || i.Side == onboarding.BackSide
		o.there.people[r.Profile].images[id] = i
	}
	o.there.mu.Unlock()
	r = o.check(t, r)
	standsAs(t, r, onboarding.Open)
	if got := r.Verification.Wanted(step(t, *r.Verification, "IDENTITY"), "ID_CARD"); !slices.Equal(got, []string{onboarding.BackSide}) {
		t.Errorf("asked for %v", got)
	}
}

func TestLevelsThatWantALiveCaptureAreKnown(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]onboarding.Step{
		"liveness": {Set: "SELFIE", Types: []string{"SELFIE"}, Video: "passiveLiveness"}, "capture": {Set: "IDENTITY", Video: "docapture"},
		"all": {Set: "OTHER_DOCS", Types: []string{"CONTRACT", "AGREEMENT"}, All: true}, "chip": {Set: "IDENTITY", Chip: true},
		"nothing": {Set: "IDENTITY"}, "questions": {Set: "QUESTIONNAIRE"}, "phone": {Set: "PHONE_VERIFICATION"}, "new": {Set: "SOMETHING_NEW"},
		"field": {Set: onboarding.DataStep, Fields: []onboarding.DataField{{Name: "shoeSize", Required: true}}},
	} {
		if !s.Live() {
			t.Errorf("%s is thought to be within reach of the portal's pages", name)
		}
	}
	for _, s := range []onboarding.Step{identityStep, selfieStep, dataStep, {Set: "PROOF_OF_RESIDENCE", Types: []string{"UTILITY_BILL"}}} {
		if s.Live() {
			t.Errorf("%s is thought to be out of reach", s.Set)
		}
	}
	second := onboarding.Step{Set: "IDENTITY2", Types: []string{"DRIVERS", "PASSPORT"}}
	for _, v := range []onboarding.Verification{{}, {Steps: []onboarding.Step{identityStep, second, selfieStep}}} {
		if len(v.Live()) == 0 {
			t.Errorf("%v is thought to be within reach", v.Steps)
		}
	}
	if v := (onboarding.Verification{Steps: []onboarding.Step{dataStep, identityStep, selfieStep}}); len(v.Live()) > 0 {
		t.Errorf("%v are thought to be out of reach", v.Live())
	}
}

func TestDataThatWasGivenFirstIsCorrectedAllTheSame(t *testing.T) {
	t.Parallel()
	o := newOffice(dataStep, identityStep)
	o.begun(t)
	given := onboarding.ApplicantData{"firstName": "Ad", "dob": "1990-12-10"}
	r, err := o.Provide(t.Context(), o.records.only(t), given)
	if err != nil {
		t.Fatal(err)
	}
	r = o.check(t, o.gives(t, "IDENTITY", "PASSPORT", "", "page"))
	o.there.decide(r.Profile, red(onboarding.Retry, onboarding.DataLabel), nil, nil)
	if r = o.hear(t); !r.Verification.WantsData() || r.Verification.Complete() {
		t.Fatalf("nothing is asked for: %+v", r.Verification)
	}
	given["firstName"] = "Ada"
	if r, err = o.Provide(t.Context(), r, given); err != nil || !r.Verification.Complete() {
		t.Errorf("still asked for: %v", err)
	}
}

func TestAnEmptiedFieldIsEmptiedAndAnAddressStaysWhole(t *testing.T) {
	t.Parallel()
	fields := onboarding.Step{Set: onboarding.DataStep}
	for _, name := range []string{"firstName", "middleName", "tin", "address.town"} {
		fields.Fields = append(fields.Fields, onboarding.DataField{Name: name})
	}
	o := newOffice(fields, identityStep)
	id := o.begun(t).Profile
	o.there.put(id, func(v *onboarding.Verification) {
		v.Data = onboarding.ApplicantData{"firstName": "Ada", "middleName": "Agusta", "address.town": "Pairs", "address.country": "FRA"}
	})
	r := o.hearAfter(t, time.Hour)
	if _, err := o.Provide(t.Context(), r, onboarding.ApplicantData{"firstName": "Ada", "middleName": "", "tin": "", "address.town": "Paris"}); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"firstName": "Ada", "middleName": "", "address.town": "Paris", "address.country": "FRA"}
	for name, value := range o.there.sent {
		if want[name] != value {
			t.Errorf("%s was sent as %q", name, value)
		}
		delete(want, name)
	}
	if len(want) > 0 {
		t.Errorf("not sent: %v", want)
	}
}

// An applicant may be rejected without a word about any document, as by Sumsub's own "testCompleted".
func TestWhenNobodySaysWhatWasRejectedSomethingNewIsWanted(t *testing.T) {
	t.Parallel()
	for name, images := range map[string]map[string]onboarding.Review{
		"nothing is judged": nil, "everything is good": {onboarding.FrontSide: green(), onboarding.BackSide: green(), "": green()},
	} {
		o := newOffice(identityStep, selfieStep)
		r := o.complete(t)
		o.there.decide(r.Profile, red(onboarding.Retry, "LOW_QUALITY"), nil, images)
		r = o.hear(t)
		v := *r.Verification
		if v.Complete() || v.StateOf(step(t, v, "SELFIE")) != onboarding.StepDoubtful ||
			!v.Replaceable(step(t, v, "IDENTITY"), onboarding.Place{Set: "IDENTITY", Type: "ID_CARD", Side: onboarding.BackSide}) {
			t.Fatalf("%s: nothing can be given anew", name)
		}
		r = o.gives(t, "SELFIE", "SELFIE", "", "better face")
		if !r.Verification.Complete() || r.Verification.StateOf(step(t, *r.Verification, "SELFIE")) != onboarding.StepGiven {
			t.Errorf("%s: not complete: %+v", name, r.Verification)
		}
		standsAs(t, o.check(t, r), onboarding.Checking)
	}
}

func TestAStepIsNotAcceptedBecauseItsPicturesAre(t *testing.T) {
	t.Parallel()
	o := newOffice(identityStep, selfieStep)
	r := o.complete(t)
	o.there.decide(r.Profile, red(onboarding.Retry), map[string]onboarding.Review{"IDENTITY": red(onboarding.Retry, "DOCUMENT_PAGE_MISSING"), "SELFIE": green()},
		map[string]onboarding.Review{onboarding.FrontSide: green(), onboarding.BackSide: green()})
	v := *o.hear(t).Verification
	if got := v.Wanted(step(t, v, "IDENTITY"), "ID_CARD"); len(got) != 2 || v.Complete() {
		t.Errorf("asked for %v", got)
	}
}

func TestAPictureThatCannotBeTakenAwayBlocksNoCheck(t *testing.T) {
	t.Parallel()
	o := newOffice(identityStep)
	o.there.greedy = true
	o.begun(t)
	o.gives(t, "IDENTITY", "PASSPORT", "", "page")
	standsAs(t, o.check(t, o.gives(t, "IDENTITY", "PASSPORT", "", "better page")), onboarding.Checking)
}

func TestFactsThatAreRefusedKeepNobodyOut(t *testing.T) {
	t.Parallel()
	o := newOffice(identityStep)
	o.there.picky = true
	r, err := o.Start(t.Context(), someone, "documents", "", onboarding.Facts{FamilyName: "L", Language: "en"})
	if err != nil {
		t.Fatal(err)
	}
	standsAs(t, o.until(t, r.ID), onboarding.Open)
}

func TestAPressIsNotLostToAWebhook(t *testing.T) {
	t.Parallel()
	o := newOffice(identityStep)
	o.begun(t)
	r := o.gives(t, "IDENTITY", "PASSPORT", "", "page")
	o.there.put(r.Profile, func(v *onboarding.Verification) { v.Language = "de" })
	o.hear(t) // a new version
	standsAs(t, o.check(t, r), onboarding.Checking)
}

func TestACheckThatIsRefusedForNoReasonIsAPersonsConcern(t *testing.T) {
	t.Parallel()
	o := newOffice(identityStep)
	o.begun(t)
	r := o.gives(t, "IDENTITY", "PASSPORT", "", "page")
	for range 9 {
		o.there.trouble["check"] = append(o.there.trouble["check"], trouble{err: &onboarding.Error{Kind: onboarding.Conflict, Err: onboarding.ErrMissing}})
	}
	standsAs(t, o.check(t, r), onboarding.NeedsAttention)
}

// Whatever becomes of any number of calls, there is one applicant, one picture that counts at each place, and one check.
func TestNoSeriesOfTroublesDoublesAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		o := newOffice(identityStep, selfieStep)
		for _, call := range []string{"create", "add", "check"} {
			o.there.trouble[call] = rapid.SliceOfN(drawTrouble(call), 0, 4).Draw(rt, call)
		}
		for _, call := range []string{"read", "find", "remove"} {
			o.there.trouble[call] = rapid.SliceOfN(drawTrouble("find profile"), 0, 4).Draw(rt, call)
		}
		r := o.until(rt, o.start(rt, "documents").ID)
		for _, place := range []onboarding.Place{
			{Set: "IDENTITY", Type: "ID_CARD", Side: onboarding.FrontSide},
			{Set: "IDENTITY", Type: "ID_CARD", Side: onboarding.BackSide},
			{Set: "SELFIE", Type: "SELFIE"},
			{Set: "IDENTITY", Type: "ID_CARD", Side: onboarding.FrontSide},
		} {
			o.insist(rt, place, rapid.SampledFrom([]string{"one", "other"}).Draw(rt, "picture")+place.Set+place.Side)
		}
		r = o.askUntil(rt, r)
		if len(o.there.people) != 1 || o.there.people[r.Profile].checks != 1 {
			rt.Fatalf("%d applicants, %d checks", len(o.there.people), o.there.people[r.Profile].checks)
		}
		for _, p := range [][2]string{{"IDENTITY", onboarding.FrontSide}, {"IDENTITY", onboarding.BackSide}, {"SELFIE", ""}} {
			if n := o.there.active(r.Profile, p[0], p[1]); n != 1 {
				rt.Fatalf("%d pictures count at %v", n, p)
			}
		}
	})
}

// insist gives a picture as often as it takes.
func (o *office) insist(t failer, p onboarding.Place, content string) {
	for range 50 {
		if _, err := o.give(t, p.Set, p.Type, p.Side, content); err == nil {
			return
		}
		o.wait(settle)
		if _, err := o.Confirm(t.Context(), o.records.only(t), false); err != nil {
			continue
		}
	}
	t.Fatalf("%v cannot be given: %+v", p, o.records.only(t).Verification)
}

// askUntil has the check asked for as often as it takes.
func (o *office) askUntil(t failer, r onboarding.Registration) onboarding.Registration {
	for range 50 {
		r, _ = o.Confirm(t.Context(), o.records.only(t), false)
		if _, err := o.RequestCheck(t.Context(), r); err == nil {
			if r = o.checked(t, r.ID); r.Status == onboarding.Checking {
				return r
			}
		}
	}
	t.Fatalf("no check: %+v", r)
	panic("unreachable")
}

func step(t *testing.T, v onboarding.Verification, set string) onboarding.Step {
	t.Helper()
	s, ok := v.Step(set)
	if !ok {
		t.Fatalf("no step %s", set)
	}
	return s
}
