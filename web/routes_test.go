package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/google/go-cmp/cmp"
)

// access is what a route gives to whom.
type access struct {
	nobody, applicant int    // statuses
	to                string // where nobody is sent with a 303
}

// accesses has a row for every route. An applicant is somebody who has a form open.
var accesses = map[string]access{
	"GET /onboarding/":              {http.StatusOK, http.StatusOK, ""},
	"GET /onboarding/complete":      {http.StatusOK, http.StatusOK, ""},
	"POST /onboarding/start":        {http.StatusSeeOther, http.StatusSeeOther, "/onboarding/sign-in?flow=individual"},
	"GET /onboarding/status":        {http.StatusUnauthorized, http.StatusOK, ""},
	"GET /onboarding/sign-in":       {http.StatusOK, http.StatusSeeOther, ""},
	"POST /onboarding/sign-in":      {http.StatusUnprocessableEntity, http.StatusUnprocessableEntity, ""},
	"POST /onboarding/sign-in/code": {http.StatusUnprocessableEntity, http.StatusUnprocessableEntity, ""},
	"POST /onboarding/sign-out":     {http.StatusOK, http.StatusOK, ""},
	"GET /":                         {http.StatusSeeOther, http.StatusSeeOther, "/onboarding"},
}

// routesOf lists the routes but for the static files, which are the same for everybody.
func routesOf(t *testing.T, w *world) (routes []string) {
	t.Helper()
	err := chi.Walk(w.web.Routes(), func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if !strings.Contains(route, "/static/") {
			routes = append(routes, method+" "+route)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(routes)
	return routes
}

func TestRoutesGiveNobodyWhatIsAnApplicants(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	ada := w.browser()
	hers := ada.start("ada@example.com", "individual")
	secrets := []string{
		hers.RequestID, hers.APIKey, "ada@example.com", w.text("select id::text from registrations"),
		w.text("select profile_id from registrations"), w.text("select applicant_id::text from registrations"),
	}
	others := map[string]*browser{"nobody": w.browser(), "somebody new": w.browser(), "another applicant": w.browser()}
	others["somebody new"].signIn("new@example.com")
	others["another applicant"].start("eve@example.com", "individual")
	before := w.text("select string_agg(r::text, '|' order by id) from registrations r where id::text = '" + secrets[3] + "'")
	for _, route := range routesOf(t, w) {
		want, ok := accesses[route]
		if !ok {
			t.Errorf("%s has no row in the table of this test", route)
			continue
		}
		method, path, _ := strings.Cut(route, " ")
		for who, b := range others {
			fresh := w.browser() // so that signing out ends nobody else's turn
			fresh.client.Jar.SetCookies(w.url, b.client.Jar.Cookies(w.url))
			if strings.HasSuffix(path, "/sign-out") {
				continue
			}
			for _, p := range asks(fresh, method, path, secrets) {
				for _, secret := range secrets {
					if strings.Contains(p.body, secret) || strings.Contains(strings.Join(p.header["Location"], " "), secret) {
						t.Errorf("%s gets %s of ada's from %s", who, secret, p.what)
					}
				}
			}
			if p := asks(fresh, method, path, nil)[0]; who == "nobody" && p.status != want.nobody || who == "another applicant" && p.status != want.applicant {
				t.Errorf("%s gets status %d from %s, want %+v", who, p.status, route, want)
			} else if who == "nobody" && p.header.Get("Location") != want.to {
				t.Errorf("%s leads nobody to %q, want %q", route, p.header.Get("Location"), want.to)
			}
		}
	}
	if diff := cmp.Diff(before, w.text("select string_agg(r::text, '|' order by id) from registrations r where id::text = '"+secrets[3]+"'")); diff != "" {
		t.Errorf("ada's registration has changed:\n%s", diff)
	}
	if ada.get("").pair() != hers {
		t.Error("ada's form has changed")
	}
}

// asks sends what the route expects, and then each of somebody's secrets under every name that could mean it.
func asks(b *browser, method, path string, secrets []string) (pages []page) {
	fields := url.Values{"flow": {"individual"}}
	if strings.HasSuffix(path, "/sign-in") || path == "/" {
		fields = url.Values{}
	}
	send := func(v url.Values) {
		address := "https://www.example.com" + path
		if method == http.MethodGet {
			pages = append(pages, b.do(b.request(method, address+"?"+v.Encode(), nil)))
			return
		}
		pages = append(pages, b.do(b.request(method, address, v)))
	}
	send(fields)
	for _, secret := range secrets {
		if strings.Contains(secret, "@") {
			continue // a form repeats the address typed into it
		}
		v := url.Values{"flow": {"individual"}}
		for _, name := range []string{"id", "registration", "registration_id", "applicant", "profile_id", "request_id", "reference"} {
			v.Set(name, secret)
		}
		send(v)
	}
	return pages
}
