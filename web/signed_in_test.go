package web_test

import (
	"net/http"
	"testing"
	"time"

	"portal/internal/identity"
	sandboxforms "portal/internal/sandbox/passfort"
)

// caseOf is a link into one case of the flow in which there are several.
func caseOf(name string) identity.Link {
	l := customer("cust-42")
	l.Wish = identity.Wish{Flow: "subsidiary", Case: name}
	return l
}

// press follows a one-time link to its flow and waits for the form.
func (b *browser) press(l identity.Link) {
	b.w.t.Helper()
	at := b.w.link(l)
	b.get(at)
	b.post(at).leads("?flow=" + l.Flow)
	b.await("open")
}

// starts checks that the page offers one thing to start, and which.
func (p page) starts(flow, caseName string) page {
	p.t.Helper()
	p.shows(http.StatusOK, "choose.title")
	inputs := p.elements("input")
	flows, cases := inputs.with("name", "flow"), inputs.with("name", "case")
	if len(flows) != 1 || flows[0].attrs["value"] != flow || len(cases) != 1 || cases[0].attrs["value"] != caseName {
		p.t.Errorf("%s starts %v, want %s of %s alone", p.what, inputs, caseName, flow)
	}
	return p
}

func TestDeadLinkLeadsIntoNoOtherCase(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	other, same := w.link(caseOf("south")), w.link(caseOf("north"))
	w.pass(identity.LinkValidity + time.Second)
	b.press(caseOf("north"))
	for _, expired := range []string{other, same} {
		b.get(expired).shows(http.StatusGone, "dead_link.expired_title")
	}

	used := w.link(caseOf("east"))
	b.get(used)
	b.post(used).leads("?flow=subsidiary")
	b.get(used).leads("?flow=subsidiary")
	b.press(caseOf("west"))
	b.get(used).shows(http.StatusGone, "dead_link.used_title")
}

func TestSignInForACaseLeadsIntoNoOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	b.press(caseOf("north"))
	b.get("/sign-in?flow=subsidiary&case=north").leads("?flow=subsidiary")
	b.get("/sign-in?flow=subsidiary&case=south").starts("subsidiary", "south")
	b.post("/start", "flow", "subsidiary", "case", "south").leads("")
	b.get("/sign-in?flow=subsidiary&case=south").leads("?flow=subsidiary")
}

func TestCaseThatDoesNotStartAtSignInIsOffered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	b.press(caseOf("north"))
	at := w.link(caseOf("south"))
	b.get(at)
	const refusing = `alter table registrations add constraint no_south check (case_name <> 'south')`
	if _, err := w.pool.Exec(t.Context(), refusing); err != nil {
		t.Fatal(err)
	}
	b.post(at).shows(http.StatusOK, "error.unavailable").starts("subsidiary", "south")
	if _, err := w.pool.Exec(t.Context(), "alter table registrations drop constraint no_south"); err != nil {
		t.Fatal(err)
	}
	b.post("/start", "flow", "subsidiary", "case", "south").leads("") // they are signed in
}

func TestWhoGoesBackToTheirCodeIsIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	code := b.askCode("ada@example.com", "")
	pending := b.cookies()
	b.post("/sign-in/code", "code", code).leads("")
	b.post("/sign-in/code", "code", code).leads("")
	b.plant(pending)
	b.post("/sign-in/code", "code", code).leads("")
	b.get("").shows(http.StatusOK, "choose.title")
}

func TestLanguageIsThatOfWhoSignsInLast(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	l, b := customer("cust-42"), w.browser()
	l.Locale, b.language = "de", "en"
	b.press(l)
	w.pass(limits.Idle) // nobody signs out
	b.signIn("bob@example.com")
	if lang := b.get("").header.Get("Content-Language"); lang != "en" {
		t.Errorf("bob is spoken to in %q after a code", lang)
	}
	b.press(l)
	b.press(customer("cust-43"))
	if lang := b.get("").header.Get("Content-Language"); lang != "en" {
		t.Errorf("the next one is spoken to in %q after a link", lang)
	}
}

func TestWhoFinishedTheFormAndIsInGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	w.end(b.start("ada@example.com", "company"), sandboxforms.Completed)
	b.get("/sign-in?finishing=yes").leads("/complete")
}

// The company may take a flow away while somebody is on the way into it.
func TestFlowThatIsGoneKeepsNobodyFromSigningIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	l, b := customer("cust-42"), w.browser()
	l.Wish = identity.Wish{Flow: "gone", Case: "north"}
	at := w.link(l)
	b.get(at).shows(http.StatusOK, "sign_in_link.title")
	b.post(at).leads("")
	b.get(at).leads("")
	dead := w.browser().get(at).shows(http.StatusGone, "dead_link.used_title")
	if flows := dead.elements("input").with("value", "gone"); len(flows) > 0 {
		t.Errorf("the dead link's page asks for %v", flows)
	}

	b = w.browser()
	code := b.askCode("ada@example.com", "company")
	if _, err := w.pool.Exec(t.Context(), "update sign_ins set flow = 'gone'"); err != nil {
		t.Fatal(err)
	}
	if flows := b.get("/sign-in").shows(http.StatusOK, "sign_in.code_title").elements("input").with("value", "gone"); len(flows) > 0 {
		t.Errorf("the code's page asks for %v", flows)
	}
	b.post("/sign-in/code", "code", code).leads("")
	b.get("?flow=gone").shows(http.StatusNotFound) // which is for addresses alone
}
