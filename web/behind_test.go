package web_test

import (
	"context"
	"encoding/json"
	"html"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/identity"
	"portal/internal/onboarding"
	sandboxforms "portal/internal/sandbox/passfort"
	"portal/web"
)

// enter has so many people behind the companies of all registrations, of whom some are not sent.
func (w *world) enter(total, drafts int) {
	w.t.Helper()
	const entered = `insert into structures (registration_id, total, drafts, ending, attention, acknowledged, fence, edits, created_at)
		select id, $1, $2, '', '', false, 0, 0, now() from registrations
		on conflict (registration_id) do update set total = excluded.total, drafts = excluded.drafts`
	if _, err := w.pool.Exec(w.t.Context(), entered, total, drafts); err != nil {
		w.t.Fatal(err)
	}
}

// stand has all registrations in a status, with nothing left to do for the portal.
func (w *world) stand(status string) {
	w.t.Helper()
	const stands = `update registrations set status = $1, due_at = null, read_at = null,
		unclear_since = case when $1 = 'unclear' then now() end`
	if _, err := w.pool.Exec(w.t.Context(), stands, status); err != nil {
		w.t.Fatal(err)
	}
}

// tallies are the ways in which the part about people and companies may stand, with what is said of it.
func tallies() map[string]struct {
	total, drafts int
	says, offers  string
} {
	return map[string]struct {
		total, drafts int
		says, offers  string
	}{
		"nothing": {0, 0, say("en", "associates_link.none"), "associates_link.enter"},
		"drafts":  {3, 3, say("en", "associates_link.drafts", "count", 3), "associates_link.go_on"},
		"some":    {5, 3, say("en", "associates_link.some", "sent", 2, "count", 3), "associates_link.go_on"},
		"sent":    {3, 0, say("en", "associates_link.sent", "count", 3), "associates_link.show"},
	}
}

// behindLink is the link of the page to the people and companies of the only registration.
func (p page) behindLink(w *world) element {
	p.t.Helper()
	links := p.elements("a").with("href", "/onboarding/associates?registration="+w.text("select id::text from registrations"))
	if len(links) != 1 {
		p.t.Fatalf("%s has %d links to the people and companies:\n%s", p.what, len(links), p.body)
	}
	return links[0]
}

// says checks that a text can be read on the page.
func (p page) says(texts ...string) page {
	p.t.Helper()
	for _, text := range texts {
		if !strings.Contains(html.UnescapeString(p.body), text) {
			p.t.Errorf("%s does not say %q:\n%s", p.what, text, p.body)
		}
	}
	return p
}

func TestEveryPageOfACompanySaysHowThePeopleBehindItStand(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	b.start("ada@example.com", "company")
	for _, status := range []string{"starting", "unclear", "open", "completed", "expired", "superseded", "closed", "needs_attention"} {
		w.stand(status)
		for name, tally := range tallies() {
			w.enter(tally.total, tally.drafts)
			for _, address := range []string{"?flow=company", "?flow=individual"} {
				p := b.get(address).shows(http.StatusOK, "associates_link.title").says(tally.says)
				link := p.behindLink(w)
				if beside := address == "?flow=company" && status == "open"; (link.attrs["target"] == "_blank") != beside {
					t.Errorf("%s, %s: %s has target %q", status, name, address, link.attrs["target"])
				}
			}
		}
	}
}

func TestNobodyElseIsAskedWhoIsBehindThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	b.start("ada@example.com", "individual")
	for _, status := range []string{"starting", "open", "completed", "expired", "needs_attention"} {
		w.stand(status)
		for _, address := range []string{"", "?flow=company"} {
			if p := b.get(address); strings.Contains(p.body, "/associates") {
				t.Errorf("%s, %s: the page asks:\n%s", status, address, p.body)
			}
		}
	}
}

