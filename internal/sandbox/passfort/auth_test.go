package passfort_test

import (
	"net/http"
	"strings"
	"testing"

	"portal/internal/sandbox/passfort"
)

func TestCallsNeedTheMasterKey(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	_, requestKey := a.addRequest(t, a.addStub(t), "individual-onboarding")

	for name, c := range map[string]struct {
		query   string
		headers []string
		status  int
		code    int
	}{
		"missing":              {"", nil, http.StatusUnauthorized, 203},
		"empty":                {"?apikey=", []string{"apikey", ""}, http.StatusUnauthorized, 203},
		"wrong":                {"", []string{"apikey", "no-such-key"}, http.StatusUnauthorized, 204},
		"part of it":           {"", []string{"apikey", masterKey[1:]}, http.StatusUnauthorized, 204},
		"wrong in the query":   {"?apikey=x", nil, http.StatusUnauthorized, 204},
		"of a request":         {"", []string{"apikey", requestKey}, http.StatusForbidden, 204},
		"of a request, query":  {"?apikey=" + requestKey, nil, http.StatusForbidden, 204},
		"as a bearer":          {"", []string{"Authorization", "Bearer " + masterKey}, http.StatusUnauthorized, 203},
		"master, upper case":   {"", []string{"APIKEY", masterKey}, http.StatusOK, 0},
		"master, in the query": {"?apikey=" + masterKey, nil, http.StatusOK, 0},
		"header before query":  {"?apikey=" + masterKey, []string{"apikey", "x"}, http.StatusUnauthorized, 204},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, path := range []string{"/4.0/whoami", "/4.0/profiles"} {
				r := a.do(t, "GET", path+c.query, "", c.headers...)
				if r.status != c.status || r.code() != c.code {
					t.Errorf("%s: status %d code %d, want %d and %d", path, r.status, r.code(), c.status, c.code)
				}
			}
		})
	}
}

// general are calls of the API, of one profile and of none.
var general = []string{
	"GET /4.0/whoami", "GET /4.0/profiles", "POST /4.0/profiles", "GET /4.0/search/companies", "GET /4.0/tags/search/x",
	"GET PROFILE", "GET PROFILE/collected_data", "POST PROFILE/collected_data", "POST PROFILE/collected_data/documents",
	"GET PROFILE/applications", "POST PROFILE/applications", "GET PROFILE/tasks", "POST PROFILE/tasks", "GET PROFILE/checks",
	"POST PROFILE/checks", "POST PROFILE/tags", "GET PROFILE/events", "GET PROFILE/audit-items", "GET PROFILE/status",
	"POST PROFILE/status", "GET PROFILE/document_images", "GET FORMS/customer_request", "POST FORMS/customer_request",
}

func callOf(line, profile string) (method, path string) {
	method, path, _ = strings.Cut(line, " ")
	path = strings.Replace(path, "PROFILE", "/4.0/profiles/"+profile, 1)
	return method, strings.Replace(path, "FORMS", "/4.0/forms/profile/"+profile, 1)
}

func TestKeyOfARequestIsRefusedOutsideItsScope(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	profile := a.addStub(t)
	_, key := a.addRequest(t, profile, "individual-onboarding")
	before := a.profile(t, profile).raw

	for _, line := range general {
		method, path := callOf(line, profile)
		r := a.do(t, method, path, requestBody("individual-onboarding"), "apikey", key)
		if r.status != http.StatusForbidden || r.code() != 204 {
			t.Errorf("%s: status %d code %d, want 403 and 204", line, r.status, r.code())
		}
	}
	if after := a.profile(t, profile).raw; after != before {
		t.Error("the profile has changed")
	}
}

func TestKeyOfARequestMayReadItsOwnProfileIfAnOptionSaysSo(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{RequestKeyReads: true})
	own, other := a.addStub(t), a.addStub(t)
	_, key := a.addRequest(t, own, "individual-onboarding")

	for _, line := range general {
		for _, profile := range []string{own, other} {
			method, path := callOf(line, profile)
			want := http.StatusForbidden
			if method == "GET" && profile == own && strings.Contains(path, own) {
				want = http.StatusOK
			}
			r := a.do(t, method, path, requestBody("individual-onboarding"), "apikey", key)
			if r.status != want {
				t.Errorf("%s, own %v: status %d, want %d", line, profile == own, r.status, want)
			}
		}
	}
}

func TestWhoamiNamesTheInstitution(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})

	r := a.api(t, "GET", "/4.0/whoami", "")

	logo, named := r.at("institution").(map[string]any)["logo_url"]
	if r.status != http.StatusOK || r.at("institution", "name") != "Northlight" || r.at("institution", "id") == nil ||
		r.text("auditee_name") == "" || !named || logo != nil {
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
