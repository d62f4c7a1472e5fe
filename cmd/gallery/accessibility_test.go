package main

import (
	"os"
	"slices"
	"strings"
	"testing"

	"portal/internal/browsertest"
	"portal/internal/i18n"
	"portal/templates/gallery"
)

// recordVariable names the file that `make a11y` has written. Where it is set, everything is tested; otherwise what finds most.
const recordVariable = "ACCESSIBILITY_RECORD"

func thorough() bool { return os.Getenv(recordVariable) != "" }

// look is a way in which people look at a page.
type look struct {
	scheme string
	width  int64
}

// looks are those in which a language is tried: all of them, or one that differs from that of other languages.
func looks(lang string) []look {
	switch {
	case thorough():
		return []look{{"light", 390}, {"light", 1280}, {"dark", 390}, {"dark", 1280}}
	case lang == "ar":
		return []look{{"dark", 1280}}
	}
	return []look{{"light", 390}}
}

// tried are the languages whose pages are audited.
func tried() []string {
	if !thorough() {
		return []string{"en", "ar"}
	}
	var all []string
	for _, l := range i18n.BuiltIn.Locales() {
		all = append(all, l.Lang())
	}
	return all
}

// ofPages are rules for whole pages. An e-mail stands within the page of a mail program.
var ofPages = []string{"landmark-one-main", "region"}

// judged says why a finding of which axe-core is not sure is none; it is empty where somebody has to look.
func judged(f browsertest.Finding) string {
	covered := !slices.ContainsFunc(f.Nodes, func(node string) bool {
		return !strings.Contains(node, "overlap") && !strings.Contains(node, "obscured")
	})
	switch {
	case f.Rule == "video-caption":
		return "the video is what the camera sees just now"
	case f.Rule == "color-contrast" && covered:
		return "it is covered by something that was opened or that sticks to the edge, and audited uncovered in another state, or scrolled away"
	}
	return ""
}

// barriers are the findings that stand.
func barriers(p gallery.Page, found []browsertest.Finding) []browsertest.Finding {
	return slices.DeleteFunc(found, func(f browsertest.Finding) bool {
		return p.Mail && slices.Contains(ofPages, f.Rule) || f.Unsure && judged(f) != ""
	})
}

func TestPagesAreForEverybody(t *testing.T) {
	t.Parallel()
	w, a, b := newWorld(t), auditor(t), browsertest.New(t)
	t.Run("they have no barriers", func(t *testing.T) {
		inEach(t, tried(), func(t *testing.T, lang string) { w.audit(t, b.Page(t), a, lang) })
	})
	t.Run("they fit small screens and large text", func(t *testing.T) {
		inEach(t, fitted(), func(t *testing.T, lang string) { w.fit(t, b.Page(t), lang) })
	})
	if path := os.Getenv(recordVariable); path != "" && !t.Failed() {
		record(t, path, a)
	}
}

// inEach tests languages beside each other.
func inEach(t *testing.T, langs []string, test func(t *testing.T, lang string)) {
	for _, lang := range langs {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			test(t, lang)
		})
	}
}

// audit tries every page in a language.
func (w *world) audit(t *testing.T, p *browsertest.Page, a *browsertest.Auditor, lang string) {
	for _, g := range gallery.Pages() {
		opened := ""
		for _, l := range looks(lang) {
			p.Resize(l.width, 900)
			if l.scheme != opened {
				p.Open(w.at(g.Name, choice{Lang: lang, Scheme: l.scheme}))
				opened = l.scheme
			}
			for _, f := range barriers(g, p.Audit(a)) {
				t.Errorf("%s, %s, %d wide: %v", g.Name, l.scheme, l.width, f)
			}
		}
	}
}

// Screens and sizes of text at which everything must fit. A screen of 320 is one of 1280 at 400 per cent.
var (
	smallest = int64(320)
	largest  = 200
)

// fitted are a language whose words are longer than any, and one that runs the other way; or all.
func fitted() []string {
	if thorough() {
		return append(tried(), i18n.Pseudo.Lang())
	}
	return []string{i18n.Pseudo.Lang(), "ar"}
}

// fit looks whether anything is cut off, and whether the focus is seen and nothing moves for those who do not want it.
func (w *world) fit(t *testing.T, p *browsertest.Page, lang string) {
	p.Prefer("prefers-reduced-motion", "reduce")
	for _, g := range gallery.Pages() {
		p.Resize(smallest, 900)
		p.Open(w.at(g.Name, choice{Lang: lang, Scheme: "light"}))
		flaws := p.Misfits()
		if lang == i18n.Pseudo.Lang() { // these do not depend on the language
			flaws = slices.Concat(flaws, p.Unmarked(), p.Moving())
		}
		p.Resize(390, 900)
		p.Enlarge(largest)
		for _, f := range append(flaws, p.Misfits()...) {
			t.Errorf("%s: %s", g.Name, f)
		}
	}
}
