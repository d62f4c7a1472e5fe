package brand

import (
	"encoding/xml"
	"fmt"
	"strings"
	"unicode"
)

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="%s"/>` +
	`<text x="16" y="22.5" font-family="system-ui,sans-serif" font-size="19" font-weight="600" text-anchor="middle" fill="%s">%s</text></svg>
`

// Icon is the picture in the browser's tab: the name's first letter on the accent.
func (b Brand) Icon() []byte {
	p := b.light()
	var letter strings.Builder
	for _, r := range b.Name {
		_ = xml.EscapeText(&letter, []byte(string(unicode.ToUpper(r))))
		break
	}
	return fmt.Appendf(nil, icon, p.accent, p.onAccent, letter.String())
}
