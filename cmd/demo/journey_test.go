package main

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/browsertest"
)

// flows are the demo's ways to register, with how the framed form of each is filled and what is said when it is finished.
var flows = []struct {
	name, title, done string
	fill              func(form *browsertest.Page)
}{
	{"individual", "Open a personal account", "Thank you, everything has arrived", fillPerson},
	{"company", "Open a business account", "Your form has arrived", fillCompany}, // and who is behind it was not said
}

func fillPerson(form *browsertest.Page) {
	form.Fill("Given names", "Ada Maria")
	form.Fill("Family name", "Wolter")
	form.Fill("Date of birth", "1990-03-27")
	form.Press("Continue")
	form.See("Your document")
	form.Press("Passport")
	form.Press("Take a photo")
	form.Press("Capture")
	form.See("The photo has been taken.")
	form.Press("Continue")
	form.See("Check your answers")
	form.See("Received") // the photo
}

func fillCompany(form *browsertest.Page) {
	nameCompany(form, "Wolter & Daughters", "HRB 1234", "Germany")
	form.See("Check your answers")
}

// nameCompany fills the forms about a company and about who answers for it.
func nameCompany(form *browsertest.Page, name, number, country string) {
	form.Fill("Company name", name)
	form.Fill("Company number", number)
	form.Fill("Country", country)
	form.Press("Continue")
	form.Fill("Your name", "Ada Wolter")
	form.Fill("Your e-mail", "ada@wolter.example")
	form.Fill("Your position", "Director")
	form.Press("Continue")
}

// newcomer is an address that nobody has used before.
func newcomer() string { return strings.ToLower(rand.Text()) + "@example.com" }

func TestApplicantsRegisterFromTheFirstPageToTheCompanysOwn(t *testing.T) {
	t.Parallel()
	for _, flow := range flows {
		t.Run(flow.name, func(t *testing.T) {
			t.Parallel()
			w, email := sharedWorld(t), newcomer()
			b := browsertest.New(t)
			p := b.Page(t)
			p.Open(w.origin() + "/")
			p.Press(flow.title)
			w.signIn(t, p, email)
			form := p.Frame(w.collection() + "/collect")
			flow.fill(form)
			pair, ok := pairIn(p.HTML())
			if !ok {
				t.Fatal("the page carries no pair, or more than one")
			}
			form.Press("Finish")
			p.Arrive(w.thanks())
			p.See("Thank you for registering")
			ref := w.createdOnce(t, pair.RequestID)

			other := b.Page(t)
			other.Open(w.origin() + "/")
			other.Press("Sign in")
			w.signIn(t, other, email)
			other.See(flow.done)
			other.See(ref)
		})
	}
}

func TestRegisterOfTheCompanyAsksForItsShareholders(t *testing.T) {
	t.Parallel()
	w := sharedWorld(t)
	p := browsertest.New(t).Page(t)
	p.Open(w.origin() + "/")
	p.Press("Open a business account")
	w.signIn(t, p, newcomer())
	form := p.Frame(w.collection() + "/collect")
	nameCompany(form, "Aerial Traders Ltd", "10000001", "United Kingdom")
	form.See("The company's shareholders")
	form.Choose("Is Ines Falk still a shareholder?", "Yes")
	form.Choose("Is Harbour Holdings Ltd still a shareholder?", "No")
	form.Press("Continue")
	form.See("Check your answers")
	form.See("Is Harbour Holdings Ltd still a shareholder?")
	form.Press("Finish")
	p.Arrive(w.thanks())
	p.See("Thank you for registering")
}

// A form may take long: the page around it holds a stream of news open, which is how the portal knows that somebody is there.
func TestAnOpenFormFollowsItsRegistration(t *testing.T) {
	t.Parallel()
	w := sharedWorld(t)
	p := browsertest.New(t).Page(t)
	p.Open(w.origin() + "/")
	p.Press(flows[0].title)
	w.signIn(t, p, newcomer())
	form := p.Frame(w.collection() + "/collect")
	form.Fill("Given names", "Ada")
	eventually(t, "the page follows its registration", func() bool {
		return slices.ContainsFunc(p.Requests(), func(r browsertest.Request) bool { return strings.HasPrefix(r.URL, w.origin()+"/onboarding/events") })
	})
	form.See("Your details") // and the form is left alone
}

// signIn goes from the field for the address to the page behind the sign-in.
func (w *world) signIn(t *testing.T, p *browsertest.Page, email string) {
	t.Helper()
	p.Fill("E-mail address", email)
	p.Press("Send me the code")
	p.See("Enter the code from your e-mail")
	p.Fill("6-digit code", w.code(t, email))
	p.Press("Sign in")
	p.See("Signed in as " + email)
}

// createdOnce checks that one profile and one customer request were created for the customer of a request, and
// returns the customer's reference.
func (w *world) createdOnce(t *testing.T, requestID string) string {
	t.Helper()
	for _, e := range w.effects(t) {
		if e.Kind == "customer_request.create" && e.ID == requestID {
			if diff := cmp.Diff(once, w.created(t)[e.CustomerRef]); diff != "" || e.CustomerRef == "" {
				t.Errorf("created for %q (-want +got):\n%s", e.CustomerRef, diff)
			}
			return e.CustomerRef
		}
	}
	t.Fatalf("no effect created the request %s", requestID)
	return ""
}

func TestTheWayToTheFormNeedsNoScripts(t *testing.T) {
	t.Parallel()
	for _, flow := range flows {
		t.Run(flow.name, func(t *testing.T) {
			t.Parallel()
			w, email := sharedWorld(t), newcomer()
			v := w.visitor(t)
			p := v.enterCode(v.follow(v.get("/"), flow.title), email)
			pair := v.form(p)
			w.createdOnce(t, pair.RequestID)
			if again := v.form(v.get("/onboarding")); again != pair {
				t.Error("coming back shows another form")
			}
			p = v.send(v.get("/onboarding"), "Sign out", url.Values{})
			if p.status != http.StatusOK || !strings.Contains(p.text(), "You are signed out") {
				t.Errorf("after signing out: %d %s", p.status, p.text())
			}
			if p := v.get("/onboarding"); !strings.Contains(p.text(), flow.title) || strings.Contains(p.text(), email) {
				t.Errorf("still signed in: %s", p.text())
			}
		})
	}
}
