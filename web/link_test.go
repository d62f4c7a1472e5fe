package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The pair of a request e-mail, of values that are found nowhere else.
const (
	linkID  = "3f6c1c4e-linked-request-id"
	linkKey = "9c1f0a77-linked-request-key"
	link    = "?request_id=" + linkID + "&apikey=" + linkKey
)

// directives takes a content security policy apart, without where it is reported to: see [TestEveryPageSaysWhereReportsGo].
func directives(p page) map[string]string {
	policy := map[string]string{}
	for directive := range strings.SplitSeq(p.header.Get("Content-Security-Policy"), ";") {
		name, sources, _ := strings.Cut(strings.TrimSpace(directive), " ")
		if !strings.HasPrefix(name, "report-") {
			policy[name] = sources
		}
	}
	return policy
}

var embeddingPolicy = map[string]string{
	"default-src": "'none'", "script-src": "'self' " + collection, "frame-src": collection,
	"connect-src": "'self' " + collection, "img-src": "'self'", "style-src": "'self'", "font-src": "'self'",
	"base-uri": "'self'", "form-action": "'self'", "frame-ancestors": "'none'", "object-src": "'none'",
}

var ordinaryPolicy = map[string]string{
	"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self'", "font-src": "'self'",
	"connect-src": "'self'", "form-action": "'self'", "base-uri": "'none'", "frame-ancestors": "'none'",
	"require-trusted-types-for": "'script'", "trusted-types": "'none'",
}

var camera = regexp.MustCompile(`\bcamera=([^,]*)`)

// embeds checks that the page has the policy of the pages with the provider's form, and what its script needs.
func (p page) embeds() page {
	p.t.Helper()
	p.shows(http.StatusOK, "form.loading")
	if diff := cmp.Diff(embeddingPolicy, directives(p)); diff != "" {
		p.t.Errorf("%s: content security policy (-want +got):\n%s", p.what, diff)
	}
	if got, want := camera.FindString(p.header.Get("Permissions-Policy")), `camera=(self "`+collection+`")`; got != want {
		p.t.Errorf("%s: %s, want %s", p.what, got, want)
	}
	if got := p.header.Get("Referrer-Policy"); got != "no-referrer" {
		p.t.Errorf("%s: Referrer-Policy %s", p.what, got)
	}
	if len(p.elements("div").with("id", "collection-wrapper")) != 1 || len(p.elements("script").with("src", collection+"/embed.js")) != 1 {
		p.t.Errorf("%s has no place for the form:\n%s", p.what, p.body)
	}
	if base := p.elements("base"); len(base) != 1 || base[0].attrs["href"] != "/" {
		p.t.Errorf("%s: base %v", p.what, base)
	}
	return p
}

// ordinary checks that the page has the policy of all others.
func (p page) ordinary() page {
	p.t.Helper()
	if diff := cmp.Diff(ordinaryPolicy, directives(p)); diff != "" {
		p.t.Errorf("%s: content security policy (-want +got):\n%s", p.what, diff)
	}
	if got := camera.FindString(p.header.Get("Permissions-Policy")); got != "camera=()" {
		p.t.Errorf("%s: %s, want no camera", p.what, got)
	}
	return p.referrer("same-origin")
}

// referrer checks what the page tells others of its address.
func (p page) referrer(want string) page {
	p.t.Helper()
	if got := p.header.Get("Referrer-Policy"); got != want {
		p.t.Errorf("%s: Referrer-Policy %s, want %s", p.what, got, want)
	}
	return p
}

func TestLinkOpensItsFormForAnyone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	nobody, applicant := w.browser(), w.browser()
	applicant.start("ada@example.com", "individual")
	w.calls.take()
	w.pool.Close() // whoever touches the database fails now
	var first page
	for _, b := range []*browser{nobody, applicant} {
		p := b.get(link).embeds()
		for _, secret := range []string{linkID, linkKey, "ada@example.com"} {
			if strings.Contains(p.body, secret) {
				t.Errorf("the page holds %s:\n%s", secret, p.body)
			}
		}
		for name, values := range p.header {
			if text := strings.Join(values, " "); strings.Contains(text, linkID) || strings.Contains(text, linkKey) {
				t.Errorf("%s: %s holds the pair", name, text)
			}
		}
		if len(p.header["Set-Cookie"]) > 0 {
			t.Errorf("the page sets %s", p.header["Set-Cookie"])
		}
		if len(p.elements("script").with("id", "customer-request")) > 0 {
			t.Error("the page has a pair of its own")
		}
		if first.body == "" {
			first = p
		}
		if p.body != first.body {
			t.Error("the page differs from person to person")
		}
	}
	if calls := w.calls.take(); len(calls) > 0 {
		t.Errorf("the provider was asked: %v", calls)
	}
	if log := w.log.String(); strings.Contains(log, linkID) || strings.Contains(log, linkKey) {
		t.Errorf("the log holds the pair:\n%s", log)
	}
}

func TestLinkWithoutAHalfIsSaidToBeIncomplete(t *testing.T) {
	t.Parallel()
	b := newWorld(t, wanted{linkOnly: true}).browser()
	for _, half := range []string{
		"?request_id=" + linkID, "?apikey=" + linkKey, "?request_id=" + linkID + "&apikey=", "?request_id=&apikey=" + linkKey,
		"?request_id=" + linkID + "&amp;apikey=" + linkKey,
	} {
		p := b.get(half).shows(http.StatusBadRequest, "link.incomplete_title").referrer("no-referrer")
		if strings.Contains(p.body, linkID) || strings.Contains(p.body, linkKey) {
			t.Errorf("%s: the page repeats it:\n%s", half, p.body)
		}
	}
}

func TestLinkIsFoundAmongOtherParameters(t *testing.T) {
	t.Parallel()
	b := newWorld(t, wanted{linkOnly: true}).browser()
	b.get("?utm_source=mail&apikey=" + linkKey + "&flow=nope&request_id=" + url.QueryEscape(linkID+"+/=")).embeds()
}

func TestPortalForLinksOnlyHasNoSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{linkOnly: true})
	b := w.browser()
	b.get(link).embeds()
	b.get("").shows(http.StatusOK, "link.open_title").ordinary()
	b.get("?flow=individual").shows(http.StatusOK, "link.open_title")
	p := b.get("/complete").shows(http.StatusOK, "sent.title").ordinary()
	for _, a := range append(p.elements("a"), p.elements("form")...) {
		if strings.Contains(a.attrs["href"]+a.attrs["action"], "sign-") {
			t.Errorf("the page leads to sign-in: %v", a.attrs)
		}
	}
	for _, address := range []string{"/sign-in", "/status", "/sign-in/code", "/start"} {
		b.get(address).shows(http.StatusNotFound)
	}
	for _, address := range []string{"/sign-in", "/sign-in/code", "/start", "/sign-out"} {
		b.post(address, "flow", "individual", "email", "ada@example.com").shows(http.StatusNotFound)
	}
}
