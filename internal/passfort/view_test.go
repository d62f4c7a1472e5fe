package passfort_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/onboarding"
	provider "portal/internal/sandbox/passfort"
)

// wholeProfile is a profile of a person, with what its applications wait for.
const wholeProfile = `{
	"id": "` + string(profile) + `", "role": "INDIVIDUAL_CUSTOMER", "category": "APPLICANT", "status": "NORMAL",
	"display_name": "Zoë Zimmer", "collected_data": {"entity_type": "INDIVIDUAL", "personal_details": {"name": {"family_name": "Zimmer"}}},
	"applications": [{
		"id": "a-1", "product": {"id": "p-1", "alias": "account", "name": "Compte courant"}, "associated_role": "DIRECTOR",
		"status": "APPLIED", "flag": "WAITING_ON_CHECKS",
		"required_tasks": [{"id": "v-1", "name": "Verify identity", "task_type": "INDIVIDUAL_VERIFY_IDENTITY", "alias": "id"}], "history": [{"status": "APPLIED", "comment": "Zimmer"}], "hidden": false
	}],
	"tasks": [
		{"id": "t-1", "type": "INDIVIDUAL_VERIFY_IDENTITY", "state": "COMPLETED_PASS", "is_complete": true, "variant": {"name": "Identity"}},
		{"id": "t-2", "type": "INDIVIDUAL_ASSESS_PEP", "is_expired": true, "is_skipped": true}
	],
	"task_progress": {"completed_count": 1, "total_count": 2},
	"checks": [{"id": "c-1", "check_type": "IDENTITY_CHECK", "state": "COMPLETE", "result": "2+2", "input_data": {"name": "Zimmer"}}]
}`

