package websdk

import (
	"strings"

	"portal/internal/sandbox/passfort/front"
)

const (
	// ownCSP lets the frame use its own files and nothing else.
	ownCSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors "
	// linkCSP lets the page behind a link show the frame besides; nobody frames it.
	linkCSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; frame-src 'self'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	// cameraOnly takes the browser's powers from the frame, but for the camera, which it must be given besides.
	cameraOnly = "camera=(self), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
)

// policy is the frame's: only pages of the allowed domains may frame it, or all if there are none, and the page behind a
// link always. What is no origin allows nobody.
func policy(allowed []string) string {
	if len(allowed) == 0 {
		return ownCSP + "*"
	}
	sources := []string{"'self'"}
	for _, origin := range allowed {
		if front.IsOrigin(origin) {
			sources = append(sources, origin)
		}
	}
	return ownCSP + strings.Join(sources, " ")
}
