package main

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/browsertest"
)

// behindCompany is the link to the page about who is behind a company, as it stands above the form.
const behindCompany = "People and companies behind your company (opens in a new tab)"

// wantBehind is what a journey comes to at the provider: who was entered, and who answers for the company in the form.
var wantBehind = map[string][]string{
	"authorized_persons": {"Wolter, without a profile"},
	"directors":          {"Falk"},
	"shareholders":       {"Falk 60", "Harbour Holdings Ltd 40"},
	"Harbour Holdings Ltd: beneficial_owners": {"Okafor"},
}

func TestWhoeverIsBehindACompanyReachesTheProviderOnce(t *testing.T) {
	t.Parallel()
	w := sharedWorld(t)
	p := browsertest.New(t).Page(t)
	p.Allow("422") // of the person without a name
	company, list := w.openCompany(t, p)
	p.Open(list)
	enterDirector(p)
	enterHolding(p)
	p.Press("Check and send")
	p.See("3 entries have not been sent yet")
	p.See("Shareholder: 100% in all")
	p.Press("Send all 3 entries")
	p.See("Thank you, sent.")
	eventually(t, "all are passed on", func() bool {
		p.Open(list)
		return p.Sees("Everything you sent has been passed on.")
	})
	p.Press("Go on to the form")
	form := p.Frame(w.collection() + "/collect")
	fillCompany(form)
	form.Press("Finish")
	p.Arrive(w.thanks())
	if diff := cmp.Diff(wantBehind, w.behind(t, w.profileOf(t, company))); diff != "" {
		t.Errorf("behind the company at the provider (-want +got):\n%s", diff)
	}
}

// openCompany begins the registration of a company. It returns its reference and the address of the page about who is behind
// it, to which a link above the form leads.
func (w *world) openCompany(t *testing.T, p *browsertest.Page) (company, list string) {
	t.Helper()
	p.Open(w.origin() + "/")
	p.Press("Open a business account")
	w.signIn(t, p, newcomer())
	p.Frame(w.collection() + "/collect").See("Company name")
	form, ok := pairIn(p.HTML())
	if !ok {
		t.Fatal("the page carries no pair, or more than one")
	}
	return w.createdOnce(t, form.RequestID), w.origin() + view{html: p.HTML()}.link(t, behindCompany)
}

// enterDirector enters a director who holds shares, at first without a name.
func enterDirector(p *browsertest.Page) {
	p.See("We need to know who runs your company")
	p.Press("Add a person")
	p.Press("Director")
	p.Press("Shareholder")
	p.Press("Save")
	p.See("There is a problem")
	p.Press("Enter the family name, or the only name of the person.")
	p.Fill("Family name", "Falk")
	p.Fill("Class of shares", "Ordinary")
	p.Fill("Share of the company in per cent", "60")
	p.Press("Save")
	p.See("Saved. It is not sent yet.")
}

// enterHolding enters a company that holds the other shares, and to whom it belongs.
func enterHolding(p *browsertest.Page) {
	p.Press("Add a company")
	p.Fill("Name of the company", "Harbour Holdings Ltd")
	p.Press("Shareholder")
	p.Fill("Class of shares", "Ordinary")
	p.Fill("Share of the company in per cent", "40")
	p.Press("Save")
	p.See("Holds 40%")
	p.Press("People and companies behind Harbour Holdings Ltd (0)")
	p.See("Nobody has been entered behind this company yet.")
	p.Press("Add a person")
	p.Fill("Family name", "Okafor")
	p.Press("Beneficial owner")
	p.Press("Save")
	p.See("Saved. It is not sent yet.")
}

func TestWhoeverIsBehindACompanyIsEnteredWithoutScripts(t *testing.T) {
	t.Parallel()
	w := sharedWorld(t)
	v := w.visitor(t)
	p := v.enterCode(v.follow(v.get("/"), "Open a business account"), newcomer())
	v.form(p)
	list := v.get("/onboarding").link(t, behindCompany)
	v.enterBehindWithoutScripts(v.get(list))
	v.send(v.follow(v.get(list), "Check and send"), "Send all 3 entries", nil).says(t, "Thank you, sent.")
}

// enterBehindWithoutScripts enters the same people and companies as a browser without scripts does.
func (v *visitor) enterBehindWithoutScripts(list view) {
	v.t.Helper()
	director := url.Values{"roles": {"DIRECTOR", "SHAREHOLDER"}, "share_class": {"Ordinary"}, "percentage": {"60"}}
	p := v.send(v.follow(list, "Add a person"), "Save", director)
	if p.says(v.t, "There is a problem"); p.status != http.StatusUnprocessableEntity {
		v.t.Errorf("a person without a name is answered with status %d", p.status)
	}
	director.Set("family_name", "Falk")
	p = v.send(p, "Save", director).says(v.t, "Saved. It is not sent yet.")
	p = v.send(v.follow(p, "Add a company"), "Save", url.Values{
		"name": {"Harbour Holdings Ltd"}, "roles": {"SHAREHOLDER"}, "share_class": {"Ordinary"}, "percentage": {"40"},
	}).says(v.t, "Saved. It is not sent yet.")
	p = v.follow(p, "People and companies behind Harbour Holdings Ltd (0)")
	v.send(v.follow(p, "Add a person"), "Save", url.Values{"family_name": {"Okafor"}, "roles": {"BENEFICIAL_OWNER"}}).says(v.t, "Saved. It is not sent yet.")
}
