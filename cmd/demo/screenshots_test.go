package main

import (
	"os"
	"path/filepath"
	"testing"

	"portal/internal/browsertest"
	"portal/internal/oidctest"
)

// screens are the sizes of the pictures.
var screens = []struct {
	name          string
	width, height int64
}{
	{"phone", 390, 844},
	{"desktop", 1280, 900},
}

// TestScreenshots takes pictures of the pages for the docs, into the folder that SCREENSHOTS names.
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("SCREENSHOTS")
	if dir == "" {
		t.Skip("SCREENSHOTS names no folder for them")
	}
	w := withProvider(t, "ada", oidctest.Claims{"email": "ada@example.com", "email_verified": true})
	b := browsertest.New(t)
	for _, screen := range screens {
		t.Run(screen.name, func(t *testing.T) {
			p := b.Page(t)
			p.Resize(screen.width, screen.height)
			take := func(page string) { p.Screenshot(filepath.Join(dir, page+"-"+screen.name+".png")) }
			w.photographJourney(t, p, screen.name+"@example.com", take)
			w.photographSignIn(t, p, screen.name, take)
		})
	}
}

// photographJourney takes a picture at every stage of a journey.
func (w *world) photographJourney(t *testing.T, p *browsertest.Page, email string, take func(page string)) {
	t.Helper()
	p.Open(w.origin() + "/")
	take("landing")
	p.Press("Open a personal account")
	p.See("Send me the code")
	take("sign-in")
	p.Fill("E-mail address", email)
	p.Press("Send me the code")
	p.See("Enter the code from your e-mail")
	take("code")
	w.fail(t, troubles[0], "before", profiles)
	p.Fill("6-digit code", w.code(t, email))
	p.Press("Sign in")
	p.See("Your place is kept")
	take("waiting")
	w.endFaults(t)
	form := p.Frame(w.collection() + "/collect")
	form.See("Your details")
	take("form")
	fillPerson(form)
	take("review")
	form.Press("Finish")
	p.Arrive(w.thanks())
	take("thanks")
	p.Open(w.address(""))
	p.See("Thank you, everything has arrived")
	take("done")
}

// photographAssociates takes pictures of the pages about who is behind a company.
func (w *world) photographAssociates(p *browsertest.Page, take func(page string)) {
	p.Open(w.address("/associates"))
	take("associates-empty")
	p.Open(w.address("/associates/new?type=INDIVIDUAL"))
	take("associate-person")
	p.Allow("422")
	p.Press("Save")
	p.See("There is a problem")
	take("associate-errors")
	p.Fill("Given names (if you know them)", "Ines Maria")
	p.Fill("Family name", "Falk")
	p.Press("Director")
	p.Press("Shareholder")
	p.Press("Save")
	p.See("Saved. It is not sent yet.")
	take("associates-draft")
	p.Open(w.address("/associates/new?type=COMPANY"))
	take("associate-company")
	p.Fill("Name of the company", "Harbour Holdings Ltd")
	p.Press("Shareholder")
	p.Press("Save")
	p.See("Saved. It is not sent yet.")
	p.Allow("409")
	p.Open(w.address("/associates/new?type=INDIVIDUAL"))
	p.Fill("Family name", "Falk")
	p.Fill("Given names (if you know them)", "Ines Maria")
	p.Press("Director")
	p.Press("Save")
	p.See("Is this somebody who is there already?")
	take("associate-question")
	p.Open(w.address("/associates/review"))
	take("associates-review")
	p.Press("Send all 2 entries")
	p.See("Thank you, sent.")
	take("associates-sent")
	p.Open(w.address(""))
	take("company-sent")
}

// photographSignIn takes pictures of the other ways in, and of what may go wrong on them.
func (w *world) photographSignIn(t *testing.T, p *browsertest.Page, subject string, take func(page string)) {
	t.Helper()
	p.Open(w.address("/sessions"))
	p.See("Signed in as")
	take("sessions")
	p.Open(w.address("/session"))
	take("session")
	p.Press("Sign out")
	p.See("You are signed out")
	take("signed-out")
	at := w.apiLink(t, map[string]any{"subject": subject, "flow": "company"})
	p.Open(at)
	p.See("One press signs you in")
	take("link")
	p.Press("Sign in and continue")
	p.Frame(w.collection() + "/collect").See("Company name")
	take("company")
	w.photographAssociates(p, take)
	p.Press("Sign out")
	p.See("You are signed out")
	p.Allow("410")
	p.Allow("422")
	p.Open(at)
	p.See("This link has been used")
	take("link-used")
	p.Open(w.address("/sign-in/oidc/corp/callback?error=access_denied"))
	take("provider-lost")
	p.Open(w.address("/sign-in"))
	p.Fill("E-mail address", subject+".b@example.com")
	p.Press("Send me the code")
	p.See("Enter the code from your e-mail")
	for range 5 {
		p.Fill("6-digit code", "000000")
		p.Press("Sign in")
		p.See("There is a problem")
	}
	p.See("You need a new code")
	take("code-over")
}
