package web_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"portal/internal/identity"
)

func TestSignInAnswersTheSameForKnownAndUnknownAddresses(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	const known, unknown = "known@example.com", "other@example.com"
	w.browser().signIn(known)
	w.pass(time.Minute)
	answers := func(email string) (pages []page) {
		b := w.browser()
		sent := b.post("/sign-in", "email", email, "flow", "individual")
		wrong := b.post("/sign-in/code", "code", otherThan(w.code(email)))
		for _, p := range []page{sent, b.get("/sign-in"), wrong} {
			p.body = strings.ReplaceAll(p.body, email, "ADDRESS")
			p.header.Del("X-Request-Id")
			p.header.Del("Date")
			p.header.Del("Content-Length") // counted before the addresses were made the same
			for i, c := range p.header["Set-Cookie"] {
				name, _, _ := strings.Cut(c, "=")
				_, attributes, _ := strings.Cut(c, ";")
				p.header["Set-Cookie"][i] = name + attributes
			}
			pages = append(pages, p)
		}
		return pages
	}
	if diff := cmp.Diff(answers(known), answers(unknown), cmp.AllowUnexported(page{}), cmpopts.IgnoreFields(page{}, "t")); diff != "" {
		t.Errorf("the answers tell whether an address is known (-known +unknown):\n%s", diff)
	}
}

func TestCodeSignsInOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	code := b.askCode("ada@example.com", "")
	pending := b.cookies()
	b.post("/sign-in/code", "code", code).leads("")
	b.get("").shows(http.StatusOK, "choose.title")

	again := w.browser()
	again.plant(pending)
	again.post("/sign-in/code", "code", code).shows(http.StatusUnprocessableEntity).over("error.code_expired")
	again.get("").shows(http.StatusOK, "landing.title")
}

func TestWrongCodeIsSaidBesideTheField(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	for name, spoil := range map[string]func(code string) string{
		"another":     otherThan,
		"too short":   func(code string) string { return code[:5] },
		"too long":    func(code string) string { return code + "0" },
		"no digits":   func(string) string { return "abcdef" },
		"with markup": func(code string) string { return `"><script>` + code },
	} {
		b := w.browser()
		typed := spoil(b.askCode("ada@example.com", ""))
		p := b.post("/sign-in/code", "code", typed).shows(http.StatusUnprocessableEntity).besides("code", "error.code_wrong")
		if p.value("code") != typed {
			t.Errorf("%s: the field holds %q, want %q kept", name, p.value("code"), typed)
		}
		if title := p.elements("title")[0].text; !strings.HasPrefix(title, "Error: ") {
			t.Errorf("%s: the title is %q", name, title)
		}
	}
}

func TestCodeIsReadAsPeopleWriteIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	for name, spell := range map[string]func(code string) string{
		"spaces around":     func(c string) string { return "  " + c + "\t\r\n" },
		"in two halves":     func(c string) string { return c[:3] + " " + c[3:] },
		"no-break space":    func(c string) string { return c[:3] + "\u00a0" + c[3:] },
		"hyphens":           func(c string) string { return c[:2] + "-" + c[2:4] + "–" + c[4:] },
		"arabic digits":     func(c string) string { return inDigits(c, '٠') },
		"persian digits":    func(c string) string { return inDigits(c, '۰') },
		"devanagari digits": func(c string) string { return inDigits(c, '०') },
		"full-width digits": func(c string) string { return inDigits(c, '０') },
	} {
		b := w.browser()
		typed := spell(b.askCode(strings.ReplaceAll(name, " ", ".")+"@example.com", ""))
		if p := b.post("/sign-in/code", "code", typed); p.status != http.StatusSeeOther {
			t.Errorf("%s: %q: status %d", name, typed, p.status)
		}
	}
}

// inDigits writes a code in the digits of the script that has this nought.
func inDigits(code string, nought rune) string {
	return strings.Map(func(r rune) rune { return r - '0' + nought }, code)
}

