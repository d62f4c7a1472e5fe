package mailcheck

import (
	"fmt"
	"strings"

	"golang.org/x/net/html"
)

// Gmail cuts an e-mail off behind the first of these, and leaves styles out behind the second. In bytes.
const (
	maxSize  = 102 << 10
	maxStyle = 16 << 10
)

func checkSize(d *document) {
	if n := len(d.source); n > maxSize {
		d.problem(0, fmt.Sprintf("The template has %d KB; Gmail shows the first 102 and hides the rest, the button or the footer with it.", n>>10),
			"Take out what is not needed: comments, spaces, repeated styles.")
	}
	styles := 0
	for _, n := range d.elements("style") {
		styles += len(words(n))
	}
	if styles > maxStyle {
		d.problem(0, fmt.Sprintf("The style elements have %d KB; Gmail leaves them out above 16.", styles>>10), "Move what matters into style attributes and take out the rest.")
	}
}

// checkHead looks for what mail programs want to be told first.
func checkHead(d *document) {
	if d.root.FirstChild == nil || !d.hasDoctype() {
		d.problem(1, "There is no doctype: Outlook and web mail draw the template as in the nineties.", "Begin the file with <!DOCTYPE html>.")
	}
	if htmls := d.elements("html"); attribute(htmls[0], "lang") == "" {
		d.problem(line(htmls[0]), "The language is not told: screen readers read the e-mail in the wrong one.", `Write it into the first element, such as <html lang="en">.`)
	}
	if titles := d.elements("title"); len(titles) == 0 || words(titles[0]) == "" {
		d.problem(0, "There is no title: screen readers have no name for the e-mail.", "Put the subject into a <title> in the head.")
	}
	d.checkMetas()
}

func (d *document) hasDoctype() bool {
	for _, n := range d.nodes {
		if n.Type == html.DoctypeNode {
			return true
		}
	}
	return false
}

func (d *document) checkMetas() {
	metas, charset := map[string]string{}, false
	for _, n := range d.elements("meta") {
		metas[strings.ToLower(attribute(n, "name"))] = strings.ToLower(attribute(n, "content"))
		declared := strings.ToLower(attribute(n, "charset") + attribute(n, "content"))
		charset = charset || strings.Contains(declared, "utf-8") || strings.HasSuffix(declared, "utf8")
		if strings.EqualFold(attribute(n, "http-equiv"), "refresh") {
			d.problem(line(n), "A meta element sends the reader elsewhere: mail programs take that for fraud.", "Take it out.")
		}
	}
	if !charset {
		d.problem(0, "The character set is not told: letters beyond a to z come out wrong.", `Put <meta charset="utf-8"> first in the head, and save the file as UTF-8.`)
	}
	viewport, ok := metas["viewport"]
	if !ok {
		d.problem(0, "There is no viewport: phones show the e-mail tiny.", `Put <meta name="viewport" content="width=device-width, initial-scale=1"> in the head.`)
	}
	if strings.Contains(viewport, "user-scalable=no") || strings.Contains(viewport, "maximum-scale=1") {
		d.problem(0, "The viewport forbids to zoom.", "Take user-scalable and maximum-scale out of it.")
	}
	for _, name := range []string{"color-scheme", "supported-color-schemes"} {
		if !strings.Contains(metas[name], "dark") {
			d.advise(0, "The template does not say that it can be dark ("+name+"): Apple Mail and Outlook change its colours as they like.",
				`Put <meta name="`+name+`" content="light dark"> in the head, and colours for the dark in a style element.`)
		}
	}
}

// checkPreheader looks at the words that lists of e-mails show beside the subject: the first of the body.
func checkPreheader(d *document) {
	for _, n := range d.nodes {
		if d.isText(n) {
			if !d.places[n].hidden {
				d.advise(line(n), "There is no preview line: beside the subject, lists of e-mails show whatever comes first.",
					`Begin the body with <div style="display:none;max-height:0;overflow:hidden;">…</div> that says what the e-mail is about.`)
			}
			return
		}
	}
}

func checkPlain(d *document) {
	if !d.options.HasPlain {
		d.advise(0, "There is no plain text beside the template: spam filters mind, and some people read nothing else.",
			"Write one into a file of the same name that ends in .txt, with the same marks.")
	}
}
