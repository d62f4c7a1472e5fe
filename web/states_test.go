package web_test

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/internal/sandbox/faults"
	sandboxforms "portal/internal/sandbox/passfort"
	checks "portal/internal/sandbox/sumsub"
)

// state is one in which an applicant can find themselves: who comes to it how, and what its page says.
type state struct {
	status int
	title  string // message key
	given  string // one of aboutGiven: what has become of what the applicant gave, or of what they came with
	more   []string
	reach  func(t *testing.T) page
}

// nothingYet is for states to which nobody can have brought anything that could be lost.
const nothingYet = ""

// aboutGiven are the message keys that are about what has become of what was given.
var aboutGiven = map[string]bool{
	nothingYet: true, "landing.need_time": true, "sent.lead": true, "signed_out.lead": true, "session.kept": true,
	"waiting.kept": true, "form.help_kept": true, "checking.kept": true, "checking.away": true,
	"outcome.completed": true, "outcome.expired": true, "outcome.superseded": true, "outcome.closed": true, "outcome.needs_attention": true,
	"verification.removed": true, "verification.undecided": true, "verification.approved": true, "verification.rejected": true,
	"dead_link.used": true, "dead_link.expired": true, "associates.halted_ended": true,
	"error.too_many_codes": true, "error.too_many_tries": true,
	"problem.lost": true, "problem.not_taken": true, "problem.unsure": true,
}

