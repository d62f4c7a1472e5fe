package sumsub_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"portal/internal/sandbox/clock"
	"portal/internal/sandbox/effects"
	"portal/internal/sandbox/sumsub"
)

const (
	appToken  = "sbx:public.private"
	secretKey = "test-secret-key"
)

// account is a provider behind a real server, and everything a test wants to know of it.
type account struct {
	*sumsub.Provider
	url     string
	client  *http.Client // of this server alone: the default one loses its connections when any test server closes
	clock   *clock.Clock
	effects *effects.Log

	mu       sync.Mutex
	webhooks []webhook // in order
}

// webhook is an event as it was queued.
type webhook struct {
	event string
	data  map[string]any
}

// open starts an account whose unknowns are as given, without rate limits.
func open(t *testing.T, unknowns sumsub.Options) *account {
	t.Helper()
	unknowns.NoRateLimits = true
	return openWith(t, func(c *sumsub.Config) { c.Options = unknowns })
}

// openWith starts an account whose configuration is changed first. Its clock stands still.
func openWith(t *testing.T, change func(c *sumsub.Config)) *account {
	t.Helper()
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	a := &account{clock: clock.New(func() time.Time { return noon }), effects: &effects.Log{}}
	config := sumsub.Config{AppToken: appToken, SecretKey: secretKey, Now: a.clock.Now, Record: a.effects.Add, Notify: a.notify}
	change(&config)
	a.Provider = sumsub.New(config)
	router := chi.NewRouter()
	a.API(router)
	server := httptest.NewServer(router)
	t.Cleanup(a.Close)
	t.Cleanup(server.Close)
	a.url, a.client = server.URL, server.Client()
	return a
}

func (a *account) notify(event string, data map[string]any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.webhooks = append(a.webhooks, webhook{event, data})
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

// last is the webhook that was queued last.
func (a *account) last() webhook {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.webhooks[len(a.webhooks)-1]
}

// kinds are the kinds of everything that happened, in order.
func (a *account) kinds() []string {
	list := []string{}
	for _, e := range a.effects.All() {
		list = append(list, e.Kind)
	}
	return list
}

// reply is an answer, its body decoded.
type reply struct {
	status int
	header http.Header
	body   map[string]any
	raw    string
}

// at is a member of the answer, by the names that lead to it; nil if it is not there.
func (r reply) at(path ...string) any {
	var v any = r.body
	for _, name := range path {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	return v
}

// text is a text in the answer.
func (r reply) text(path ...string) string {
	s, _ := r.at(path...).(string)
	return s
}

// code is the errorCode, zero if there is none.
func (r reply) code() int {
	n, _ := r.at("errorCode").(float64)
	return int(n)
}

// signature signs as the documentation says, on its own.
func signature(secret, ts, method, target string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(ts + method + target))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// request makes a signed request.
func (a *account) request(t *testing.T, method, target, contentType string, body []byte) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, a.url+target, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	ts := strconv.FormatInt(a.clock.Now().Unix(), 10)
	req.Header.Set("X-App-Token", appToken)
	req.Header.Set("X-App-Access-Ts", ts)
	req.Header.Set("X-App-Access-Sig", signature(secretKey, ts, method, target, body))
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	return req
}

// do sends a request and reads the answer.
func (a *account) do(t *testing.T, req *http.Request) reply {
	t.Helper()
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
			t.Fatalf("%s answered no JSON: %s", req.URL, raw)
		}
	}
	return r
}

// api makes a signed call with a JSON body, or none.
func (a *account) api(t *testing.T, method, target, body string) reply {
	t.Helper()
	contentType := ""
	if body != "" {
		contentType = "application/json"
	}
	return a.do(t, a.request(t, method, target, contentType, []byte(body)))
}

// ok is api for a call that must succeed.
func (a *account) ok(t *testing.T, method, target, body string) reply {
	t.Helper()
	r := a.api(t, method, target, body)
	if r.status/100 != 2 {
		t.Fatalf("%s %s: %d %s", method, target, r.status, r.raw)
	}
	return r
}

