package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// heard is an answer of the API.
type heard struct {
	status int
	wait   time.Duration // what Retry-After says
	body   []byte
}

// api makes a call as the company's back end does.
func (w *world) api(t *testing.T, method, path string, body any) heard {
	t.Helper()
	h, err := w.tryAPI(t, method, path, body)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// tryAPI is api from any goroutine.
func (w *world) tryAPI(t *testing.T, method, path string, body any) (h heard, err error) {
	text, err := json.Marshal(body)
	if err != nil {
		return h, err
	}
	r, err := http.NewRequestWithContext(t.Context(), method, w.address("/api/v1"+path), bytes.NewReader(text))
	if err != nil {
		return h, err
	}
	r.Header.Set("Authorization", "Bearer "+defaults["PORTAL_API_KEYS"])
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return h, err
	}
	defer resp.Body.Close()
	h.status = resp.StatusCode
	h.wait, _ = time.ParseDuration(resp.Header.Get("Retry-After") + "s") // none is no time
	h.body, err = io.ReadAll(resp.Body)
	return h, err
}

// into reads an answer of that status.
func (h heard) into(t *testing.T, status int, answer any) {
	t.Helper()
	if err := json.Unmarshal(h.body, answer); err != nil || h.status != status {
		t.Fatalf("status %d, want %d; %v in %s", h.status, status, err, h.body)
	}
}

// registered is somebody who has begun the registration of a company by a link of the company's back end.
type registered struct {
	*visitor
	subject, id string // of the person, and of the registration
	form        pair
}

func (w *world) registered(t *testing.T) registered {
	t.Helper()
	r := registered{visitor: w.visitor(t), subject: strings.TrimSuffix(newcomer(), "@example.com")}
	at := strings.TrimPrefix(w.apiLink(t, map[string]any{"subject": r.subject, "flow": "company"}), w.origin())
	r.form = r.visitor.form(r.send(r.get(at), "Sign in and continue", nil))
	r.id = w.reference(t, r.form)
	return r
}

// associates is the address of those behind the company in the API.
func (r registered) associates() string { return "/registrations/" + r.subject + "/associates" }

// director is what the back end knows of one.
func director(name string) map[string]any {
	return map[string]any{"entity_type": "INDIVIDUAL", "family_name": name, "roles": []string{"DIRECTOR"}}
}