// states are those of docs/pages.md, but for what the form's own page does when the form does not come.
var states = map[string]state{
	"not signed in":    {200, "landing.title", "landing.need_time", []string{"landing.sign_in"}, fresh("")},
	"signing in":       {200, "sign_in.title", nothingYet, []string{"sign_in.lead"}, fresh("/sign-in?flow=individual")},
	"choose a flow":    {200, "choose.title", nothingYet, []string{"choose.lead", "choose.start"}, signedInAt("")},
	"back from a form": {200, "sent.title", "sent.lead", []string{"sent.back"}, fresh("/complete")},
	"signed out":       {200, "signed_out.title", "signed_out.lead", nil, fresh("/sign-out")},
	"session over":     {200, "session.over_title", "session.kept", nil, fresh("/session")},

	"in a queue":         {200, "waiting.title", "waiting.kept", []string{"waiting.queue_soon", "layout.reference"}, queued},
	"provider down":      {200, "waiting.title", "waiting.kept", []string{"waiting.away", "layout.reference"}, startingWhileDown},
	"form":               {200, "form.loading", "form.help_kept", []string{"form.noscript_title", "form.noscript", "layout.reference"}, withForm("")},
	"checking":           {200, "checking.title", "checking.kept", []string{"checking.working", "checking.close", "checking.resume_link", "layout.reference"}, withForm("/complete")},
	"checking, but down": {200, "checking.title", "checking.away", []string{"checking.close", "layout.reference"}, checkingWhileDown},

	"completed":       {200, "outcome.completed_title", "outcome.completed", []string{"outcome.completed_next", "outcome.completed_continue"}, becoming("completed")},
	"expired":         {200, "outcome.expired_title", "outcome.expired", []string{"outcome.expired_start"}, becoming("expired")},
	"superseded":      {200, "outcome.superseded_title", "outcome.superseded", []string{"outcome.superseded_next"}, becoming("superseded")},
	"closed":          {200, "outcome.closed_title", "outcome.closed", []string{"outcome.closed_next"}, becoming("closed")},
	"needs attention": {200, "outcome.needs_attention_title", "outcome.needs_attention", []string{"outcome.needs_attention_next"}, becoming("needs_attention")},

	"cancelled": {200, "verification.removed_title", "verification.removed", []string{"layout.reference"}, cancelled},
	"undecided": {200, "verification.undecided_title", "verification.undecided", []string{"outcome.needs_attention_next", "layout.reference"}, decided(red("", "", "LOW_QUALITY"))},
	"approved":  {200, "verification.approved_title", "verification.approved", nil, decided(green)},
	"rejected":  {200, "verification.rejected_title", "verification.rejected", []string{"verification.rejected_next"}, decided(red(onboarding.Final, ""))},

	"wrong person, companies": {404, "problem.theirs_title", "problem.lost", []string{"problem.theirs_why", "problem.theirs_next", "layout.reference"}, signedInAt("/associates?registration=" + nobodys)},
	"wrong person, documents": {404, "problem.theirs_title", "problem.lost", []string{"problem.theirs_why", "problem.theirs_next", "layout.reference"}, signedInAt("/documents?registration=" + nobodys)},

	"link used":       {410, "dead_link.used_title", "dead_link.used", nil, usedLink},
	"link expired":    {410, "dead_link.expired_title", "dead_link.expired", nil, expiredLink},
	"link unknown":    {404, "dead_link.unknown_title", nothingYet, []string{"dead_link.unknown", "dead_link.others"}, fresh("/sign-in/link/" + string(identity.NewToken()))},
	"link half gone":  {400, "link.incomplete_title", "problem.lost", []string{"link.incomplete_next"}, fresh("?request_id=only")},
	"link reloaded":   {200, "link.open_title", "problem.lost", []string{"link.open_again"}, reloadedLink},
	"cookies blocked": {200, "dead_link.cookies_title", "problem.lost", []string{"dead_link.cookies_sign_in", "dead_link.cookies_how", "problem.retry"}, fresh("/sign-in?sent=1")},

	"403":           {403, "problem.403", "problem.not_taken", []string{"error.cross_origin", "problem.lost"}, fromAnotherSite},
	"404":           {404, "problem.404", "problem.lost", nil, fresh("/nowhere")},
	"405":           {405, "problem.405", "problem.lost", []string{"error.method_not_allowed"}, fresh("/start")},
	"409":           {409, "associates.halted", "associates.halted_ended", []string{"associates.halted_list"}, tooLateToAdd},
	"413":           {413, "problem.413", "problem.not_taken", []string{"error.too_large", "problem.lost"}, sending("/sign-in", "email", strings.Repeat("x", 20<<10))},
	"422":           {422, "problem.422", "problem.not_taken", []string{"error.invalid", "problem.lost"}, sending("/language", "lang", "tlh")},
	"429":           {429, "sign_in.code_title", "error.too_many_codes", nil, tooManyCodes},
	"429 for tries": {429, "sign_in.code_title", "error.too_many_tries", nil, tooManyTries},
	"500":           {500, "problem.500", "problem.lost", []string{"error.internal", "problem.retry", "layout.reference"}, brokenAt(http.MethodGet)},

	"503": {503, "problem.503", "problem.lost", []string{"error.unavailable", "problem.retry", "layout.reference"}, withoutDatabase},

	"500 for a form": {500, "problem.500", "problem.unsure", []string{"error.internal", "problem.lost", "layout.reference"}, brokenAt(http.MethodPost)},
	"static 404":     {404, "problem.404", "problem.lost", nil, fresh("/static/nothing.css")},
}

// nobodys is the id of nobody's registration.
const nobodys = "0190a8a0-0000-7000-8000-000000000000"

func TestEveryStateSaysWhatBecameOfWhatWasGivenAndWhatToDo(t *testing.T) {
	t.Parallel()
	for name, s := range states {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			keys := append(s.more, s.title)
			if !aboutGiven[s.given] {
				t.Errorf("%q does not say what has become of what was given", s.given)
			}
			if s.given != nothingYet {
				keys = append(keys, s.given)
			}
			p := s.reach(t).shows(s.status, keys...)
			if !strings.Contains(p.body, "mailto:"+northlight.SupportEmail) {
				t.Errorf("%s does not say whom to write to:\n%s", p.what, p.body)
			}
			if p.status >= 400 && len(p.steps()) == 0 {
				t.Errorf("%s is a dead end:\n%s", p.what, p.body)
			}
		})
	}
}

