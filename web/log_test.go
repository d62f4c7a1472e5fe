package web_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"portal/internal/sandbox/faults"
	sandboxforms "portal/internal/sandbox/passfort"
)

// A log is read by many and kept for long: it must tell what happened, and nothing that is somebody's.
func TestLogOfAJourneyHoldsNoSecretAndNoPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	w.ruin(faults.Rule{Method: http.MethodPost, Path: "/4.0/forms/", When: faults.After, Kind: faults.Reset, Count: 1})
	b.get(link)
	b.get("?request_id=" + linkID)
	b.get("?token=a-token-in-the-query&flow=nope")
	b.post("/sign-in", "email", "no-address-of-ada")
	b.post("/sign-in", "email", "ada.lovelace@example.com", "flow", "individual")
	code := w.code("ada.lovelace@example.com")
	b.post("/sign-in/code", "code", otherThan(code))
	secrets := []string{b.cookies()["__Secure-portal_sign_in"]}
	b.post("/sign-in/code", "code", code).leads("?flow=individual")
	b.await("open")
	opened := b.get("?flow=individual").pair()
	b.get("/complete?flow=individual&look=2")
	w.end(opened, sandboxforms.Completed)
	b.get("/complete").leads("https://www.example.com/thanks/individual")
	secrets = append(secrets, b.cookies()["__Secure-portal_session"])
	b.post("/sign-out")
	if err := w.sandbox.Mailbox().Close(); err != nil {
		t.Fatal(err)
	}
	b.post("/sign-in", "email", "ada.lovelace@example.com")
	w.pool.Close()
	b.post("/sign-in", "email", "ada.lovelace@example.com").shows(http.StatusServiceUnavailable)

	secrets = append(secrets, linkID, linkKey, "a-token-in-the-query", "no-address-of-ada", "ada.lovelace", code, otherThan(code),
		opened.RequestID, opened.APIKey, "sandbox-master-key", "flow=", "look=", "127.0.0.1")
	log := w.log.String()
	for _, secret := range secrets {
		if secret == "" {
			t.Fatal("a secret is not known")
		}
		if line := lineWith(log, secret); line != "" {
			t.Errorf("the log holds %s: %s", secret, line)
		}
	}
	checkLines(t, log)
}

func lineWith(log, text string) string {
	for line := range strings.Lines(log) {
		if strings.Contains(line, text) && !(text == "127.0.0.1" && !strings.Contains(line, `"msg":"request"`)) {
			return line
		}
	}
	return ""
}

// checkLines checks that there is a line for each request, by its route.
func checkLines(t *testing.T, log string) {
	t.Helper()
	routes := map[string]int{}
	for line := range strings.Lines(log) {
		var entry struct {
			Msg, Method, Route, Client string
			Status                     int
			RequestID                  string `json:"request_id"`
		}
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if entry.Msg != "request" {
			continue
		}
		routes[entry.Method+" "+entry.Route]++
		if entry.Status == 0 || entry.RequestID == "" || entry.Client != "127.0.0.0/24" {
			t.Errorf("the line lacks something: %s", line)
		}
	}
	for route, n := range map[string]int{
		"POST /onboarding/sign-in": 4, "POST /onboarding/sign-in/code": 2, "GET /onboarding/complete": 2, "POST /onboarding/sign-out": 1,
	} {
		if routes[route] != n {
			t.Errorf("%d lines for %s, want %d, of %v", routes[route], route, n, routes)
		}
	}
}
