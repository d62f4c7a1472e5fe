package mailcheck

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"portal/internal/brand"
)

// declarations reads the value of a style attribute. The last of a name counts, as in mail programs.
func declarations(style string) map[string]string {
	if style == "" {
		return nil
	}
	found := map[string]string{}
	for _, one := range strings.Split(style, ";") {
		name, value, ok := strings.Cut(one, ":")
		if ok {
			value = strings.TrimSuffix(strings.ToLower(strings.TrimSpace(value)), "!important")
			found[strings.ToLower(strings.TrimSpace(name))] = strings.TrimSpace(value)
		}
	}
	return found
}

// pixels reads a length in px; a number alone is one, too.
func pixels(text string) (float64, bool) {
	n, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(text), "px"), 64)
	return n, err == nil
}

// troubles are ways of styling that some of the large mail programs do not know.
var troubles = []struct {
	found     *regexp.Regexp
	problem   bool
	what, fix string
}{
	{regexp.MustCompile(`@import\b`), true, "Styles are loaded from another file, which mail programs do not do.", "Write them into style attributes."},
	{regexp.MustCompile(`@font-face\b`), false, "Most mail programs load no fonts; where they are not loaded, lines break elsewhere.", "Name fonts that everybody has, such as Arial, Helvetica, sans-serif."},
	{regexp.MustCompile(`(?:display\s*:\s*(?:inline-)?(?:flex|grid)|grid-template|flex-direction)`), true, "Outlook and Gmail do not know flex and grid: everything stands in one column, or over each other.", "Place things with tables."},
	{regexp.MustCompile(`(?:^|[;{\s])position\s*:`), true, "Mail programs take position out.", "Place things with tables."},
	{regexp.MustCompile(`(?:^|[;{\s])float\s*:`), true, "Outlook does not know float.", "Use the align attribute of tables and images."},
	{regexp.MustCompile(`background(?:-image)?\s*:[^;}]*url\(`), false, "Outlook shows no background images, and readers may block them.", "Make sure that all can be read on a background colour alone."},
	{regexp.MustCompile(`var\(|(?:^|[;{\s])--[a-z]`), true, "Outlook and Gmail do not know CSS variables.", "Write the values themselves."},
	{regexp.MustCompile(`[:\s]-?[0-9.]+rem\b`), true, "Outlook does not know rem.", "Write sizes in px."},
	{regexp.MustCompile(`calc\(|clamp\(`), true, "Outlook does not reckon (calc, clamp).", "Write the value itself in px."},
	{regexp.MustCompile(`[:\s]-?[0-9.]+v[wh]\b`), true, "Outlook and Gmail do not know vw and vh.", "Write sizes in px."},
}

// checkStyles looks at style attributes and style elements. What stands in comments is for Outlook alone, and its own affair.
func checkStyles(d *document) {
	said := map[string]bool{}
	for _, n := range d.nodes {
		if n.Type != html.ElementNode {
			continue
		}
		css := attribute(n, "style")
		if n.Data == "style" {
			css = words(n)
		}
		css = strings.ToLower(css)
		for _, t := range troubles {
			if css == "" || said[t.what] || !t.found.MatchString(css) {
				continue
			}
			said[t.what] = true // once is enough: who mends one looks for the others
			d.findings = append(d.findings, Finding{Line: line(n), Problem: t.problem, What: t.what, Fix: t.fix})
		}
	}
}

// smallest is the size from which on text can be read on a phone, and tiny the one that phones make larger by force. In px.
const (
	smallest = 14
	tiny     = 12
)

// fontSize is the size that a style gives, on its own or within font.
func fontSize(s map[string]string) (float64, bool) {
	if size, ok := s["font-size"]; ok {
		return length(size)
	}
	for _, part := range strings.FieldsFunc(s["font"], func(r rune) bool { return r == ' ' || r == '/' }) {
		if size, ok := length(part); ok {
			return size, ok
		}
	}
	return 0, false
}

// length reads an absolute length in px.
func length(text string) (float64, bool) {
	if points, ok := strings.CutSuffix(text, "pt"); ok {
		n, err := strconv.ParseFloat(points, 64)
		return n * 4 / 3, err == nil
	}
	number, ok := strings.CutSuffix(text, "px")
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseFloat(number, 64)
	return n, err == nil
}

// checkReadable looks at the size and the contrast of every piece of text that is shown.
func checkReadable(d *document) {
	said := map[string]bool{}
	for _, n := range d.nodes {
		if !d.isText(n) || d.places[n].hidden {
			continue
		}
		for _, f := range d.places[n].look.findings() {
			if !said[f.What] {
				said[f.What] = true
				f.Line = line(n)
				d.findings = append(d.findings, f)
			}
		}
	}
}

// findings are what is wrong with how a piece of text looks.
func (l look) findings() []Finding {
	var found []Finding
	if l.size > 0 && l.size < smallest {
		found = append(found, Finding{
			Problem: l.size < tiny, What: fmt.Sprintf("Text of %.3g px cannot be read on a phone.", l.size), Fix: "Make it 14 px at least, and running text 16 px.",
		})
	}
	if l.text.known && l.ground.known {
		if ratio := brand.Contrast(l.text.Colour, l.ground.Colour); ratio < l.wanted() {
			found = append(found, Finding{
				Problem: true, What: fmt.Sprintf("Text in %s on %s has a contrast of %.1f and %.1f is needed to be read.", l.text, l.ground, ratio, l.wanted()),
				Fix: "Make the text darker or its ground lighter, or the other way round.",
			})
		}
	}
	return found
}