func TestReadProfileTellsHowItStands(t *testing.T) {
	t.Parallel()
	api := &keeping{Handler: always(http.StatusOK, wholeProfile)}
	got, err := client(t, api).ReadProfile(t.Context(), profile)
	if err != nil {
		t.Fatal(err)
	}
	want := onboarding.ProfileView{
		ID: profile, Category: "APPLICANT", Status: "NORMAL",
		Applications: []onboarding.Application{{
			ID: "a-1", ProductAlias: "account", ProductName: "Compte courant", Role: "DIRECTOR", Status: "APPLIED", Flag: "WAITING_ON_CHECKS",
			RequiredTasks: []onboarding.RequiredTask{{ID: "v-1", Type: "INDIVIDUAL_VERIFY_IDENTITY", Name: "Verify identity"}},
		}},
		Tasks: []onboarding.Task{
			{ID: "t-1", Type: "INDIVIDUAL_VERIFY_IDENTITY", Name: "Identity", State: "COMPLETED_PASS", Complete: true},
			{ID: "t-2", Type: "INDIVIDUAL_ASSESS_PEP", Expired: true, Skipped: true},
		},
		Completed: 1, Total: 2,
		Checks: []onboarding.Check{{ID: "c-1", Type: "IDENTITY_CHECK", State: "COMPLETE", Result: "2+2"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("(-want +got):", diff)
	}
	if r := api.only(t); r.Method != http.MethodGet || r.Path != "/4.0/profiles/"+string(profile) {
		t.Errorf("asked %s %s", r.Method, r.Path)
	}
	if strings.Contains(fmt.Sprintf("%+v", got), "Zimmer") {
		t.Error("the person's name is in it")
	}
}

func TestReadProfileMakesTheBestOfWhatIsThere(t *testing.T) {
	t.Parallel()
	empty := onboarding.ProfileView{ID: profile, Applications: []onboarding.Application{}, Tasks: []onboarding.Task{}, Checks: []onboarding.Check{}}
	with := func(change func(v *onboarding.ProfileView)) onboarding.ProfileView {
		v := empty
		change(&v)
		return v
	}
	for members, want := range map[string]onboarding.ProfileView{
		`"role":null`: empty,
		`"applications":null,"tasks":null,"checks":null,"task_progress":null,"category":null`: empty,
		`"category":"NEVER_HEARD_OF","status":"on hold-2.0"`: with(func(v *onboarding.ProfileView) {
			v.Category, v.Status = "NEVER_HEARD_OF", "on hold-2.0"
		}),
		`"category":"<b>","status":7`:                            empty,
		`"category":"a\nb","status":""`:                          empty,
		`"status":"` + strings.Repeat("A", 129) + `"`:            empty,
		`"task_progress":{"completed_count":-1,"total_count":3}`: with(func(v *onboarding.ProfileView) { v.Total = 3 }),
		`"tasks":[{"variant":{"name":"a\nb` + strings.Repeat("é", 300) + `"}}]`: with(func(v *onboarding.ProfileView) {
			v.Tasks = []onboarding.Task{{Name: "a b" + strings.Repeat("é", 196) + "…"}}
		}),
	} {
		got, err := client(t, always(http.StatusOK, `{"id":"`+string(profile)+`",`+members+`}`)).ReadProfile(t.Context(), profile)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%.80s: %v, (-want +got):\n%s", members, err, diff)
		}
	}
}

func TestReadProfileShowsOnlySoMuch(t *testing.T) {
	t.Parallel()
	many := strings.TrimSuffix(strings.Repeat(`{},`, 1000), ",")
	body := fmt.Sprintf(`{"id":%q,"applications":[%s],"tasks":[%s],"checks":[%s]}`, profile, many, many, many)
	v, err := client(t, always(http.StatusOK, body)).ReadProfile(t.Context(), profile)
	if err != nil || len(v.Applications) != 200 || len(v.Tasks) != 200 || len(v.Checks) != 200 {
		t.Errorf("%d applications, %d tasks, %d checks, %v; want 200 of each", len(v.Applications), len(v.Tasks), len(v.Checks), err)
	}
}

func TestReadProfileBelievesNoOther(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		api  http.Handler
		want onboarding.Kind
	}{
		"another's": {always(http.StatusOK, `{"id":"another"}`), onboarding.Busy},
		"no id":     {always(http.StatusOK, `{"status":"NORMAL"}`), onboarding.Busy},
		"null":      {always(http.StatusOK, `null`), onboarding.Busy},
		"no lists":  {always(http.StatusOK, `{"id":"`+string(profile)+`","tasks":{}}`), onboarding.Busy},
		"unknown":   {always(http.StatusNotFound, ``), onboarding.NotFound},
		"refused":   {always(http.StatusForbidden, ``), onboarding.Denied},
		"broken":    {always(http.StatusBadGateway, ``), onboarding.Busy},
	} {
		got, err := client(t, test.api).ReadProfile(t.Context(), profile)
		if wantKind(t, err, test.want); !cmp.Equal(got, onboarding.ProfileView{}) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestSandboxProfileIsReadWithAllThatBelongsToIt(t *testing.T) {
	t.Parallel()
	s, c := world(t, provider.Options{AppearDelayMS: -1, CheckDelayMS: -1})
	id, err := c.CreateProfile(t.Context(), onboarding.StubProfile{CustomerRef: "r", Role: onboarding.IndividualCustomer, Product: "personal-account", Facts: facts})
	if err != nil {
		t.Fatal(err)
	}
	check := httptest.NewRequest(http.MethodPost, "/4.0/profiles/"+string(id)+"/checks", strings.NewReader(`{"check_type":"IDENTITY_CHECK"}`))
	check.Header.Set("apikey", masterKey)
	s.Handler().ServeHTTP(httptest.NewRecorder(), check)
	v, err := c.ReadProfile(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Applications) != 1 || v.Applications[0].ProductAlias != "personal-account" || v.Applications[0].Status != "APPLIED" || v.Applications[0].Flag == "" {
		t.Errorf("applications: %+v", v.Applications)
	}
	if len(v.Tasks) == 0 || v.Total != len(v.Tasks) || v.Tasks[0].Type == "" || v.Tasks[0].Name == "" || v.Tasks[0].State == "" {
		t.Errorf("tasks: %+v, %d", v.Tasks, v.Total)
	}
	if len(v.Checks) != 1 || v.Checks[0].Type != "IDENTITY_CHECK" || v.Checks[0].State != "COMPLETE" || v.Checks[0].Result != "2+2" {
		t.Errorf("checks: %+v", v.Checks)
	}
	_, err = c.ReadProfile(t.Context(), "nobody")
	wantKind(t, err, onboarding.NotFound)
}
