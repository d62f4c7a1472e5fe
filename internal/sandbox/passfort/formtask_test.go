package passfort_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
)

// tasks are the tasks of the profile as the API shows them, by the alias of their variant.
func (f frame) tasks(t *testing.T) map[string]map[string]any {
	t.Helper()
	list, _ := f.account.api(t, "GET", "/4.0/profiles/"+f.profile, "").body["tasks"].([]any)
	byAlias := map[string]map[string]any{}
	for _, item := range list {
		byAlias[at(item, "variant", "alias").(string)] = item.(map[string]any)
	}
	return byAlias
}

// onTask are the forms that the API shows on a task.
func (f frame) onTask(t *testing.T, alias string) []string {
	t.Helper()
	ids := []string{}
	list, _ := f.tasks(t)[alias]["form_instance_ids"].([]any)
	for _, id := range list {
		ids = append(ids, id.(string))
	}
	return ids
}

// apply lets the profile apply for a product and waits for its tasks.
func (f frame) apply(t *testing.T, product string) {
	t.Helper()
	if r := f.account.api(t, "POST", "/4.0/profiles/"+f.profile+"/applications", `{"product":{"alias":"`+product+`"}}`); r.status != 200 {
		t.Fatalf("applying: %d %s", r.status, r.raw)
	}
	f.account.letChecksEnd(t)
}

func TestFormIsShownOnATaskThatIsThere(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := frame{account: a, profile: a.addStub(t)}
	f.apply(t, "personal-account")
	if got := f.onTask(t, "verify-identity"); len(got) != 0 {
		t.Errorf("before the request: %v", got)
	}

	f.id, f.key = a.addRequest(t, f.profile, "individual-onboarding")

	want := []string{f.form(t, yourDetails).ID, f.form(t, yourDocument).ID}
	if diff := cmp.Diff(want, f.onTask(t, "verify-identity")); diff != "" {
		t.Error(diff)
	}
	if got := f.onTask(t, "verify-address"); len(got) != 0 {
		t.Errorf("on the other task: %v", got)
	}
}

func TestFormIsShownOnATaskThatAppearsLater(t *testing.T) {
	t.Parallel()
	f := openPerson(t, open(t, passfort.Options{}))
	want := []string{f.form(t, yourDetails).ID, f.form(t, yourDocument).ID}

	f.apply(t, "personal-account")

	if diff := cmp.Diff(want, f.onTask(t, "verify-identity")); diff != "" {
		t.Error(diff)
	}
}

func TestFormThatACheckMadeAppearIsShownOnItsTask(t *testing.T) {
	t.Parallel()
	f := openCompany(t, open(t, passfort.Options{}))
	f.apply(t, "business-account")
	f.submit(t, companyDetails, aerial)
	f.account.letChecksEnd(t)

	if diff := cmp.Diff([]string{f.form(t, shareholders).ID}, f.onTask(t, "identify-owners")); diff != "" {
		t.Error(diff)
	}
}

func TestFormsOfEveryRequestStayOnTheTask(t *testing.T) {
	t.Parallel()
	f := openPerson(t, open(t, passfort.Options{SecondRequest: passfort.Replace}))
	f.apply(t, "personal-account")
	first := f.onTask(t, "verify-identity")

	f.account.addRequest(t, f.profile, "individual-onboarding")

	if got := f.onTask(t, "verify-identity"); len(got) != 4 || !cmp.Equal(first, got[:2]) {
		t.Errorf("forms: %v, the first were %v", got, first)
	}
}
