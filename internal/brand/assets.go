package brand

import (
	"encoding/xml"
	"fmt"
	"strings"
	"unicode"
)

// stylesheet declares what static/css/app.css uses; the neutral colours live there, since they are nobody's brand.
const stylesheet = `:root {
  --accent: %s;
  --accent-strong: %s;
  --accent-soft: %s;
  --on-accent: %s;
}
@media (prefers-color-scheme: dark) {
  :root {
    --accent: %s;
    --accent-strong: %s;
    --accent-soft: %s;
    --on-accent: %s;
  }
}
`

// Stylesheet is the brand as CSS custom properties, for light and dark. The same brand always gives the same bytes. Check comes first: a colour that
// cannot be read counts as black.
func (b Brand) Stylesheet() []byte {
	light, _ := parseColour(b.Accent)
	dark := light.onNight()
	return fmt.Appendf(nil, stylesheet,
		light, light.mix(black, 0.2), light.mix(white, 0.92), white,
		dark, dark.mix(white, 0.25), dark.mix(night, 0.85), ink.until(black, dark, readable))
}

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="%s"/>` +
	`<text x="16" y="22.5" font-family="system-ui,sans-serif" font-size="19" font-weight="600" text-anchor="middle" fill="#fff">%s</text></svg>
`

// Icon is the picture in the browser's tab: the name's first letter on the accent.
func (b Brand) Icon() []byte {
	accent, _ := parseColour(b.Accent)
	var letter strings.Builder
	for _, r := range b.Name {
		_ = xml.EscapeText(&letter, []byte(string(unicode.ToUpper(r))))
		break
	}
	return fmt.Appendf(nil, icon, accent, letter.String())
}
