package web_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/onboarding"
	"portal/internal/sandbox"
	"portal/internal/sandbox/faults"
	sandboxforms "portal/internal/sandbox/passfort"
	"portal/internal/seal"
)

func TestCompletionThanksNobodyNeutrally(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	w.browser().start("ada@example.com", "individual")
	w.calls.take()
	p := w.browser().get("/complete?flow=individual").shows(http.StatusOK, "sent.title", "sent.back").ordinary()
	if strings.Contains(p.body, "ada") || p.header.Get("Refresh") != "" {
		t.Errorf("the page tells about somebody, or moves on:\n%s", p.body)
	}
	if calls := w.calls.take(); len(calls) > 0 {
		t.Errorf("the provider was asked: %v", calls)
	}
	w.browser().signIn("eve@example.com").get("/complete").shows(http.StatusOK, "sent.title")
}

func TestCompletionWaitsForTheProvider(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	opened := b.start("ada@example.com", "individual")
	p := b.get("/complete").shows(http.StatusOK, "checking.title", "checking.working").ordinary()
	if got, want := p.header.Get("Refresh"), "4;url=/onboarding/complete?look=1&unattended=1"; got != want {
		t.Errorf("Refresh %q, want %q", got, want)
	}
	for look, want := range map[string]string{
		"3": "7;url=/onboarding/complete?flow=individual&look=4&unattended=1", "50": "15;url=/onboarding/complete?flow=individual&look=51&unattended=1",
		"-7": "4;url=/onboarding/complete?flow=individual&look=1&unattended=1", "x": "4;url=/onboarding/complete?flow=individual&look=1&unattended=1",
	} {
		p := b.get("/complete?flow=individual&look="+look).shows(http.StatusOK, "checking.title")
		if got := p.header.Get("Refresh"); got != want {
			t.Errorf("look %s: Refresh %q, want %q", look, got, want)
		}
	}
	b.get("/complete?look=3").shows(http.StatusOK, "checking.slow")
	if got := b.get("").pair(); got != opened {
		t.Error("the form is gone")
	}
}

func TestCompletionIsStoredAndLeadsToTheCompany(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	w.end(b.start("ada@example.com", "company"), sandboxforms.Completed)
	b.get("/complete").leads("https://www.example.com/thanks/company")
	w.ruin(faults.Rule{Kind: faults.Status, Status: 500}) // from now on the provider need not be read
	w.calls.take()
	b.get("/complete").leads("https://www.example.com/thanks/company")
	b.get("/complete?flow=company").leads("https://www.example.com/thanks/company")
	p := b.get("").shows(http.StatusOK, "outcome.half_title", "outcome.completed_next").ordinary()
	if len(p.elements("a").with("href", "https://www.example.com/thanks/company")) != 1 {
		t.Error("the page does not lead to the company")
	}
	w.browser().signIn("ada@example.com").get("").shows(http.StatusOK, "outcome.half_title")
	if calls := w.calls.take(); len(calls) > 0 {
		t.Errorf("the provider was asked: %v", calls)
	}
}

// end ends a customer request as its forms or its age would.
func (w *world) end(q pair, s sandboxforms.State) {
	w.t.Helper()
	if err := w.sandbox.SetRequestState(q.RequestID, s); err != nil {
		w.t.Fatal(err)
	}
}

func TestCompletionReadsOpenRegistrationsOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	w.end(b.start("ada@example.com", "individual"), sandboxforms.Completed)
	b.get("/complete").leads("https://www.example.com/thanks/individual")
	b.open("company")
	w.calls.take()
	b.get("/complete").shows(http.StatusOK, "checking.title")
	company := w.text("select profile_id from registrations where flow = 'company'")
	if diff := cmp.Diff([]string{"GET /4.0/forms/profile/" + company + "/customer_request"}, w.calls.take()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	b.get("/complete?flow=individual").leads("https://www.example.com/thanks/individual")
}

func TestTwoFormsInTwoTabsEachLeadToTheirOwnEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	individual := b.start("ada@example.com", "individual")
	company := b.open("company")
	if b.get("?flow=individual").pair() != individual || company == individual {
		t.Fatal("the tabs do not have a form each")
	}
	if b.open("individual") != individual { // the one last touched from now on
		t.Fatal("starting again has made another form")
	}
	w.end(company, sandboxforms.Completed)
	b.get("/complete").leads("https://www.example.com/thanks/company")
	if b.get("?flow=individual").pair() != individual {
		t.Error("the other form is gone")
	}
	b.get("/complete?flow=individual").shows(http.StatusOK, "checking.title")
	w.end(individual, sandboxforms.Completed)
	b.get("/complete?flow=individual").leads("https://www.example.com/thanks/individual")
}

func TestProviderInTroubleKeepsTheCompletionPageCalm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	w.end(b.start("ada@example.com", "individual"), sandboxforms.Completed)
	for _, rule := range []faults.Rule{
		{Kind: faults.Status, Status: 401},
		{Kind: faults.Status, Status: 429},
		{Kind: faults.Status, Status: 500},
		{Kind: faults.Garbage},
		{Kind: faults.Reset},
	} {
		w.sandbox.Faults().Clear()
		w.ruin(rule)
		p := b.get("/complete").shows(http.StatusOK, "checking.title", "checking.away", "checking.close")
		if strings.Contains(p.body, say("en", "checking.kept")) { // which nobody can know now
			t.Errorf("%s %d: the page says that what was sent is safe", rule.Kind, rule.Status)
		}
		if strings.Contains(p.body, "fault") || p.header.Get("Refresh") == "" {
			t.Errorf("%s %d: Refresh %q:\n%s", rule.Kind, rule.Status, p.header.Get("Refresh"), p.body)
		}
	}
	if log := w.log.String(); !strings.Contains(log, "completion not confirmed") || !strings.Contains(log, "HTTP 401") {
		t.Errorf("the log does not name the cause:\n%s", log)
	}
	w.sandbox.Faults().Clear()
	b.get("/complete").leads("https://www.example.com/thanks/individual")
}

