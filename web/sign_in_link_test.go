package web_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/internal/seal"
)

// link makes a one-time link as the company's back end does, and returns its address below the portal's.
func (w *world) link(l identity.Link) string {
	w.t.Helper()
	l.Key = "test"
	token, _, err := w.desk.NewLink(w.t.Context(), l)
	if err != nil {
		w.t.Fatal(err)
	}
	return "/sign-in/link/" + token.Reveal()
}

// customer is a subject of the company's, into the company flow.
func customer(subject string) identity.Link {
	return identity.Link{Subject: identity.Subject(subject), Email: "ada@example.com", Wish: identity.Wish{Flow: "company"}}
}

func TestLinkSignsInByOnePressIntoItsFlow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	l := customer("cust-42")
	l.Wish = identity.Wish{Flow: "subsidiary", Case: "north"}
	l.Facts = identity.Facts(onboarding.Facts{
		GivenNames: []string{"Ada"}, FamilyName: "Lovelace", Email: "ada@example.com",
		Name: "Analytical Engines Ltd", Number: "01234567", Country: "GBR",
	}.Encode())
	at, b := w.link(l), w.browser()
	b.get(at).shows(http.StatusOK, "sign_in_link.title", "sign_in_link.go_on")
	b.post(at).leads("?flow=subsidiary")
	b.await("open")
	b.get("?flow=subsidiary").pair()
	if got := w.text("select issuer || ' ' || subject from sessions where ended_at is null"); got != "link cust-42" {
		t.Errorf("signed in as %q", got)
	}
	if got := w.text("select flow || ' ' || case_name from registrations"); got != "subsidiary north" {
		t.Errorf("registered in %q", got)
	}
	w.provided("metadata", map[string]any{"name": "Analytical Engines Ltd", "number": "01234567", "country_of_incorporation": "GBR"})
	for _, secret := range []string{at[len("/sign-in/link/"):], "cust-42", "ada@example.com", "Analytical"} {
		if strings.Contains(w.log.String(), secret) {
			t.Errorf("%s is in the log", secret)
		}
	}
}

// provided checks what the newest profile was given in a member of its collected data.
func (w *world) provided(member string, want map[string]any) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.api.String()+"/profiles/"+w.text("select profile_id from registrations")+"/collected_data", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("apikey", "sandbox-master-key")
	answer, err := w.apiClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer answer.Body.Close()
	var data map[string]any
	if err := json.NewDecoder(answer.Body).Decode(&data); err != nil {
		w.t.Fatal(err)
	}
	got, _ := data[member].(map[string]any)
	for name, value := range want {
		if got[name] != value {
			w.t.Errorf("%s.%s is %v, want %v", member, name, got[name], value)
		}
	}
}

func TestLookingAtALinkChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	at := w.link(customer("cust-42"))
	for range 3 {
		w.browser().get(at).shows(http.StatusOK, "sign_in_link.title") // scanners come from everywhere
		w.browser().do(w.browser().request(http.MethodHead, at, nil))
	}
	if n := w.count("select (select count(*) from sessions) + (select count(*) from registrations) + (select count(*) from links where used_at is not null)"); n != 0 {
		t.Errorf("%d things have changed", n)
	}
	b := w.browser()
	b.get(at)
	b.post(at).leads("?flow=company")
}

func TestLinkWorksOnceButTwiceForWhoPressesTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	at, b, thief := w.link(customer("cust-42")), w.browser(), w.browser()
	thief.get(at)
	b.get(at)
	b.post(at).leads("?flow=company")
	first := b.cookies()["__Secure-portal_session"]
	b.post(at).leads("?flow=company") // a double click, whose first answer nobody saw
	if b.cookies()["__Secure-portal_session"] == first {
		t.Error("the second press has the first one's session")
	}
	if n := w.count("select count(*) from sessions where ended_at is null"); n != 1 {
		t.Errorf("%d sessions go on", n)
	}
	thief.get(at).shows(http.StatusGone, "dead_link.used_title", "sign_in.title")
	thief.post(at).shows(http.StatusGone, "dead_link.used_title")
	thief.get("").shows(http.StatusOK, "landing.title")
	if n := strings.Count(w.log.String(), "one-time link: used"); n != 2 {
		t.Errorf("two refusals are logged %d times", n)
	}
	b.get(at).leads("?flow=company") // who is in goes on
	w.pass(2 * time.Minute)
	b.post("/sign-out")
	b.get(at).shows(http.StatusGone, "dead_link.used_title")
}

