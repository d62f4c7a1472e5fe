package browsertest

import (
	_ "embed"
	"fmt"
)

//go:embed fit.js
var fit string

// Enlarge makes the page's text larger, by per cent, as people do who cannot read the usual size.
func (p *Page) Enlarge(percent int) {
	p.t.Helper()
	if _, err := evaluate[string](p, fmt.Sprintf("document.documentElement.style.fontSize = '%d%%'", percent)); err != nil {
		p.fail("enlarging its text: %v", err)
	}
}

// Misfits are what does not fit the screen: a page that scrolls sideways, and texts that are cut off.
func (p *Page) Misfits() []string { return p.look("what does not fit it", "misfits") }

// Unmarked are the controls that look with the focus as they do without.
func (p *Page) Unmarked() []string { return p.look("controls whose focus is not seen", "unmarked") }

// Moving are the elements that move by themselves.
func (p *Page) Moving() []string { return p.look("what moves on it", "moving") }

// look calls a function of fit.js that lists something.
func (p *Page) look(what, function string) []string {
	p.t.Helper()
	found, err := evaluate[[]string](p, "("+fit+")()."+function+"()")
	if err != nil {
		p.fail("looking for %s: %v", what, err)
	}
	return found
}
