package passfort_test

import (
	"net/http"
	"testing"

	"portal/internal/sandbox/passfort"
)

func TestCallsNeedTheMasterKey(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	_, requestKey := a.addRequest(t, a.addStub(t), "individual-onboarding")

	for name, c := range map[string]struct {
		headers []string
		status  int
		code    int
	}{
		"missing":            {nil, http.StatusUnauthorized, 203},
		"wrong":              {[]string{"apikey", "no-such-key"}, http.StatusUnauthorized, 204},
		"of a request":       {[]string{"apikey", requestKey}, http.StatusForbidden, 204},
		"as a bearer":        {[]string{"Authorization", "Bearer " + masterKey}, http.StatusUnauthorized, 203},
		"master, upper case": {[]string{"APIKEY", masterKey}, http.StatusOK, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, path := range []string{"/4.0/whoami", "/4.0/profiles"} {
				r := a.do(t, "GET", path, "", c.headers...)
				if r.status != c.status || r.code() != c.code {
					t.Errorf("%s: status %d code %d, want %d and %d", path, r.status, r.code(), c.status, c.code)
				}
			}
		})
	}
}

func TestRequestKeyCannotMakeAnotherRequest(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	profile := a.addStub(t)
	_, requestKey := a.addRequest(t, profile, "individual-onboarding")

	r := a.do(t, "POST", "/4.0/forms/profile/"+profile+"/customer_request", requestBody("individual-onboarding"), "apikey", requestKey)

	if r.status != http.StatusForbidden || r.code() != 204 {
		t.Errorf("status %d code %d, want 403 and 204", r.status, r.code())
	}
}

func TestWhoamiNamesTheInstitution(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})

	r := a.api(t, "GET", "/4.0/whoami", "")

	institution, ok := r.body["institution"].(map[string]any)
	if r.status != http.StatusOK || !ok || institution["name"] == "" || r.text("auditee_name") == "" {
		t.Errorf("status %d: %s", r.status, r.raw)
	}
}

func TestUnknownAddressIsADocumentedError(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})

	for _, method := range []string{"GET", "DELETE"} {
		if r := a.api(t, method, "/4.0/no/such", ""); r.status != http.StatusNotFound || r.code() != 201 {
			t.Errorf("%s: status %d code %d, want 404 and 201", method, r.status, r.code())
		}
	}
}