func TestRacingPressesOfALinkLetOneBrowserIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	at := w.link(customer("cust-42"))
	const racers = 8
	var browsers [racers]*browser
	for i := range browsers {
		browsers[i] = w.browser()
		browsers[i].get(at)
	}
	var pressing sync.WaitGroup
	statuses := make([]int, racers)
	for i, b := range browsers {
		pressing.Go(func() { statuses[i] = b.post(at).status })
	}
	pressing.Wait()
	in := 0
	for _, status := range statuses {
		if status == http.StatusSeeOther {
			in++
		}
	}
	if in != 1 {
		t.Errorf("%d of %d got in: %v", in, racers, statuses)
	}
}

func TestLinkExpires(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	at, b := w.link(customer("cust-42")), w.browser()
	b.get(at)
	w.pass(identity.LinkValidity)
	b.get(at).shows(http.StatusGone, "dead_link.expired_title", "dead_link.others")
	b.post(at).shows(http.StatusGone, "dead_link.expired_title")
	b.get("").shows(http.StatusOK, "landing.title")
}

func TestWhatIsNoLinkSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	for _, token := range []string{"x", identity.NewToken().Reveal(), strings.Repeat("A", 25), strings.Repeat("a", 26), "%00", "..%2f..%2fx", strings.Repeat("A", 5000)} {
		w.browser().get("/sign-in/link/"+token).shows(http.StatusNotFound, "dead_link.unknown_title")
		b := w.browser()
		b.askCode("ada@example.com", "")
		b.post("/sign-in/link/"+token).shows(http.StatusNotFound, "dead_link.unknown_title")
	}
}

func TestLinkIsNotUsedUpWhereCookiesAreBlocked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	at := w.link(customer("cust-42"))
	w.browser().get(at)
	w.browser().post(at).shows(http.StatusUnprocessableEntity, "dead_link.cookies_title")
	b := w.browser()
	b.get(at)
	b.post(at).leads("?flow=company")
}

func TestLinkSpeaksTheLanguageTheCompanyKnows(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	l := customer("cust-42")
	l.Wish, l.Locale = identity.Wish{}, "de-AT"
	at, b := w.link(l), w.browser()
	b.language = "en"
	for _, p := range []page{b.get(at), b.post(at), b.get("")} {
		if lang := p.header.Get("Content-Language"); lang != "de" && p.status == http.StatusOK {
			t.Errorf("%s is in %q", p.what, lang)
		}
	}
}

func TestLanguageOfWhoSignsOutIsForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	l := customer("cust-42")
	l.Locale = "de"
	at, b := w.link(l), w.browser()
	b.language = "en"
	b.get(at)
	b.post(at).leads("?flow=company")
	b.post("/sign-out").shows(http.StatusOK, "signed_out.title")
	if p := b.get(""); p.header.Get("Content-Language") != "en" {
		t.Errorf("the next one is spoken to in %q", p.header.Get("Content-Language"))
	}
}

func TestLinkSaysWhoseSignInItEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	at, ends := w.link(customer("cust-42")), say("en", "sign_in_link.ends")
	if p := w.browser().get(at).shows(http.StatusOK, "sign_in_link.title"); strings.Contains(p.body, ends) {
		t.Error("nobody is signed in, and yet a sign-in would end")
	}
	b := w.browser().signIn("grace@example.com")
	p := b.get(at).shows(http.StatusOK, "sign_in_link.title", "sign_in_link.ends")
	if !strings.Contains(p.body, "grace@example.com") {
		t.Errorf("the page does not say who is signed in:\n%s", p.body)
	}
	b.post(at).leads("?flow=company")
	if p := b.get(""); strings.Contains(p.body, "grace@example.com") {
		t.Error("grace is still signed in")
	}
}