// create makes an applicant of a level and returns its id.
func (a *account) create(t *testing.T, external, level string) string {
	t.Helper()
	return a.ok(t, "POST", "/resources/applicants?levelName="+level, `{"externalUserId":"`+external+`"}`).text("id")
}

// part is a part of an upload.
type part struct {
	name, fileName, contentType string
	body                        []byte
}

// form writes parts as multipart/form-data.
func form(t *testing.T, parts ...part) (contentType string, body []byte) {
	t.Helper()
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for _, p := range parts {
		h := textproto.MIMEHeader{}
		disposition := `form-data; name="` + p.name + `"`
		if p.fileName != "" {
			disposition += `; filename="` + p.fileName + `"`
		}
		h.Set("Content-Disposition", disposition)
		if p.contentType != "" {
			h.Set("Content-Type", p.contentType)
		}
		out, err := w.CreatePart(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.Write(p.body); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), buf.Bytes()
}

// about is the metadata of a document of Germany.
func about(docType, side string) string {
	if side == "" {
		return `{"idDocType":"` + docType + `","country":"DEU"}`
	}
	return `{"idDocType":"` + docType + `","country":"DEU","idDocSubType":"` + side + `"}`
}

// upload sends a file with metadata and asks for what is doubtful.
func (a *account) upload(t *testing.T, id, metadata, name string, file []byte) reply {
	t.Helper()
	contentType, body := form(t, part{name: "metadata", body: []byte(metadata)}, part{name: "content", fileName: name, body: file})
	req := a.request(t, "POST", "/resources/applicants/"+id+"/info/idDoc", contentType, body)
	req.Header.Set("X-Return-Doc-Warnings", "true")
	return a.do(t, req)
}

// give uploads a picture that must be taken, and returns its id.
func (a *account) give(t *testing.T, id, docType, side, mark string) string {
	t.Helper()
	r := a.upload(t, id, about(docType, side), "a.png", picture(t, docType+side+mark, mark))
	if r.status != http.StatusOK || r.header.Get("X-Image-Id") == "" {
		t.Fatalf("upload of %s %s: %d %s", docType, side, r.status, r.raw)
	}
	return r.header.Get("X-Image-Id")
}

// status is the applicant's reviewStatus, with its answer and its type of rejection if there are any.
func (a *account) status(t *testing.T, id string) string {
	t.Helper()
	r := a.ok(t, "GET", "/resources/applicants/"+id+"/status", "")
	words := []string{r.text("reviewStatus"), r.text("reviewResult", "reviewAnswer"), r.text("reviewResult", "reviewRejectType")}
	return strings.TrimSpace(strings.Join(words, " "))
}

// step is a step of requiredIdDocsStatus.
func (a *account) step(t *testing.T, id, set string) map[string]any {
	t.Helper()
	step, _ := a.ok(t, "GET", "/resources/applicants/"+id+"/requiredIdDocsStatus", "").at(set).(map[string]any)
	return step
}

// pass lets time go by, and what becomes due in it happen at its time.
func (a *account) pass(t *testing.T, d time.Duration) {
	t.Helper()
	end, err := a.clock.After(d)
	if err != nil {
		t.Fatal(err)
	}
	for at, ok := a.NextDue(); ok && !at.After(end); at, ok = a.NextDue() {
		a.clock.AdvanceTo(at)
		a.Wake()
	}
	a.clock.AdvanceTo(end)
	a.Wake()
}

// decide gives a verdict that must be possible, written as the control call takes it.
func (a *account) decide(t *testing.T, name, verdict string) {
	t.Helper()
	var v sumsub.Verdict
	if err := json.Unmarshal([]byte(verdict), &v); err != nil {
		t.Fatal(err)
	}
	if err := a.Decide(name, v); err != nil {
		t.Fatal(err)
	}
}
