package mailcheck

import (
	"strings"

	"golang.org/x/net/html"
)

// place is what a node gets from the elements around it. It is handed down from one to the next, so that each is looked at
// once, however deep the template and however many texts in it.
type place struct {
	look   look
	body   bool // it stands in the body
	unread bool // in an element that is not shown
	hidden bool // by its style, or that of an element around it
	filled bool // a ground of its own, or of what is around it within its cell
}

// inside is the place of a node in an element with the place p, and of what is in it.
func (p place) inside(n *html.Node) place {
	if n.Type != html.ElementNode {
		return p
	}
	s := declarations(attribute(n, "style"))
	switch n.Data {
	case "body":
		p.body = true
	case "style", "script", "title", "noscript":
		p.unread = true
	case "td":
		p.filled = false
	}
	p.hidden = p.hidden || s["display"] == "none" || s["visibility"] == "hidden" || s["max-height"] == "0" || s["max-height"] == "0px"
	p.filled = p.filled || groundOf(n, s).told
	p.look = p.look.inside(n, s)
	return p
}

// isText reports whether a node is text that people read.
func (d *document) isText(n *html.Node) bool {
	at := d.places[n]
	return n.Type == html.TextNode && at.body && !at.unread && strings.TrimSpace(n.Data) != ""
}
