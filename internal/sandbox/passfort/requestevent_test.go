package passfort_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
)

// webhooksFrom are the webhooks from this place on.
func (a *account) webhooksFrom(from int) []webhook {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.webhooks[from:])
}

// eventsFrom are their events.
func (a *account) eventsFrom(from int) []string {
	return a.events()[from:]
}

func TestNewRequestIsTold(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	profile := a.addProfile(t, "INDIVIDUAL_CUSTOMER", `{"entity_type":"INDIVIDUAL","customer_ref":"ref-1"}`)
	from := len(a.events())

	id, key := a.addRequest(t, profile, "individual-onboarding")

	told := a.webhooksFrom(from)
	want := []string{"CUSTOMER_REQUEST_CHANGED", "FORM_STATE_CHANGED", "FORM_STATE_CHANGED"}
	if diff := cmp.Diff(want, a.eventsFrom(from)); diff != "" {
		t.Fatal(diff)
	}
	wantData := map[string]any{
		"profile_id": profile, "customer_ref": "ref-1", "apikey": map[string]any{"name": "Master key"}, "user": nil,
		"customer_request": map[string]any{"id": id, "status": "SENT", "is_completed": false},
	}
	if diff := cmp.Diff(wantData, told[0].data); diff != "" {
		t.Error(diff)
	}
	f := frame{a, profile, id, key}
	wantForm := map[string]any{
		"id": f.form(t, yourDetails).ID, "status": "SENT", "submitted": false,
		"form_template": map[string]any{"alias": "personal-details"},
	}
	if diff := cmp.Diff(wantForm, told[1].data["form"]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]any{"id": id, "status": "SENT"}, told[1].data["customer_request"]); diff != "" {
		t.Error(diff)
	}
}

func TestEveryStepIsToldInOrder(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := openPerson(t, a)
	for _, step := range []struct {
		name string
		do   func()
		want []string
	}{
		{"a draft", func() { f.keepDraft(t, yourDetails, alex) }, []string{}},
		{"the details", func() { f.submit(t, yourDetails, alex) }, []string{
			"COLLECTED_DATA_UPDATED", "COLLECTED_DATA_CHANGED", "FORM_STATE_CHANGED",
		}},
		{"no document", func() { f.submit(t, yourDocument, nil) }, []string{"FORM_STATE_CHANGED"}},
		{"Finish", func() { f.finish(t) }, []string{"FORM_STATE_CHANGED", "FORM_STATE_CHANGED", "CUSTOMER_REQUEST_CHANGED"}},
	} {
		from := len(a.events())
		step.do()
		if diff := cmp.Diff(step.want, a.eventsFrom(from)); diff != "" {
			t.Errorf("%s: %s", step.name, diff)
		}
	}
	last := a.webhooksFrom(len(a.events()) - 1)[0]
	want := map[string]any{"id": f.id, "status": "COMPLETED", "is_completed": true}
	if diff := cmp.Diff(want, last.data["customer_request"]); diff != "" {
		t.Error(diff)
	}
	wantKinds := []string{
		"profile.create", "customer_request.create", "collected_data.update", "customer_request.complete", "application.create",
	}
	if diff := cmp.Diff(wantKinds, a.kinds()); diff != "" {
		t.Error(diff)
	}
}

func TestSubmissionTellsWhatWasCollected(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := openPerson(t, a)
	from := len(a.events())

	f.submit(t, yourDetails, alex)

	for _, w := range a.webhooksFrom(from)[:2] {
		if at(w.data, "old_data", "personal_details") != nil || at(w.data, "new_data", "personal_details", "dob") != "1990-03-27" {
			t.Errorf("%s: %v", w.event, w.data)
		}
	}
	form := a.webhooksFrom(from)[2].data["form"]
	if at(form, "status") != "SENT" || at(form, "submitted") != true {
		t.Errorf("form: %v", form)
	}
}

func TestCheckInTheMiddleIsToldInOrder(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := openCompany(t, a)
	from := len(a.events())
	f.submit(t, companyDetails, aerial)
	want := []string{"COLLECTED_DATA_UPDATED", "COLLECTED_DATA_CHANGED", "FORM_STATE_CHANGED", "FORM_STATE_CHANGED"}
	if diff := cmp.Diff(want, a.eventsFrom(from)); diff != "" {
		t.Errorf("submission: %s", diff)
	}

	from = len(a.events())
	a.letChecksEnd(t)

	want = []string{"COLLECTED_DATA_UPDATED", "COLLECTED_DATA_CHANGED", "CHECK_COMPLETED", "FORM_STATE_CHANGED"}
	if diff := cmp.Diff(want, a.eventsFrom(from)); diff != "" {
		t.Errorf("end of the check: %s", diff)
	}
	wantKinds := []string{"profile.create", "customer_request.create", "collected_data.update", "check.create", "collected_data.update"}
	if diff := cmp.Diff(wantKinds, a.kinds()); diff != "" {
		t.Error(diff)
	}
}

func TestReplacementTellsTheOldEndBeforeTheNewBeginning(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{SecondRequest: passfort.Replace})
	f := openPerson(t, a)
	from := len(a.events())

	a.addRequest(t, f.profile, "individual-onboarding")

	want := []string{
		"FORM_STATE_CHANGED EXPIRED", "FORM_STATE_CHANGED EXPIRED", "CUSTOMER_REQUEST_CHANGED EXPIRED",
		"CUSTOMER_REQUEST_CHANGED SENT", "FORM_STATE_CHANGED SENT", "FORM_STATE_CHANGED SENT",
	}
	if diff := cmp.Diff(want, a.told(from)); diff != "" {
		t.Error(diff)
	}
}

func TestEventTemplateChangesWhatIsTold(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{EventTemplates: map[string]string{
		"CUSTOMER_REQUEST_CHANGED": `{"id":{{json .customer_request.id}},"state":{{json .customer_request.status}}}`,
	}})

	f := openPerson(t, a)

	want := map[string]any{"id": f.id, "state": "SENT"}
	if diff := cmp.Diff(want, a.webhooksFrom(0)[0].data); diff != "" {
		t.Error(diff)
	}
}
