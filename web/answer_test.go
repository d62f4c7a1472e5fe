package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"portal/internal/identity"
	"portal/internal/localpg"
	"portal/internal/onboarding"
	"portal/internal/postgres"
	"portal/web"
)

func TestPostgresGoneIsAPlainPageAndRecovers(t *testing.T) {
	t.Parallel()
	cluster := localpg.NewCluster(t)
	pool, err := postgres.Connect(t.Context(), cluster.URL("portal"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	w := newWorld(t, wanted{pool: pool})
	b := w.browser()
	opened := b.start("ada@example.com", "individual")
	waiting := w.browser()
	code := waiting.askCode("eve@example.com", "")
	if err := cluster.Halt(); err != nil {
		t.Fatal(err)
	}
	for _, p := range []page{
		b.get(""), b.get("/complete"), b.get("/sign-in"), b.post("/start", "flow", "individual"), b.post("/sign-out"),
		waiting.get("/sign-in"), waiting.post("/sign-in/code", "code", code), waiting.post("/sign-in", "email", "eve@example.com"),
	} {
		p.shows(http.StatusServiceUnavailable, "problem.503", "error.unavailable", "problem.lost").ordinary()
		if p.header.Get("Retry-After") != "5" {
			t.Errorf("%s: Retry-After %q", p.what, p.header.Get("Retry-After"))
		}
		for _, theirs := range []string{"postgres", "connect", "sql", "socket"} {
			if strings.Contains(strings.ToLower(p.body), theirs) {
				t.Errorf("%s tells the cause:\n%s", p.what, p.body)
			}
		}
		if p.header.Get("Set-Cookie") != "" {
			t.Errorf("%s sets a cookie", p.what)
		}
	}
	b.get("/status").shows(http.StatusServiceUnavailable)
	b.get(link).embeds()                                              // needs no database
	w.browser().get("").shows(http.StatusOK, "landing.title")         // neither does the first page
	w.browser().get("/sign-in").shows(http.StatusOK, "sign_in.title") // nor this one
	w.browser().get("/complete").shows(http.StatusOK, "sent.title")   // nor what the provider sends strangers to
	if log := w.log.String(); !strings.Contains(log, "request failed") || !strings.Contains(log, "reading who visits") {
		t.Errorf("the log does not name the cause:\n%s", log)
	}
	if err := cluster.Resume(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the form to be back", func() bool { return b.get("").status == http.StatusOK })
	if b.get("").pair() != opened {
		t.Error("the form has changed")
	}
	waiting.post("/sign-in/code", "code", code).leads("")
}

func TestPagesSpeakTheVisitorsLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	for wanted, lang := range map[string]string{
		"": "en", "de": "de", "de-CH, en;q=0.5": "de", "sv, de;q=0.3": "de", "en-GB, de;q=0.9": "en", "ja": "en", "*": "en", ";;q=x": "en",
	} {
		b := w.browser()
		b.language = wanted
		for _, p := range []page{
			b.get("").shows(http.StatusOK, "landing.title"), b.get(link).shows(http.StatusOK, "form.title"),
			b.get("/sign-in").shows(http.StatusOK, "sign_in.title"), b.get("/nowhere").shows(http.StatusNotFound, "problem.404"),
			b.get("/complete").shows(http.StatusOK, "sent.title"),
			b.post("/sign-in", "email", "x").shows(http.StatusUnprocessableEntity).besides("email", "error.email_invalid"),
		} {
			if got := p.header.Get("Content-Language"); got != lang {
				t.Errorf("%q: %s: Content-Language %s, want %s", wanted, p.what, got, lang)
			}
		}
	}
	b := w.browser()
	b.language = "de"
	b.post("/sign-in/code", "code", b.askCode("ada@example.com", "")).leads("")
	if p := b.get(""); !strings.Contains(p.body, "Privatkonto eröffnen") || strings.Contains(p.body, "Open a personal account") {
		t.Errorf("the flow's title is not German:\n%s", p.body)
	} else if !strings.Contains(p.body, "Open a business account") {
		t.Errorf("a flow whose title is empty in German has none:\n%s", p.body)
	}
	if got, want := w.sandbox.Mailbox().Messages("ada@example.com")[0].Subject, say("de", "email.code.subject"); got != want {
		t.Errorf("the e-mail's subject is %q, want %q", got, want)
	}
}

// panicking visits are a bug of ours.
type panicking struct{ web.Visits }

func (panicking) Visit(context.Context, identity.Token, identity.Limits, time.Time) (identity.Session, []onboarding.Registration, error) {
	panic("the cause of the panic")
}

func TestPanicIsAPageWithAReference(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	cookies := w.browser().signIn("ada@example.com").cookies()
	broken := w.replica(wanted{visits: func(web.Visits) web.Visits { return panicking{} }})
	for _, lang := range []string{"en", "de"} {
		b := broken.browser()
		b.language = lang
		b.plant(cookies)
		p := b.get("").shows(http.StatusInternalServerError, "problem.500", "error.internal", "layout.reference").ordinary()
		if got := p.header.Get("Content-Language"); got != lang {
			t.Errorf("Content-Language %s, want %s", got, lang)
		}
		reference := p.header.Get("X-Request-Id")
		if !strings.Contains(p.body, reference) || strings.Contains(p.body, "the cause") {
			t.Errorf("the page has no reference, or tells the cause:\n%s", p.body)
		}
		log := broken.log.String()
		if !strings.Contains(log, `"request_id":"`+reference+`"`) || !strings.Contains(log, "the cause of the panic") {
			t.Errorf("the log has not the cause under %s:\n%s", reference, log)
		}
	}
}

func TestErrorWithoutAKindIsOurs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser().signIn("ada@example.com")
	if _, err := w.pool.Exec(t.Context(), "alter table sessions rename to elsewhere"); err != nil {
		t.Fatal(err)
	}
	p := b.get("").shows(http.StatusInternalServerError, "problem.500", "error.internal")
	if strings.Contains(p.body, "relation") {
		t.Errorf("the page tells the cause:\n%s", p.body)
	}
	if !strings.Contains(w.log.String(), "relation") {
		t.Error("the log does not name the cause")
	}
}

func TestOtherMethodsAreAnswered(t *testing.T) {
	t.Parallel()
	b := newWorld(t, wanted{}).browser()
	for _, address := range []string{"", "/sign-in", "/complete", link} {
		p := b.do(b.request(http.MethodHead, address, nil))
		if p.status != http.StatusOK || p.body != "" || p.header.Get("Content-Security-Policy") == "" {
			t.Errorf("HEAD %s: status %d", address, p.status)
		}
	}
	for _, test := range []struct{ method, address, allow string }{
		{http.MethodGet, "/start", "POST"},
		{http.MethodHead, "/start", "POST"},
		{http.MethodPut, "/sign-in", "GET POST"},
		{http.MethodDelete, "/status", "GET"},
		{http.MethodPatch, "", "GET"},
		{http.MethodPost, "", "GET"},
		{http.MethodOptions, "/sign-out", "GET POST"},
		{http.MethodDelete, "https://www.example.com/", "GET"},
	} {
		p := b.do(b.request(test.method, test.address, nil))
		if got := strings.Join(p.header["Allow"], " "); p.status != http.StatusMethodNotAllowed || got != test.allow {
			t.Errorf("%s %s: status %d, allow %q, want 405, %q", test.method, test.address, p.status, got, test.allow)
		}
		if test.method != http.MethodHead {
			p.shows(http.StatusMethodNotAllowed, "problem.405").ordinary()
		}
	}
	for _, address := range []string{"/nowhere", "/sign-in/oidc", "/start/", "/static/", "/static/../../etc/passwd"} {
		if p := b.get(address); p.status != http.StatusNotFound {
			t.Errorf("GET %s: status %d", address, p.status)
		}
	}
	b.get("https://www.example.com/elsewhere").shows(http.StatusNotFound, "problem.404").ordinary()
}
