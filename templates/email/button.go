package email

import (
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"
	"unicode"

	"portal/internal/brand"
)

// Sizes of a button in px.
const (
	buttonHeight  = 48
	buttonPadding = 28
	narrowLetter  = 10 // at most, of Latin and Arabic letters at this size
	wideLetter    = 18 // of Chinese ones
)

// wordButton is the button as Outlook on Windows draws it: it knows neither padding nor round corners of a link.
const wordButton = `<!--[if mso]><v:roundrect xmlns:v="urn:schemas-microsoft-com:vml" xmlns:w="urn:schemas-microsoft-com:office:word" href="%s" ` +
	`style="height:%dpx;width:%dpx;v-text-anchor:middle;" arcsize="%d%%" stroke="f" fillcolor="%s"><w:anchorlock/>` +
	`<center style="color:%s;font-family:Arial,sans-serif;font-size:16px;font-weight:bold;">%s</center></v:roundrect><![endif]-->`

// linkButton is the button as all others draw it.
const linkButton = `<!--[if !mso]><!--><a class="button" href="%s" style="display:inline-block;padding:14px %dpx;border-radius:%dpx;background-color:%s;color:%s;` +
	`font:bold 16px/1.25 Arial,Helvetica,sans-serif;text-align:center;text-decoration:none;">%s</a><!--<![endif]-->`

// link is the button that opens an address. The address is markup already, as it may be a mark that is replaced later.
func link(b brand.Brand, address, label string) string {
	radius, label := corner(b), html.EscapeString(label)
	return fmt.Sprintf(wordButton, address, buttonHeight, widthOf(label), 100*radius/buttonHeight, b.Accent, b.OnAccent(), label) +
		fmt.Sprintf(linkButton, address, buttonPadding, radius, b.Accent, b.OnAccent(), label)
}

// remInPx is the size that rem stands for where nobody has set another.
const remInPx = 16

// corner is the radius of the button's corners in whole px, since mail programs know no other lengths.
func corner(b brand.Brand) int {
	number, isRem := strings.CutSuffix(b.Radius, "rem")
	n, err := strconv.ParseFloat(strings.TrimSuffix(number, "px"), 64)
	if err != nil || n < 0 {
		return defaultRadius
	}
	if isRem {
		n *= remInPx
	}
	return int(math.Round(min(n, buttonHeight/2)))
}

// widthOf is how wide Outlook's button must be, since it does not grow with its text.
func widthOf(label string) int {
	width := 2 * buttonPadding
	for _, r := range label {
		if unicode.Is(unicode.Han, r) {
			width += wideLetter
			continue
		}
		width += narrowLetter
	}
	return width
}
