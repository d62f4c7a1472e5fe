package passfort_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
)

func TestCustomerRequestIsAnsweredWithIdAndKey(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	profile := a.addStub(t)
	path := "/4.0/forms/profile/" + profile + "/customer_request"

	id, key := a.addRequest(t, profile, "individual-onboarding")
	got := a.api(t, "GET", path, "")

	want := map[string]any{"id": id, "apikey": key, "is_completed": false}
	if diff := cmp.Diff(want, got.body); diff != "" {
		t.Error(diff)
	}
	if id == "" || len(key) != 46 {
		t.Errorf("id %q, key %q", id, key)
	}
}

func TestReadWithoutKeyIsAnUnknown(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{ReadHidesAPIKey: true})
	profile := a.addStub(t)
	id, _ := a.addRequest(t, profile, "individual-onboarding")

	got := a.api(t, "GET", "/4.0/forms/profile/"+profile+"/customer_request", "")

	if diff := cmp.Diff(map[string]any{"id": id, "is_completed": false}, got.body); diff != "" {
		t.Error(diff)
	}
}

func TestSecondRequestWhileOneIsActive(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		reaction passfort.SecondRequest
		status   int
		same     bool
		kinds    []string
	}{
		{passfort.Reject, http.StatusConflict, false, []string{"profile.create", "customer_request.create"}},
		{passfort.Reuse, http.StatusOK, true, []string{"profile.create", "customer_request.create"}},
		{passfort.Replace, http.StatusOK, false, []string{
			"profile.create", "customer_request.create", "customer_request.expire", "customer_request.create",
		}},
	} {
		t.Run(string(c.reaction), func(t *testing.T) {
			t.Parallel()
			a := open(t, passfort.Options{SecondRequest: c.reaction})
			profile := a.addStub(t)
			id, _ := a.addRequest(t, profile, "individual-onboarding")

			r := a.api(t, "POST", "/4.0/forms/profile/"+profile+"/customer_request", requestBody("individual-onboarding"))

			if r.status != c.status || (r.text("id") == id) != c.same {
				t.Errorf("status %d: %s", r.status, r.raw)
			}
			if diff := cmp.Diff(c.kinds, a.kinds()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestConcurrentRequestsMakeOneActive(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	path := "/4.0/forms/profile/" + a.addStub(t) + "/customer_request"

	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() { a.api(t, "POST", path, requestBody("individual-onboarding")) })
	}
	wg.Wait()

	if diff := cmp.Diff([]string{"profile.create", "customer_request.create"}, a.kinds()); diff != "" {
		t.Error(diff)
	}
}

func TestCustomerRequestRefusesWhatItCannotUse(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	path := "/4.0/forms/profile/" + a.addStub(t) + "/customer_request"

	for name, c := range map[string]struct {
		body string
		code int
	}{
		"no JSON":       {`{"type": "FLOW', }`, 201},
		"no type":       {`{"flow_template":{"alias":"individual-onboarding"},"theme":{"alias":"default"}}`, 101},
		"other type":    {`{"type":"FORM","flow_template":{"alias":"individual-onboarding"},"theme":{"alias":"default"}}`, 201},
		"no flow":       {`{"type":"FLOW","theme":{"alias":"default"}}`, 101},
		"unknown flow":  {requestBody("no-such-flow"), 201},
		"foreign flow":  {requestBody("company-onboarding"), 201},
		"no theme":      {`{"type":"FLOW","flow_template":{"alias":"individual-onboarding"}}`, 101},
		"unknown theme": {`{"type":"FLOW","flow_template":{"alias":"individual-onboarding"},"theme":{"alias":"x"}}`, 201},
	} {
		if r := a.api(t, "POST", path, c.body); r.status != http.StatusBadRequest || r.code() != c.code {
			t.Errorf("%s: status %d code %d, want 400 and %d", name, r.status, r.code(), c.code)
		}
	}
}

func TestIsCompletedHidesWhetherItExpired(t *testing.T) {
	t.Parallel()
	for _, state := range []passfort.State{passfort.Completed, passfort.Expired} {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			a := open(t, passfort.Options{})
			profile := a.addStub(t)
			id, key := a.addRequest(t, profile, "individual-onboarding")
			if err := a.SetRequestState(id, state); err != nil {
				t.Fatal(err)
			}

			got := a.api(t, "GET", "/4.0/forms/profile/"+profile+"/customer_request", "")

			if diff := cmp.Diff(map[string]any{"id": id, "apikey": key, "is_completed": true}, got.body); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadWithoutARequestIsAnUnknown(t *testing.T) {
	t.Parallel()
	for option, c := range map[string]struct {
		status int
		raw    string
	}{
		"":          {http.StatusNotFound, "errors"},
		"not_found": {http.StatusNotFound, "errors"},
		"null":      {http.StatusOK, "null"},
	} {
		a := open(t, passfort.Options{MissingRequest: option})
		r := a.api(t, "GET", "/4.0/forms/profile/"+a.addStub(t)+"/customer_request", "")
		if r.status != c.status || !strings.Contains(r.raw, c.raw) {
			t.Errorf("option %q: status %d: %s", option, r.status, r.raw)
		}
	}
}

func TestRequestOfAnUnknownProfileIsNotFound(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	path := "/4.0/forms/profile/no-such-profile/customer_request"

	for method, body := range map[string]string{"GET": "", "POST": requestBody("individual-onboarding")} {
		if r := a.api(t, method, path, body); r.status != http.StatusNotFound || r.code() == 0 {
			t.Errorf("%s: status %d: %s", method, r.status, r.raw)
		}
	}
}

func TestExtendedAnswersCarryMore(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{ExtendedRequest: true, CreateStatus: http.StatusCreated})
	profile := a.addStubAs(t, http.StatusCreated)
	path := "/4.0/forms/profile/" + profile + "/customer_request"

	made := a.api(t, "POST", path, requestBody("individual-onboarding"))
	read := a.api(t, "GET", path, "")

	id, key := made.text("id"), made.text("apikey")
	for what, r := range map[string]reply{"create": made, "read": read} {
		if r.text("profile_id") != profile || r.text("expiry") != "2026-05-30 12:00:00" ||
			r.text("url") != "https://company.example/onboarding?request_id="+id+"&apikey="+key ||
			at(r.body, "forms", 1, "form_template", "alias") != "optional-document" {
			t.Errorf("%s: %s", what, r.raw)
		}
	}
	if _, told := made.body["is_completed"]; told || read.body["is_completed"] != false || made.status != http.StatusCreated {
		t.Errorf("create: %d %s, read: %s", made.status, made.raw, read.raw)
	}
}

// addStubAs creates the stub of a person, which is answered with this status.
func (a *account) addStubAs(t *testing.T, status int) string {
	t.Helper()
	r := a.api(t, "POST", "/4.0/profiles", `{"role":"INDIVIDUAL_CUSTOMER","collected_data":{"entity_type":"INDIVIDUAL"}}`)
	if r.status != status {
		t.Fatalf("creating a profile: %d %s", r.status, r.raw)
	}
	return r.text("id")
}

func TestReplacedRequestOpensNothingAnyMore(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{SecondRequest: passfort.Replace})
	old := openPerson(t, a)
	old.submit(t, yourDetails, alex)

	id, key := a.addRequest(t, old.profile, "individual-onboarding")

	if r := old.call(t, "GET", "", ""); r.status != http.StatusGone {
		t.Errorf("the old link: status %d: %s", r.status, r.raw)
	}
	fresh := frame{a, old.profile, id, key}
	if got := fresh.form(t, yourDetails); got.Submitted || got.answers()["family_name"] != "Wheeler" {
		t.Errorf("the new request's form: %+v", got)
	}
	if r := fresh.read(t); r.text("id") != id || r.body["is_completed"] != false {
		t.Errorf("read: %s", r.raw)
	}
	fresh.submit(t, yourDetails, alex)
	fresh.submit(t, yourDocument, nil)
	fresh.finish(t)
	if got := old.overview(t).State; got != passfort.Expired {
		t.Errorf("the old request is %s", got)
	}
}

func TestCompletedRequestMakesRoomForAnother(t *testing.T) {
	t.Parallel()
	f := openPerson(t, open(t, passfort.Options{}))
	f.endAs(t, passfort.Completed)

	id, _ := f.account.addRequest(t, f.profile, "individual-onboarding")

	if r := f.read(t); r.text("id") != id || id == f.id {
		t.Errorf("read: %s", r.raw)
	}
}
