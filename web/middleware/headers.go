package middleware

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// ordinaryCSP is the content security policy of pages that show nothing but our own things.
const ordinaryCSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// ordinaryFeatures is the permissions policy of these pages: none of the browser's powers.
var ordinaryFeatures = features("()", "()")

// features is a permissions policy with everything off, and camera and microphone as given.
func features(camera, microphone string) string {
	return "accelerometer=(), camera=" + camera + ", display-capture=(), encrypted-media=(), fullscreen=(), " +
		"geolocation=(), gyroscope=(), hid=(), idle-detection=(), local-fonts=(), magnetometer=(), microphone=" + microphone + ", midi=(), " +
		"payment=(), picture-in-picture=(), publickey-credentials-create=(), publickey-credentials-get=(), " +
		"screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()"
}

// SecurityHeaders sets the headers by which browsers protect ordinary pages. Answers are not stored anywhere unless a handler
// sets another Cache-Control, and pages that may do more have their own [Policy].
func SecurityHeaders(reports Reporting) func(http.Handler) http.Handler {
	h := http.Header{}
	h.Set("Cache-Control", "no-store")
	reports.protect(h, ordinaryCSP, "")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", ordinaryFeatures)
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	if reports.HTTPS { // of this host alone: what else the company runs is not ours to say
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	ordinary := Policy{h}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ordinary.Set(w.Header())
			next.ServeHTTP(w, r)
		})
	}
}

// Policy is what a page may do, as headers that were made before. The zero value changes nothing.
type Policy struct{ headers http.Header }

// Set puts the policy in place of the one before. All answers share the lists of values, which are never written to: Set
// takes another list, and Add makes a longer one, since these have no room.
func (p Policy) Set(h http.Header) { maps.Copy(h, p.headers) }

// Reporting is where browsers report what the policy of a page keeps out.
type Reporting struct {
	To    string // the path; nothing is reported without one
	HTTPS bool   // the portal's public URL has that scheme
}

// protect sets a content security policy, whose reports are those of a kind of page; "" is ordinary ones. The newer way to
// report is for pages with TLS alone, and where it is offered Chromium does not go the older one.
func (r Reporting) protect(h http.Header, csp, page string) {
	if r.To == "" {
		h.Set("Content-Security-Policy", csp)
		return
	}
	to := r.To
	if page != "" {
		to += "?page=" + page
	}
	csp += "; report-uri " + to
	if r.HTTPS {
		h.Set("Reporting-Endpoints", `csp="`+to+`"`)
		csp += "; report-to csp"
	}
	h.Set("Content-Security-Policy", csp)
}

// Embedding is the policy of a page that embeds a provider's forms.
type Embedding struct{ page, csp, features, referrer string }

// NewEmbedding returns the policy for forms from one origin, such as https://collection.passfort.com. Additions are
// further sources by directive; only directives that say where things are loaded from can have them. The page's address
// may hold a key, so it is no referrer.
func NewEmbedding(origin string, additions map[string][]string) (Embedding, error) {
	if !isSource(origin) {
		return Embedding{}, fmt.Errorf("the forms' origin %q cannot stand in a content security policy", origin)
	}
	for directive, sources := range additions {
		if !slices.Contains(loading, directive) {
			return Embedding{}, fmt.Errorf("csp_additions: %q is not one of %s", directive, strings.Join(loading, ", "))
		}
		if i := slices.IndexFunc(sources, func(s string) bool { return !isSource(s) }); i >= 0 {
			return Embedding{}, fmt.Errorf("csp_additions: %s: %q is not a source", directive, sources[i])
		}
	}
	return Embedding{page: "form", csp: embeddingCSP(origin, additions), features: features(lent(origin), "()"), referrer: "no-referrer"}, nil
}

// NewSDK returns the policy for forms that a script of one origin puts into a frame of another, such as
// https://static.sumsub.com and https://in.sumsub.com. The frame gets camera and microphone. It may ask which site it is
// shown on, and is told that alone.
func NewSDK(script, frame string) (Embedding, error) {
	for _, origin := range []string{script, frame} {
		if !isSource(origin) {
			return Embedding{}, fmt.Errorf("the SDK's origin %q cannot stand in a content security policy", origin)
		}
	}
	csp := "default-src 'none'; script-src 'self' " + script + "; frame-src " + frame + "; connect-src 'self'; img-src 'self'; " +
		"style-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
	return Embedding{page: "sdk", csp: csp, features: features(lent(frame), lent(frame)), referrer: "strict-origin-when-cross-origin"}, nil
}

// lent is the list of who may use a power of the browser so that a frame of that origin may: pages cannot lend what is
// not theirs.
func lent(origin string) string { return `(self "` + origin + `")` }

// Policy is that policy, with where the page reports.
func (e Embedding) Policy(r Reporting) Policy {
	h := http.Header{}
	r.protect(h, e.csp, e.page)
	h.Set("Permissions-Policy", e.features)
	h.Set("Referrer-Policy", e.referrer)
	return Policy{h}
}

const captureCSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

var captureFeatures = features("(self)", "()")

// CapturePolicy is the policy of pages on which people choose or take pictures of their documents. Such a page may use the
// camera, and show a picture that has not left the browser yet.
func CapturePolicy(r Reporting) Policy {
	h := http.Header{}
	r.protect(h, captureCSP, "capture")
	h.Set("Permissions-Policy", captureFeatures)
	return Policy{h}
}

// loading are the directives that say where things are loaded from, in the order in which they are written.
var loading = []string{"script-src", "frame-src", "connect-src", "img-src", "style-src", "font-src", "media-src", "worker-src"}

func embeddingCSP(origin string, additions map[string][]string) string {
	base := map[string][]string{
		"script-src":  {"'self'", origin},
		"frame-src":   {origin},
		"connect-src": {"'self'", origin},
		"img-src":     {"'self'"},
		"style-src":   {"'self'"},
		"font-src":    {"'self'"},
	}
	policy := []string{"default-src 'none'"}
	for _, directive := range loading {
		if sources := slices.Concat(base[directive], additions[directive]); len(sources) > 0 {
			policy = append(policy, directive+" "+strings.Join(sources, " "))
		}
	}
	policy = append(policy, "base-uri 'self'", "form-action 'self'", "frame-ancestors 'none'", "object-src 'none'")
	return strings.Join(policy, "; ")
}

// isSource says whether s can stand in a policy as one source, without becoming two or a directive of its own.
func isSource(s string) bool {
	other := func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`;,"`, r) }
	return s != "" && !strings.ContainsFunc(s, other)
}
