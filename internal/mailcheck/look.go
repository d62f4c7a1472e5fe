package mailcheck

import (
	"cmp"
	"strings"

	"golang.org/x/net/html"
)

// look is how a piece of text looks, as far as style attributes say.
type look struct {
	size         float64 // in px; 0 when it is not told
	bold         bool
	text, ground shade
}

// inside is how text in an element looks that stands in something of the look l.
func (l look) inside(n *html.Node, s map[string]string) look {
	if size, ok := fontSize(s); ok {
		l.size = size
	}
	l.bold = l.bold || n.Data == "b" || n.Data == "strong" || strings.Contains(s["font"]+s["font-weight"], "bold")
	if text := textOf(n, s); text.told {
		l.text = text
	}
	if ground := groundOf(n, s); ground.told {
		l.ground = ground
	}
	return l
}

// Large text may have less contrast (WCAG 2.2, 1.4.3), from these sizes on, in px.
const (
	large     = 24.0
	largeBold = 18.66
)

// wanted is the contrast that the text needs.
func (l look) wanted() float64 {
	if l.size >= large || l.bold && l.size >= largeBold {
		return 3
	}
	return 4.5
}

// textOf is the colour that an element gives to text.
func textOf(n *html.Node, s map[string]string) shade {
	if n.Data == "font" {
		return parseShade(cmp.Or(s["color"], attribute(n, "color")))
	}
	return parseShade(s["color"])
}

// groundOf is the background colour of an element itself. A picture or a gradient is one that is not known.
func groundOf(n *html.Node, s map[string]string) shade {
	for _, ground := range []shade{parseShade(s["background-color"]), shorthand(s["background"]), parseShade(attribute(n, "bgcolor"))} {
		if ground.told {
			return ground
		}
	}
	return shade{}
}
