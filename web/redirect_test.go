package web_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// elsewhere are ways to write the address of another site, of which some look like one of ours.
var elsewhere = []string{
	"//evil.example", `/\evil.example`, `\\evil.example`, "https:evil.example", "https://evil.example/onboarding", "https://www.example.com@evil.example/",
	"/\t/evil.example", "\n//evil.example", "\x01https://evil.example", "/onboarding/..//evil.example", "/onboarding/%2e%2e//evil.example",
	"javascript:alert('evil.example')", "/onboarding?x\r\nLocation: https://evil.example", "//www.example.com.evil.example/onboarding",
}

// leading are names under which an address could be meant; some are of other programs.
var leading = []string{"to", "again", "look", "page", "next", "return_to", "redirect", "redirect_uri", "post_logout_redirect_uri", "url", "target"}

func TestNoRouteLeadsWhereSomebodyElseSays(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	for _, route := range routesOf(t, m.world) {
		m.letIn() // since some routes are the end of a session
		for _, address := range elsewhere {
			m.staysHere("own", route, all(leading, address))
		}
		m.staysHere("nobody", route, all(leading, elsewhere[0]))
		m.staysHere("own", route, all(strangeFields, elsewhere[0]))
	}
}

// all has the same value for all names.
func all(names []string, value string) url.Values {
	fields := url.Values{}
	for _, name := range names {
		fields.Set(name, value)
	}
	return fields
}

func TestNoAddressLeadsElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	for _, path := range []string{
		"//evil.example", "//evil.example/onboarding", "/%5cevil.example", "/onboarding//evil.example", "/onboarding/%2f%2fevil.example", "/onboarding/%5c%5cevil.example",
		"/onboarding/../..//evil.example", "/static//evil.example/", "/onboarding/static//evil.example", "/onboarding/static/..//evil.example/", "/onboarding/sign-in//evil.example/%2e%2e",
		"/onboarding/%0d%0aLocation:%20https://evil.example", "/onboarding?lang=de&to=//evil.example", "/?//evil.example", "/onboarding/;//evil.example",
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			p := b.do(b.request(method, "https://www.example.com"+path, nil))
			p.staysHere(t, "https://www.example.com"+path)
		}
	}
}

// staysHere asks for a route and looks where its answer leads.
func (m *matrix) staysHere(who, route string, more url.Values) {
	m.t.Helper()
	_, path, _ := strings.Cut(route, " ")
	p := m.ask(who, route, accesses[route], more)
	p.what = who + " at " + route + " with " + more.Encode()
	p.staysHere(m.t, "https://www.example.com"+path)
}

// address finds what browsers follow, or scripts of ours do.
var address = regexp.MustCompile(`\s(?:href|src|action|formaction|data-[a-z-]+)="([^"]*)"`)

// staysHere looks at every way out of a page that is shown at an address.
func (p page) staysHere(t *testing.T, at string) {
	t.Helper()
	out := []string{p.header.Get("Location")}
	if _, to, ok := strings.Cut(p.header.Get("Refresh"), "url="); ok {
		out = append(out, to)
	}
	for _, match := range address.FindAllStringSubmatch(p.body, -1) {
		out = append(out, html.UnescapeString(match[1]))
	}
	for _, to := range out {
		if host := led(t, at, to); strings.Contains(host, "evil") {
			t.Errorf("%s leads to %q", p.what, to)
		}
	}
}

// led is the host to which browsers go from an address; they take more for an address than the standard does. Schemes
// without a host are as bad as another one.
func led(t *testing.T, at, to string) string {
	t.Helper()
	to = strings.TrimLeft(strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(to), "\x00\x01\x02 ")
	way, query, _ := strings.Cut(to, "?")
	to = strings.ReplaceAll(way, `\`, "/") + "?" + query
	base, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	u, err := base.Parse(to)
	switch {
	case err != nil:
		return to
	case u.Opaque != "":
		return u.Opaque
	}
	return u.Host
}

func TestWaysOutAreSeen(t *testing.T) {
	t.Parallel()
	for _, to := range elsewhere {
		if strings.Contains(to, "/..//") || strings.Contains(to, "%2e") || strings.Contains(to, "onboarding?x") {
			continue // which lead there only by way of a mistake of ours
		}
		if host := led(t, "https://www.example.com/onboarding/sign-in", to); !strings.Contains(host, "evil") {
			t.Errorf("%q is not seen to lead to another host, but to %q", to, host)
		}
	}
}
