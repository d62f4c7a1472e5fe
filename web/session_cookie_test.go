package web_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"portal/internal/seal"
)

const (
	sessionCookie = "__Secure-portal_session"
	signInCookie  = "__Secure-portal_sign_in"
)

func TestTamperedSessionCookiesAreRefusedAndLoggedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	ada := w.browser().signIn("ada@example.com")
	good := ada.cookies()[sessionCookie]
	foreign := w.replica(wanted{keys: [][]byte{bytes.Repeat([]byte("f"), 64)}}).browser().signIn("ada@example.com").cookies()[sessionCookie]
	ada.askCodeAgain("ada@example.com")
	for name, value := range map[string]string{
		"a bit flipped": good[:20] + string(good[20]^1) + good[21:], "another key": foreign, "truncated": good[:len(good)/2],
		"of another kind": ada.cookies()[signInCookie], "8 kB": strings.Repeat("A", 8<<10),
	} {
		thief := w.browser()
		for _, ask := range []func() page{
			func() page { return thief.get("").shows(http.StatusOK, "landing.title") },
			func() page { return thief.get("/status").shows(http.StatusUnauthorized) },
			func() page { return thief.get("/sessions").leads("/sign-in") },
			func() page { return thief.get("/sign-in").shows(http.StatusOK) }, // which looks at both cookies
			func() page { return thief.get("/session").shows(http.StatusOK, "session.over_title") },
			func() page { return thief.post("/session", "again", "1").leads(warning) },
			func() page { return thief.post("/sessions/end-others").leads("/sign-in") },
			func() page { return thief.post("/start", "flow", "individual").leads("/sign-in?flow=individual") },
		} {
			thief.plant(map[string]string{sessionCookie: value, signInCookie: value})
			before := strings.Count(w.log.String(), "a cookie that does not open")
			p := ask()
			if got := strings.Count(w.log.String(), "a cookie that does not open") - before; got != 1 {
				t.Errorf("%s at %s: logged %d times, want once", name, p.what, got)
			}
			if thief.cookies()[sessionCookie] != "" {
				t.Errorf("%s at %s: the cookie stays, to be refused again", name, p.what)
			}
		}
		if strings.Contains(w.log.String(), value) {
			t.Errorf("%s: the log holds the cookie", name)
		}
	}
	ada.get("").shows(http.StatusOK, "choose.title")
}

// carry asks for the start page with cookies of one name, as a browser does into which another host has put some.
func (b *browser) carry(values ...string) page {
	b.w.t.Helper()
	r := b.request(http.MethodGet, "", nil)
	for _, value := range values {
		r.AddCookie(&http.Cookie{Name: sessionCookie, Value: value})
	}
	return b.do(r)
}

func TestCookiesOfOtherHostsAreNoSessions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	ada := w.browser().signIn("ada@example.com").cookies()[sessionCookie]
	eve := w.browser().signIn("eve@example.com").cookies()[sessionCookie]
	b := w.browser()
	for _, both := range [][]string{{"junk", ada}, {ada, "junk"}, {ada, ada}} {
		p := b.carry(both...)
		if !strings.Contains(p.body, "ada@example.com") {
			t.Errorf("she is not signed in with %.8q", both)
		}
		if len(p.header["Set-Cookie"]) > 0 {
			t.Errorf("the browser's own cookie is taken back: %s", p.header["Set-Cookie"])
		}
	}
	for _, both := range [][]string{{eve, ada}, {ada, eve}, {"junk", ada, eve}} {
		before := strings.Count(w.log.String(), "several cookies that open")
		p := b.carry(both...).shows(http.StatusOK, "landing.title")
		if strings.Contains(p.body, "@example.com") {
			t.Error("somebody is signed in")
		}
		if len(p.header["Set-Cookie"]) > 0 { // with one of them gone the browser would be whom the other says
			t.Errorf("one of two is taken back: %s", p.header["Set-Cookie"])
		}
		if n := strings.Count(w.log.String(), "several cookies that open") - before; n != 1 {
			t.Errorf("logged %d times", n)
		}
	}
}

func TestSignInEndsTheBrowsersFormerSessionOnTheServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser().signIn("ada@example.com")
	former := w.browser()
	former.plant(b.cookies())
	b.post("/sign-in/code", "code", b.askCodeAgain("grace@example.com")).leads("")
	former.get("").shows(http.StatusOK, "landing.title")
	if n := w.count("select count(*) from sessions where ended_at is null"); n != 1 {
		t.Errorf("%d sessions go on, want 1", n)
	}
}

// TestKeysAreRotatedReplicaByReplica goes through both steps of a rotation. At each step one replica has its new settings
// and the other has not yet; work behind the pages may be done by either.
func TestKeysAreRotatedReplicaByReplica(t *testing.T) {
	t.Parallel()
	fresh := bytes.Repeat([]byte("n"), 64)
	cookies := [][][]byte{{cookieKey}, {cookieKey, fresh}, {fresh, cookieKey}}
	sealing := []string{mustText(t, seal.NewKeyset)}
	sealing = append(sealing, stepped(t, seal.Extend, sealing[0]))
	sealing = append(sealing, stepped(t, seal.Promote, sealing[1]))
	at := func(step int) wanted { return wanted{keys: cookies[step], sealing: sealing[step]} }
	for _, step := range []int{0, 1} {
		behind := newWorld(t, at(step))
		ahead := behind.replica(at(step + 1))
		begin(t, "behind", behind).goesOn(ahead)
		begin(t, "ahead", ahead).goesOn(behind)
	}
	before := newWorld(t, at(0))
	b := begin(t, "long-before", before)
	b.goesOn(before.replica(at(2)))
}

// begun is somebody with a form open at one replica.
type begun struct {
	*browser
	opened pair
}

func begin(t *testing.T, name string, at *world) begun {
	t.Helper()
	b := at.browser()
	return begun{b, b.start(name+"@example.com", "individual")}
}

// goesOn checks that the form is the same at another replica.
func (b begun) goesOn(to *world) {
	b.w.t.Helper()
	there := to.browser()
	there.plant(b.cookies())
	if got := there.get("?flow=individual").pair(); got != b.opened {
		b.w.t.Error("the form is another at the other replica")
	}
}

func mustText(t *testing.T, make func() (string, error)) string {
	t.Helper()
	text, err := make()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func stepped(t *testing.T, step func(string) (string, error), text string) string {
	t.Helper()
	return mustText(t, func() (string, error) { return step(text) })
}
