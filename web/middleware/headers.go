package middleware

import (
	"maps"
	"net/http"
	"strings"
)

// ownCSP is the content security policy of pages that show nothing but our own things, and pictures from there besides.
func ownCSP(pictures string) string {
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'" + pictures + "; font-src 'self'; " +
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; " +
		"require-trusted-types-for 'script'; trusted-types 'none'" // no text ever becomes a script, and ours make none of it
}

// unused are the powers of browsers that no page of ours uses or lends, camera and microphone aside.
var unused = []string{
	"accelerometer", "bluetooth", "browsing-topics", "clipboard-read", "display-capture", "encrypted-media", "fullscreen", "geolocation",
	"gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "midi", "otp-credentials", "payment", "picture-in-picture",
	"publickey-credentials-create", "publickey-credentials-get", "screen-wake-lock", "serial", "usb", "window-management",
	"xr-spatial-tracking",
}

// features is a permissions policy with everything off, and camera and microphone as given.
func features(camera, microphone string) string {
	return "camera=" + camera + ", microphone=" + microphone + ", " + strings.Join(unused, "=(), ") + "=()"
}

// SecurityHeaders sets the headers by which browsers protect ordinary pages; transport is what of them is about the whole
// host, and may be empty. Answers are not stored anywhere unless a handler sets another Cache-Control, and pages that may do
// more have their own [Policy]. All may be about an applicant, and so are nothing for search engines, unless [List] says so.
func SecurityHeaders(reports Reporting, transport string) func(http.Handler) http.Handler {
	h := http.Header{}
	h.Set("Cache-Control", "no-store")
	reports.protect(h, ownCSP(""), "")
	h.Set("Cross-Origin-Embedder-Policy", "require-corp")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Origin-Agent-Cluster", "?1")
	h.Set("Permissions-Policy", features("()", "()"))
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY") // for browsers that do not know frame-ancestors
	h.Set("X-Robots-Tag", "noindex")
	if transport != "" {
		h.Set("Strict-Transport-Security", transport)
	}
	ordinary := Policy{h}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ordinary.Set(w.Header())
			next.ServeHTTP(w, r)
		})
	}
}

// List lets search engines list a page, which is the same for everybody.
func List(h http.Header) { h.Del("X-Robots-Tag") }

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

// CapturePolicy is the policy of pages on which people choose or take pictures of their documents. Such a page may use the
// camera, and show a picture that has not left the browser yet.
func CapturePolicy(r Reporting) Policy {
	h := http.Header{}
	r.protect(h, ownCSP(" blob:"), "capture")
	h.Set("Permissions-Policy", features("(self)", "()"))
	return Policy{h}
}