func TestLinkAddressIsNoReferrer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	at, b := w.link(customer("cust-42")), w.browser()
	for _, p := range []page{b.get(at), b.post(at), b.get("/sign-in/link/x")} {
		if got := p.header.Get("Referrer-Policy"); got != "no-referrer" {
			t.Errorf("%s: Referrer-Policy %q", p.what, got)
		}
	}
}

func TestLinkOfWhoIsSignedInAlreadyLeadsIntoItsCase(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	first := w.link(customer("cust-42"))
	b.get(first)
	b.post(first).leads("?flow=company")
	l := customer("cust-42")
	l.Wish = identity.Wish{Flow: "subsidiary", Case: "north"}
	second := w.link(l)
	b.get(second).shows(http.StatusOK, "sign_in_link.title")
	b.post(second).leads("?flow=subsidiary")
	if got := w.text("select string_agg(flow || '/' || case_name, ' ' order by flow) from registrations"); got != "company/ subsidiary/north" {
		t.Errorf("registered: %s", got)
	}
}

// The buttons of a page start what it shows, and nothing else.
func TestExpiredCaseIsRenewedAsThatCase(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	l := customer("cust-42")
	l.Wish = identity.Wish{Flow: "subsidiary", Case: "north"}
	at := w.link(l)
	b.get(at)
	b.post(at).leads("?flow=subsidiary")
	b.await("open")
	if _, err := w.pool.Exec(t.Context(), "update registrations set status = 'expired', read_at = null"); err != nil {
		t.Fatal(err)
	}
	for address, page := range map[string]page{"the outcome": b.get("?flow=subsidiary"), "the choice": b.get("?flow=company")} {
		found := page.elements("input").with("name", "case")
		if len(found) != 1 || found[0].attrs["value"] != "north" {
			t.Errorf("%s starts %v", address, found)
		}
	}
	b.post("/start", "flow", "subsidiary", "case", "north").leads("")
	if got := w.text("select string_agg(case_name, ' ') from registrations"); got != "north" {
		t.Errorf("cases: %q, want north alone", got)
	}
}

func TestDeadLinkSpeaksTheLanguageOfTheLink(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	l := customer("cust-42")
	l.Locale = "de"
	at, b, other := w.link(l), w.browser(), w.browser()
	b.get(at)
	b.post(at)
	other.language = "en"
	for _, p := range []page{other.get(at).shows(http.StatusGone, "dead_link.used_title"), w.browser().post(at).shows(http.StatusGone, "dead_link.used_title")} {
		if lang := p.header.Get("Content-Language"); lang != "de" {
			t.Errorf("%s is in %q", p.what, lang)
		}
	}
}

func TestLinksOfARevokedKeyAreDead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	if _, err := w.pool.Exec(t.Context(), "insert into api_keys (name, key_hash, created_at) values ('test', '\\x00', now())"); err != nil {
		t.Fatal(err)
	}
	at, b := w.link(customer("cust-42")), w.browser()
	b.get(at).shows(http.StatusOK, "sign_in_link.title")
	if _, err := w.pool.Exec(t.Context(), "update api_keys set revoked_at = now()"); err != nil {
		t.Fatal(err)
	}
	b.post(at).shows(http.StatusGone, "dead_link.expired_title")
	b.get(at).shows(http.StatusGone, "dead_link.expired_title")
}

func TestFactsThatDoNotOpenKeepNobodyOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	l := customer("cust-42")
	l.Facts = identity.Facts(onboarding.Facts{Name: "Analytical Engines Ltd"}.Encode())
	at := w.link(l)
	other := w.replica(wanted{sealing: mustText(t, seal.NewKeyset)})
	b := other.browser()
	b.get(at).shows(http.StatusOK, "sign_in_link.title")
	b.post(at).leads("?flow=company")
	if !strings.Contains(other.log.String(), "PORTAL_SEAL_KEYSET") {
		t.Error("the log does not name the setting")
	}
}
