package web_test

import (
	"net/http"
	"strings"
	"testing"

	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/web"
)

// sameLevel is another flow of the level of "documents".
func sameLevel(repeatable bool) web.Flow {
	return web.Flow{Flow: onboarding.Flow{
		Name: "again", Provider: onboarding.Sumsub, Title: "Verify it all again", Role: onboarding.IndividualCustomer, Repeatable: repeatable,
		Level: "id-and-selfie", Mode: onboarding.ModeAPI, CompletionURL: "https://www.example.com/thanks/again",
	}}
}

func TestAfterAFinalRejectionTheSameLevelIsNotBegunElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{flows: []web.Flow{sameLevel(true)}})
	v := w.verify("ada@example.com", "documents")
	v.decided(red(onboarding.Final, ""))
	p := v.shown().shows(http.StatusOK, "verification.rejected_title", "choose.others")
	if strings.Contains(p.body, "Verify it all again") {
		t.Errorf("the page offers what was decided already:\n%s", p.body)
	}
	p.says("Verify your identity by camera") // which is another level
	v.post("/start", "flow", "again").leads("?flow=documents")
	again := w.browser()
	again.post("/sign-in/code", "code", again.askCode("ada@example.com", "again")).leads("?flow=documents")
	if n := w.count("select count(*) from registrations where flow = 'again'"); n != 0 {
		t.Errorf("%d were begun", n)
	}
	v.post("/start", "flow", "again", "case", "second-look").leads("") // the company has named it
	if n := w.count("select count(*) from registrations where flow = 'again'"); n != 1 {
		t.Errorf("%d were begun in a case of the company's", n)
	}
}

func TestRejectionOfOneIsNothingToAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{flows: []web.Flow{sameLevel(false)}})
	v := w.verify("ada@example.com", "documents")
	v.decided(red(onboarding.Final, ""))
	v.shown().shows(http.StatusOK, "verification.rejected_title")
	b := w.browser().signIn("eve@example.com")
	b.post("/start", "flow", "again").leads("")
	b.await("open")
}

func TestWhatIsNotTheirsLooksLikeWhatIsNot(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	e := w.entering("ada@example.com")
	verified := w.verify("bea@example.com", "documents").id
	b := w.browser().signIn("eve@example.com")
	for _, test := range []struct{ path, id string }{{"/associates", e.registration}, {"/documents", verified}} {
		theirs, none := b.get(test.path+"?registration="+test.id), b.get(test.path+"?registration="+nobodys)
		for _, p := range []page{theirs, none} {
			p.shows(http.StatusNotFound, "problem.theirs_title", "problem.theirs_next").says("eve@example.com")
		}
		plain := func(p page, id string) string {
			return strings.NewReplacer(id, "", p.header.Get("X-Request-Id"), "").Replace(p.body)
		}
		if plain(theirs, test.id) != plain(none, nobodys) {
			t.Errorf("%s tells whether there is such a registration:\n%s\n%s", test.path, theirs.body, none.body)
		}
	}
	b.post("/sign-out", "again", "1").leads("/sign-in")
	b.get("").shows(http.StatusOK, "landing.title")
}

func TestDeadLinkSaysWhoIsSignedIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	at, first := w.link(identity.Link{Subject: "cust-7"}), w.browser()
	first.get(at)
	first.post(at).leads("")
	p := w.browser().signIn("eve@example.com").get(at).shows(http.StatusGone, "dead_link.used_title", "problem.home").says("eve@example.com")
	if strings.Contains(p.body, "cust-7") {
		t.Errorf("the page tells whose link it was:\n%s", p.body)
	}
}
