package sandbox_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"portal/internal/sandbox"
)

func TestControlRefusesInSentences(t *testing.T) {
	t.Parallel()
	w := openWithMail(t)
	made := w.invite(t, "individual-onboarding", "jo@example.com")
	state := "/_sandbox/passfort/requests/" + made.RequestID + "/state"

	for name, c := range map[string]struct {
		method, path, body string
		status             int
		says               string
	}{
		"no JSON":          {"POST", "/_sandbox/clock", `{`, 400, "cannot be used"},
		"a list":           {"POST", "/_sandbox/clock", `[]`, 400, "cannot be used"},
		"two objects":      {"POST", "/_sandbox/clock", `{"advance":"1h"}{}`, 400, "single JSON object"},
		"unknown member":   {"POST", "/_sandbox/faults", `{"kind":"hang","delay":5}`, 400, `unknown field "delay"`},
		"unknown kind":     {"POST", "/_sandbox/faults", `{"kind":"boom"}`, 400, "status, reset, hang, slow or garbage"},
		"unknown option":   {"PATCH", "/_sandbox/passfort/options", `{"create":1}`, 400, `unknown field "create"`},
		"wrong option":     {"PATCH", "/_sandbox/passfort/options", `{"create_status":204}`, 400, "must be 200 or 201"},
		"no duration":      {"POST", "/_sandbox/clock", `{"advance":"tomorrow"}`, 400, "duration such as 24h"},
		"backwards":        {"POST", "/_sandbox/clock", `{"advance":"-1h"}`, 400, "only be advanced"},
		"unknown state":    {"POST", state, `{"state":"SENT"}`, 400, "COMPLETED or EXPIRED"},
		"unknown request":  {"POST", "/_sandbox/passfort/requests/none/state", `{"state":"EXPIRED"}`, 404, "not found"},
		"unknown flow":     {"POST", "/_sandbox/passfort/requests", `{"flow_template":"x","to":"a@example.com"}`, 400, "not known"},
		"nobody to e-mail": {"POST", "/_sandbox/passfort/requests/" + made.RequestID + "/email", `{"to":""}`, 400, "e-mail address"},
		"too large":        {"POST", "/_sandbox/clock", `{"advance":"` + strings.Repeat("1", 2<<20) + `"}`, 413, "too large"},
	} {
		status, _, body := w.do(t, c.method, c.path, c.body)
		said := decode[map[string]string](t, body)["error"]
		if status != c.status || !strings.Contains(said, c.says) {
			t.Errorf("%s: status %d, said %q", name, status, said)
		}
	}
}

func TestControlRefusesOtherSitesPages(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})

	for _, path := range []string{"/_sandbox/reset", "/staff/requests"} {
		status, _, _ := w.do(t, "POST", path, "", "Sec-Fetch-Site", "cross-site")
		if status != http.StatusForbidden {
			t.Errorf("%s: status %d, want 403", path, status)
		}
	}
}

func TestWrongMethodIsTold(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})

	status, header, page := w.do(t, "GET", "/faults/preset", "")
	if status != http.StatusMethodNotAllowed || header.Get("Allow") != "POST" || !contains(page, "That did not work") {
		t.Errorf("page: %d, Allow %q: %s", status, header.Get("Allow"), page)
	}
	status, header, body := w.do(t, "PUT", "/_sandbox/clock", "{}")
	if status != http.StatusMethodNotAllowed || strings.Join(header.Values("Allow"), " ") != "GET POST" || decode[map[string]string](t, body)["error"] == "" {
		t.Errorf("call: %d, Allow %q: %s", status, header.Values("Allow"), body)
	}
}

func TestNumbersThatJSONDoesNotKnowAreRefused(t *testing.T) {
	t.Parallel()
	w := openSeeded(t)
	profile := w.find("{profile}")

	for path, fields := range map[string]url.Values{
		"/staff/profiles/" + profile + "/risk": {"category": {"HIGH"}, "score": {"NaN"}},
		"/faults":                              {"kind": {"reset"}, "path": {"/4.0/none"}, "probability": {"NaN"}},
	} {
		if status, _, page := w.press(t, path, fields); status != http.StatusBadRequest || !contains(page, "must be a number") {
			t.Errorf("%s: status %d %s", path, status, page)
		}
	}
	if _, err := w.Save(); err != nil {
		t.Error(err)
	}
}
