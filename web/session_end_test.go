package web_test

import (
	"html"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"portal/internal/identity"
)

var refreshing = regexp.MustCompile(`^(\d+);url=(.+)$`)

// unscripted is how the page moves on by itself without JavaScript, empty where it does not: as it says itself, if it does, and
// otherwise as its header does.
func (p page) unscripted() string {
	p.t.Helper()
	_, sooner, ok := strings.Cut(p.body, `<noscript><meta http-equiv="refresh" content="`)
	if !ok {
		return p.header.Get("Refresh")
	}
	sooner, _, _ = strings.Cut(sooner, `"`)
	return html.UnescapeString(sooner)
}

// refreshes is how long the page waits before it moves on by itself without JavaScript, and where to, below the portal's
// address.
func (p page) refreshes() (after time.Duration, to string) {
	p.t.Helper()
	found := refreshing.FindStringSubmatch(p.unscripted())
	if found == nil {
		p.t.Fatalf("%s does not move on: Refresh %q", p.what, p.header.Get("Refresh"))
	}
	seconds, err := strconv.Atoi(found[1])
	if err != nil {
		p.t.Fatal(err)
	}
	return time.Duration(seconds) * time.Second, found[2][len(p.base):]
}

// follow lets the time pass that the page waits, and goes where it goes.
func (b *browser) follow(p page) page {
	b.w.t.Helper()
	after, to := p.refreshes()
	b.w.pass(after)
	return b.get(to)
}

// near checks that a page moves on at about that time. The session had its last sign of life when the test began, at the
// earliest.
func (p page) near(want time.Duration, to string) page {
	p.t.Helper()
	after, goes := p.refreshes()
	if after < want-2*time.Second-time.Since(p.began) || after > want+2*time.Second || goes != to {
		p.t.Errorf("%s moves on after %s to %s, want %s to %s", p.what, after, goes, want, to)
	}
	return p
}

const warning = "/session?to=%2Fonboarding"

func TestSessionIsWarnedOfItsEndAndGoesOnInOnePress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser().signIn("ada@example.com")
	for range 12 { // WCAG 2.2.1 asks for ten times at least
		p := b.get("").shows(http.StatusOK, "choose.title").near(limits.Idle-identity.SessionWarning, warning)
		warned := b.follow(p).shows(http.StatusOK, "session.warning_title", "session.stay")
		warned.near(identity.SessionWarning, warning)
		if want := say("en", "session.warning", "count", 5); !strings.Contains(warned.body, want) {
			t.Errorf("the warning does not say %q:\n%s", want, warned.body)
		}
		w.pass(4 * time.Minute)
		b.post("/session", "to", "/onboarding").leads("")
	}
}

func TestSessionThatNobodyExtendsEndsCalmly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser().signIn("ada@example.com")
	b.get("/session").leads("?unattended=1")
	over := b.follow(b.follow(b.get("")))
	over.shows(http.StatusOK, "session.over_title", "session.over", "landing.sign_in")
	if over.header.Get("Refresh") != "" {
		t.Error("the last page goes on moving")
	}
	b.post("/session", "to", "/onboarding").leads(warning)
	b.get("").shows(http.StatusOK, "landing.title")
}

// TestWindowsDoNotKeepEachOthersSessionAlive leaves two windows of one session alone. The one warned first goes back
// since the other was used later, and that must not count.
func TestWindowsDoNotKeepEachOthersSessionAlive(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser().signIn("ada@example.com")
	first := b.get("")
	w.pass(10 * time.Minute)
	second := b.get("")
	signedIn := w.sandbox.Now()
	after, to := first.refreshes()
	w.pass(after - 10*time.Minute)
	b.get(to).leads("?unattended=1")
	first = b.get("?unattended=1").shows(http.StatusOK, "choose.title")
	first.near(10*time.Minute, warning)
	ended := b.follow(b.follow(first))
	ended.shows(http.StatusOK, "session.over_title")
	if lasted := w.sandbox.Now().Sub(signedIn); lasted > limits.Idle+time.Minute {
		t.Errorf("the session lasted %s after the last press", lasted)
	}
	_, to = second.refreshes()
	b.get(to).shows(http.StatusOK, "session.over_title")
}

func TestWarningGoesBackWhenTheSessionWentOnElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser().signIn("ada@example.com")
	warned := b.follow(b.get(""))
	w.pass(time.Minute)
	b.get("/sessions").shows(http.StatusOK, "sessions.title")
	b.follow(warned).leads("?unattended=1")
}

func TestSessionAtItsAbsoluteEndOffersAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser().signIn("ada@example.com")
	former := b.cookies()
	for range 47 {
		w.pass(limits.Idle / 2)
		b.get("/status")
	}
	warned := b.follow(b.get(""))
	warned.shows(http.StatusOK, "session.final_title", "session.again", "session.back").near(identity.SessionWarning, warning)
	b.get("").shows(http.StatusOK, "choose.title").near(identity.SessionWarning, warning)
	b.post("/session", "to", "/onboarding", "again", "1").leads("/sign-in")
	b.get("/sign-in").shows(http.StatusOK, "sign_in.title")
	b.plant(former)
	b.get("").shows(http.StatusOK, "landing.title")
}

