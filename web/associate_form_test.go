package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

func TestEnteringTwiceHasNoSecondEffect(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	fields := []string{"registration", e.registration, "id", uuid.NewString(), "family_name", "Hopper", "roles", "DIRECTOR"}
	for range 2 {
		e.post("/associates", fields...).leads(e.about("", "done", "added"))
	}
	if n := e.w.count("select count(*) from associates"); n != 1 {
		t.Errorf("%d entries, want 1", n)
	}
}

func TestWrongEntryIsToldBesideEveryFieldAndKept(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	p := e.post("/associates", "registration", e.registration, "id", uuid.NewString(), "given_names", "Tim", "date_of_birth", "2020-02-30",
		"email", "no address", "roles", "SHAREHOLDER", "share_class", "", "amount", "", "percentage", "", "share_class", "A", "percentage", "120", "appointed_on", "2990-01-01")
	p.shows(http.StatusUnprocessableEntity, "layout.summary").
		besides("family_name", "error.associate_family_name").besides("date_of_birth", "error.associate_date").besides("email", "error.associate_email").
		besides("shareholdings-0-percentage", "error.associate_percentage").besides("appointed_on", "error.associate_future")
	for field, want := range map[string]string{"given_names": "Tim", "email": "no address", "shareholdings-0-share_class": "A", "shareholdings-0-percentage": "120"} {
		if got := p.value(field); got != want {
			t.Errorf("%s holds %q, want %q", field, got, want)
		}
	}
	var order []string
	for _, link := range p.elements("a") {
		if to, ok := strings.CutPrefix(link.attrs["href"], "#"); ok && to != "main" {
			order = append(order, to)
		}
	}
	if got, want := strings.Join(order, " "), "family_name date_of_birth email shareholdings-0-percentage appointed_on"; got != want {
		t.Errorf("the summary names %s, want %s", got, want)
	}
}

func TestDirectorUnderAgeAndTotalsAreTold(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	young := e.w.sandbox.Now().AddDate(-17, 0, 0).Format(time.DateOnly)
	e.post("/associates", "registration", e.registration, "family_name", "Young", "roles", "DIRECTOR", "date_of_birth", young).
		shows(http.StatusUnprocessableEntity).says(say("en", "error.associate_director_age", "age", 18))
	e.enter("family_name", "Big", "roles", "SHAREHOLDER", "share_class", "A", "percentage", "60")
	e.post("/associates", "registration", e.registration, "family_name", "Bigger", "roles", "SHAREHOLDER", "share_class", "A", "percentage", "40,5").
		besides("shareholdings-0-percentage", "error.associate_total")
}

func TestAnotherClassOfSharesKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	p := e.post("/associates", "registration", e.registration, "family_name", "", "given_names", "Ada", "roles", "SHAREHOLDER",
		"share_class", "A", "amount", "1", "percentage", "", "more", "1").shows(http.StatusOK, "associates.new_person")
	if p.value("given_names") != "Ada" || p.value("shareholdings-0-share_class") != "A" || p.value("shareholdings-1-share_class") != "" {
		t.Errorf("not kept:\n%s", p.body)
	}
	if len(p.elements("input").with("value", "SHAREHOLDER").with("checked", "checked")) == 0 {
		t.Error("the role is not chosen any more")
	}
}

func TestWhoIsSignedOutWhileTypingLosesNothing(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	id := e.enter("family_name", "Hopper", "roles", "DIRECTOR")
	for _, to := range []string{"/associates", "/associates/" + id} {
		e.post("/sign-out")
		fields := []string{"registration", e.registration, "id", uuid.NewString(), "family_name", "Lovelace" + to[len("/associates"):], "roles", "TRUSTEE"}
		p := e.post(to, fields...).shows(http.StatusUnauthorized, "associates.lost_title", "associates.lost")
		if got := p.value("family_name"); got != fields[5] {
			t.Errorf("kept is %q, want %q", got, fields[5])
		}
		links := p.elements("a").with("target", "_blank")
		if len(links) != 1 || links[0].attrs["href"] != "/onboarding/sign-in" {
			t.Errorf("the way to sign in is %v", links)
		}
		e.signIn("ada@example.com")
		again := p.elements("form").with("action", "/onboarding"+to)
		if len(again) != 1 {
			t.Fatalf("the form is sent elsewhere:\n%s", p.body)
		}
		e.post(to, "registration", p.hidden("registration"), "id", p.hidden("id"), "family_name", p.value("family_name"), "roles", "TRUSTEE")
		e.get(e.about("")).says(fields[5])
	}
}

// The longest form there can be is read: ten names and ten classes in a script that takes most room.
func TestLongestFormIsRead(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	long := strings.Repeat("𠀀", 98)
	fields := []string{"family_name", long, "given_names", strings.Repeat(long+" ", 10), "roles", "SHAREHOLDER"}
	for i := range 10 {
		fields = append(fields, "share_class", fmt.Sprint(i)+long, "amount", "123456789012345", "percentage", "1.2345")
	}
	e.enter(fields...)
	if p := e.post("/associates", "registration", e.registration, "family_name", strings.Repeat("x", 128<<10)); p.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a form that is too long gets status %d", p.status)
	}
}

func TestChangeOfAnotherWindowIsNotOverwrittenUnseen(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	id := e.enter("family_name", "Hopper", "roles", "DIRECTOR")
	seen := e.get(e.about("/" + id)).hidden("version")
	change := func(version, name string) page {
		return e.post("/associates/"+id, "registration", e.registration, "version", version, "family_name", name, "roles", "DIRECTOR")
	}
	change(seen, "Hopper King").leads(e.about("", "done", "changed"))
	p := change(seen, "Hopper Noel").shows(http.StatusConflict, "associates.stale_title")
	if got := p.value("family_name"); got != "Hopper Noel" {
		t.Errorf("the form holds %q", got)
	}
	if again := e.get(e.about("/" + id)); again.value("family_name") != "Hopper King" {
		t.Error("it was overwritten")
	}
	change(p.hidden("version"), "Hopper Noel").leads(e.about("", "done", "changed"))
}
