package web_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/web"
)

// protection is what an answer says by which browsers protect it, by the name of the header.
type protection map[string]string

// but is a protection with some headers different, in turn; those that are "" are not there.
func (p protection) but(headers ...string) protection {
	other := maps.Clone(p)
	for i := 0; i < len(headers); i += 2 {
		other[headers[i]] = headers[i+1]
	}
	maps.DeleteFunc(other, func(_, value string) bool { return value == "" })
	return other
}

// reported is the end of a policy whose reports are those of a kind of page.
func reported(page string) string {
	return "; report-uri /onboarding/reports/csp" + page + "; report-to csp"
}

const (
	ownContent = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
	nothingMore = "accelerometer=(), bluetooth=(), browsing-topics=(), clipboard-read=(), display-capture=(), encrypted-media=(), fullscreen=(), " +
		"geolocation=(), gyroscope=(), hid=(), idle-detection=(), local-fonts=(), magnetometer=(), midi=(), otp-credentials=(), payment=(), " +
		"picture-in-picture=(), publickey-credentials-create=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), " +
		"window-management=(), xr-spatial-tracking=()"
)

// ordinary is the protection of every answer but those of the kinds below.
var ordinary = protection{
	"Cache-Control":                "no-store",
	"Content-Security-Policy":      ownContent + reported(""),
	"Cross-Origin-Embedder-Policy": "require-corp",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Origin-Agent-Cluster":         "?1",
	"Permissions-Policy":           "camera=(), microphone=(), " + nothingMore,
	"Referrer-Policy":              "same-origin",
	"Reporting-Endpoints":          `csp="/onboarding/reports/csp"`,
	"Strict-Transport-Security":    "max-age=31536000",
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
	"X-Robots-Tag":                 "noindex",
}

// The other kinds of answer.
var (
	listed  = ordinary.but("X-Robots-Tag", "")                   // the same for everybody, and of use to those who search
	secret  = ordinary.but("Referrer-Policy", "no-referrer")     // at an address that opens something
	tagged  = ordinary.but("Cache-Control", "private, no-cache") // small, asked for often, and kept to be compared
	capture = ordinary.but(                                      // on which pictures are taken
		"Content-Security-Policy", strings.Replace(ownContent, "img-src 'self'", "img-src 'self' blob:", 1)+reported("?page=capture"),
		"Permissions-Policy", "camera=(self), microphone=(), "+nothingMore,
		"Reporting-Endpoints", `csp="/onboarding/reports/csp?page=capture"`,
	)
	form = ordinary.but( // with the forms of a provider
		"Content-Security-Policy", "default-src 'none'; script-src 'self' "+collection+"; frame-src "+collection+"; connect-src 'self' "+collection+
			"; img-src 'self'; style-src 'self'; font-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"+
			reported("?page=form"),
		"Cross-Origin-Embedder-Policy", "unsafe-none",
		"Permissions-Policy", `camera=(self "`+collection+`"), microphone=(), `+nothingMore,
		"Referrer-Policy", "no-referrer",
		"Reporting-Endpoints", `csp="/onboarding/reports/csp?page=form"`,
	)
	sdk = ordinary.but( // with those that are Sumsub's own
		"Content-Security-Policy", "default-src 'none'; script-src 'self' https://static.sumsub.com; frame-src https://in.sumsub.com; connect-src 'self'; "+
			"img-src 'self'; style-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"+reported("?page=sdk"),
		"Cross-Origin-Embedder-Policy", "unsafe-none",
		"Permissions-Policy", `camera=(self "https://in.sumsub.com"), microphone=(self "https://in.sumsub.com"), `+nothingMore,
		"Referrer-Policy", "strict-origin-when-cross-origin",
		"Reporting-Endpoints", `csp="/onboarding/reports/csp?page=sdk"`,
	)
	file = protection{
		"Cache-Control":                "public, max-age=31536000, immutable",
		"Content-Security-Policy":      "default-src 'none'",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Strict-Transport-Security":    "max-age=31536000",
		"X-Content-Type-Options":       "nosniff",
	}
	picture = file.but("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; sandbox")
)

// never are headers that would tell or let somebody something, or have browsers report to others.
var never = []string{
	"Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Content-Security-Policy-Report-Only", "NEL", "Report-To", "Server",
	"Timing-Allow-Origin", "X-Powered-By", "SourceMap",
}

// isProtected checks that the page says what answers of its kind say by which browsers protect them, no less and no more.
func (p page) isProtected(as protection) {
	p.t.Helper()
	got := protection{}
	for _, name := range slices.Concat(slices.Collect(maps.Keys(ordinary)), never) {
		if values := p.header.Values(name); len(values) > 0 {
			got[name] = strings.Join(values, " AND ")
		}
	}
	if diff := cmp.Diff(as, got); diff != "" {
		p.t.Errorf("%s (%d) is not protected as it should be (-want +got):\n%s", p.what, p.status, diff)
	}
	for _, line := range p.header.Values("Set-Cookie") {
		p.checkCookie(line)
	}
}

// checkCookie checks that a cookie goes to the portal alone, by TLS, from no other site's form, and to no script.
func (p page) checkCookie(line string) {
	p.t.Helper()
	c, err := http.ParseSetCookie(line)
	if err != nil {
		p.t.Fatalf("%s: %v", p.what, err)
	}
	if !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Domain != "" || c.Path != "/onboarding" {
		p.t.Errorf("%s: the cookie %s is not kept together", p.what, line)
	}
	if !strings.HasPrefix(c.Name, "__Secure-") {
		p.t.Errorf("%s: the cookie %s has the wrong name", p.what, c.Name)
	}
}

