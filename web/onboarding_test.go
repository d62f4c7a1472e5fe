package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/faults"
	sandboxforms "portal/internal/sandbox/passfort"
)

func TestFormOfAnApplicantCarriesItsPairOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	ada, eve := w.browser(), w.browser()
	hers := ada.start("ada@example.com", "individual")
	other := eve.start("eve@example.com", "individual")
	p := ada.get("").embeds()
	if p.pair() != hers {
		t.Error("the pair has changed")
	}
	for _, secret := range []string{hers.RequestID, hers.APIKey} {
		if n := strings.Count(p.body, secret); n != 1 {
			t.Errorf("%s is on the page %d times", secret, n)
		}
	}
	for _, secret := range []string{other.RequestID, other.APIKey, "eve@example.com"} {
		if strings.Contains(p.body, secret) {
			t.Errorf("the page holds %s of somebody else", secret)
		}
	}
	if real := w.sandbox.PassFort().Overviews(2)[1].Request.ID; real != hers.RequestID {
		t.Errorf("the page has request %s, the provider %s", hers.RequestID, real)
	}
}

func TestPagesBesideTheFormAreOrdinary(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	nobody, ada := w.browser(), w.browser()
	for _, address := range []string{"", "/sign-in", "/sign-in?flow=company", "/complete", "/nowhere", "?flow=nope"} {
		nobody.get(address).ordinary()
	}
	nobody.askCode("ada@example.com", "")
	nobody.get("/sign-in").ordinary()
	ada.signIn("ada@example.com").get("").shows(http.StatusOK, "choose.title").ordinary()
	ada.open("individual")
	ada.get("/complete").shows(http.StatusOK, "checking.title").ordinary()
	ada.get("?flow=company").shows(http.StatusOK, "choose.title").ordinary()
	ada.post("/sign-out").ordinary()
}

func TestStartLeadsNobodyToSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	w.browser().post("/start", "flow", "company").leads("/sign-in?flow=company")
	if n := w.count("select count(*) from registrations"); n != 0 {
		t.Errorf("%d registrations stored", n)
	}
}

func TestUnknownFlowIsSaidAndStoresNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser().signIn("ada@example.com")
	for _, name := range []string{"nope", "INDIVIDUAL", `"><script>`, "individual/../company", "individual\x00"} {
		flow := url.QueryEscape(name)
		for _, p := range []page{
			b.get("?flow=" + flow), b.get("/sign-in?flow=" + flow), b.get("/status?flow=" + flow), b.get("/complete?flow=" + flow),
			b.post("/start", "flow", name), b.post("/sign-in", "flow", name, "email", "ada@example.com"),
		} {
			p.shows(http.StatusNotFound, "error.unknown_flow").ordinary()
		}
	}
	b.post("/start").shows(http.StatusNotFound, "error.unknown_flow")
	if n := w.count("select count(*) from registrations"); n != 0 {
		t.Errorf("%d registrations stored", n)
	}
}

func TestForeignCaseIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser().signIn("ada@example.com")
	b.post("/start", "flow", "individual", "case", "second").shows(http.StatusUnprocessableEntity, "error.case")
	for _, name := range []string{"../x", "a b", "ä", strings.Repeat("x", 65)} {
		b.post("/start", "flow", "subsidiary", "case", name).shows(http.StatusUnprocessableEntity, "error.case")
	}
	if n := w.count("select count(*) from registrations"); n != 0 {
		t.Errorf("%d registrations stored", n)
	}
	b.post("/start", "flow", "subsidiary", "case", "north").leads("")
	b.await("open")
	north := b.get("").pair()
	b.post("/start", "flow", "subsidiary", "case", "south").leads("")
	b.await("open")
	if b.get("").pair() == north {
		t.Error("two cases have one form")
	}
	b.post("/start", "flow", "subsidiary", "case", "north").leads("")
	if b.get("").pair() != north {
		t.Error("the first case has lost its form")
	}
}

func TestBodyOverTheLimitStoresNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser().signIn("ada@example.com")
	before := w.count("select count(*) from sign_ins")
	large := strings.Repeat("x", 17<<10)
	for _, address := range []string{"/start", "/sign-in", "/sign-in/code"} {
		fields := []string{"flow", "individual", "email", "eve@example.com", "code", "123456", "more", large}
		b.post(address, fields...).shows(http.StatusRequestEntityTooLarge, "problem.413").ordinary()
		r := b.request(http.MethodPost, address, url.Values{"flow": {"individual"}, "more": {large}})
		r.ContentLength = -1 // nobody says beforehand how much will come
		b.do(r).shows(http.StatusRequestEntityTooLarge, "problem.413")
	}
	if n := w.count("select count(*) from registrations") + w.count("select count(*) from sign_ins") - before; n != 0 {
		t.Errorf("%d rows stored", n)
	}
}

func TestOtherSitesCannotPost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser().signIn("ada@example.com")
	before := w.count("select count(*) from sign_ins")
	for name, headers := range map[string]map[string]string{
		"another site":        {"Sec-Fetch-Site": "cross-site"},
		"a sibling host":      {"Sec-Fetch-Site": "same-site"},
		"another origin":      {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
		"a sibling's origin":  {"Sec-Fetch-Site": "", "Origin": "https://blog.example.com"},
		"the null origin":     {"Sec-Fetch-Site": "", "Origin": "null"},
		"both, contradicting": {"Sec-Fetch-Site": "cross-site", "Origin": publicURL},
	} {
		for _, address := range []string{"/start", "/sign-in", "/sign-in/code", "/sign-out"} {
			r := b.request(http.MethodPost, address, url.Values{"flow": {"individual"}, "email": {"ada@example.com"}, "code": {"123456"}})
			for header, value := range headers {
				r.Header.Set(header, value)
			}
			if p := b.do(r); p.status != http.StatusForbidden {
				t.Errorf("%s to %s: status %d", name, address, p.status)
			} else {
				p.shows(http.StatusForbidden, "error.cross_origin").ordinary()
			}
		}
	}
	if n := w.count("select count(*) from registrations") + w.count("select count(*) from sign_ins") - before; n != 0 {
		t.Errorf("%d rows stored", n)
	}
	b.get("").shows(http.StatusOK, "choose.title") // still signed in
	r := b.request(http.MethodGet, "", nil)
	r.Header.Set("Sec-Fetch-Site", "cross-site") // a link in somebody's webmail
	b.do(r).shows(http.StatusOK, "choose.title")
	r = b.request(http.MethodPost, "/start", url.Values{"flow": {"individual"}})
	r.Header.Del("Sec-Fetch-Site") // an old browser, or none
	b.do(r).leads("")
}

func TestStartTwiceIsOneRegistration(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser().signIn("ada@example.com")
	second := w.replica(wanted{}).browser()
	second.plant(b.cookies())
	var clicks sync.WaitGroup
	for i := range 12 {
		from := []*browser{b, second}[i%2]
		clicks.Go(func() { from.post("/start", "flow", "individual") })
	}
	clicks.Wait()
	b.await("open")
	if b.open("individual") != second.get("").pair() {
		t.Error("two tabs have different forms")
	}
	if diff := cmp.Diff(oneOfEach, w.effects()); diff != "" {
		t.Errorf("effects (-want +got):\n%s", diff)
	}
}

func TestComingBackOnlyShowsTheForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	opened := w.browser().start("ada@example.com", "individual")
	w.calls.take()
	w.pass(30 * 24 * time.Hour)
	later := w.browser().signIn("ada@example.com")
	if later.get("").pair() != opened {
		t.Error("the form has changed")
	}
	if calls := w.calls.take(); len(calls) > 0 {
		t.Errorf("the provider was asked: %v", calls)
	}
}

func TestSlowProviderGetsAWaitingPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser().signIn("ada@example.com")
	w.ruin(faults.Rule{Method: http.MethodPost, Path: "/4.0/profiles", Kind: faults.Slow, DelayMS: 60_000})
	began := time.Now()
	b.post("/start", "flow", "individual").leads("")
	if took := time.Since(began); took < 2*time.Second || took > 6*time.Second {
		t.Errorf("the start took %s, want about 2.5 s", took)
	}
	p := b.get("").shows(http.StatusOK, "waiting.title", "waiting.working", "waiting.kept").ordinary()
	p.watched("60;url=/onboarding?flow=individual", "5;url=/onboarding?flow=individual")
	b.get("/status").shows(http.StatusOK)
	w.sandbox.Faults().Clear()
	b.await("open")
	b.get("").pair()
	if diff := cmp.Diff(oneOfEach, w.effects()); diff != "" {
		t.Errorf("effects (-want +got):\n%s", diff)
	}
}

// ruin orders trouble at the provider.
func (w *world) ruin(r faults.Rule) {
	w.t.Helper()
	if _, err := w.sandbox.Faults().Add(r); err != nil {
		w.t.Fatal(err)
	}
}

func TestProviderInTroubleIsACalmPageThatMovesOn(t *testing.T) {
	t.Parallel()
	const profiles, requests = "/4.0/profiles", "/4.0/forms/"
	for name, test := range map[string]struct {
		rule  faults.Rule
		cause string // in the log
	}{
		"the key is refused":    {faults.Rule{Path: profiles, Kind: faults.Status, Status: 401}, "HTTP 401"},
		"too many calls":        {faults.Rule{Path: profiles, Kind: faults.Status, Status: 429}, "HTTP 429"},
		"it fails":              {faults.Rule{Path: profiles, Kind: faults.Status, Status: 500}, "HTTP 500"},
		"it answers nonsense":   {faults.Rule{Path: profiles, Kind: faults.Garbage}, "not the JSON it should be"},
		"it hangs up":           {faults.Rule{Path: profiles, Kind: faults.Reset}, "no whole answer"},
		"the request fails":     {faults.Rule{Path: requests, Kind: faults.Status, Status: 500}, "HTTP 500"},
		"the request's answer":  {faults.Rule{Path: requests, Method: http.MethodPost, When: faults.After, Kind: faults.Reset}, "no whole answer"},
		"the request's refusal": {faults.Rule{Path: requests, Kind: faults.Status, Status: 401}, "HTTP 401"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, wanted{})
			b := w.browser().signIn("ada@example.com")
			if test.rule.When == faults.After { // the answer is lost, and nothing can be read for a while
				w.ruin(faults.Rule{Path: requests, Method: http.MethodGet, Kind: faults.Status, Status: 503})
			}
			w.ruin(test.rule)
			b.post("/start", "flow", "individual").leads("")
			p := b.get("").shows(http.StatusOK, "waiting.title", "waiting.kept").ordinary()
			for _, theirs := range []string{"fault", "PassFort", "passfort", "HTTP"} {
				if strings.Contains(p.body, theirs) {
					t.Errorf("the page says %s:\n%s", theirs, p.body)
				}
			}
			if after, to := p.refreshes(); after > 15*time.Second || to != "?flow=individual" {
				t.Errorf("the page moves on after %v to %q", after, to)
			}
			eventually(t, test.cause+" in the log", func() bool { return strings.Contains(w.log.String(), test.cause) })
			w.pass(time.Minute)
			if p := b.get("").shows(http.StatusOK); !strings.Contains(p.body, say("en", "waiting.slow")) && !strings.Contains(p.body, say("en", "waiting.away")) {
				t.Errorf("the page says neither that it takes long nor that the provider is away:\n%s", p.body)
			}
			w.sandbox.Faults().Clear()
			w.pass(2 * time.Minute) // past every wait
			b.await("open")
			b.get("").pair()
			if diff := cmp.Diff(oneOfEach, w.effects()); diff != "" {
				t.Errorf("effects (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatOnlyAPersonCanDecideIsSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	if err := w.sandbox.PassFort().SetOptions(sandboxforms.Options{ReadHidesAPIKey: true}); err != nil {
		t.Fatal(err)
	}
	b := w.browser().signIn("ada@example.com")
	w.ruin(faults.Rule{Path: "/4.0/forms/", Method: http.MethodPost, When: faults.After, Kind: faults.Reset, Count: 1})
	b.post("/start", "flow", "individual").leads("")
	eventually(t, "a person to be asked", func() bool {
		w.pass(time.Minute)
		return strings.Contains(b.get("/status").body, `"needs_attention"`)
	})
	p := b.get("").shows(http.StatusOK, "outcome.needs_attention_title", "outcome.needs_attention").ordinary()
	if id := w.text("select id::text from registrations"); !strings.Contains(p.body, id) {
		t.Error("the page does not give the reference")
	}
	b.post("/start", "flow", "individual").leads("")
	if diff := cmp.Diff(oneOfEach, w.effects()); diff != "" {
		t.Errorf("effects (-want +got):\n%s", diff)
	}
}

// text answers a query for a text.
func (w *world) text(sql string) (s string) {
	w.t.Helper()
	if err := w.pool.QueryRow(w.t.Context(), sql).Scan(&s); err != nil {
		w.t.Fatal(err)
	}
	return s
}

// status is the answer of GET …/status.
type status struct {
	Status  string `json:"status"`
	Next    string `json:"next"`
	Stage   string `json:"stage"`
	Version int64  `json:"version"`
}

func (p page) statusAnswer(want int) (s status) {
	p.t.Helper()
	p.shows(want)
	if p.header.Get("Content-Type") != "application/json" {
		p.t.Errorf("%s is %s", p.what, p.header.Get("Content-Type"))
	}
	d := json.NewDecoder(strings.NewReader(p.body))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		p.t.Errorf("%s: %v: %s", p.what, err, p.body)
	}
	return s
}

func TestStatusTellsWhereToGo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	want := func(p page, code int, name, next string) status {
		t.Helper()
		got := p.statusAnswer(code)
		if got.Status != name || got.Next != next {
			t.Errorf("%s: %+v, want %s and %s", p.what, got, name, next)
		}
		return got
	}
	want(b.get("/status"), http.StatusUnauthorized, "signed_out", "/onboarding/sign-in")
	want(b.get("/status?flow=company"), http.StatusUnauthorized, "signed_out", "/onboarding/sign-in?flow=company")
	b.signIn("ada@example.com")
	want(b.get("/status"), http.StatusOK, "none", "/onboarding")
	b.open("individual")
	opened := want(b.get("/status"), http.StatusOK, "open", "/onboarding?flow=individual")
	want(b.get("/status?flow=company"), http.StatusOK, "none", "/onboarding")
	w.end(b.get("").pair(), sandboxforms.Completed)
	b.get("/complete")
	done := want(b.get("/status"), http.StatusOK, "completed", "/onboarding/complete?flow=individual")
	if done.Version <= opened.Version {
		t.Errorf("the version went from %d to %d", opened.Version, done.Version)
	}
}

func TestStatusIsSentOnceAChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	opened := b.start("ada@example.com", "individual")
	first := b.get("/status").shows(http.StatusOK)
	if got := first.header.Get("Cache-Control"); got != "private, no-cache" {
		t.Errorf("Cache-Control %q", got)
	}
	again := func() page {
		r := b.request(http.MethodGet, "/status", nil)
		r.Header.Set("If-None-Match", first.header.Get("ETag"))
		return b.do(r)
	}
	if p := again(); p.status != http.StatusNotModified || p.body != "" || p.header.Get("ETag") != first.header.Get("ETag") {
		t.Errorf("status %d, ETag %s, want 304 and %s", p.status, p.header.Get("ETag"), first.header.Get("ETag"))
	}
	w.end(opened, sandboxforms.Completed)
	b.get("/complete")
	if got := again().statusAnswer(http.StatusOK); got.Status != "completed" {
		t.Errorf("status %+v", got)
	}
}
