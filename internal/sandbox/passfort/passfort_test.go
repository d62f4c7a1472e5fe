package passfort_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"portal/internal/sandbox/clock"
	"portal/internal/sandbox/effects"
	"portal/internal/sandbox/passfort"
)

const masterKey = "test-master-key"

// account is a provider behind a real server, and everything a test wants to know of it.
type account struct {
	*passfort.Provider
	url     string
	client  *http.Client // of this server alone: the default one loses its connections when any test server closes
	clock   *clock.Clock
	effects *effects.Log

	mu       sync.Mutex
	sent     []string  // e-mails
	webhooks []webhook // in order
}

// webhook is an event as it was queued.
type webhook struct {
	event string
	data  map[string]any // as JSON knows it
}

// open starts an account whose unknowns are as given.
func open(t *testing.T, unknowns passfort.Options) *account {
	t.Helper()
	return openWith(t, func(c *passfort.Config) { c.Options = unknowns })
}

// openWith starts an account whose configuration is changed first.
func openWith(t *testing.T, change func(c *passfort.Config)) *account {
	t.Helper()
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	a := &account{clock: clock.New(func() time.Time { return noon }), effects: &effects.Log{}}
	config := passfort.Config{
		MasterKey:   masterKey,
		RedirectURL: "https://company.example/done",
		FormURL:     "https://company.example/onboarding",
		Now:         a.clock.Now,
		Record:      a.effects.Add,
		Send:        a.send,
		Notify:      a.notify,
	}
	change(&config)
	a.Provider = passfort.New(config)
	router := chi.NewRouter()
	a.API(router)
	a.Collect(router)
	server := httptest.NewServer(router)
	t.Cleanup(a.Close)
	t.Cleanup(server.Close)
	a.url, a.client = server.URL, server.Client()
	return a
}

func (a *account) send(_, to, message string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.sent = append(a.sent, to+"\n"+message)
	return nil
}

func (a *account) notify(event string, data map[string]any) {
	raw, err := json.Marshal(data)
	if err != nil {
		panic(err)
	}
	w := webhook{event: event}
	if err := json.Unmarshal(raw, &w.data); err != nil {
		panic(err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.webhooks = append(a.webhooks, w)
}

// events are the names of the webhooks queued so far, in order.
func (a *account) events() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	names := []string{}
	for _, w := range a.webhooks {
		names = append(names, w.event)
	}
	return names
}

// reply is an answer, its body decoded.
type reply struct {
	status int
	header http.Header
	body   map[string]any
	raw    string
}

// text is a text in the answer's body.
func (r reply) text(name string) string {
	s, _ := r.body[name].(string)
	return s
}

// code is the error code in the answer's body, zero if it is no error.
func (r reply) code() int {
	list, _ := r.body["errors"].([]any)
	if len(list) == 0 {
		return 0
	}
	item, _ := list[0].(map[string]any)
	code, _ := item["code"].(float64)
	return int(code)
}

// do makes a call; headers are name and value in turn.
func (a *account) do(t *testing.T, method, path, body string, headers ...string) reply {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, a.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := a.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	r := reply{status: resp.StatusCode, header: resp.Header, raw: string(raw)}
	if bytes.HasPrefix(raw, []byte("{")) {
		if err := json.Unmarshal(raw, &r.body); err != nil {
			t.Fatalf("%s %s answered no JSON: %s", method, path, raw)
		}
	}
	return r
}

// api makes a call with the master key.
func (a *account) api(t *testing.T, method, path, body string, headers ...string) reply {
	t.Helper()
	return a.do(t, method, path, body, append(headers, "apikey", masterKey)...)
}

// addProfile creates a profile and returns its id.
func (a *account) addProfile(t *testing.T, role, data string) string {
	t.Helper()
	r := a.api(t, "POST", "/4.0/profiles", `{"role":"`+role+`","collected_data":`+data+`}`)
	if r.status != http.StatusOK {
		t.Fatalf("creating a profile: %d %s", r.status, r.raw)
	}
	return r.text("id")
}

// addStub creates the stub of a person.
func (a *account) addStub(t *testing.T) string {
	t.Helper()
	return a.addProfile(t, "INDIVIDUAL_CUSTOMER", `{"entity_type":"INDIVIDUAL"}`)
}

// addRequest creates a customer request and returns its id and key.
func (a *account) addRequest(t *testing.T, profileID, flow string) (id, key string) {
	t.Helper()
	r := a.api(t, "POST", "/4.0/forms/profile/"+profileID+"/customer_request", requestBody(flow))
	if r.status != http.StatusOK {
		t.Fatalf("creating a customer request: %d %s", r.status, r.raw)
	}
	return r.text("id"), r.text("apikey")
}

func requestBody(flow string) string {
	return `{"type":"FLOW","flow_template":{"alias":"` + flow + `"},"theme":{"alias":"default"}}`
}

// kinds are the kinds of everything that happened, in order.
func (a *account) kinds() []string {
	list := []string{}
	for _, e := range a.effects.All() {
		list = append(list, e.Kind)
	}
	return list
}

// advance lets time pass, and what becomes due in it happen.
func (a *account) advance(t *testing.T, d time.Duration) {
	t.Helper()
	a.leap(d)
}

// leap is advance for goroutines of a test.
func (a *account) leap(d time.Duration) {
	then, err := a.clock.After(d)
	if err != nil {
		panic(err)
	}
	a.clock.AdvanceTo(then)
	a.Wake()
}
