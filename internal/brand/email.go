package brand

import (
	"fmt"
	"net/url"
	"path"
	"slices"
)

// Colours are those of an e-mail, which has no stylesheet of ours, each as #rrggbb. Muted text stands on the ground.
type Colours struct{ Ground, Surface, Text, Muted, Line string }

// Colours are the ones of light and of dark e-mails, the same as those of pages.
func (b Brand) Colours() (light, dark Colours) { return b.light().colours(), b.dark().colours() }

func (p palette) colours() Colours {
	return Colours{
		Ground: p.ground.String(), Surface: p.surface.String(), Text: p.text.String(), Muted: p.muted.String(), Line: p.line.String(),
	}
}

// emailLogoTypes are the kinds of image that all mail programs show.
var emailLogoTypes = []string{".png", ".jpg", ".jpeg", ".gif"}

// Sizes of the logo in e-mails, in px: what fits beside margins on a phone, and above a headline.
const (
	maxEmailLogoWidth  = 480
	maxEmailLogoHeight = 200
)

// emailLogoProblems wants an address that mail programs can load from anywhere, and the size, without which the e-mail jumps
// when the picture comes.
func (b Brand) emailLogoProblems() []Problem {
	const size = "email_logo_width, email_logo_height"
	if b.EmailLogoURL == "" {
		if b.EmailLogoWidth != 0 || b.EmailLogoHeight != 0 {
			return []Problem{{size, "mean nothing without email_logo_url", "set that, too, or take them out"}}
		}
		return nil
	}
	var found []Problem
	u, err := url.Parse(b.EmailLogoURL)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		found = append(found, Problem{"email_logo_url", fmt.Sprintf("%q cannot be loaded by mail programs", b.EmailLogoURL), "must be an address that starts with https://"})
	} else if !slices.Contains(emailLogoTypes, path.Ext(u.Path)) {
		found = append(found, Problem{"email_logo_url", fmt.Sprintf("%q is a picture that not all mail programs show", b.EmailLogoURL), "must be a png, jpg or gif"})
	}
	if b.EmailLogoWidth < 1 || b.EmailLogoWidth > maxEmailLogoWidth || b.EmailLogoHeight < 1 || b.EmailLogoHeight > maxEmailLogoHeight {
		found = append(found, Problem{
			size, "must be the size of the logo in e-mails",
			fmt.Sprintf("from 1 to %d px wide and from 1 to %d px high", maxEmailLogoWidth, maxEmailLogoHeight),
		})
	}
	return found
}
