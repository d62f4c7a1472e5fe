package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
	iphone  = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)

// in is a browser of that kind, signed in.
func (w *world) in(userAgent, email string) *browser {
	w.t.Helper()
	b := w.browser()
	b.userAgent = userAgent
	return b.signIn(email)
}

// sessions are the names of those that the page offers to end.
func (p page) sessions() (ids []string) {
	p.t.Helper()
	for _, e := range p.elements("input").with("name", "session") {
		ids = append(ids, e.attrs["value"])
	}
	return ids
}

func TestSessionsAreListedInWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	w.in(firefox, "ada@example.com")
	w.pass(90 * time.Minute / 2)
	phone := w.in(iphone, "ada@example.com")
	p := phone.get("/sessions").shows(http.StatusOK, "sessions.title", "sessions.here", "sessions.by_code", "sessions.end_others")
	for _, want := range []string{"Firefox · Linux", "Safari · iOS", "45 minutes ago", "just now"} {
		if !strings.Contains(p.body, want) {
			t.Errorf("the list does not say %q:\n%s", want, p.body)
		}
	}
	if n := len(p.sessions()); n != 1 {
		t.Errorf("%d sessions to end, want the other one", n)
	}
	for _, e := range p.elements("time") {
		if at, err := time.Parse(time.RFC3339, e.attrs["datetime"]); err != nil || at.Location() != time.UTC || w.sandbox.Now().Sub(at) > time.Hour {
			t.Errorf("<time datetime=%q>: %v", e.attrs["datetime"], err)
		}
	}
	p.near(limits.Idle-5*time.Minute, "/session?to=%2Fonboarding%2Fsessions")
	phone.language = "de"
	if p := phone.get("/sessions"); !strings.Contains(p.body, "vor 45 Minuten") {
		t.Errorf("not in German:\n%s", p.body)
	}
}

func TestSessionIsEndedFromAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	laptop, phone := w.in(firefox, "ada@example.com"), w.in(iphone, "ada@example.com")
	phone.post("/sessions/end", "session", phone.get("/sessions").sessions()[0]).leads("/sessions?ended=one")
	p := phone.get("/sessions?ended=one").shows(http.StatusOK, "sessions.ended_one")
	if len(p.sessions()) != 0 || len(p.elements("form").with("action", "/onboarding/sessions/end-others")) != 0 {
		t.Errorf("there is still something to end:\n%s", p.body)
	}
	laptop.get("").shows(http.StatusOK, "landing.title")
	laptop.get("/sessions").leads("/sign-in")
}

func TestAllOtherSessionsAreEnded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	a, b, here := w.in(firefox, "ada@example.com"), w.in(iphone, "ada@example.com"), w.in(firefox, "ada@example.com")
	eve := w.in(firefox, "eve@example.com")
	here.post("/sessions/end-others").leads("/sessions?ended=others")
	here.get("/sessions?ended=others").shows(http.StatusOK, "sessions.ended_others", "sessions.here")
	for _, other := range []*browser{a, b} {
		other.get("").shows(http.StatusOK, "landing.title")
	}
	eve.get("").shows(http.StatusOK, "choose.title")
}

func TestSessionsOfOthersCannotBeEnded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	ada, adas := w.in(firefox, "ada@example.com"), w.in(iphone, "ada@example.com")
	id := adas.get("/sessions").sessions()[0] // ada's first
	eve := w.in(firefox, "eve@example.com")
	eve.post("/sessions/end", "session", id).leads("/sessions?ended=one") // as for one that has ended meanwhile
	ada.get("").shows(http.StatusOK, "choose.title")
	if got := eve.get("/sessions").sessions(); got != nil {
		t.Errorf("eve is shown %v", got)
	}
}

func TestWhatNamesNoSessionEndsNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b, other := w.in(firefox, "ada@example.com"), w.in(iphone, "ada@example.com")
	id := b.get("/sessions").sessions()[0]
	for _, name := range []string{"", "a\x00", "\xff", strings.ToUpper(id) + "x", id + "\n", id[1:], "%", strings.Repeat("0", 9000)} {
		b.post("/sessions/end", "session", name).leads("/sessions")
	}
	other.get("").shows(http.StatusOK, "choose.title")
}

func TestStrangeBrowsersSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	for _, userAgent := range []string{"caf\xe9/1.0", firefox + " caf\xe9/1.0", "\u202eevil/1.0", strings.Repeat("ü", 500) + "/1"} {
		here := w.browser()
		here.userAgent, here.language = userAgent, "caf\xe9"
		here.signIn("ada@example.com").get("/sessions").shows(http.StatusOK, "sessions.title")
	}
	if n := w.count(`select count(*) from sessions where device ~ '[[:cntrl:]\u202e\ufffd]'`); n != 0 {
		t.Errorf("%d devices are named in signs that nobody can see", n)
	}
}

func TestSessionEndedFromWithinIsASignOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	laptop, phone := w.in(firefox, "ada@example.com"), w.in(iphone, "ada@example.com")
	laptops := phone.get("/sessions").sessions()[0]
	laptop.post("/sessions/end", "session", laptops).shows(http.StatusOK, "signed_out.title")
	if left := laptop.cookiesOfSessions(); len(left) > 0 {
		t.Errorf("cookies left: %v", left)
	}
	phone.get("").shows(http.StatusOK, "choose.title")
}

func TestSessionsPageIsLinkedWhereverOneIsSignedIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser().signIn("ada@example.com")
	if links := b.get("").elements("a").with("href", "/onboarding/sessions"); len(links) != 1 || links[0].attrs["target"] != "" {
		t.Errorf("links %v", links)
	}
	b.open("individual")
	links := b.get("").elements("a").with("href", "/onboarding/sessions")
	if len(links) != 1 || links[0].attrs["target"] != "_blank" {
		t.Errorf("beside the form: links %v, want one in a tab of its own", links)
	}
}

func TestSignOutEmptiesTheBrowserOnlyWhereTheSettingSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{url: "https://register.example.com"})
	alone := w.replica(wanted{url: "https://register.example.com", ownHost: true})
	for want, portal := range map[string]*world{"": w, `"cache", "storage"`: alone} { // "cookies" would be those of other hosts, too
		b := portal.browser().signIn("ada@example.com")
		other := portal.browser().signIn("ada@example.com")
		for _, p := range []page{b.get(""), b.get("/sessions"), b.post("/sessions/end-others")} {
			if got := p.header.Get("Clear-Site-Data"); got != "" {
				t.Errorf("%s: Clear-Site-Data %s", p.what, got)
			}
		}
		other.get("").shows(http.StatusOK, "landing.title")
		if diff := cmp.Diff(want, b.post("/sign-out").header.Get("Clear-Site-Data")); diff != "" {
			t.Errorf("Clear-Site-Data (-want +got):\n%s", diff)
		}
	}
}
