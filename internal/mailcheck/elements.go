package mailcheck

import (
	"fmt"
	"strings"

	"golang.org/x/net/html"
)

// forbidden are elements that mail programs take out, or take offence at, each with what to do.
var forbidden = map[string]string{
	"script": "Take it out.", "noscript": "Take it out.", "iframe": "Link to the page instead.", "frame": "Link to the page instead.",
	"object": "Link to the page instead.", "embed": "Link to the page instead.", "applet": "Link to the page instead.",
	"form": "Link to the forms instead.", "input": "Link to the forms instead.", "button": "Use a link that looks like a button.",
	"select": "Link to the forms instead.", "textarea": "Link to the forms instead.",
	"video": "Link to it from a picture.", "audio": "Link to it.", "canvas": "Use a picture.", "svg": "Use a png.", "math": "Use a picture.",
	"base": "Write every address in full.", "dialog": "Take it out.",
}

// checkElements looks for what does not belong in an e-mail.
func checkElements(d *document) {
	for _, n := range d.nodes {
		if n.Type != html.ElementNode {
			continue
		}
		if fix, ok := forbidden[n.Data]; ok {
			d.problem(line(n), fmt.Sprintf("<%s> does not work in e-mails.", n.Data), fix)
		}
		if n.Data == "link" && strings.Contains(strings.ToLower(attribute(n, "rel")), "stylesheet") {
			d.problem(line(n), "The styles are in another file, which mail programs do not load.", "Write them into style attributes, and what may be missing into a style element.")
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") {
				d.problem(line(n), fmt.Sprintf("%s runs a script: mail programs take it out, or the e-mail for fraud.", a.Key), "Take it out.")
			}
		}
	}
}

// checkTables looks at layouts: screen readers must not read them out as tables, and phones must have room for them.
func checkTables(d *document) {
	for _, n := range d.nodes {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "table" && !hasHeadings(n) && attribute(n, "role") != "presentation" && attribute(n, "role") != "none" {
			d.problem(line(n), "Screen readers read this table out cell by cell, although it only places things.", `Add role="presentation" to it.`)
		}
		if width := widest(n); width > maxWidth {
			d.problem(line(n), fmt.Sprintf("<%s> is %d px wide: the e-mail has to be moved sideways to be read.", n.Data, width), "Make it 640 px wide at most: max-width:600px and width=\"100%\".")
		}
	}
}

// maxWidth is what mail programs have room for on a desk, in px.
const maxWidth = 640

func hasHeadings(table *html.Node) bool {
	found := false
	for n := range table.Descendants() {
		found = found || n.Data == "th"
	}
	return found
}

// widest is the width in px that an element insists on, or 0.
func widest(n *html.Node) int {
	s := declarations(attribute(n, "style"))
	width := 0
	for _, text := range []string{attribute(n, "width"), s["width"], s["min-width"]} {
		if px, ok := pixels(text); ok {
			width = max(width, int(px))
		}
	}
	return width
}
