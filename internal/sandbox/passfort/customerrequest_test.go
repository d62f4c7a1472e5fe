package passfort_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
)

func TestCustomerRequestIsAnsweredWithIdAndKey(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	profile := a.addStub(t)
	path := "/4.0/forms/profile/" + profile + "/customer_request"

	if r := a.api(t, "GET", path, ""); r.status != http.StatusNotFound {
		t.Errorf("before: status %d, want 404", r.status)
	}
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

func TestRequestExpiresAfterNinetyDays(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	profile := a.addStub(t)
	path := "/4.0/forms/profile/" + profile + "/customer_request"
	first, _ := a.addRequest(t, profile, "individual-onboarding")

	a.advance(t, 90*24*time.Hour-time.Second)
	if r := a.api(t, "GET", path, ""); r.body["is_completed"] != false {
		t.Errorf("a second before: %s", r.raw)
	}
	a.advance(t, time.Second)
	if r := a.api(t, "GET", path, ""); r.body["is_completed"] != true {
		t.Errorf("after 90 days: %s", r.raw)
	}

	second, _ := a.addRequest(t, profile, "individual-onboarding")
	if r := a.api(t, "GET", path, ""); first == second || r.text("id") != second || r.body["is_completed"] != false {
		t.Errorf("the most recent request: %s", r.raw)
	}
}