func TestFinishedFormOffersFirstWhatIsStillOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	b.start("ada@example.com", "company")
	w.stand("completed")
	for name, tally := range tallies() {
		w.enter(tally.total, tally.drafts)
		title := "outcome.half_title"
		if name == "sent" {
			title = "outcome.completed_title"
		}
		p := b.get("").shows(http.StatusOK, title, tally.offers, "outcome.completed_next")
		behind, company := strings.Index(p.body, `/associates?`), strings.Index(p.body, "https://www.example.com/thanks/company")
		if first := behind < company; first != (name != "sent") || company < 0 {
			t.Errorf("%s: the people at %d, the company's page at %d", name, behind, company)
		}
	}
}

func TestWhoHasNotSentThePeopleBehindTheCompanyIsLedThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	form := b.start("ada@example.com", "company")
	w.enter(2, 1)
	b.get("/complete").shows(http.StatusOK, "checking.title", "associates_link.title").behindLink(w)
	w.end(form, sandboxforms.Completed)
	unsent := "/associates?finished=1&registration=" + w.text("select id::text from registrations")
	thanks := "https://www.example.com/thanks/company"
	b.get("/complete").leads(unsent) // as the provider has just confirmed
	b.get("/complete").leads(unsent)
	for _, sent := range []int{0, 2} { // nothing entered is no reason to keep anybody back
		w.enter(sent, 0)
		b.get("/complete").leads(thanks)
	}
}

// overtaken are visits after which something happens before anything is done with them.
type overtaken struct {
	web.Visits
	by func()
}

func (o *overtaken) Visit(ctx context.Context, t identity.Token, l identity.Limits, now time.Time) (identity.Session, []onboarding.Registration, error) {
	who, begun, err := o.Visits.Visit(ctx, t, l, now)
	if o.by != nil {
		o.by()
	}
	return who, begun, err
}

func TestNoticeThatOvertakesTheApplicantLosesNothingUnsent(t *testing.T) {
	t.Parallel()
	visits := &overtaken{}
	w := newWorld(t, wanted{visits: func(v web.Visits) web.Visits {
		visits.Visits = v
		return visits
	}})
	b := w.browser()
	w.end(b.start("ada@example.com", "company"), sandboxforms.Completed)
	w.enter(2, 1)
	visits.by = func() {
		if _, err := w.pool.Exec(t.Context(), "update registrations set status = 'completed', read_at = null, version = version + 1"); err != nil {
			t.Error(err)
		}
	}
	b.get("/complete").leads("/associates?finished=1&registration=" + w.text("select id::text from registrations"))
}

func TestStatusLeadsToWhatIsNotSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	b.start("ada@example.com", "company")
	next := func() string { return b.get("/status").statusAnswer(http.StatusOK).Next }
	w.enter(2, 1)
	if got := next(); got != "/onboarding?flow=company" {
		t.Errorf("an open form goes on at %s", got)
	}
	w.stand("completed")
	first := b.get("/status")
	unsent := "/onboarding/associates?finished=1&registration=" + w.text("select id::text from registrations")
	if got := next(); got != unsent {
		t.Errorf("a finished one goes on at %s, want %s", got, unsent)
	}
	w.enter(2, 0)
	r := b.request(http.MethodGet, "/status", nil)
	r.Header.Set("If-None-Match", first.header.Get("ETag"))
	if got := b.do(r).statusAnswer(http.StatusOK).Next; got != "/onboarding/complete?flow=company" {
		t.Errorf("with all sent it goes on at %s", got)
	}
}

func TestStatusKeepsItsShape(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	b.start("ada@example.com", "company")
	w.enter(2, 1)
	var members map[string]any
	if err := json.Unmarshal([]byte(b.get("/status").body), &members); err != nil {
		t.Fatal(err)
	}
	var names []string
	for name := range members {
		names = append(names, name)
	}
	slices.Sort(names)
	if diff := cmp.Diff([]string{"next", "status", "version"}, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
