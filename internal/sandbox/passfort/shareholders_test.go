package passfort_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
)

// The guide's own example: a company check returns information about shareholders, and a later form asks about them.

// askedAboutShareholders opens the forms of a company that the register knows, until the shareholders are asked about.
func askedAboutShareholders(t *testing.T) frame {
	t.Helper()
	f := openCompany(t, open(t, passfort.Options{}))
	f.submit(t, companyDetails, aerial)
	f.account.letChecksEnd(t)
	return f
}

func TestCheckOfACompanyMakesAFormAppear(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := openCompany(t, a)
	if diff := cmp.Diff([]string{companyDetails, aboutYou}, f.view(t).titles()); diff != "" {
		t.Fatal(diff)
	}

	f.submit(t, companyDetails, aerial)
	if v := f.view(t); !v.Waiting || len(v.Forms) != 2 {
		t.Errorf("while the check runs: %+v", v)
	}
	a.letChecksEnd(t)

	v := f.view(t)
	if diff := cmp.Diff([]string{companyDetails, aboutYou, shareholders}, v.titles()); diff != "" || v.Waiting {
		t.Errorf("waiting %v: %s", v.Waiting, diff)
	}
}

func TestShareholdersAreAskedAboutByName(t *testing.T) {
	t.Parallel()
	f := askedAboutShareholders(t)

	var titles, labels []string
	for _, s := range f.form(t, shareholders).Sections {
		titles = append(titles, s.Title)
		labels = append(labels, s.Questions[0].Label)
	}

	if diff := cmp.Diff([]string{"About Ines Falk", "About Harbour Holdings Ltd"}, titles); diff != "" {
		t.Error(diff)
	}
	want := []string{"Is Ines Falk still a shareholder?", "Is Harbour Holdings Ltd still a shareholder?"}
	if diff := cmp.Diff(want, labels); diff != "" {
		t.Error(diff)
	}
}

func TestAnswersLandWithTheRightShareholder(t *testing.T) {
	t.Parallel()
	f := askedAboutShareholders(t)
	about := f.form(t, shareholders).Sections
	given := answers{
		about[0].Questions[0].Name: "no", about[0].Questions[1].Name: "ines@example.com",
		about[1].Questions[0].Name: "yes",
	}

	f.submit(t, shareholders, given)

	entries := at(f.data(t), "ownership_structure", "shareholders")
	for i, want := range []struct {
		name   any
		active any
		email  any
	}{
		{nil, false, "ines@example.com"},
		{"Harbour Holdings Ltd", true, nil},
	} {
		entry := at(entries, i)
		inside := at(entry, "immediate_data")
		if at(inside, "metadata", "name") != want.name || at(entry, "custom_fields", "still_a_shareholder") != want.active ||
			at(inside, "contact_details", "email") != want.email {
			t.Errorf("shareholder %d: %v", i, entry)
		}
		if at(entry, "total_percentage") == nil {
			t.Errorf("shareholder %d lost what the register knows: %v", i, entry)
		}
	}
	if got := f.form(t, shareholders).answers()[about[0].Questions[1].Name]; got != "ines@example.com" {
		t.Errorf("on return: %q", got)
	}
}

func TestShareholderWithoutAnAnswerIsNamed(t *testing.T) {
	t.Parallel()
	f := askedAboutShareholders(t)

	r := f.try(t, shareholders, nil)

	if r.status != http.StatusUnprocessableEntity || at(r.body, "errors", 1, "message") != "Say whether Harbour Holdings Ltd is still a shareholder." {
		t.Errorf("status %d: %s", r.status, r.raw)
	}
}

func TestShareholderWhoIsGoneIsNotAskedAbout(t *testing.T) {
	t.Parallel()
	f := askedAboutShareholders(t)
	stale := f.form(t, shareholders)
	f.account.api(t, "POST", "/4.0/profiles/"+f.profile+"/collected_data", `{"entity_type":"COMPANY"}`)

	if got := f.form(t, shareholders).Sections; len(got) != 0 {
		t.Errorf("sections: %+v", got)
	}
	f.submit(t, shareholders, answers{stale.Sections[0].Questions[0].Name: "yes"})
	if got := f.data(t)["ownership_structure"]; got != nil {
		t.Errorf("the answer made somebody up: %v", got)
	}
}

