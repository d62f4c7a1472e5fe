package front

import (
	"net/url"
	"strings"
)

const (
	// ownCSP lets a page use its own files and nothing else.
	ownCSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors "
	// imageCSP makes an image a picture and no more, even if it is opened by itself.
	imageCSP = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
	// cameraOnly takes the browser's powers from a page, but for the camera, which its frame must be given besides.
	cameraOnly = "camera=(self), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
)

// frameCSP is the policy of the page with the forms: only pages of these origins may frame it, or all if there are none.
func frameCSP(ancestors []string) string {
	if len(ancestors) == 0 {
		return ownCSP + "*"
	}
	var sources []string
	for _, origin := range ancestors {
		if IsOrigin(origin) {
			sources = append(sources, origin)
		}
	}
	if len(sources) == 0 {
		return ownCSP + "'none'"
	}
	return ownCSP + strings.Join(sources, " ")
}

// IsOrigin says whether a text can stand in a policy as one origin, without becoming two or a directive of its own:
// scheme, host and possibly port. A host may begin with a wildcard.
func IsOrigin(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" &&
		text == u.Scheme+"://"+u.Host && !strings.ContainsAny(text, " ;,'\"")
}
