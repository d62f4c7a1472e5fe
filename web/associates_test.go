package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"portal/internal/identity"
)

func TestAssociateIsEnteredCheckedSentAndPassedOn(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	e.get("/associates").shows(http.StatusOK, "associates.title", "associates.asked", "associates.stage_empty")
	form := e.get(e.about("/new", "type", "INDIVIDUAL")).shows(http.StatusOK, "associates.new_person")
	id := form.hidden("id")
	e.post("/associates", "registration", form.hidden("registration"), "id", id, "type", "INDIVIDUAL",
		"given_names", " Grace  Brewster ", "family_name", "Hopper", "date_of_birth", "1906-12-09", "nationality", "USA",
		"roles", "DIRECTOR", "roles", "SHAREHOLDER", "share_class", "Ordinary", "amount", "1,000", "percentage", "12,5", "appointed_on", "2020-01-31",
	).leads(e.about("", "done", "added"))
	e.get(e.about("", "done", "added")).shows(http.StatusOK, "associates.done_added", "associates.state_draft", "associates.review").
		says("Grace Brewster Hopper", "Director, Shareholder", "Holds 12.5%")
	e.get(e.about("/review")).shows(http.StatusOK, "associates.review_title").
		says("9 December 1906", "United States", "Ordinary · Number: 1,000 · 12.5%", "31 January 2020", "Shareholder: 12.5% in all")
	e.post("/associates/submit", "registration", e.registration).leads(e.about("", "done", "sent"))
	eventually(t, "the associate to be passed on", func() bool {
		return strings.Contains(e.get(e.about("")).body, say("en", "associates.stage_passed"))
	})
	e.get(e.about("/"+id)).shows(http.StatusOK, "associates.state_passed", "associates.sent_next").says("Grace Brewster Hopper", e.registration)
	if got := e.w.effects()["collected_data.update"]; got != 1 {
		t.Errorf("%d writes of the company's file, want 1", got)
	}
}

// A page of the longest names there are stays small enough for a phone with a bad connection.
func TestPagesOfManyEntriesStaySmall(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	const most = 100_000
	for i := range 53 {
		name := fmt.Sprintf("%02d", i) + strings.Repeat("'", 98)
		e.enter("given_names", strings.Repeat(strings.Repeat("𠀀", 90)+" ", 3), "family_name", name,
			"roles", "DIRECTOR", "roles", "SHAREHOLDER", "roles", "BENEFICIAL_OWNER", "share_class", strings.Repeat("é", 100), "amount", "1000", "nationality", "USA")
	}
	list := e.get(e.about("")).shows(http.StatusOK).says("Page 1 of 2")
	if len(list.body) > most {
		t.Errorf("a list has %d bytes", len(list.body))
	}
	if n := strings.Count(e.get(e.about("", "page", "2")).body, "<h2><bdi>"); n != 3 {
		t.Errorf("%d entries on the second page, want 3", n)
	}
	review := e.get(e.about("/review")).shows(http.StatusOK).says("53 entries", "Send all 53 entries")
	if len(review.body) > most {
		t.Errorf("a review has %d bytes", len(review.body))
	}
	if form := e.get(e.about("/new", "type", "INDIVIDUAL")); len(form.body) > most/2 {
		t.Errorf("a form has %d bytes", len(form.body))
	}
}

func TestListsLookAgainAndWarnAndFormsDoNot(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	id := e.enter("family_name", "Hopper", "roles", "DIRECTOR")
	for _, quiet := range []string{e.about("/new", "type", "COMPANY"), e.about("/" + id)} {
		if p := e.get(quiet).shows(http.StatusOK); p.header.Get("Refresh") != "" {
			t.Errorf("%s, on which something is typed, moves on by itself", p.what)
		}
	}
	for _, at := range []string{e.about(""), e.about("/review"), e.about("/" + id + "/withdraw")} {
		p := e.get(at).shows(http.StatusOK)
		p.near(limits.Idle-identity.SessionWarning, "/session?"+url.Values{"to": {"/onboarding" + at}}.Encode())
	}
	if _, err := e.w.pool.Exec(t.Context(), "update associates set status = 'starting', submitted_at = now()"); err != nil {
		t.Fatal(err)
	}
	e.get(e.about("")).shows(http.StatusOK, "associates.stage_moving", "associates.watch").near(15*time.Second, e.about("", "page", "1")+"&unattended=1")
}

func TestWarningLeadsBackToPagesOfAssociatesAlone(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	id := uuid.NewString()
	warning := func(to string) page { return e.get("/session?" + url.Values{"to": {to}}.Encode()) }
	for _, at := range []string{e.about("", "of", id), e.about("/review", "page", "2"), e.about("/" + id), e.about("/" + id + "/withdraw")} {
		warning("/onboarding" + at).leads(at + "&unattended=1")
	}
	for _, at := range []string{"/associates/new", "/associates/", "/associates/submit", "/associates/x/withdraw", "/associates/../x", "//evil.example/associates"} {
		warning("/onboarding" + at).leads("?unattended=1")
	}
	warning("/onboarding/associates?of=%22%3E&registration=1&x=2").leads("/associates?unattended=1")
}

func TestCompletedRegistrationGoesOnToTheCompany(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	e.enter("family_name", "Hopper", "roles", "DIRECTOR")
	if _, err := e.w.pool.Exec(t.Context(), "update registrations set status = 'completed'"); err != nil {
		t.Fatal(err)
	}
	p := e.get(e.about("", "finished", "1")).shows(http.StatusOK, "associates.done_form", "associates.review")
	if len(p.elements("a").with("href", "https://www.example.com/thanks/company")) != 1 {
		t.Error("no way on to the company")
	}
}
