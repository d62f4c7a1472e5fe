package theme

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Sizes below which text tires or shuts out readers: of letters in px, and of lines as a multiple of that.
const (
	smallestText    = 13.0
	lowestLine      = 1.4
	usualText       = 16.0
	pointsPerPixel  = 0.75
	wholeAsPercent  = 100
	smallestZoom    = 5.0
	smallestTextRem = smallestText / usualText
)

// checkStyles looks for text that is too small or too tight.
func checkStyles(sheets map[string][]byte) []Finding {
	var found []Finding
	spaced := len(sheets) == 0
	for _, name := range slices.Sorted(maps.Keys(sheets)) {
		for d := range declarations(sheets[name]) {
			where := fmt.Sprintf("static/%s, line %d, %s", name, d.line, d.selector)
			if px, ok := d.textSize(); ok && px < smallestText {
				found = append(found, Finding{
					Problem: true, Where: where, What: fmt.Sprintf("text of %s (%.3g px) is too small to be read", d.value, px),
					Mend: fmt.Sprintf("make it %grem or more", smallestTextRem),
				})
			}
			height, ok := d.lineHeight()
			if !ok || !d.ofBody() {
				continue
			}
			spaced = true
			if height < lowestLine {
				found = append(found, Finding{
					Problem: true, Where: where, What: fmt.Sprintf("lines of %.3g times the size of the text are too close to be read", height),
					Mend: fmt.Sprintf("make it %g or more", lowestLine),
				})
			}
		}
	}
	if !spaced {
		found = append(found, Finding{Problem: true, Where: "static/css", What: "no line-height is set for body or html: lines would be too close", Mend: "add body { line-height: 1.55; }"})
	}
	return found
}

// ofBody reports whether running text is meant.
func (d declaration) ofBody() bool {
	return slices.ContainsFunc(strings.Split(d.selector, ","), func(s string) bool {
		s = strings.TrimSpace(s)
		return s == "html" || s == "body" || s == ":root"
	})
}

var (
	measure    = regexp.MustCompile(`^(\d*\.?\d+)(rem|em|px|pt|%)$`)
	inFont     = regexp.MustCompile(`(?:^|\s)(\d*\.?\d+(?:rem|em|px|pt|%))(?:\s*/|\s)`)
	afterSlash = regexp.MustCompile(`/\s*(\d*\.?\d+)(rem|em|px|pt|%)?(?:\s|$)`)
	keywords   = map[string]float64{"xx-small": 9, "x-small": 10}
)

// textSize is the size of text in pixels, where it is said in a way that can be told.
func (d declaration) textSize() (px float64, ok bool) {
	value := d.value
	switch d.property {
	case "font-size":
	case "font":
		m := inFont.FindStringSubmatch(value)
		if m == nil {
			return 0, false
		}
		value = m[1]
	default:
		return 0, false
	}
	if px, ok := keywords[value]; ok {
		return px, true
	}
	m := measure.FindStringSubmatch(value)
	if m == nil {
		return 0, false
	}
	return inPixels(m[1], m[2]), true
}

// lineHeight is that of a declaration, as a multiple of the text.
func (d declaration) lineHeight() (times float64, ok bool) {
	var m []string
	switch d.property {
	case "line-height":
		m = afterSlash.FindStringSubmatch("/" + d.value)
	case "font":
		m = afterSlash.FindStringSubmatch(d.value)
	}
	if m == nil {
		return 0, false
	}
	if m[2] == "" {
		m[2] = "em"
	}
	return inPixels(m[1], m[2]) / usualText, true
}

func inPixels(number, unit string) float64 {
	n, _ := strconv.ParseFloat(number, 64) // the pattern lets nothing else through
	switch unit {
	case "px":
		return n
	case "pt":
		return n / pointsPerPixel
	case "%":
		return n / wholeAsPercent * usualText
	}
	return n * usualText
}

var viewport = regexp.MustCompile(`<meta\s+name="viewport"\s+content="([^"]*)"`)

// checkViewport looks for a page that cannot be made larger with two fingers.
func checkViewport(page []byte) []Finding {
	const where = "templates/layout.templ viewport"
	m := viewport.FindSubmatch(page)
	if m == nil {
		return []Finding{{
			Problem: true, Where: where, What: "is missing: phones would show pages as small as on a desk",
			Mend: `add <meta name="viewport" content="width=device-width, initial-scale=1"/> to the head`,
		}}
	}
	var found []Finding
	for part := range strings.SplitSeq(string(m[1]), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		scale, err := strconv.ParseFloat(value, 64)
		fixed := name == "user-scalable" && (value == "no" || value == "0")
		if fixed || name == "maximum-scale" && err == nil && scale < smallestZoom {
			found = append(found, Finding{
				Problem: true, Where: where, What: strings.TrimSpace(part) + " keeps people from making the page larger", Mend: "take it out",
			})
		}
	}
	return found
}