func TestEmptyCodeIsNoTry(t *testing.T) {
	t.Parallel()
	b := newWorld(t, wanted{}).browser()
	code := b.askCode("ada@example.com", "")
	for range identity.CodeTries + 1 {
		b.post("/sign-in/code", "code", " - ").shows(http.StatusUnprocessableEntity).besides("code", "error.code_missing")
	}
	b.post("/sign-in/code", "code", code).leads("")
}

func TestCodeExpiresAfterTenMinutes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	late, inTime := w.browser(), w.browser()
	lateCode, code := late.askCode("late@example.com", "company"), inTime.askCode("ada@example.com", "")
	w.pass(identity.CodeValidity - 10*time.Second)
	inTime.post("/sign-in/code", "code", code).leads("")
	w.pass(11 * time.Second)
	p := late.post("/sign-in/code", "code", lateCode).shows(http.StatusUnprocessableEntity).over("error.code_expired")
	for name, want := range map[string]string{"email": "late@example.com", "flow": "company"} {
		if got := p.elements("input").with("name", name)[0].attrs["value"]; got != want {
			t.Errorf("%s is %q, want %q kept", name, got, want)
		}
	}
	late.get("/sign-in").shows(http.StatusOK, "sign_in.over_title")
	late.get("").shows(http.StatusOK, "landing.title")
}

// over checks that no code is good any longer, that the page says why, and that one press asks for another.
func (p page) over(key string) page {
	p.t.Helper()
	p.shows(p.status, "sign_in.over_title")
	said, button := p.elements("p").with("id", "resend-error"), p.elements("button").with("id", "resend")
	if len(said) != 1 || !strings.Contains(said[0].text, say(p.header.Get("Content-Language"), key)) {
		p.t.Errorf("%s: beside the button stands %v, want %s", p.what, said, key)
	}
	if len(button) != 1 || button[0].attrs["aria-describedby"] != "resend-error" {
		p.t.Errorf("%s: the button for another code is %v", p.what, button)
	}
	return p
}

func TestCodeHasFiveTries(t *testing.T) {
	t.Parallel()
	b := newWorld(t, wanted{}).browser()
	code := b.askCode("ada@example.com", "")
	for range identity.CodeTries - 1 {
		b.post("/sign-in/code", "code", otherThan(code)).besides("code", "error.code_wrong")
	}
	b.post("/sign-in/code", "code", otherThan(code)).shows(http.StatusUnprocessableEntity).over("error.code_tries")
	b.post("/sign-in/code", "code", code).shows(http.StatusUnprocessableEntity).over("error.code_tries")
	b.get("").shows(http.StatusOK, "landing.title")
	b.post("/sign-in/code", "code", b.askCode("ada@example.com", "")).leads("")
}

func TestCodeIsBoundToTheBrowserThatAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	asked, stranger, rival := w.browser(), w.browser(), w.browser()
	code := asked.askCode("ada@example.com", "")
	stranger.post("/sign-in/code", "code", code).shows(http.StatusUnprocessableEntity).besides("email", "error.sign_in_lost")
	for own := code; own == code; {
		own = rival.askCode("ada@example.com", "")
	}
	rival.post("/sign-in/code", "code", code).shows(http.StatusUnprocessableEntity).besides("code", "error.code_wrong")
	for _, b := range []*browser{stranger, rival} {
		b.get("").shows(http.StatusOK, "landing.title")
	}
	asked.post("/sign-in/code", "code", code).leads("")
}

// atOnce is how many codes an address gets at once, and codeEvery when there is another.
const (
	atOnce    = 10
	codeEvery = 15 * time.Second
)

