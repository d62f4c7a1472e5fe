package web_test

import (
	"strings"
	"testing"
	"time"

	"portal/internal/browsertest"
)

// enteringAt begins the registration of a company in a real browser, and opens the list of those behind it.
func (w *world) enteringAt(p *browsertest.Page, address string) entering {
	w.t.Helper()
	for _, expected := range []string{"collection.example.net", "net::ERR"} {
		p.Allow(expected) // the provider is not there
	}
	e := w.entering("ada@example.com")
	w.pass(2 * time.Minute) // another code so soon would be refused
	w.signInAt(p, address, "ada@example.com")
	p.Open(address + e.about(""))
	p.See("We need to know who runs your company")
	return e
}

// Everything is done with the keys alone, as by people who use no mouse, with scripts and without.
func TestPersonIsEnteredByKeyboardAlone(t *testing.T) {
	t.Parallel()
	for name, scripts := range map[string]bool{"with scripts": true, "without scripts": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, address := onLoopback(t)
			p := browsertest.New(t).Page(t)
			e := w.enteringAt(p, address)
			if !scripts {
				p.WithoutScripts()
				p.Open(address + e.about(""))
			}
			typePerson(p)
			p.See("Saved. It is not sent yet.")
			p.See("Director, Shareholder")
			p.See("Holds 12.5%")
			p.TabTo("Check and send")
			p.Type(browsertest.Enter)
			p.See("Please check whether it is right")
			p.TabTo("Send 1 entry")
			p.Type(browsertest.Enter)
			p.See("Thank you, sent.")
		})
	}
}

// typePerson goes through the form by the Tab key. The Enter key in a field saves.
func typePerson(p *browsertest.Page) {
	p.TabTo("Add a person")
	p.Type(browsertest.Enter)
	p.See("Given names")
	for _, step := range [][2]string{
		{"Given names (if you know them)", "Grace Brewster"},
		{"Family name", "Hopper"},
		{"Director", " "},
		{"Shareholder", " "},
		{"Class of shares", "Ordinary"},
		{"Share of the company in per cent", "12.5"},
	} {
		p.TabTo(step[0])
		p.Type(step[1])
	}
	p.Type(browsertest.Enter)
}

func TestSummaryOfWhatIsWrongTakesTheFocus(t *testing.T) {
	t.Parallel()
	w, address := onLoopback(t)
	p := browsertest.New(t).Page(t)
	p.Allow("422")
	w.enteringAt(p, address)
	p.Press("Add a person")
	p.Press("Save")
	p.See("There is a problem")
	eventually(t, "the summary to have the focus", func() bool { return strings.HasPrefix(p.Focused(), "There is a problem") })
	p.Press("Enter the family name, or the only name of the person.")
	eventually(t, "the field to have the focus", func() bool { return p.Focused() == "Family name" })
}

// A browser sends nothing of a day that is half typed: it would be lost without a word.
func TestHalfTypedDayIsToldBesideItsField(t *testing.T) {
	t.Parallel()
	w, address := onLoopback(t)
	p := browsertest.New(t).Page(t)
	e := w.enteringAt(p, address)
	p.Press("Add a person")
	p.Fill("Family name", "Hopper")
	p.Press("Director")
	p.TabTo("Date of birth (if you know it)")
	p.Type("0231")
	for range 2 {
		p.Press("Save")
		p.See("Enter a real day with a year of four digits")
		eventually(t, "the field to have the focus", func() bool { return strings.HasPrefix(p.Focused(), "Date of birth") })
	}
	if n := e.w.count("select count(*) from associates"); n != 0 {
		t.Error("it was saved without the day")
	}
	p.Type("12311990")
	p.Type(browsertest.Enter)
	p.See("Saved. It is not sent yet.")
	if n := e.w.count("select count(*) from associates"); n != 1 {
		t.Errorf("%d entries, want 1", n)
	}
}

// Every page is looked at on the narrowest phone, in both directions of writing.
func TestPagesOfAssociatesAreForEverybody(t *testing.T) {
	t.Parallel()
	w, address := onLoopback(t)
	p := browsertest.New(t).Page(t)
	for _, status := range []string{"422", "409"} {
		p.Allow(status)
	}
	p.Resize(360, 740)
	e := w.enteringAt(p, address)
	flawless := func() {
		t.Helper()
		for range 2 {
			for _, flaw := range p.Flaws() {
				t.Errorf("%s: %s", p.URL(), flaw)
			}
			p.TurnAround()
		}
	}
	flawless()
	long := strings.Repeat("Donaudampfschifffahrtsgesellschaft", 2)
	holding := e.enter("type", "COMPANY", "name", long, "number", "HRB 12345", "country_of_incorporation", "DEU",
		"roles", "SHAREHOLDER", "share_class", strings.Repeat("Stammaktien", 9), "percentage", "33.3333", "amount", "123456789012")
	person := e.enter("of", holding, "family_name", "Hopper", "given_names", "Grace", "email", strings.Repeat("grace", 12)+"@example.com", "roles", "DIRECTOR")
	for _, at := range []string{
		e.about(""), e.about("", "of", holding), e.about("/new", "type", "INDIVIDUAL"), e.about("/new", "type", "COMPANY"),
		e.about("/" + holding), e.about("/" + holding + "/withdraw"), e.about("/review"),
	} {
		p.Open(address + at)
		flawless()
	}
	p.Open(address + e.about("/new", "type", "INDIVIDUAL"))
	p.Press("Add another class of shares")
	p.See("Class of shares 2")
	flawless()
	p.Press("Save")
	p.See("There is a problem")
	flawless()
	p.Open(address + e.about("/new", "type", "INDIVIDUAL"))
	p.Fill("Given names (if you know them)", "Grace")
	p.Fill("Family name", "Hopper")
	p.Press("Director")
	p.Press("Save")
	p.See("Is this somebody who is there already?")
	flawless()
	p.Open(address + e.about("/"+person))
	e.post("/associates/submit", "registration", e.registration)
	p.Press("Save")
	p.See("Not saved")
	flawless()
	p.Open(address + e.about("/"+person))
	p.See("cannot be changed here any more")
	flawless()
}