// kinds are those of the answers of routes that are not ordinary, by who gets them.
var kinds = map[string]map[string]protection{
	"GET /onboarding/":                      {"nobody": listed, "key": listed, "own": form, "another": form},
	"GET /onboarding/accessibility":         {"nobody": listed, "key": listed, "own": listed, "another": listed},
	"GET /onboarding/sign-in":               {"nobody": listed, "key": listed},
	"GET /onboarding/sign-in/link/{token}":  {"nobody": secret, "key": secret, "own": secret, "another": secret},
	"POST /onboarding/sign-in/link/{token}": {"nobody": secret, "key": secret, "own": secret, "another": secret},
	"GET /onboarding/status":                {"own": tagged, "another": tagged},
}

// A route that is new is ordinary, or has its row above.
func TestEveryRouteIsProtectedAsItsKindIs(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	for _, route := range routesOf(t, m.world) {
		for _, who := range []string{"nobody", "another", "key", "own"} {
			if who == "own" {
				m.letIn() // since some routes are the end of a session
			}
			as, special := kinds[route][who]
			if !special {
				as = ordinary
			}
			p := m.ask(who, route, accesses[route], nil)
			p.what = route + " by " + who
			p.isProtected(as)
		}
	}
}

func TestWhatIsNoRouteIsProtectedToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{sdk: fromSumsub(t), webhooks: true})
	nobody, ada := w.browser(), w.verify("ada@example.com", "documents")
	for _, c := range []struct {
		what, method, address string
		status                int
		as                    protection
	}{
		{"an e-mailed link", http.MethodGet, link, ok, form},
		{"an e-mailed link that is looked at", http.MethodHead, link, ok, form},
		{"half a link", http.MethodGet, "?apikey=" + linkKey, bad, secret},
		{"a key elsewhere", http.MethodGet, "/nowhere?apikey=" + linkKey, none, secret},
		{"a page that is none", http.MethodGet, "/nowhere", none, ordinary},
		{"a site that is none", http.MethodGet, "https://www.example.com/elsewhere", none, ordinary},
		{"a call that is none", http.MethodGet, "/api/v1/nothing", none, ordinary},
		{"a file that is none", http.MethodGet, "/static/app.000000000000.css", none, ordinary},
		{"what nobody does", http.MethodDelete, "/sign-in", http.StatusMethodNotAllowed, ordinary},
		{"what nobody does with the API", http.MethodPut, "/api/v1/links", http.StatusMethodNotAllowed, ordinary},
		{"what other sites ask of a page", http.MethodOptions, "/sign-in", http.StatusMethodNotAllowed, ordinary},
		{"a one-time link that is none", http.MethodDelete, "/sign-in/link/x", http.StatusMethodNotAllowed, secret},
		{"another language", http.MethodGet, "/sign-in?lang=de", ok, listed},
	} {
		p := nobody.do(nobody.request(c.method, c.address, nil))
		p.what = c.what
		if p.status != c.status {
			t.Errorf("%s: status %d, want %d", c.what, p.status, c.status)
		}
		p.isProtected(c.as)
	}
	r := nobody.request(http.MethodPost, "/sign-in", url.Values{"email": {"ada@example.com"}})
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	nobody.do(r).shows(http.StatusForbidden).isProtected(ordinary)
	nobody.post("/sign-in", "email", strings.Repeat("a", 20<<10)).shows(http.StatusRequestEntityTooLarge).isProtected(ordinary)
	ada.get(ada.about("/identity", "type", "PASSPORT")).shows(ok).isProtected(capture)
	w.verify("bert@example.com", "websdk").get("").shows(ok).isProtected(sdk)
	known := ada.request(http.MethodGet, "/status?flow=documents", nil)
	known.Header.Set("If-None-Match", ada.do(known).header.Get("ETag"))
	if p := ada.do(known); p.status != http.StatusNotModified {
		t.Errorf("what is known is sent again: %d", p.status)
	} else {
		p.isProtected(tagged)
	}
	cookies := ada.cookies()
	broken := w.replica(wanted{visits: func(web.Visits) web.Visits { return panicking{} }}).browser()
	broken.plant(cookies)
	broken.get("").shows(http.StatusInternalServerError).isProtected(ordinary)
}

func TestEveryFileIsProtectedAsItsKindIs(t *testing.T) {
	t.Parallel()
	b := newWorld(t, wanted{linkOnly: true}).browser()
	files := map[string]bool{}
	for _, page := range []page{b.get(""), b.get(link)} {
		for _, e := range page.elements("") {
			for _, address := range []string{e.attrs["src"], e.attrs["href"]} {
				if strings.HasPrefix(address, "/onboarding/static/") {
					files[address] = true
				}
			}
		}
	}
	if len(files) < 5 {
		t.Fatalf("files of pages: %v", files)
	}
	for address := range files {
		as := file
		if strings.HasSuffix(address, ".svg") {
			as = picture
		}
		b.do(b.request(http.MethodGet, "https://www.example.com"+address, nil)).isProtected(as)
	}
}