func TestFinishIsRefusedWhileTheCheckRuns(t *testing.T) {
	t.Parallel()
	f := openCompany(t, open(t, passfort.Options{}))
	f.submit(t, companyDetails, aerial)
	f.submit(t, aboutYou, jo)

	r := f.call(t, "POST", "/finish", "")
	if r.status != http.StatusUnprocessableEntity || !strings.Contains(r.text("message"), "still looking") {
		t.Errorf("while the check runs: status %d: %s", r.status, r.raw)
	}
	f.account.letChecksEnd(t)
	r = f.call(t, "POST", "/finish", "")
	if r.status != http.StatusUnprocessableEntity || !strings.Contains(r.text("message"), shareholders) {
		t.Errorf("without the shareholders: status %d: %s", r.status, r.raw)
	}
}

func TestFormThatRanACheckIsCompletedAndCannotBeChanged(t *testing.T) {
	t.Parallel()
	f := openCompany(t, open(t, passfort.Options{}))

	f.submit(t, companyDetails, aerial)

	form := f.form(t, companyDetails)
	if form.State != passfort.Completed || form.Editable || !form.Submitted {
		t.Errorf("the form: %+v", form)
	}
	for what, r := range map[string]reply{
		"submit": f.try(t, companyDetails, unknown),
		"draft":  f.call(t, "PUT", "/forms/"+form.ID+"/draft", unknown.body(t)),
	} {
		if r.status != http.StatusConflict || r.text("message") != "This form cannot be changed any more." {
			t.Errorf("%s: status %d: %s", what, r.status, r.raw)
		}
	}
	if at(f.data(t), "metadata", "number") != "10000001" {
		t.Errorf("data: %v", f.data(t))
	}
}

func TestUnknownCompanyMeansNoFurtherForm(t *testing.T) {
	t.Parallel()
	f := openCompany(t, open(t, passfort.Options{}))
	f.submit(t, companyDetails, unknown)
	f.submit(t, aboutYou, jo)
	f.account.letChecksEnd(t)

	if v := f.view(t); len(v.Forms) != 2 || v.Waiting {
		t.Errorf("after the check: %+v", v)
	}
	f.finish(t)
	if f.overview(t).State != passfort.Completed {
		t.Errorf("the request: %+v", f.overview(t))
	}
}

func TestFormAppearsAtOnceAboutWhatIsKnownAlready(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	profile := a.addProfile(t, "COMPANY_CUSTOMER", `{"entity_type":"COMPANY","metadata":{"number":"10000001","country_of_incorporation":"GBR"}}`)
	a.api(t, "POST", "/4.0/profiles/"+profile+"/checks", `{"check_type":"COMPANY_OWNERSHIP"}`)
	a.letChecksEnd(t)

	id, key := a.addRequest(t, profile, "company-onboarding")

	want := []string{companyDetails, aboutYou, shareholders}
	if diff := cmp.Diff(want, frame{a, profile, id, key}.view(t).titles()); diff != "" {
		t.Error(diff)
	}
}

func TestShareholdersGivenWithTheProfileAreAskedAbout(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	profile := a.addProfile(t, "COMPANY_CUSTOMER", `{"entity_type":"COMPANY","ownership_structure":{"shareholders":[
		{"entity_type":"COMPANY","immediate_data":{"entity_type":"COMPANY","metadata":{"name":"Given Ltd"}}}]}}`)
	id, key := a.addRequest(t, profile, "company-onboarding")

	sections := frame{a, profile, id, key}.form(t, shareholders).Sections

	if len(sections) != 1 || sections[0].Title != "About Given Ltd" {
		t.Errorf("sections: %+v", sections)
	}
}

func TestCheckRunByTheAPIMakesTheFormAppearToo(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := openCompany(t, a)
	a.api(t, "POST", "/4.0/profiles/"+f.profile+"/collected_data",
		`{"entity_type":"COMPANY","metadata":{"number":"10000001","country_of_incorporation":"GBR"}}`)

	a.api(t, "POST", "/4.0/profiles/"+f.profile+"/checks", `{"check_type":"COMPANY_REGISTRY"}`)
	a.letChecksEnd(t)

	if diff := cmp.Diff([]string{companyDetails, aboutYou, shareholders}, f.view(t).titles()); diff != "" {
		t.Error(diff)
	}
}

func TestAnEarlierCheckIsNotTheOneThatIsAwaited(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := openCompany(t, a)
	a.api(t, "POST", "/4.0/profiles/"+f.profile+"/checks", `{"check_type":"COMPANY_REGISTRY"}`)
	a.letChecksEnd(t)

	f.submit(t, companyDetails, aerial)

	if !f.view(t).Waiting {
		t.Error("nothing is awaited, though the check of the form runs")
	}
}