// steps are the links and forms in the content of a page, and where it goes on by itself.
func (p page) steps() (steps []string) {
	p.t.Helper()
	_, content, _ := strings.Cut(p.body, "<main")
	p.body, _, _ = strings.Cut("<main"+content, "</main>")
	p.body += "</main>"
	for _, e := range p.elements("a") {
		steps = append(steps, e.attrs["href"])
	}
	for _, e := range p.elements("form") {
		steps = append(steps, "POST "+e.attrs["action"])
	}
	if _, to, ok := strings.Cut(p.unscripted(), "url="); ok {
		steps = append(steps, to)
	}
	return steps
}

// leadsOn checks that every step of a page is answered.
func (b *browser) leadsOn(p page) {
	b.w.t.Helper()
	for _, step := range p.steps() {
		form, isForm := strings.CutPrefix(step, "POST ")
		switch {
		case isForm && !b.w.web.Routes().Match(chi.NewRouteContext(), http.MethodPost, form):
			b.w.t.Errorf("%s has a form for %s, which is nothing", p.what, form)
		case !isForm && strings.HasPrefix(step, "/"):
			if to := b.get("https://www.example.com" + html.UnescapeString(step)); to.status >= 400 {
				b.w.t.Errorf("%s leads to %s, whose status is %d", p.what, step, to.status)
			}
		}
	}
}

// asked is a page that somebody has come to, all of whose steps have been taken.
func (b *browser) asked(p page) page {
	b.w.t.Helper()
	b.leadsOn(p)
	return p
}

// fresh is a page for a browser without any cookie.
func fresh(address string) func(t *testing.T) page {
	return func(t *testing.T) page {
		b := newWorld(t, wanted{}).browser()
		return b.asked(b.get(address))
	}
}

// sending is the answer to a form from such a browser.
func sending(address string, fields ...string) func(t *testing.T) page {
	return func(t *testing.T) page {
		b := newWorld(t, wanted{}).browser()
		return b.asked(b.post(address, fields...))
	}
}

// signedInAt is a page for somebody who has begun nothing.
func signedInAt(address string) func(t *testing.T) page {
	return func(t *testing.T) page {
		b := newWorld(t, wanted{}).browser().signIn("ada@example.com")
		return b.asked(b.get(address))
	}
}

// withForm is a page for somebody whose form is open.
func withForm(address string) func(t *testing.T) page {
	return func(t *testing.T) page {
		b := newWorld(t, wanted{}).browser()
		b.start("ada@example.com", "individual")
		return b.asked(b.get(address))
	}
}

// becoming is the page of a registration with a status that the portal has stored.
func becoming(status string) func(t *testing.T) page {
	return func(t *testing.T) page {
		w := newWorld(t, wanted{})
		b := w.browser()
		opened := b.start("ada@example.com", "individual")
		if status == "completed" {
			w.end(opened, sandboxforms.Completed)
			b.get("/complete").leads("https://www.example.com/thanks/individual")
		} else {
			w.stand(status)
		}
		p := b.asked(b.get(""))
		if id := w.text("select id::text from registrations"); !strings.Contains(p.body, id) {
			t.Errorf("%s has no reference:\n%s", p.what, p.body)
		}
		return p.shows(http.StatusOK, "layout.reference")
	}
}

func queued(t *testing.T) page {
	w := newWorld(t, wanted{perHour: 30})
	w.crowded()
	b := w.browser().signIn("ada@example.com")
	b.post("/start", "flow", "individual").leads("")
	w.pass(110 * time.Second)
	return b.asked(b.get(""))
}

func startingWhileDown(t *testing.T) page {
	w := newWorld(t, wanted{})
	w.ruin(faults.Rule{Path: "/4.0/", Kind: faults.Status, Status: http.StatusServiceUnavailable})
	b := w.browser().signIn("ada@example.com")
	b.post("/start", "flow", "individual").leads("")
	eventually(t, "the portal to know that the provider is away", func() bool {
		return strings.Contains(b.get("/status").body, `"stage":"away"`)
	})
	return b.asked(b.get(""))
}

func checkingWhileDown(t *testing.T) page {
	w := newWorld(t, wanted{})
	b := w.browser()
	b.start("ada@example.com", "individual")
	w.ruin(faults.Rule{Path: "/4.0/", Kind: faults.Status, Status: http.StatusServiceUnavailable})
	return b.asked(b.get("/complete"))
}

