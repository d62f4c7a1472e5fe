package sumsub_test

import (
	"net/http"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/sumsub"
)

func TestCreatedApplicantHasTheDocumentedForm(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})

	r := a.api(t, "POST", "/resources/applicants?levelName=id-and-selfie",
		`{"externalUserId":"u-1","email":"a@b.c","lang":"de","fixedInfo":{"firstName":"Ada","dob":"1815-12-10"},"unknown":1}`)

	if r.status != http.StatusOK || r.text("review", "reviewStatus") != "init" || r.text("fixedInfo", "firstName") != "Ada" {
		t.Fatalf("%d %s", r.status, r.raw)
	}
	for path, form := range map[string]string{
		"id": `^[0-9a-f]{24}$`, "inspectionId": `^[0-9a-f]{24}$`, "createdAt": `^2026-03-01 12:00:00$`, "type": `^individual$`,
	} {
		if !regexp.MustCompile(form).MatchString(r.text(path)) {
			t.Errorf("%s is %q", path, r.text(path))
		}
	}
	if got := r.text("review", "createDate"); got != "2026-03-01 12:00:00+0000" {
		t.Errorf("createDate is %q", got)
	}
	if diff := cmp.Diff([]string{"applicantCreated"}, a.events()); diff != "" || a.last().data["externalUserId"] != "u-1" {
		t.Errorf("%s%v", diff, a.last().data)
	}
	e := a.effects.All()[0]
	if e.Provider != "sumsub" || e.Kind != "applicant.create" || e.ProfileID != r.text("id") || e.CustomerRef != "u-1" {
		t.Errorf("effect: %+v", e)
	}
}

func TestSecondApplicantOfAnIDIsRefusedInTheKnownWords(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	id := a.create(t, "u-1", "id-only")

	r := a.api(t, "POST", "/resources/applicants?levelName=id-only", `{"externalUserId":"u-1"}`)

	want := "Applicant with external user id 'u-1' already exists: " + id
	if r.status != http.StatusConflict || r.text("description") != want || r.at("errorCode") != nil {
		t.Errorf("%d %s", r.status, r.raw)
	}
	if diff := cmp.Diff([]string{"applicant.create"}, a.kinds()); diff != "" {
		t.Error(diff)
	}
}

func TestApplicantIsFoundEveryWay(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{CreateStatus: http.StatusCreated})
	if r := a.api(t, "POST", "/resources/applicants?levelName=id-only", `{"externalUserId":"u-1"}`); r.status != http.StatusCreated {
		t.Fatalf("%d %s", r.status, r.raw)
	}
	id := a.Overviews(1)[0].ID

	for _, target := range []string{"/" + id + "/one", "/-;externalUserId=u-1/one"} {
		if r := a.ok(t, "GET", "/resources/applicants"+target, ""); r.text("id") != id {
			t.Errorf("%s: %s", target, r.raw)
		}
	}
	if r := a.ok(t, "GET", "/resources/applicants/-/byExternalUserId/u-1", ""); r.at("exists") != true || r.text("applicant", "id") != id {
		t.Error(r.raw)
	}
	if r := a.ok(t, "GET", "/resources/applicants/-/byExternalUserId/u-2", ""); r.at("exists") != false {
		t.Error(r.raw)
	}
	if r := a.api(t, "GET", "/resources/applicants/-;externalUserId=u-2/one", ""); r.status != http.StatusNotFound {
		t.Errorf("%d %s", r.status, r.raw)
	}
}

func TestBadCallsAreRefusedAsDocumented(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	id := a.create(t, "u-1", "id-only")
	for name, c := range map[string]struct {
		method, target, contentType, body string
		status                            int
	}{
		"unknown level":     {"POST", "/resources/applicants?levelName=ID-only", "application/json", `{"externalUserId":"u-2"}`, 404},
		"no id":             {"POST", "/resources/applicants?levelName=id-only", "application/json", `{}`, 400},
		"no JSON":           {"POST", "/resources/applicants?levelName=id-only", "application/json", `{`, 400},
		"bad date":          {"PATCH", "/resources/applicants/" + id + "/fixedInfo", "application/json", `{"dob":"10.12.1815"}`, 400},
		"country of two":    {"PATCH", "/resources/applicants/" + id + "/fixedInfo", "application/json", `{"country":"DE"}`, 400},
		"wrong type":        {"POST", "/resources/applicants?levelName=id-only", "text/plain", `{"externalUserId":"u-2"}`, 415},
		"upload that isn't": {"POST", "/resources/applicants/" + id + "/info/idDoc", "application/json", `{}`, 415},
		"wrong verb":        {"PUT", "/resources/applicants", "application/json", `{}`, 405},
		"unknown address":   {"GET", "/resources/nothing", "", ``, 404},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := a.do(t, a.request(t, c.method, c.target, c.contentType, []byte(c.body)))
			if r.status != c.status || r.at("code") != float64(c.status) || r.text("description") == "" {
				t.Errorf("%d %s", r.status, r.raw)
			}
		})
	}
}

func TestDataIsChangedFieldByField(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	id := a.create(t, "u-1", "applicant-data-and-id")

	a.ok(t, "PATCH", "/resources/applicants/"+id+"/fixedInfo", `{"firstName":"Ada","lastName":"L"}`)
	r := a.ok(t, "PATCH", "/resources/applicants/"+id+"/fixedInfo", `{"lastName":"Lovelace","addresses":[{"country":"GBR","town":"London"}]}`)
	if r.text("firstName") != "Ada" || r.text("lastName") != "Lovelace" {
		t.Error(r.raw)
	}
	r = a.ok(t, "PATCH", "/resources/applicants", `{"id":"`+id+`","email":"ada@example.com","lang":"en"}`)
	if r.text("email") != "ada@example.com" || r.text("fixedInfo", "firstName") != "Ada" {
		t.Error(r.raw)
	}
	a.ok(t, "PATCH", "/resources/applicants/"+id+"/info", `{"firstName":"ADA"}`)
	if r := a.ok(t, "PATCH", "/resources/applicants/"+id+"/info?unsetFields=firstName", ``); r.at("firstName") != nil {
		t.Error(r.raw)
	}
	if got := a.last().event; got != "applicantPersonalInfoChanged" {
		t.Errorf("webhook %s", got)
	}
}

func TestExtraFieldsDisturbNoKeyedObject(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{ExtraFields: true})
	id := a.create(t, "u-1", "id-and-selfie")
	a.give(t, id, "PASSPORT", "", "")

	if r := a.ok(t, "GET", "/resources/applicants/"+id+"/one", ""); r.at("sandboxExtra") == nil || r.at("review", "sandboxExtra") == nil {
		t.Error(r.raw)
	}
	r := a.ok(t, "GET", "/resources/applicants/"+id+"/requiredIdDocsStatus", "")
	if r.at("sandboxExtra") != nil || r.at("IDENTITY", "sandboxExtra") == nil || len(r.body) != 2 {
		t.Error(r.raw)
	}
}
