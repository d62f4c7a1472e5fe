package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"testing"
)

// control makes a control call to the sandbox and decodes its answer.
func (w *world) control(t *testing.T, method, path string, body, answer any) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, w.sandbox(path), bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	said, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= 300 {
		t.Fatalf("%s %s: %d %s, %v", method, path, resp.StatusCode, said, err)
	}
	if err := json.Unmarshal(said, answer); err != nil {
		t.Fatalf("%s %s: %v in %s", method, path, err, said)
	}
}

// mail is a message in the sandbox's mailbox.
type mail struct {
	Subject string `json:"subject"`
	Text    string `json:"text"`
	HTML    string `json:"html"`
}

// newestMail is the last message to an address.
func (w *world) newestMail(t *testing.T, to string) mail {
	t.Helper()
	var list []mail
	w.control(t, http.MethodGet, "/_sandbox/mail?to="+url.QueryEscape(to), nil, &list)
	if len(list) == 0 {
		t.Fatalf("there is no mail to %s", to)
	}
	return list[0]
}

var sixDigits = regexp.MustCompile(`(?:^|\D)(\d{6})(?:\D|$)`)

// code is the sign-in code that was last sent to an address.
func (w *world) code(t *testing.T, to string) string {
	t.Helper()
	m := w.newestMail(t, to)
	found := sixDigits.FindStringSubmatch(m.Text)
	if found == nil {
		t.Fatalf("no code in %q", m.Text)
	}
	return found[1]
}

// effect is something that happened at the provider.
type effect struct {
	Kind        string `json:"kind"`
	ID          string `json:"id"`
	ProfileID   string `json:"profile_id"`
	CustomerRef string `json:"customer_ref"`
}

func (w *world) effects(t *testing.T) []effect {
	t.Helper()
	var list []effect
	w.control(t, http.MethodGet, "/_sandbox/effects", nil, &list)
	return list
}

// created counts what was created for each customer reference: "profile.create" and "customer_request.create".
func (w *world) created(t *testing.T) map[string]map[string]int {
	t.Helper()
	counts := map[string]map[string]int{}
	for _, e := range w.effects(t) {
		if once[e.Kind] == 0 {
			continue // the provider's own automation
		}
		if counts[e.CustomerRef] == nil {
			counts[e.CustomerRef] = map[string]int{}
		}
		counts[e.CustomerRef][e.Kind]++
	}
	return counts
}

// once is what is created for one registration.
var once = map[string]int{"profile.create": 1, "customer_request.create": 1}

// fault is an order for trouble at the provider.
type fault struct {
	Method  string `json:"method"`
	Path    string `json:"path"`
	When    string `json:"when"`
	Kind    string `json:"kind"`
	Status  int    `json:"status,omitempty"`
	DelayMS int    `json:"delay_ms,omitempty"`
}

func (w *world) order(t *testing.T, f fault) {
	t.Helper()
	w.control(t, http.MethodPost, "/_sandbox/faults", f, new(any))
}

// endFaults ends the trouble, and with it the calls that hang.
func (w *world) endFaults(t *testing.T) {
	t.Helper()
	w.control(t, http.MethodDelete, "/_sandbox/faults", nil, new(any))
}