func TestSessionsAbsoluteEndIsToldWithoutAPress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser().signIn("ada@example.com")
	for range 47 {
		w.pass(limits.Idle / 2)
		b.get("/status")
	}
	b.follow(b.follow(b.get(""))).shows(http.StatusOK, "session.over_title")
}

func TestWarningLeadsNowhereButToOurOwnPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser().signIn("ada@example.com")
	for to, want := range map[string]string{
		"/onboarding":                              "",
		"/onboarding?flow=company":                 "?flow=company",
		"/onboarding/sessions":                     "/sessions",
		"/onboarding?flow=a%26b&apikey=x&look=3":   "?flow=a%26b",
		"":                                         "",
		"/onboarding/session?to=/onboarding":       "",
		"/":                                        "",
		"/onboardingelse":                          "",
		"/elsewhere":                               "",
		"https://evil.example/onboarding":          "",
		"//evil.example/onboarding":                "",
		"/onboarding/../elsewhere":                 "",
		"/onboarding/%2e%2e/elsewhere":             "",
		"/onboarding//evil.example":                "",
		`/onboarding/..\elsewhere`:                 "",
		`/\evil.example`:                           "",
		"javascript:alert(1)":                      "",
		"https:/onboarding":                        "",
		"/onboarding/\r\nSet-Cookie: a=b":          "",
		"/onboarding/sign-out":                     "",
		"/onboarding/status":                       "",
		"/onboarding/sign-in/oidc/eid":             "",
		"/onboarding/%zz":                          "",
		"https://www.example.com@evil.example/":    "",
		"/onboarding/%0d%0aSet-Cookie:%20a=b":      "",
		"/onboarding/sessions#fragment":            "/sessions",
		"/onboarding/sign-in?flow=company&again=1": "",
	} {
		b.post("/session", "to", to).leads(want)
	}
}

func TestFormsPageNeedsNoWarning(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	b.start("ada@example.com", "individual")
	if p := b.get(""); p.header.Get("Refresh") != "" {
		t.Errorf("the form's page moves on: %s", p.header.Get("Refresh"))
	}
}

// TestPagesThatLookAgainKeepNoSessionAlive leaves pages open that wait for a person, or for the provider.
func TestPagesThatLookAgainKeepNoSessionAlive(t *testing.T) {
	t.Parallel()
	for name, page := range map[string]struct{ status, address string }{
		"for a person":     {"needs_attention", ""},
		"for the provider": {"open", "/complete"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, wanted{})
			b := w.browser()
			b.start("ada@example.com", "individual")
			if _, err := w.pool.Exec(t.Context(), "update registrations set status = $1", page.status); err != nil {
				t.Fatal(err)
			}
			p, left := b.get(page.address), w.sandbox.Now()
			for range 300 {
				if watching := p.elements("").with("data-status", page.status); len(watching) > 0 {
					b.get(watching[0].attrs["data-status-url"][len("/onboarding"):]).shows(http.StatusOK) // as the page's script asks
				}
				if _, to := p.refreshes(); strings.HasPrefix(to, "/session?") {
					break
				}
				p = b.follow(p)
			}
			b.follow(b.follow(p).shows(http.StatusOK, "session.warning_title")).shows(http.StatusOK, "session.over_title")
			if lasted := w.sandbox.Now().Sub(left); lasted > limits.Idle+time.Minute {
				t.Errorf("the session lasted %s after the last press", lasted)
			}
		})
	}
}

// A look takes time, too: one begun just before the warning is due would be answered after it.
func TestPageThatLooksAgainDoesNotMissTheWarning(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	b.start("ada@example.com", "individual")
	w.pass(limits.Idle - identity.SessionWarning - 10*time.Second)
	if _, to := b.get("/complete?unattended=1").shows(http.StatusOK).refreshes(); to != warning+"%2Fcomplete" {
		t.Errorf("the page leads to %q", to)
	}
}

// TestWhoLoadsAPageAgainIsThere holds that the mark of a page that came back by itself is not believed for ever.
func TestWhoLoadsAPageAgainIsThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser().signIn("ada@example.com")
	for range 3 {
		w.pass(limits.Idle - time.Minute)
		r := b.request(http.MethodGet, "?unattended=1", nil)
		r.Header.Set("Sec-Fetch-User", "?1")
		if p := b.do(r); !strings.Contains(p.body, "ada@example.com") {
			t.Fatal("somebody who was there is signed out")
		}
	}
	w.pass(limits.Idle - time.Minute)
	b.get("?unattended=1").shows(http.StatusOK, "layout.sessions")
	w.pass(2 * time.Minute)
	if p := b.get(""); strings.Contains(p.body, "ada@example.com") {
		t.Error("a page that came back by itself has kept the session alive")
	}
}