func TestCodesAreLimited(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{still: true})
	b := w.browser()
	var code string
	for range atOnce {
		code = b.askCode("ada@example.com", "")
	}
	other := w.browser()
	p := other.post("/sign-in", "email", " ADA@Example.com").shows(http.StatusTooManyRequests)
	if p.value("email") != " ADA@Example.com" {
		t.Errorf("the field holds %q", p.value("email"))
	}
	if wait := p.header.Get("Retry-After"); wait != "16" { // fifteen, and what rounding up adds
		t.Errorf("asked to wait for %q seconds", wait)
	}
	if !regexp.MustCompile(`Please wait (1 second|\d+ seconds)\.`).MatchString(p.body) {
		t.Error("the page does not say for how long to wait")
	}
	if n := len(w.sandbox.Mailbox().Messages("ada@example.com")); n != atOnce {
		t.Errorf("%d e-mails", n)
	}
	w.browser().askCode("grace@example.com", "") // others are not concerned
	b.post("/sign-in", "email", "ada@example.com").shows(http.StatusTooManyRequests, "sign_in.code_title")
	b.post("/sign-in/code", "code", code).leads("") // the screen of the last code stays, and it is good
	w.pass(codeEvery)
	w.browser().askCode("ada@example.com", "")
}

func TestPageOfTheCodeSaysForHowLongItIsStillValid(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	b.askCode("ada@example.com", "")
	for _, step := range []struct {
		passes time.Duration
		left   int
	}{{0, 10}, {7 * time.Minute, 3}, {2*time.Minute + 50*time.Second, 1}} {
		w.pass(step.passes)
		p := b.get("/sign-in").shows(http.StatusOK, "sign_in.code_title")
		if want := say("en", "sign_in.code_valid", "count", step.left); !strings.Contains(p.body, want) {
			t.Errorf("%s later the page does not say %q", step.passes, want)
		}
	}
}

func TestWhoHasNoGoodCodeAndMayNotAskForOneIsToldToWait(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{still: true})
	b := w.browser()
	var code string
	for range atOnce {
		code = b.askCode("ada@example.com", "")
	}
	for range identity.CodeTries {
		b.post("/sign-in/code", "code", otherThan(code))
	}
	p := b.post("/sign-in", "email", "ada@example.com").
		shows(http.StatusTooManyRequests, "sign_in.over_title", "error.codes_later").saysHowLong()
	for _, key := range []string{"error.too_many_codes", "sign_in.over_press"} {
		if strings.Contains(p.body, say("en", key)) {
			t.Errorf("the page says %s, which is not so", key)
		}
	}
	if n := len(p.elements("button").with("id", "resend")); n != 0 || !slices.Contains(p.steps(), "/onboarding/sign-in") {
		t.Errorf("%d buttons that send nothing yet, and the ways on are %v", n, p.steps())
	}
	w.pass(codeEvery)
	b.get("/sign-in").shows(http.StatusOK, "sign_in.over_title", "sign_in.over_press")
	b.post("/sign-in/code", "code", b.askCode("ada@example.com", "")).leads("")
}

// Mail may be slow: who has asked for another code and then gets the first one types that.
func TestCodeBeforeTheLastIsGoodUntilItExpires(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	first := b.askCode("ada@example.com", "company")
	w.pass(time.Minute)
	b.askCode("ada@example.com", "company")
	b.post("/sign-in/code", "code", first).leads("?flow=company")

	late := w.browser()
	first = late.askCode("ada@example.com", "")
	w.pass(identity.CodeValidity - time.Second)
	second := first
	for second == first {
		second = late.askCode("ada@example.com", "")
	}
	w.pass(2 * time.Second)
	late.post("/sign-in/code", "code", first).besides("code", "error.code_wrong")
	late.post("/sign-in/code", "code", second).leads("")
}

func TestRefusedAddressIsSaidBesideTheField(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	p := w.browser().post("/sign-in", "email", "ada@refused.example", "flow", "individual")
	p.shows(http.StatusUnprocessableEntity, "sign_in.title").besides("email", "error.mail_refused")
	if p.value("email") != "ada@refused.example" {
		t.Errorf("the field holds %q", p.value("email"))
	}
	if got := w.text("select status || ' ' || reply from mails"); !strings.HasPrefix(got, "refused 550") {
		t.Errorf("operators see %q", got)
	}
}

func TestCaseChosenBeforeSignInIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	p := b.post("/start", "flow", "subsidiary", "case", "north").leads("/sign-in?case=north&flow=subsidiary")
	form := b.get("/sign-in?" + strings.SplitN(p.header.Get("Location"), "?", 2)[1]).elements("input")
	b.post("/sign-in", "email", "ada@example.com", "flow", form.with("name", "flow")[0].attrs["value"], "case", form.with("name", "case")[0].attrs["value"])
	b.post("/sign-in/code", "code", w.code("ada@example.com")).leads("?flow=subsidiary")
	if got := w.text("select flow || ' ' || case_name from registrations"); got != "subsidiary north" {
		t.Errorf("registered in %q", got)
	}
}

func TestNoAddressIsSaidBesideTheField(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	for typed, key := range map[string]string{
		"": "error.email_missing", "ada": "error.email_invalid", "ada@example": "error.email_invalid",
		"ada@example.com, eve@example.com": "error.email_invalid", "Ada <ada@example.com>": "error.email_invalid",
		"ada@example.com\r\nBcc: eve@example.com": "error.email_invalid", `"><script>alert(1)</script>`: "error.email_invalid",
		strings.Repeat("a", 250) + "@example.com": "error.email_invalid",
	} {
		p := w.browser().post("/sign-in", "email", typed, "flow", "company").shows(http.StatusUnprocessableEntity).besides("email", key)
		if got := p.value("email"); strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(typed), " ") {
			t.Errorf("the field holds %q, want %q kept", got, typed)
		}
		if flow := p.elements("input").with("name", "flow")[0].attrs["value"]; flow != "company" {
			t.Errorf("the flow is %q", flow)
		}
	}
	if n := len(w.sandbox.Mailbox().Messages("")); n != 0 {
		t.Errorf("%d e-mails", n)
	}
	if n := w.count("select count(*) from sign_ins"); n != 0 {
		t.Errorf("%d sign-ins stored", n)
	}
}

func TestMailServerAwayIsSaidAndLogged(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	if err := w.sandbox.Mailbox().Close(); err != nil {
		t.Fatal(err)
	}
	p := w.browser().post("/sign-in", "email", "ada@example.com", "flow", "individual")
	p.shows(http.StatusServiceUnavailable, "sign_in.title").besides("email", "error.mail_unsent")
	if p.value("email") != "ada@example.com" {
		t.Errorf("the field holds %q", p.value("email"))
	}
	if log := w.log.String(); !strings.Contains(log, "code not sent") || !strings.Contains(log, "refused") {
		t.Errorf("the log does not name the cause:\n%s", log)
	}
	if strings.Contains(p.body, "refused") || strings.Contains(p.body, "smtp") {
		t.Errorf("the page tells the cause:\n%s", p.body)
	}
}

func TestSignInGoesOnWithTheFlowChosenBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	b.post("/start", "flow", "company").leads("/sign-in?flow=company")
	p := b.get("/sign-in?flow=company").shows(http.StatusOK)
	if flow := p.elements("input").with("name", "flow")[0].attrs["value"]; flow != "company" {
		t.Fatalf("the flow is %q", flow)
	}
	b.post("/sign-in/code", "code", b.askCode("ada@example.com", "company")).leads("?flow=company")
	b.await("open")
	b.get("?flow=company").pair()
	b.get("/sign-in").leads("")
	b.get("/sign-in?flow=company").leads("?flow=company")
}

func TestEverySpellingOfAnAddressIsOneApplicant(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	first, second := w.browser(), w.browser()
	opened := first.start("ada@example.com", "individual")
	second.post("/sign-in", "email", "  ADA@Example.COM ").leads("/sign-in?sent=1")
	second.post("/sign-in/code", "code", w.code("ada@example.com")).leads("")
	if got := second.get("").pair(); got != opened {
		t.Error("the second browser has another form")
	}
}

