package main

import (
	"os"
	"path/filepath"
	"testing"

	"portal/internal/browsertest"
)

// TestScreenshots takes pictures of the pages for the docs, into the folder that SCREENSHOTS names.
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("SCREENSHOTS")
	if dir == "" {
		t.Skip("SCREENSHOTS names no folder for them")
	}
	w := ownWorld(t)
	b := browsertest.New(t)
	for _, screen := range []struct {
		name          string
		width, height int64
	}{
		{"phone", 390, 844},
		{"desktop", 1280, 900},
	} {
		t.Run(screen.name, func(t *testing.T) {
			p := b.Page(t)
			p.Resize(screen.width, screen.height)
			take := func(page string) { p.Screenshot(filepath.Join(dir, page+"-"+screen.name+".png")) }
			w.photographJourney(t, p, screen.name+"@example.com", take)
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
