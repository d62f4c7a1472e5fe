package middleware_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/web/middleware"
)

const (
	origin  = "https://collection.passfort.com"
	reports = "/onboarding/reports/csp"
)

var secure = middleware.Reporting{To: reports, HTTPS: true}

func TestOrdinaryPagesAreProtected(t *testing.T) {
	t.Parallel()
	got := get(middleware.SecurityHeaders(middleware.Reporting{To: reports}, "")(says("")), "/").Header()
	features := got.Get("Permissions-Policy")
	got.Del("Permissions-Policy")
	got.Del("Content-Type")
	want := http.Header{
		"Cache-Control": {"no-store"},
		"Content-Security-Policy": {"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
			"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; " +
			"require-trusted-types-for 'script'; trusted-types 'none'; report-uri /onboarding/reports/csp"},
		"Cross-Origin-Embedder-Policy": {"require-corp"},
		"Cross-Origin-Opener-Policy":   {"same-origin"},
		"Cross-Origin-Resource-Policy": {"same-origin"},
		"Origin-Agent-Cluster":         {"?1"},
		"Referrer-Policy":              {"same-origin"},
		"X-Content-Type-Options":       {"nosniff"},
		"X-Frame-Options":              {"DENY"},
		"X-Robots-Tag":                 {"noindex"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("headers (-want +got):", diff)
	}
	for feature := range strings.SplitSeq(features, ", ") {
		if !regexp.MustCompile(`^[a-z-]+=\(\)$`).MatchString(feature) {
			t.Errorf("%q is not off", feature)
		}
	}
	if !strings.Contains(features, "camera=()") {
		t.Error("the camera is not off:", features)
	}
}

func TestBrowsersComeByTLSAsFarAsTheyAreTold(t *testing.T) {
	t.Parallel()
	for _, transport := range []string{"", "max-age=31536000; includeSubDomains"} {
		h := get(middleware.SecurityHeaders(secure, transport)(says("")), "/").Header()
		if got, is := h["Strict-Transport-Security"]; is != (transport != "") || h.Get("Strict-Transport-Security") != transport {
			t.Errorf("%q: %q", transport, got)
		}
	}
}

func TestReportsGoTheNewerWayWithTLS(t *testing.T) {
	t.Parallel()
	for https, want := range map[bool]string{true: `csp="/onboarding/reports/csp"`, false: ""} {
		h := get(middleware.SecurityHeaders(middleware.Reporting{To: reports, HTTPS: https}, "")(says("")), "/").Header()
		if newer := strings.HasSuffix(h.Get("Content-Security-Policy"), "; report-to csp"); newer != https || h.Get("Reporting-Endpoints") != want {
			t.Errorf("https %t: %v", https, h)
		}
	}
}

func TestEmbeddingPageHasItsOwnPolicy(t *testing.T) {
	t.Parallel()
	policy, err := middleware.NewEmbedding(origin, map[string][]string{
		"img-src": {"data:", "https://cdn.example"}, "media-src": {"blob:"},
	})
	if err != nil {
		t.Fatal(err)
	}
	h := middleware.SecurityHeaders(secure, "")(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { policy.Policy(secure).Set(w.Header()) }))
	got := get(h, "/").Header()
	for name, want := range map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self' https://collection.passfort.com; " +
			"frame-src https://collection.passfort.com; connect-src 'self' https://collection.passfort.com; " +
			"img-src 'self' data: https://cdn.example; style-src 'self'; font-src 'self'; media-src blob:; " +
			"base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; report-uri /onboarding/reports/csp?page=form; report-to csp",
		"Reporting-Endpoints": `csp="/onboarding/reports/csp?page=form"`,
		"Referrer-Policy":     "no-referrer", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
		"Cross-Origin-Embedder-Policy": "unsafe-none", "X-Robots-Tag": "noindex",
	} {
		if got.Get(name) != want || len(got[name]) != 1 {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}
	if features := got.Get("Permissions-Policy"); !strings.Contains(features, `camera=(self "https://collection.passfort.com")`) ||
		!strings.Contains(features, "microphone=()") {
		t.Error("Permissions-Policy:", features)
	}
}

func TestSDKPageHasItsOwnPolicy(t *testing.T) {
	t.Parallel()
	policy, err := middleware.NewSDK("https://static.sumsub.com", "https://in.sumsub.com")
	if err != nil {
		t.Fatal(err)
	}
	h := middleware.SecurityHeaders(secure, "")(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { policy.Policy(secure).Set(w.Header()) }))
	got := get(h, "/").Header()
	for name, want := range map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self' https://static.sumsub.com; " +
			"frame-src https://in.sumsub.com; connect-src 'self'; img-src 'self'; style-src 'self'; font-src 'self'; " +
			"base-uri 'none'; form-action 'self'; frame-ancestors 'none'; report-uri /onboarding/reports/csp?page=sdk; report-to csp",
		"Reporting-Endpoints": `csp="/onboarding/reports/csp?page=sdk"`,
		"Referrer-Policy":     "strict-origin-when-cross-origin", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
		"Cross-Origin-Embedder-Policy": "unsafe-none",
	} {
		if got.Get(name) != want || len(got[name]) != 1 {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}
	lent := `camera=(self "https://in.sumsub.com"), microphone=(self "https://in.sumsub.com"), `
	if features := got.Get("Permissions-Policy"); !strings.HasPrefix(features, lent) || strings.Count(features, "=()") != strings.Count(features, "=")-2 {
		t.Error("Permissions-Policy:", features)
	}
}

func TestEmbeddingRefusesWhatWouldBreakThePolicy(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "https://a.example https://b.example", "https://a.example;", "a,b", `"`, "a\n", "é"} {
		if _, err := middleware.NewEmbedding(bad, nil); err == nil {
			t.Errorf("origin %q is taken", bad)
		}
		if _, err := middleware.NewSDK(bad, origin); err == nil {
			t.Errorf("script %q is taken", bad)
		}
		if _, err := middleware.NewSDK(origin, bad); err == nil {
			t.Errorf("frame %q is taken", bad)
		}
		if _, err := middleware.NewEmbedding(origin, map[string][]string{"img-src": {bad}}); err == nil {
			t.Errorf("source %q is taken", bad)
		}
	}
	for _, directive := range []string{"", "frame-ancestors", "default-src", "base-uri", "form-action", "img-src; script-src"} {
		if _, err := middleware.NewEmbedding(origin, map[string][]string{directive: {"https://a.example"}}); err == nil {
			t.Errorf("directive %q is taken", directive)
		}
	}
}

func TestPolicyWithoutAPlaceForReportsReportsNothing(t *testing.T) {
	t.Parallel()
	h := http.Header{}
	middleware.CapturePolicy(middleware.Reporting{}).Set(h)
	if csp := h.Get("Content-Security-Policy"); csp == "" || strings.Contains(csp, "report") || h.Get("Reporting-Endpoints") != "" {
		t.Errorf("headers %v", h)
	}
}

func TestPageThatChangesItsPolicyReportsAsTheLast(t *testing.T) {
	t.Parallel()
	h := middleware.SecurityHeaders(secure, "")(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		middleware.CapturePolicy(secure).Set(w.Header())
		middleware.CapturePolicy(secure).Set(w.Header())
	}))
	if got := get(h, "/").Header()["Reporting-Endpoints"]; len(got) != 1 || got[0] != `csp="/onboarding/reports/csp?page=capture"` {
		t.Errorf("reports go to %q", got)
	}
}
