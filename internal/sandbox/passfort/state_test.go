package passfort_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
	accounts "portal/internal/sandbox/passfort/account"
)

// reopened is a new provider that loads what another saved.
func reopened(t *testing.T, a *account) *account {
	t.Helper()
	saved, err := a.Save()
	if err != nil {
		t.Fatal(err)
	}
	b := openWith(t, func(c *passfort.Config) { c.Now = a.clock.Now })
	b.clock = a.clock
	if err := b.Load(saved); err != nil {
		t.Fatal(err)
	}
	return b
}

// seen is everything that the API, the frame and staff show of a profile and its request.
func (f frame) seen(t *testing.T) map[string]string {
	t.Helper()
	detail, err := f.account.Detail(f.profile)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(detail)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{"detail": string(raw), "request": f.read(t).raw, "frame": f.call(t, "GET", "", "").raw}
	for _, path := range []string{"", "/collected_data", "/tasks", "/checks", "/applications", "/document_images", "/audit-items"} {
		r := f.account.api(t, "GET", "/4.0/profiles/"+f.profile+path, "")
		all[path] = r.header.Get("Etag") + r.raw
	}
	return all
}

// inTheMiddle is a company whose check runs, with a draft, an entry and an application.
func inTheMiddle(t *testing.T, a *account) frame {
	t.Helper()
	f := openCompany(t, a)
	f.apply(t, "business-account")
	f.keepDraft(t, aboutYou, answers{"contact_name": "Jo"})
	f.submit(t, companyDetails, aerial)
	return f
}

func TestLoadedAccountAnswersAsTheSavedOne(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	company := inTheMiddle(t, a)
	person := openPerson(t, a)
	person.upload(t, person.form(t, yourDocument), "FRONT", "PASSPORT", pixel)
	person.submit(t, yourDocument, nil)

	b := reopened(t, a)

	for _, f := range []frame{company, person} {
		before := f.seen(t)
		f.account = b
		if diff := cmp.Diff(before, f.seen(t)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestLoadingLeavesTheOptionsAlone(t *testing.T) {
	t.Parallel()
	a, b := open(t, passfort.Options{ValidityDays: 30}), open(t, passfort.Options{ReadHidesAPIKey: true})
	raw, err := a.Save()
	if err != nil {
		t.Fatal(err)
	}
	before := b.Options()

	if err := b.Load(raw); err != nil {
		t.Fatal(err)
	}

	if diff := cmp.Diff(before, b.Options()); diff != "" {
		t.Error(diff)
	}
}

func TestSavedAgainItIsTheSame(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	inTheMiddle(t, a)
	first, err := a.Save()
	if err != nil {
		t.Fatal(err)
	}

	again, err := reopened(t, a).Save()
	if err != nil {
		t.Fatal(err)
	}

	if diff := cmp.Diff(string(first), string(again)); diff != "" {
		t.Error(diff)
	}
}

func TestLoadedAccountGoesOn(t *testing.T) {
	t.Parallel()
	f := inTheMiddle(t, open(t, passfort.Options{}))
	f.account = reopened(t, f.account)

	f.account.letChecksEnd(t)
	f.submit(t, aboutYou, jo)
	about := f.form(t, shareholders).Sections
	f.submit(t, shareholders, answers{about[0].Questions[0].Name: "yes", about[1].Questions[0].Name: "yes"})
	f.finish(t)

	if got := f.overview(t).State; got != passfort.Completed {
		t.Errorf("the request is %s", got)
	}
}

func TestLoadedAccountExpiresAndReminds(t *testing.T) {
	t.Parallel()
	f := withTasks(t, open(t, passfort.Options{}))
	f.raise(t, "verify-identity", "")
	f.account = reopened(t, f.account)

	f.account.advance(t, 90*day)

	if o := f.overview(t); o.State != passfort.Expired || o.Reminders != 3 {
		t.Errorf("the request: %+v", o)
	}
}

func TestWhatBecameDueMeanwhileHappensOnLoading(t *testing.T) {
	t.Parallel()
	f := openPerson(t, open(t, passfort.Options{}))
	saved, err := f.account.Save()
	if err != nil {
		t.Fatal(err)
	}
	b := open(t, passfort.Options{})
	b.advance(t, 91*day)

	if err := b.Load(saved); err != nil {
		t.Fatal(err)
	}

	f.account = b
	if diff := cmp.Diff([]string{"customer_request.expire"}, b.kinds()); diff != "" || f.overview(t).State != passfort.Expired {
		t.Errorf("%s: %+v", diff, f.overview(t))
	}
}

func TestLoadReplacesWhatIsThere(t *testing.T) {
	t.Parallel()
	a, b := open(t, passfort.Options{}), open(t, passfort.Options{})
	kept, gone := openPerson(t, a), openPerson(t, b)
	saved, err := a.Save()
	if err != nil {
		t.Fatal(err)
	}

	if err := b.Load(saved); err != nil {
		t.Fatal(err)
	}

	if got := b.Overviews(10); len(got) != 1 || got[0].ID != kept.profile {
		t.Errorf("profiles: %+v", got)
	}
	if r := gone.call(t, "GET", "", ""); r.status != 404 {
		t.Errorf("the old link: %d", r.status)
	}
}

func TestAccountOfAFileWithDocumentsAboutEntriesIsLoaded(t *testing.T) {
	t.Parallel()
	d := askPersons(accounts.Section{Title: "{name}", Each: "friends", Questions: []question{
		{Name: "identity_document", Label: "Document", Type: accounts.Document, Documents: []accounts.DocumentType{
			{Type: "PASSPORT", Label: "Passport", Category: "PROOF_OF_IDENTITY", Elements: []string{"FRONT"}},
		}},
	}})
	with := func(c *passfort.Config) { c.Account = d }
	a, b := openWith(t, with), openWith(t, with)
	profile := a.addProfile(t, "INDIVIDUAL_CUSTOMER", `{"entity_type":"INDIVIDUAL","friends":[
		{"resolver_id":"r-1","immediate_data":{"entity_type":"COMPANY","metadata":{"name":"Friend Ltd"}}}]}`)
	id, key := a.addRequest(t, profile, "individual-onboarding")
	f := frame{a, profile, id, key}
	name := f.form(t, yourDetails).Sections[0].Questions[0].Name
	if r := f.call(t, "PUT", "/forms/"+f.form(t, yourDetails).ID+"/documents/"+name+"/FRONT", pixel); r.status != 200 {
		t.Fatalf("picture: %d %s", r.status, r.raw)
	}
	saved, err := a.Save()
	if err != nil {
		t.Fatal(err)
	}

	if err := b.Load(saved); err != nil {
		t.Error(err)
	}
}
