package passfort_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
)

func TestStaffSeeTheNewestFirst(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	var profiles, requests []string
	for range 3 {
		f := openPerson(t, a)
		profiles, requests = append([]string{f.profile}, profiles...), append([]string{f.id}, requests...)
	}

	var gotProfiles, gotRequests []string
	for _, o := range a.Overviews(2) {
		gotProfiles = append(gotProfiles, o.ID)
	}
	for _, o := range a.Requests(2) {
		gotRequests = append(gotRequests, o.ID)
	}

	if diff := cmp.Diff(profiles[:2], gotProfiles); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(requests[:2], gotRequests); diff != "" {
		t.Error(diff)
	}
}

func TestStaffSeeTheWholeProfile(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{SecondRequest: passfort.Replace})
	f := openPerson(t, a)
	f.apply(t, "personal-account")
	second, _ := a.addRequest(t, f.profile, "individual-onboarding")

	d, err := a.Detail(f.profile)
	if err != nil {
		t.Fatal(err)
	}

	if len(d.Requests) != 2 || d.Requests[0].ID != second || d.Requests[1].ID != f.id || d.Request.ID != second {
		t.Errorf("requests: %+v", d.Requests)
	}
	if d.Audit[0].At.Before(d.Audit[len(d.Audit)-1].At) || d.Audit[len(d.Audit)-1].Action != "created-profile" {
		t.Errorf("audit: %+v", d.Audit)
	}
	if len(d.Tasks) != 2 || d.Tasks[0].Name != "Verify identity" || !d.Tasks[0].Requestable || d.TasksTotal != 2 {
		t.Errorf("tasks: %+v", d.Tasks)
	}
	api := a.api(t, "GET", "/4.0/profiles/"+f.profile, "")
	if diff := cmp.Diff(strings.TrimSpace(api.raw), string(d.Resource)); diff != "" {
		t.Error(diff)
	}
	if _, err := a.Detail("none"); err == nil {
		t.Error("there is a profile without a name")
	}
}

func TestListsOfAnOverviewAreNeverNull(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := openPerson(t, a)
	f.apply(t, "personal-account")
	if err := a.DecideApplication(a.Overviews(1)[0].Applications[0].ID, "REJECTED"); err != nil {
		t.Fatal(err)
	}

	raw, err := json.Marshal(a.Overviews(1))
	if err != nil {
		t.Fatal(err)
	}

	if strings.Contains(string(raw), "null") {
		t.Errorf("overview: %s", raw)
	}
}

func TestFlowTemplatesAreTheAccounts(t *testing.T) {
	t.Parallel()
	want := []string{"individual-onboarding", "company-onboarding"}
	if diff := cmp.Diff(want, open(t, passfort.Options{}).FlowTemplates()); diff != "" {
		t.Error(diff)
	}
}

func TestPictureIsDescribedByTheAPI(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := openPerson(t, a)
	f.upload(t, f.form(t, yourDocument), "FRONT", "PASSPORT", pixel)
	f.submit(t, yourDocument, nil)
	id, _ := at(f.data(t), "documents", 0, "images", 0, "id").(string)

	got := a.api(t, "GET", "/4.0/profiles/"+f.profile+"/document_images/"+id, "")
	gone := a.api(t, "GET", "/4.0/profiles/"+f.profile+"/document_images/none", "")

	want := map[string]any{
		"id": id, "image_type": "FRONT", "upload_date": "2026-03-01 12:00:00",
		"document_type": "PASSPORT", "document_category": "PROOF_OF_IDENTITY",
	}
	if diff := cmp.Diff(want, got.body); diff != "" || gone.status != 404 {
		t.Errorf("unknown: %d; %s", gone.status, diff)
	}
}