// A cookie that somebody has put into the browser beforehand must not become that of the applicant's session.
func TestSessionIsNewAtEverySignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	eve, ada := w.browser().signIn("eve@example.com"), w.browser()
	planted := eve.cookies()
	const name = "__Secure-portal_session"
	ada.plant(map[string]string{name: planted[name]})
	ada.post("/sign-out")
	ada.plant(map[string]string{name: planted[name]})
	ada.post("/sign-in/code", "code", ada.askCode("ada@example.com", "")).leads("")
	first := ada.cookies()[name]
	if first == planted[name] || first == "" {
		t.Error("the planted session was taken over")
	}
	ada.get("").shows(http.StatusOK, "choose.title")
	if !strings.Contains(ada.get("").body, "ada@example.com") {
		t.Error("ada is not signed in as herself")
	}
	ada.post("/sign-in/code", "code", ada.askCodeAgain("ada@example.com")).leads("")
	if ada.cookies()[name] == first {
		t.Error("a second sign-in has the first one's session")
	}
	stranger := w.browser()
	stranger.plant(planted)
	stranger.get("").shows(http.StatusOK, "landing.title")
}

// askCodeAgain asks while signed in, when the page for it is no longer shown.
func (b *browser) askCodeAgain(email string) string {
	b.w.t.Helper()
	b.post("/sign-in", "email", email).leads("/sign-in?sent=1")
	return b.w.code(email)
}

func TestCookieOfOneKindIsNotTakenForTheOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	b.askCode("ada@example.com", "")
	stranger := w.browser()
	stranger.plant(map[string]string{"__Secure-portal_session": b.cookies()["__Secure-portal_sign_in"]})
	stranger.get("").shows(http.StatusOK, "landing.title")
	for _, made := range []string{"", "AAAA", strings.Repeat("A", 5000)} {
		stranger.plant(map[string]string{"__Secure-portal_session": made})
		stranger.get("").shows(http.StatusOK, "landing.title")
	}
}

func TestCookiesAreOnlyForThePortal(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"https://www.example.com/onboarding": "__Secure-portal_session; Path=/onboarding; HttpOnly; Secure; SameSite=Lax",
		"https://register.example.com":       "__Host-portal_session; Path=/; HttpOnly; Secure; SameSite=Lax",
		"http://127.0.0.1:8080/onboarding":   "portal_session; Path=/onboarding; HttpOnly; SameSite=Lax",
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			b := newWorld(t, wanted{url: url}).browser()
			got := slices.Concat(
				b.get("/sign-in?lang=de").stored(),
				b.post("/language", "lang", "pl", "to", "/onboarding").stored(),
				b.post("/sign-in/code", "code", b.askCode("ada@example.com", "")).stored(),
			)
			slices.Sort(got)
			var all []string
			for _, name := range []string{"address_language", "known", "language", "session"} {
				all = append(all, strings.Replace(want, "session", name, 1))
			}
			if diff := cmp.Diff(all, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// stored are the cookies that a page has a browser store, without what is in them and for how long.
func (p page) stored() (list []string) {
	for _, line := range p.header["Set-Cookie"] {
		cookie, err := http.ParseSetCookie(line)
		if err != nil {
			panic(err) // no browser would keep it either
		}
		if cookie.MaxAge > 0 {
			cookie.MaxAge = 0
			list = append(list, strings.Replace(cookie.String(), "="+cookie.Value, "", 1))
		}
	}
	return list
}

func TestSignOutEndsTheSessionOnTheServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser().signIn("ada@example.com")
	kept := b.cookies()
	b.post("/sign-out").shows(http.StatusOK, "signed_out.title")
	b.get("").shows(http.StatusOK, "landing.title")
	thief := w.browser()
	thief.plant(kept)
	thief.get("").shows(http.StatusOK, "landing.title")
	thief.get("/status").shows(http.StatusUnauthorized)
	thief.post("/start", "flow", "individual").leads("/sign-in?flow=individual")
	w.browser().post("/sign-out").shows(http.StatusOK, "signed_out.title") // nobody may do it, too
}

func TestSessionEndsWhenIdle(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser().signIn("ada@example.com")
	w.pass(limits.Idle - time.Minute)
	b.get("").shows(http.StatusOK, "choose.title")
	w.pass(limits.Idle + time.Second)
	b.get("").shows(http.StatusOK, "landing.title")
	b.get("/status").shows(http.StatusUnauthorized)
}

func TestOpenFormKeepsTheSessionAliveUpToItsLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	b.start("ada@example.com", "individual")
	status := b.get("/status").shows(http.StatusOK)
	const beat = 50 * time.Minute
	for passed := beat; passed < limits.Absolute; passed += beat {
		w.pass(beat)
		r := b.request(http.MethodGet, "/status", nil)
		r.Header.Set("If-None-Match", status.header.Get("ETag"))
		if p := b.do(r); p.status != http.StatusNotModified {
			t.Fatalf("after %s: status %d", passed, p.status)
		}
	}
	w.pass(beat)
	b.get("/status").shows(http.StatusUnauthorized)
	b.get("").shows(http.StatusOK, "landing.title")
}

func TestRotatedCookieKeysSignNobodyOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser().signIn("ada@example.com")
	newKey := []byte(strings.Repeat("n", 64))
	rotated := w.replica(wanted{keys: [][]byte{newKey, cookieKey}})
	at := func(w *world, cookies map[string]string) page {
		b := w.browser()
		b.plant(cookies)
		return b.get("")
	}
	at(rotated, b.cookies()).shows(http.StatusOK, "choose.title")
	fresh := rotated.browser().signIn("grace@example.com")
	at(w, fresh.cookies()).shows(http.StatusOK, "landing.title") // sealed with the new key, which it does not know
	at(w.replica(wanted{keys: [][]byte{newKey}}), fresh.cookies()).shows(http.StatusOK, "choose.title")
	at(w.replica(wanted{keys: [][]byte{newKey}}), b.cookies()).shows(http.StatusOK, "landing.title")
}

func TestSignInWaitsForTheCodeUntilItExpires(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	b.askCode("ada@example.com", "individual")
	b.get("/sign-in").shows(http.StatusOK, "sign_in.code_title")
	b.get("/sign-in?again=1").shows(http.StatusOK, "sign_in.title")
	for _, form := range b.get("/sign-in").elements("form") {
		if action := form.attrs["action"]; action != "/onboarding/language" && !strings.HasPrefix(action, "/onboarding/sign-in") {
			t.Error(fmt.Sprint("a form leads to ", form.attrs["action"]))
		}
	}
	w.pass(identity.CodeValidity + time.Second)
	over := b.get("/sign-in").shows(http.StatusOK, "sign_in.over_title")
	if got := over.elements("input").with("name", "email")[0].attrs["value"]; got != "ada@example.com" {
		t.Errorf("another code would go to %q", got)
	}
	w.pass(identity.SignInValidity)
	b.get("/sign-in").shows(http.StatusOK, "sign_in.title")
}

func TestWithoutCookiesSignInSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	w.browser().post("/sign-in", "email", "ada@example.com").leads("/sign-in?sent=1")
	w.browser().get("/sign-in?sent=1").shows(http.StatusOK, "dead_link.cookies_title", "dead_link.cookies_sign_in")
	known := w.browser()
	known.plant(map[string]string{"portal_known": "x"})
	known.get("/sign-in?sent=1").shows(http.StatusOK).besides("email", "error.sign_in_lost") // a tab of yesterday's
}

// Others may use up what there is for an address. The browser in which its owner has signed in before has its own.
func TestKnownBrowserHasLimitsOfItsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{still: true})
	ada := w.browser().signIn("ada@example.com")
	ada.post("/sign-out")
	for range atOnce - 1 {
		w.browser().post("/sign-in", "email", "ada@example.com").leads("/sign-in?sent=1")
	}
	w.browser().post("/sign-in", "email", "ada@example.com").shows(http.StatusTooManyRequests)
	if n := strings.Count(w.log.String(), `"limit":"code"`); n != 1 {
		t.Errorf("the refusal is logged %d times", n)
	}
	ada.signIn("ada@example.com")
	ada.post("/sign-out")
	for range atOnce {
		w.browser().post("/sign-in", "email", "eve@example.com").leads("/sign-in?sent=1")
	}
	ada.post("/sign-in", "email", "eve@example.com").shows(http.StatusTooManyRequests) // it is known for her own address only
	if known := ada.cookies()["__Secure-portal_known"]; known == "" || strings.Contains(known, "ada") {
		t.Errorf("the cookie is %q", known)
	}
}
