package web_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"portal/internal/identity"
	"portal/internal/mail"
	"portal/internal/onboarding"
	"portal/internal/postgres"
	"portal/web"
)

// fixedAPIKey is one of the settings of the worlds' portals.
const fixedAPIKey = "a-key-of-the-settings"

// newAPI joins what the API takes.
func (w *world) newAPI(o wanted, a *web.Applicants, store *postgres.Store, log *slog.Logger) *web.API {
	return &web.API{
		Gate:  &identity.Gate{Keys: store, Allowances: store, Fixed: []identity.Token{fixedAPIKey}, Now: w.sandbox.Now},
		Links: a.Desk, Subjects: store, Profiles: a.Engine.Provider.(onboarding.ProfileReader),
		Bounces: &identity.Post{Deliveries: store, Parse: mail.ParseBounce, Observe: func(string) {}, Log: log, Now: a.Desk.Now},
	}
}

// program is one of the company's own, with a key. It holds every answer to the document.
type program struct {
	t      *testing.T
	portal http.Handler
	key    string
	client string          // address that calls come from
	seen   map[string]bool // answers, by operation and status
}

// program is one with a key made for it.
func (w *world) program(name string) *program {
	w.t.Helper()
	store := postgres.New(w.pool, sealKeys(w.t), postgres.NoJobs)
	gate := &identity.Gate{Keys: store, Allowances: store, Now: w.sandbox.Now}
	key, err := gate.NewKey(w.t.Context(), name)
	if err != nil {
		w.t.Fatal(err)
	}
	return &program{t: w.t, portal: w.web, key: key.Reveal(), seen: map[string]bool{}}
}

// with is the same program with another key.
func (p *program) with(key string) *program {
	other := *p
	other.key = key
	return &other
}

// on is the same program, calling another replica.
func (p *program) on(replica *world) *program {
	other := *p
	other.portal = replica.web
	return &other
}

// told is an answer of the API.
type told struct {
	t      *testing.T
	what   string
	status int
	header http.Header
	body   string
}

func (p *program) get(path string) told { p.t.Helper(); return p.call(http.MethodGet, path, "", nil) }

func (p *program) post(path, contentType, body string) told {
	p.t.Helper()
	return p.call(http.MethodPost, path, contentType, strings.NewReader(body))
}

// link asks for a link.
func (p *program) link(body string) told {
	p.t.Helper()
	return p.post("/links", "application/json", body)
}

func (p *program) call(method, path, contentType string, body io.Reader) told {
	p.t.Helper()
	r := httptest.NewRequestWithContext(p.t.Context(), method, publicURL+"/api/v1"+path, body)
	if p.key != "" {
		r.Header.Set("Authorization", "Bearer "+p.key)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	if p.client != "" {
		r.RemoteAddr = p.client
	}
	return p.send(r)
}

// problem checks that the answer is a problem of that status, and returns the places that it names.
func (a told) problem(status int) (pointers []string) {
	a.t.Helper()
	var body struct {
		Type, Title, Instance string
		Status                int
		Errors                []struct{ Pointer, Detail string }
	}
	err := json.Unmarshal([]byte(a.body), &body)
	if err != nil || a.status != status || body.Status != status || body.Title != http.StatusText(status) || body.Type == "" ||
		a.header.Get("Content-Type") != "application/problem+json" || body.Instance != a.header.Get("X-Request-Id") ||
		a.header.Get("Cache-Control") != "no-store" || len(a.header["Set-Cookie"]) > 0 {
		a.t.Errorf("%s is no problem of status %d, but %d: %v\n%s", a.what, status, a.status, a.header, a.body)
	}
	for _, one := range body.Errors {
		pointers = append(pointers, one.Pointer)
	}
	return pointers
}

// into decodes an answer of a status.
func (a told) into(status int, v any) {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s: status %d, want %d: %s", a.what, a.status, status, a.body)
	}
	if err := json.Unmarshal([]byte(a.body), v); err != nil {
		a.t.Fatalf("%s: %v: %s", a.what, err, a.body)
	}
}

// linkToken is the token of a link that was made.
func (a told) linkToken() identity.Token {
	a.t.Helper()
	var made struct {
		URL       string    `json:"url"`
		ExpiresAt time.Time `json:"expires_at"`
	}
	a.into(http.StatusCreated, &made)
	text, ok := strings.CutPrefix(made.URL, publicURL+"/sign-in/link/")
	token, good := identity.ParseToken(text)
	if !ok || !good || made.ExpiresAt.IsZero() {
		a.t.Fatalf("the link is %s", a.body)
	}
	return token
}

// escaped is a subject as it stands in an address.
func escaped(subject string) string { return "/registrations/" + url.PathEscape(subject) }