// decided is the page of documents that the provider has decided about.
func decided(f checks.Finding) func(t *testing.T) page {
	return func(t *testing.T) page {
		v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
		v.decided(f)
		return v.asked(v.shown())
	}
}

func cancelled(t *testing.T) page {
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	v.must(v.w.sandbox.Sumsub().SetPresence(v.id, "deactivated"))
	return v.asked(v.shown())
}

// usedLink is a one-time link that was pressed in another browser.
func usedLink(t *testing.T) page {
	w := newWorld(t, wanted{})
	at, theirs, b := w.link(customer("cust-42")), w.browser(), w.browser()
	theirs.get(at)
	theirs.post(at).leads("?flow=company")
	return b.asked(b.get(at))
}

func expiredLink(t *testing.T) page {
	w := newWorld(t, wanted{})
	at, b := w.link(customer("cust-42")), w.browser()
	w.pass(48 * time.Hour)
	return b.asked(b.get(at))
}

// reloadedLink is what is left of an e-mailed link once the form has opened: the address without the pair.
func reloadedLink(t *testing.T) page {
	b := newWorld(t, wanted{linkOnly: true}).browser()
	return b.asked(b.get(""))
}

func fromAnotherSite(t *testing.T) page {
	b := newWorld(t, wanted{}).browser()
	r := b.request(http.MethodPost, "/sign-in", url.Values{"email": {"ada@example.com"}})
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	return b.asked(b.do(r))
}

func tooManyCodes(t *testing.T) page {
	b := newWorld(t, wanted{still: true}).browser()
	for range 20 {
		if p := b.post("/sign-in", "email", "ada@example.com"); p.status == http.StatusTooManyRequests {
			return b.asked(p.saysHowLong())
		}
	}
	t.Fatal("codes are sent without end")
	return page{}
}

func tooManyTries(t *testing.T) page {
	w := newWorld(t, wanted{still: true})
	b := w.browser()
	for range 20 {
		code := b.askCode("ada@example.com", "")
		for range identity.CodeTries {
			if p := b.post("/sign-in/code", "code", otherThan(code)); p.status == http.StatusTooManyRequests {
				return b.asked(p.saysHowLong())
			}
		}
		w.pass(codeEvery)
	}
	t.Fatal("codes can be tried without end")
	return page{}
}

// saysHowLong checks that the page says how long to wait, to people and to programs.
func (p page) saysHowLong() page {
	p.t.Helper()
	if wait := p.header.Get("Retry-After"); wait == "" || !strings.Contains(p.body, "Please wait ") {
		p.t.Errorf("Retry-After is %q, and the page says:\n%s", wait, p.body)
	}
	return p
}

// tooLateToAdd is somebody who enters a person while the list ends elsewhere.
func tooLateToAdd(t *testing.T) page {
	e := newWorld(t, wanted{}).entering("ada@example.com")
	e.enter("family_name", "Hopper", "roles", "DIRECTOR")
	if _, err := e.w.pool.Exec(t.Context(), "update structures set ending = 'rejected'"); err != nil {
		t.Fatal(err)
	}
	return e.asked(e.post("/associates", "registration", e.registration, "family_name", "Late", "roles", "DIRECTOR"))
}

// withoutDatabase is the page of who is signed in while the database is away.
func withoutDatabase(t *testing.T) page {
	w := newWorld(t, wanted{})
	b := w.browser().signIn("ada@example.com")
	w.pool.Close()
	p := b.get("")
	if p.header.Get("Retry-After") == "" {
		t.Error("programs are not told how long to wait")
	}
	return p
}

// brokenAt is the page for a bug of ours.
func brokenAt(method string) func(t *testing.T) page {
	return func(t *testing.T) page {
		w := newWorld(t, wanted{})
		b := w.browser().signIn("ada@example.com")
		if _, err := w.pool.Exec(t.Context(), "alter table sessions rename to elsewhere"); err != nil {
			t.Fatal(err)
		}
		if method == http.MethodPost {
			return b.post("/start", "flow", "individual")
		}
		return b.get("")
	}
}
