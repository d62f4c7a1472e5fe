package email

import (
	"strings"

	"portal/internal/brand"
)

// style is what a mail program may leave out: everything in it only improves on the inline styles.
const style = `<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (max-width: 480px) {
  .pad { padding-left: 16px !important; padding-right: 16px !important; }
}
@media (prefers-color-scheme: dark) {
  .ground { background-color: $ground !important; }
  .card { background-color: $card !important; border-color: $line !important; }
  .box { background-color: $ground !important; border-color: $line !important; }
  .text { color: $text !important; }
  .small { color: $small !important; }
}
</style>
`

// outlookStyle is for Outlook's apps in the dark. It is apart from the other one because Gmail leaves out a whole style
// element when it does not know one of its selectors.
const outlookStyle = `<style>
[data-ogsb] .ground { background-color: $ground !important; }
[data-ogsb] .card { background-color: $card !important; }
[data-ogsb] .box { background-color: $ground !important; }
[data-ogsc] .text { color: $text !important; }
[data-ogsc] .small { color: $small !important; }
</style>
`

// wordStyle is for Outlook on Windows, which draws e-mails as Word does.
const wordStyle = `<!--[if mso]><xml><o:OfficeDocumentSettings xmlns:o="urn:schemas-microsoft-com:office:office">` +
	`<o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml>` +
	`<style>table { border-collapse: collapse; } td, p, a, h1 { font-family: Arial, sans-serif !important; }</style><![endif]-->
`

// styles are the style elements of the head.
func styles(b brand.Brand) string {
	_, dark := b.Colours()
	named := strings.NewReplacer("$ground", dark.Ground, "$card", dark.Surface, "$line", dark.Line, "$text", dark.Text, "$small", dark.Muted)
	return named.Replace(style+outlookStyle) + wordStyle
}

// wordBegins and wordEnds hold the width in Outlook on Windows, which knows no max-width.
const (
	wordBegins = `<!--[if mso]><table role="presentation" width="560" align="center" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->`
	wordEnds   = `<!--[if mso]></td></tr></table><![endif]-->`
)

// defaultRadius is that of the buttons of a brand that sets none, as on pages, in px.
const defaultRadius = 8

// day is the colours that stand in style attributes: those of an e-mail in the light.
func day(b brand.Brand) brand.Colours {
	light, _ := b.Colours()
	return light
}

// head is how the name of the company stands at the top, where there is no picture of it or it is not shown.
func head(b brand.Brand) string {
	return "padding:20px 28px;border-bottom:3px solid " + b.Accent + ";font:bold 18px/1.4 Arial,Helvetica,sans-serif;color:" + day(b).Text + ";"
}

// plate is the ground of the logo, which is the same in the dark: logos are made for light pages.
func plate(b brand.Brand) string {
	return head(b) + "background-color:" + day(b).Surface + ";border-radius:8px 8px 0 0;"
}

// preview is the line that lists of e-mails show beside the subject. What pads it keeps the first words of the e-mail out.
func preview(text string) string { return text + strings.Repeat(" \u034f\u00a0", 40) }