func TestNewerRequestAtTheProviderSupersedesOurs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	b.start("ada@example.com", "individual")
	w.raiseRequest(w.text("select profile_id from registrations"))
	b.get("/complete").leads("?flow=individual")
	p := b.get("?flow=individual").shows(http.StatusOK, "outcome.superseded_title", "outcome.superseded_next").ordinary()
	if !strings.Contains(p.body, w.text("select id::text from registrations")) {
		t.Error("the page does not give the reference")
	}
	b.post("/start", "flow", "individual").leads("")
	b.get("").shows(http.StatusOK, "outcome.superseded_title")
}

// raiseRequest makes a newer customer request on a profile, as the provider's staff would.
func (w *world) raiseRequest(profile string) {
	w.t.Helper()
	if err := w.sandbox.PassFort().SetOptions(sandboxforms.Options{SecondRequest: sandboxforms.Replace}); err != nil {
		w.t.Fatal(err)
	}
	body := `{"type":"FLOW","flow_template":{"alias":"individual-onboarding"},"theme":{"alias":"default"}}`
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost,
		w.api.JoinPath("forms", "profile", profile, "customer_request").String(), bytes.NewBufferString(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Apikey", sandbox.DefaultMasterKey)
	r.Header.Set("Content-Type", "application/json")
	answer, err := w.apiClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		w.t.Fatalf("raising a request: status %d", answer.StatusCode)
	}
}

func TestExpiredFormOffersAFreshOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	old := w.browser().start("ada@example.com", "individual")
	w.pass(onboarding.RequestValidity + time.Hour)
	b := w.browser().signIn("ada@example.com")
	p := b.get("").shows(http.StatusOK, "outcome.expired_title", "outcome.expired_next", "outcome.expired_start").ordinary()
	if forms := p.elements("form").with("action", "/onboarding/start"); len(forms) == 0 {
		t.Fatal("the page offers no fresh form")
	}
	if strings.Contains(p.body, old.APIKey) {
		t.Error("the page holds the old pair")
	}
	if b.open("individual") == old {
		t.Error("the form is the old one")
	}
	if diff := cmp.Diff(map[string]int{"profile.create": 1, "customer_request.create": 2, "customer_request.expire": 1}, w.effects()); diff != "" {
		t.Errorf("effects (-want +got):\n%s", diff)
	}
	if n := w.count("select count(*) from customer_requests"); n != 2 {
		t.Errorf("%d customer requests kept, want both", n)
	}
}

func TestOldFormThatIsStillOpenIsShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	opened := w.browser().start("ada@example.com", "individual")
	w.pass(onboarding.RequestValidity - time.Hour)
	b := w.browser().signIn("ada@example.com")
	w.ruin(faults.Rule{Kind: faults.Status, Status: 500})
	if b.get("").pair() != opened {
		t.Error("the form has changed")
	}
	w.pass(2 * time.Hour) // it may have run out, and nobody can be asked
	if w.browser().signIn("ada@example.com").get("").pair() != opened {
		t.Error("the form has changed")
	}
	if log := w.log.String(); !strings.Contains(log, "request past its validity not read") {
		t.Errorf("the log does not say so:\n%s", log)
	}
}

// Sessions end while people look for their papers; they finish all the same.
func TestWhoFinishesSignedOutIsTakenOnAfterSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	w.end(w.browser().start("ada@example.com", "individual"), sandboxforms.Completed)
	b := w.browser()
	if p := b.get("/complete").shows(http.StatusOK, "sent.title"); len(p.elements("a").with("href", "/onboarding/sign-in?finishing=yes")) == 0 {
		t.Fatalf("the way back is not offered:\n%s", p.body)
	}
	form := b.get("/sign-in?finishing=yes").shows(http.StatusOK, "sign_in.title")
	if len(form.elements("input").with("name", "finishing")) != 1 {
		t.Errorf("the form forgets what it is for:\n%s", form.body)
	}
	b.post("/sign-in", "email", "ada@example.com", "finishing", "yes").leads("/sign-in?sent=1")
	b.post("/sign-in/code", "code", w.code("ada@example.com")).onward("/onboarding/complete")
	b.get("/complete").leads("https://www.example.com/thanks/individual")
}

func TestASilentProviderIsACheckingPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	b.start("ada@example.com", "individual")
	w.ruin(faults.Rule{Method: http.MethodGet, Kind: faults.Hang})
	b.get("/complete").shows(http.StatusOK, "checking.title")
}

func TestAKeyThatDoesNotOpenIsSaidCalmly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	b.start("ada@example.com", "individual")
	w.retire() // or else it takes up what is begun below, and seals it with its own key
	w.serve(wanted{sealing: mustText(t, seal.NewKeyset)})
	other := w.browser()
	other.plant(b.cookies())
	other.get("").shows(http.StatusOK, "outcome.needs_attention_title")
	other.open("company") // the rest goes on
	if !strings.Contains(w.log.String(), "PORTAL_SEAL_KEYSET") {
		t.Errorf("the log does not name the setting:\n%s", w.log)
	}
}
