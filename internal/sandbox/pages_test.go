package sandbox_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"portal/internal/sandbox"
)

// press submits a form as a browser does.
func (w world) press(t *testing.T, path string, fields url.Values) (int, http.Header, string) {
	t.Helper()
	return w.do(t, "POST", path, fields.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin")
}

// page reads a page.
func (w world) page(t *testing.T, path string) string {
	t.Helper()
	status, _, page := w.do(t, "GET", path, "")
	if status != http.StatusOK {
		t.Fatalf("GET %s: %d %s", path, status, page)
	}
	return page
}

func contains(page, part string) bool { return strings.Contains(page, part) }

func TestFormsComeBackToTheirPageAndSayWhatTheyDid(t *testing.T) {
	t.Parallel()
	w := openWithMail(t)
	invitation := url.Values{"flow_template": {"individual-onboarding"}, "to": {"jo@example.com"}}

	for back, want := range map[string]string{
		"":                       "/?done=invited",
		"/requests":              "/requests?done=invited",
		"/calls?live=1#x":        "/calls?done=invited&live=1#x",
		"https://evil.example/":  "/?done=invited",
		"//evil.example/":        "/?done=invited",
		"/\\evil.example":        "/%5Cevil.example?done=invited",
		"javascript:alert(1)":    "/?done=invited",
		"/requests?done=ordered": "/requests?done=invited",
	} {
		invitation.Set("back", back)
		status, header, page := w.press(t, "/staff/requests", invitation)
		if status != http.StatusSeeOther || header.Get("Location") != want {
			t.Errorf("back to %q: %d to %q %s", back, status, header.Get("Location"), page)
		}
	}
	if page := w.page(t, "/requests?done=invited"); !contains(page, `role="status">The profile and its request were created`) {
		t.Error("the page does not say what was done")
	}
	if page := w.page(t, "/requests?done=anything"); contains(page, `role="status"`) {
		t.Error("the page says what the address wants it to")
	}
}

func TestProblemsArePagesWithAWayBack(t *testing.T) {
	t.Parallel()
	w := openWithMail(t)
	made := w.invite(t, "individual-onboarding", "jo@example.com")
	ended := "/staff/requests/" + made.RequestID + "/state"
	w.press(t, ended, url.Values{"state": {"EXPIRED"}})

	for name, c := range map[string]struct {
		path   string
		fields url.Values
		status int
		says   string
	}{
		"unknown profile":  {"/staff/profiles/none/events", url.Values{"event_type": {"PEP_FLAG"}}, 404, "not found"},
		"unknown rule":     {"/faults/x/delete", nil, 404, "No such rule"},
		"over":             {ended, url.Values{"state": {"COMPLETED"}}, 409, "EXPIRED"},
		"webhooks off":     {"/webhooks", url.Values{"mode": {"unknown"}}, 409, "Webhooks are off"},
		"wrong option":     {"/staff/options", url.Values{"create_status": {"204"}}, 400, "must be 200 or 201"},
		"no number":        {"/staff/options", url.Values{"create_status": {"x"}}, 400, "must be a whole number"},
		"two wrong fields": {"/faults", url.Values{"kind": {"boom"}, "when": {"never"}}, 400, "<p>When is"},
		"no score":         {"/staff/profiles/none/risk", url.Values{"score": {"high"}}, 400, "must be a number"},
		"no preset":        {"/faults/preset", url.Values{"preset": {"x"}}, 400, "There is no such preset."},
		"no file":          {"/state", nil, 400, "Choose a file with a saved state"},
		"broken form":      {"/clock", nil, 400, "must be a duration"},
		"too large":        {"/clock", url.Values{"advance": {strings.Repeat("1", 2<<20)}}, 413, "too large"},
	} {
		if c.fields == nil {
			c.fields = url.Values{}
		}
		c.fields.Set("back", "/options")
		status, header, page := w.press(t, c.path, c.fields)
		if status != c.status || !contains(page, c.says) || !strings.HasPrefix(header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: %d, want %d saying %q: %s", name, status, c.status, c.says, page)
		}
		if name != "too large" && !contains(page, `<a href="/options">Go back</a>`) {
			t.Errorf("%s: no way back", name)
		}
	}
}

func TestPagesHaveOneNavigationAndNoInlineCode(t *testing.T) {
	t.Parallel()
	w := openSeeded(t)
	w.press(t, "/faults/preset", url.Values{"preset": {"storm"}})
	profile, applicant := w.PassFort().Overviews(1)[0].ID, w.find("{applicant}")

	for path, here := range map[string]string{
		"/": "Start", "/profiles": "Profiles", "/profiles/" + profile: "Profiles", "/requests": "Customer requests",
		"/webhooks": "Webhooks", "/webhooks/sumsub": "Sumsub’s webhooks", "/applicants": "Applicants", "/applicants/" + applicant: "Applicants", "/options/sumsub": "Options", "/mail": "Mailbox", "/mail?to=nobody@example.com": "Mailbox", "/mail/1": "Mailbox",
		"/faults": "Faults", "/calls": "Calls", "/calls/1": "Calls", "/options": "Options", "/company/thanks": "", "/company/notices": "",
	} {
		status, header, page := w.do(t, "GET", path, "")
		if status != http.StatusOK || !strings.HasPrefix(header.Get("Content-Security-Policy"), "default-src 'none'; style-src 'self'") {
			t.Errorf("%s: status %d, policy %q", path, status, header.Get("Content-Security-Policy"))
		}
		if here != "" && (!contains(page, `aria-current="page">`+here) || strings.Count(page, "aria-current") != 1) {
			t.Errorf("%s is not in the navigation as %s", path, here)
		}
		for _, inline := range []string{"<script", "<style", "style=", " on", "ZgotmplZ", "<no value>"} {
			if inline == " on" {
				inline = " onclick="
			}
			if contains(page, inline) {
				t.Errorf("%s has %s", path, inline)
			}
		}
		if contains(page, `http-equiv="refresh"`) {
			t.Errorf("%s reloads by itself", path)
		}
	}
}

func TestOnlyLivePagesReloadByThemselves(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	for path, live := range map[string]bool{"/calls?live=1": true, "/webhooks?live=1": true, "/webhooks/sumsub?live=1": true, "/faults?live=1": false, "/?live=1": false} {
		if page := w.page(t, path); contains(page, `http-equiv="refresh"`) != live {
			t.Errorf("%s: want %t", path, live)
		}
	}
}

func TestUnknownAddressesAreNotFound(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})

	for _, path := range []string{"/mail/77", "/mail/77/html", "/none", "/profiles/none", "/applicants/none", "/calls/1", "/calls/x"} {
		if status, _, page := w.do(t, "GET", path, ""); status != http.StatusNotFound || !contains(page, "<h1>That did not work</h1>") {
			t.Errorf("%s: status %d, want 404", path, status)
		}
	}
	for _, path := range []string{"/_sandbox/none", "/_sandbox/passfort/none", "/_sandbox/passfort/profiles/none", "/_sandbox/sumsub/applicants/none", "/_sandbox/calls/1", "/_sandbox/calls/x"} {
		if status, _, body := w.do(t, "GET", path, ""); status != http.StatusNotFound || decode[map[string]string](t, body)["error"] == "" {
			t.Errorf("%s: status %d %s", path, status, body)
		}
	}
}

func TestStylesAreServed(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	seen := map[string]bool{}
	for _, path := range []string{"/style.css", "/workbench.css", "/forms.css", "/company/style.css"} {
		status, header, style := w.do(t, "GET", path, "")
		if status != http.StatusOK || seen[style] || !strings.HasPrefix(header.Get("Content-Type"), "text/css") {
			t.Errorf("%s: status %d, type %q", path, status, header.Get("Content-Type"))
		}
		seen[style] = true
	}
}
