package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"portal/internal/onboarding"
	"portal/internal/sandbox/faults"
)

func TestWhyABackIsRefusedIsSaidAndThatBothSidesAreWanted(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	v.give("identity", photo(t, "front"), "type", "ID_CARD", "side", "FRONT_SIDE", "country", "DEU")
	step := v.about("/identity", "done", "refused", "type", "ID_CARD")
	v.give("identity", photo(t, "back", "sandbox:dataNotReadable"), "type", "ID_CARD", "side", "BACK_SIDE", "country", "DEU").leads(step)
	for _, at := range []string{step, v.about("/identity")} {
		p := v.get(at).shows(ok, "documents.refused", "documents.picture_id_card_back", "review.unreadable", "documents.both_sides", "documents.picture_id_card_front")
		p.withholds("documents.done_given", "documents.done_refused")
		if chosen := p.elements("option").with("value", "DEU"); len(chosen) != 1 || !hasAttr(chosen[0], "selected") {
			t.Errorf("the country is not kept: %v", chosen)
		}
	}
	row := v.get("/documents").row("Identity document")
	for _, key := range []string{"documents.refused", "documents.picture_id_card_back", "review.unreadable", "documents.both_sides"} {
		if !strings.Contains(row, say("en", key)) {
			t.Errorf("the list does not say %s: %s", key, row)
		}
	}
	v.giveCard("card")
	v.get("/documents").shows(ok, "documents.state_given").withholds("documents.refused", "documents.both_sides")
}

func TestRefusalOfAFrontIsNoThanks(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	step := v.about("/identity", "done", "refused", "type", "ID_CARD")
	v.give("identity", photo(t, "front", "sandbox:dataNotReadable"), "type", "ID_CARD", "side", "FRONT_SIDE", "country", "DEU").leads(step)
	v.get(step).shows(ok, "documents.refused", "review.unreadable").withholds("documents.done_given")
}

func TestAdviceStandsInTheListAndAboveTheNextForm(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	v.give("identity", photo(t, "front", "sandbox:maybeExpiredDoc"), "type", "ID_CARD", "side", "FRONT_SIDE", "country", "DEU")
	p := v.get(v.about("/identity")).shows(ok, "documents.picture_id_card_back", "review.expired_maybe")
	if strings.Index(p.body, say("en", "review.expired_maybe")) > strings.Index(p.body, "<form method=\"post\" action=\"/onboarding/documents/identity") {
		t.Errorf("the advice stands below the form:\n%s", p.body)
	}
	for _, done := range []bool{false, true} {
		if done {
			v.give("identity", photo(t, "back"), "type", "ID_CARD", "side", "BACK_SIDE", "country", "DEU")
		}
		row := v.get("/documents").row("Identity document")
		for _, key := range []string{"documents.advice", "documents.picture_id_card_front", "review.expired_maybe"} {
			if !strings.Contains(row, say("en", key)) {
				t.Errorf("the list does not say %s: %s", key, row)
			}
		}
	}
}

func TestPictureThatNeverArrivedIsSaid(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	v.w.ruin(faults.Rule{Method: http.MethodPost, Path: "/resources/applicants/", Kind: faults.Reset, Count: 2})
	v.giveByScript(ok, "identity", photo(t, "lost"), "type", "PASSPORT", "country", "SWE")
	v.get("/documents").withholds("documents.not_arrived") // nobody knows yet
	v.w.pass(5 * time.Minute)
	for range 2 {
		p := v.get(v.about("/identity")).shows(ok, "documents.not_arrived", "documents.picture_passport", "documents.send")
		if chosen := p.elements("option").with("value", "SWE"); len(chosen) != 1 || !hasAttr(chosen[0], "selected") {
			t.Errorf("the country is not kept: %v", chosen)
		}
	}
	if row := v.get("/documents").row("Identity document"); !strings.Contains(row, say("en", "documents.not_arrived")) {
		t.Errorf("the list does not say it: %s", row)
	}
	v.give("identity", nil, "type", "PASSPORT", "country", "SWE").shows(odd, "error.document_empty").withholds("documents.not_arrived")
	v.give("identity", photo(t, "lost"), "type", "PASSPORT", "country", "SWE").leads(v.about("", "done", "given"))
	v.get("/documents").withholds("documents.not_arrived")
}

func TestPictureOfAPersonWaitsForTheIdentityDocument(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	row := v.get("/documents").row("Photo of you with your document")
	if strings.Contains(row, "<a ") || !strings.Contains(row, say("en", "error.document_identity_first")) {
		t.Errorf("it does not wait: %s", row)
	}
	v.get(v.about("/selfie")).leads(v.about(""))
	v.give("selfie", photo(t, "me"), "type", "SELFIE", "country", "SWE").shows(odd, "error.document_identity_first", "documents.title")
	if told := v.giveByScript(odd, "selfie", photo(t, "me"), "type", "SELFIE"); told.Error != say("en", "error.document_identity_first") {
		t.Errorf("the script is told %+v", told)
	}
	if v.active() != 0 {
		t.Error("it has arrived")
	}
	v.give("identity", photo(t, "passport"), "type", "PASSPORT", "country", "SWE").leads(v.about("", "done", "given"))
	v.get(v.about("/selfie")).shows(ok, "documents.send").asksNoCountry()
	v.give("selfie", photo(t, "me"), "type", "SELFIE").leads(v.about("", "done", "given"))
	if got := v.countryOfSelfie(); got != "SWE" {
		t.Errorf("the picture is recorded as from %q, want SWE", got)
	}
}

// countryOfSelfie is where the picture of the person is recorded to be from.
func (v *verification) countryOfSelfie() string {
	v.w.t.Helper()
	return v.w.text("select coalesce(max(country), '') from documents where type = 'SELFIE' and status = 'sent'")
}

// The provider wants a country with every picture, and nobody makes one up.
func TestCountryOfAPersonIsAskedForWhereNothingTellsIt(t *testing.T) {
	t.Parallel()
	for name, nationality := range map[string]string{"asked": "", "known": "NOR", "not taken": "FRA", "no country": "Norway"} {
		v := verifying(t, "id-and-selfie")
		v.stored(func(r *onboarding.Registration) {
			selfie, _ := r.Verification.Step("SELFIE")
			r.Verification.Steps, r.Verification.Excluded = []onboarding.Step{selfie}, []string{"FRA"}
			r.Verification.Data = onboarding.ApplicantData{onboarding.FieldNationality: nationality}
		})
		want := nationality
		if p := v.get(v.about("/selfie")); name == "known" {
			p.asksNoCountry()
		} else {
			p.shows(ok, "documents.country_person")
			v.give("selfie", photo(t, "me"), "type", "SELFIE").shows(odd, "error.document_country", "documents.country_person")
			want = "SWE"
		}
		v.give("selfie", photo(t, "me"), "type", "SELFIE", "country", "SWE")
		if got := v.countryOfSelfie(); got != want {
			t.Errorf("%s: the picture is recorded as from %q, want %s", name, got, want)
		}
	}
}

// withholds checks that the page says none of the messages.
func (p page) withholds(keys ...string) {
	p.t.Helper()
	for _, key := range keys {
		p.saysNot(say("en", key))
	}
}
