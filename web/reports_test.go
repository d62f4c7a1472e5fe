package web_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/web"
)

// reportBook writes down what a portal hears from browsers.
type reportBook struct {
	mu    sync.Mutex
	lines []string
}

func (b *reportBook) hear() web.Reports {
	return web.Reports{
		Embed: func(page, cause string) { b.add(page + " " + cause) },
		CSP:   func(directive, blocked string) { b.add(directive + " " + blocked) },
	}
}

func (b *reportBook) add(line string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lines = append(b.lines, line)
}

// heard is what was reported so far.
func (b *reportBook) heard() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.lines)
}

// report sends a report as a browser does.
func (b *browser) report(address, kind, body string) page {
	b.w.t.Helper()
	r := b.request(http.MethodPost, address, nil)
	r.Body, r.ContentLength = http.NoBody, 0
	if body != "" {
		r = b.request(http.MethodPost, address, nil)
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	}
	r.Header.Set("Content-Type", kind)
	return b.do(r)
}

func TestEmbedReportsAreCountedByWhatIsKnown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{linkOnly: true})
	b := w.browser()
	for _, body := range []string{
		`{"page":"link","cause":"network"}`, `{"page":"sdk","cause":"silent","more":{"apikey":"secret-of-somebody"}}`,
		`{"page":"secret-of-somebody","cause":"secret-of-somebody"}`, `{"page":7}`, `[]`, `not JSON`, ``,
	} {
		for _, kind := range []string{"application/json", "text/plain;charset=UTF-8"} {
			if p := b.report("/reports/embed", kind, body); p.status != http.StatusNoContent || p.body != "" || len(p.header["Set-Cookie"]) > 0 {
				t.Errorf("%s: %d %v %s", body, p.status, p.header, p.body)
			}
		}
	}
	want := []string{"link network", "sdk silent", "other other", "other other", "other other", "other other", "other other"}
	if diff := cmp.Diff(twice(want), w.reports.heard()); diff != "" {
		t.Error("heard (-want +got):", diff)
	}
	if strings.Contains(w.log.String(), "secret-of-somebody") {
		t.Error("the log holds what was sent:", w.log)
	}
}

// twice is each of a list two times.
func twice(list []string) (all []string) {
	for _, one := range list {
		all = append(all, one, one)
	}
	return all
}

const secretAddress = "https://www.example.com/onboarding?request_id=rid-of-ada&apikey=key-of-ada"

// oldCSP and newCSP are reports as browsers send them, with the page's address everywhere that it can be.
func oldCSP(directive, blocked string) string {
	return fmt.Sprintf(`{"csp-report":{"document-uri":%q,"referrer":%q,"violated-directive":%q,"blocked-uri":%q,"source-file":%q,"script-sample":"key-of-ada","original-policy":"x","line-number":7}}`,
		secretAddress, secretAddress, directive, blocked, secretAddress)
}

func newCSP(directive, blocked string) string {
	return fmt.Sprintf(`{"type":"csp-violation","age":1,"url":%q,"user_agent":"x","body":{"documentURL":%q,"referrer":%q,"effectiveDirective":%q,"blockedURL":%q,"sourceFile":%q,"sample":"key-of-ada"}}`,
		secretAddress, secretAddress, secretAddress, directive, blocked, secretAddress)
}

func TestPolicyReportsAreCountedByWhatWasKeptOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{linkOnly: true})
	b := w.browser()
	sdk := w.sdk(wanted{})
	for blocked, want := range map[string]string{
		"self": "self", "https://www.example.com/onboarding?apikey=key-of-ada": "self", "inline": "inline", "eval": "eval", "wasm-eval": "eval",
		"data": "data", "data:text/plain,key-of-ada": "data", "blob": "blob", "blob:https://x.example/1": "blob",
		"https://collection.example.net/embed.js?key-of-ada": "provider", sdk.Script.String(): "provider", sdk.Frame.String(): "provider",
		"chrome-extension": "extension", "moz-extension://a-b-c/x.js": "extension", "safari-web-extension:": "extension",
		"https://ads.example/track?key-of-ada": "other", "": "other", "about": "other", "https://key-of-ada\n.example/": "other", "https://[": "other",
	} {
		b.report("/reports/csp?page=form", "application/csp-report", oldCSP("script-src 'self' https://collection.example.net", blocked))
		b.report("/reports/csp?page=form", "application/reports+json", "["+newCSP("script-src-elem", blocked)+"]")
		heard := w.reports.heard()
		if diff := cmp.Diff([]string{"script-src " + want, "script-src-elem " + want}, heard[len(heard)-2:]); diff != "" {
			t.Errorf("%q (-want +got): %s", blocked, diff)
		}
	}
	for _, secret := range []string{"key-of-ada", "rid-of-ada", "apikey", "track", "embed.js"} {
		if line := lineWith(w.log.String(), secret); line != "" {
			t.Errorf("the log holds %s: %s", secret, line)
		}
	}
}

func TestPolicyReportsSayInTheLogWhatWasKeptOutAndWhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{linkOnly: true})
	w.browser().report("/reports/csp?page=form", "application/csp-report", oldCSP("frame-src", "https://else.example/collect?key-of-ada"))
	const want = `"page":"form","directive":"frame-src","blocked":"other","blocked_origin":"https://else.example"`
	if !strings.Contains(w.log.String(), want) {
		t.Errorf("no %s in the log:\n%s", want, w.log)
	}
}

