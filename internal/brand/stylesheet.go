package brand

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Stylesheet is the brand as CSS custom properties, for light and dark: the one place of colours, typeface, size of text and
// corners. The same brand always gives the same bytes. It names the brand's other files as "asset:NAME". Check comes first: a
// colour that cannot be read counts as the portal's own.
func (b Brand) Stylesheet() []byte {
	var css bytes.Buffer
	css.WriteString(":root {\n")
	b.light().write(&css)
	fmt.Fprintf(&css, "  --radius: %s;\n  --text-size: %s;\n  --font: %s;\n}\n", b.radius(), b.textSize(), b.fontFamily())
	css.WriteString("@media (prefers-color-scheme: dark) { :root {\n")
	b.dark().write(&css)
	css.WriteString("} }\n")
	for _, weight := range slices.Sorted(maps.Keys(b.FontFiles)) {
		fmt.Fprintf(&css, "@font-face { font-family: %q; src: url(\"asset:%s\") format(\"woff2\"); font-weight: %s; font-display: optional; }\n",
			b.Font, fontAsset(b.FontFiles[weight]), weight)
	}
	return css.Bytes()
}

// OnAccent is the colour of text on the accent on light pages, as #rrggbb: white or ink, whichever reads.
func (b Brand) OnAccent() string { return b.light().onAccent.String() }

// write declares the colours. Controls that the browser draws itself follow the surface that they stand on.
func (p palette) write(css *bytes.Buffer) {
	scheme := "light"
	if p.surface.isDark() {
		scheme = "dark"
	}
	fmt.Fprintf(css, "  color-scheme: %s;\n", scheme)
	for _, token := range []struct {
		name  string
		value colour
	}{
		{"ground", p.ground},
		{"surface", p.surface},
		{"text", p.text},
		{"muted", p.muted},
		{"line", p.line},
		{"edge", p.edge},
		{"accent", p.accent},
		{"accent-strong", p.strong},
		{"accent-soft", p.soft},
		{"on-accent", p.onAccent},
		{"danger", p.danger},
		{"danger-soft", p.dangerSoft},
		{"good", p.good},
		{"good-soft", p.goodSoft},
	} {
		fmt.Fprintf(css, "  --%s: %s;\n", token.name, token.value)
	}
}

// radius is that of corners: always a length, since stylesheets calculate with it.
func (b Brand) radius() string {
	if b.Radius == "0" {
		return "0px"
	}
	return cmp.Or(b.Radius, "0.5rem")
}

// Text sizes in pixels: what browsers show unless told otherwise, and the largest with which pages still fit a phone.
const (
	usualText   = 16
	largestText = 24
)

// textSize is a share of what readers have set their browser to, since they may need it larger.
func (b Brand) textSize() string {
	px, ok := pixels(b.TextSize)
	if !ok {
		px = usualText
	}
	return strconv.FormatFloat(px*100/usualText, 'f', -1, 64) + "%"
}

// pixels reads a size such as "17px".
func pixels(size string) (float64, bool) {
	digits, ok := strings.CutSuffix(size, "px")
	px, err := strconv.ParseFloat(digits, 64)
	return px, ok && err == nil
}