func TestPolicyReportsAreNotBelieved(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{linkOnly: true})
	b := w.browser()
	for _, body := range []string{
		"", "not JSON", "{}", "[]", "[1]", `{"csp-report":null}`, `{"csp-report":7}`, `[{"type":"deprecation","body":{"effectiveDirective":"img-src"}}]`, "[[[[",
	} {
		if p := b.report("/reports/csp", "application/csp-report", body); p.status != http.StatusNoContent {
			t.Errorf("%s: status %d", body, p.status)
		}
	}
	if heard := w.reports.heard(); len(heard) > 0 {
		t.Errorf("heard %v", heard)
	}
	b.report("/reports/csp?page=key-of-ada", "application/csp-report", oldCSP("key-of-ada", "self"))
	many := "[" + strings.TrimSuffix(strings.Repeat(newCSP("img-src", "data")+",", 25), ",") + "]"
	b.report("/reports/csp", "application/reports+json", many)
	if heard := w.reports.heard(); len(heard) != 21 || heard[0] != "other self" {
		t.Errorf("heard %d reports, want 21: %v", len(heard), heard)
	}
	if strings.Contains(w.log.String(), "key-of-ada") {
		t.Error("the log holds what was sent:", w.log)
	}
}

func TestReportsThatAreTooLongOrFromAnotherSiteAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{linkOnly: true})
	b := w.browser()
	for address, most := range map[string]int{"/reports/embed": 1 << 10, "/reports/csp": 16 << 10} {
		if p := b.report(address, "application/json", strings.Repeat(" ", most+1)); p.status != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: status %d for a long one", address, p.status)
		}
		r := b.request(http.MethodPost, address, nil)
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		if p := b.do(r); p.status != http.StatusForbidden {
			t.Errorf("%s: status %d from another site", address, p.status)
		}
	}
	if heard := w.reports.heard(); len(heard) > 0 {
		t.Errorf("heard %v", heard)
	}
}

func TestReportsAreWrittenDownOnceAMinute(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{linkOnly: true})
	b := w.browser()
	send := func() {
		b.report("/reports/embed", "application/json", `{"page":"link","cause":"slow"}`)
		b.report("/reports/csp", "application/csp-report", oldCSP("img-src", "https://a.example/"))
		b.report("/reports/csp", "application/csp-report", oldCSP("img-src", "https://a.example/more"))
	}
	lines := func() (n int) {
		return strings.Count(w.log.String(), `"a form did not come up"`) + strings.Count(w.log.String(), `"a page's policy has kept something out"`)
	}
	send()
	send()
	if lines() != 2 {
		t.Errorf("%d lines, want 2:\n%s", lines(), w.log)
	}
	w.pass(time.Minute)
	send()
	if lines() != 4 {
		t.Errorf("%d lines after a minute, want 4:\n%s", lines(), w.log)
	}
	if heard := w.reports.heard(); len(heard) != 9 {
		t.Errorf("%d counted, want 9", len(heard))
	}
}

func TestPolicyReportsOfSeveralOriginsAreAllWrittenDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{linkOnly: true})
	b := w.browser()
	for i := range 30 {
		b.report("/reports/csp", "application/csp-report", oldCSP("img-src", fmt.Sprintf("https://n%d.example/", i)))
	}
	b.report("/reports/csp", "application/csp-report", oldCSP("img-src", "https://www.example.com/a"))
	if n := strings.Count(w.log.String(), `"blocked":"other"`); n != 21 { // those beyond the first 20 count as one
		t.Errorf("%d lines of 30 origins, want 21", n)
	}
	if !strings.Contains(w.log.String(), `"blocked":"self"`) {
		t.Error("a flood of origins hides what is not one of them")
	}
}

func TestReportsDoNotFloodTheLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{linkOnly: true})
	b := w.browser()
	flood := func() {
		for _, page := range []string{"form", "sdk", "capture"} {
			for _, directive := range []string{"img-src", "script-src", "frame-src", "font-src"} {
				for i := range 10 {
					b.report("/reports/csp?page="+page, "application/csp-report", oldCSP(directive, fmt.Sprintf("https://n%d.example/", i)))
				}
			}
		}
	}
	for minute := 1; minute <= 2; minute++ {
		flood()
		if n := strings.Count(w.log.String(), `"a page's policy has kept something out"`); n != 60*minute {
			t.Errorf("%d lines in %d minutes, want %d", n, minute, 60*minute)
		}
		w.pass(time.Minute)
	}
}

func TestEveryPageSaysWhereReportsGo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{linkOnly: true})
	for address, want := range map[string]string{link: "?page=form", "": "", "/nowhere": ""} {
		h := w.browser().get(address).header
		if got := h.Get("Reporting-Endpoints"); got != `csp="/onboarding/reports/csp`+want+`"` {
			t.Errorf("%s: endpoints %s", address, got)
		}
		if csp := h.Get("Content-Security-Policy"); !strings.HasSuffix(csp, "; report-uri /onboarding/reports/csp"+want+"; report-to csp") {
			t.Errorf("%s: policy %s", address, csp)
		}
	}
}
