package mailcheck

import (
	"fmt"
	"strings"

	"golang.org/x/net/html"
)

// checkMarks looks at the two places that are filled in when the e-mail is sent.
func checkMarks(d *document) {
	d.checkText()
	d.checkButton()
	d.checkStrayLink()
}

// checkStrayLink wants the link's mark only where it is meant: a mark that is also a word of the markup breaks it when it is
// filled in.
func (d *document) checkStrayLink() {
	mark, meant := d.options.Link, 0
	for _, n := range d.nodes {
		meant += strings.Count(attribute(n, "href"), mark)
		if n.Type != html.ElementNode {
			meant += strings.Count(n.Data, mark)
		}
	}
	if n := strings.Count(d.source, mark); n > meant {
		d.problem(d.lineOf(mark), fmt.Sprintf("The link's mark (%s) also stands in the markup, where it would be replaced, too.", mark),
			"Use a mark that occurs nowhere else, and only in the address of the button.")
	}
}

// checkText wants the editable paragraph once, as a line of words among others: it has no markup, and cannot be split.
func (d *document) checkText() {
	mark := d.options.Text
	if n := strings.Count(d.source, mark); n != 1 {
		what := fmt.Sprintf("The editable text (%s) is there %d times.", mark, n)
		if n == 0 {
			what = "The editable text is missing: staff could not write to the customer."
		}
		d.problem(d.lineOf(mark), what, "Put "+mark+" once into a paragraph of its own: <p>"+mark+"</p>.")
		return
	}
	for _, n := range d.nodes {
		if n.Type == html.TextNode && strings.Contains(n.Data, mark) {
			d.checkPlace(n)
			return
		}
	}
	d.problem(d.lineOf(mark), "The editable text stands in an attribute or a comment, where nobody sees it.", "Put "+mark+" into a paragraph: <p>"+mark+"</p>.")
}

// paragraphs are the elements that may hold a line of text. Blocks are those that would break it.
var (
	paragraphs = map[string]bool{"p": true, "td": true, "div": true, "span": true, "font": true}
	blocks     = map[string]bool{
		"p": true, "div": true, "table": true, "ul": true, "ol": true, "li": true, "pre": true, "blockquote": true, "hr": true, "br": true,
		"h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true,
	}
)

// checkPlace looks at the element that the editable text stands in.
func (d *document) checkPlace(text *html.Node) {
	const fix = "Give it a paragraph of its own, with nothing else in it."
	in := text.Parent
	if !paragraphs[in.Data] || within(text, "a", "ul", "ol", "pre", "title", "style", "script") || d.places[text].hidden {
		d.problem(line(text), fmt.Sprintf("The editable text stands in <%s>: it can only be a line or a paragraph that people read.", in.Data), fix)
		return
	}
	for c := in.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && blocks[c.Data] {
			d.problem(line(text), fmt.Sprintf("The editable text shares its element with <%s>: mail programs would break its line.", c.Data), fix)
			return
		}
	}
}

// checkButton wants a link that opens the forms and looks like a button.
func (d *document) checkButton() {
	mark, found := d.options.Link, false
	for _, n := range d.elements("a") {
		href := attribute(n, "href")
		if !strings.Contains(href, mark) {
			continue
		}
		found = true
		if href != mark {
			d.problem(line(n), "The button's address has more in it than the link: what is added may break it.", `Write href="`+mark+`" and nothing else.`)
		}
		if words(n) == "" {
			d.problem(line(n), "The button has no words: without images, and for screen readers, there is nothing to press.", "Write what it does, such as Open the forms, as text.")
		}
		if !d.places[n].filled {
			d.advise(line(n), "The button does not look like one: no background colour stands on it or its cell.", "Give it background-color, color and padding in its style attribute.")
		}
	}
	if !found {
		d.problem(d.lineOf(mark), "The button is missing: no link opens the forms.", `Add a link whose address is the mark: <a href="`+mark+`" style="…">Open the forms</a>.`)
	}
}

// checkLogo wants the company's logo: a picture, or something called that.
func checkLogo(d *document) {
	for _, n := range d.nodes {
		if n.Type == html.ElementNode && d.places[n].body && (called(n, "logo") && words(n)+attribute(n, "alt") != "" || n.Data == "img" && attribute(n, "alt") != "") {
			return
		}
	}
	d.problem(0, "The company's logo is missing.", `Add it as <img src="https://…" alt="the company's name" width="…" height="…">, or the name in an element with class="logo".`)
}

// checkFooter wants who is behind the e-mail at its end: something called a footer, or an address behind the button.
func checkFooter(d *document) {
	behind := false
	for _, n := range d.nodes {
		switch {
		case n.Type == html.ElementNode && (n.Data == "footer" || called(n, "foot")) && words(n) != "":
			return
		case n.Type == html.ElementNode && n.Data == "a" && strings.Contains(attribute(n, "href"), d.options.Link):
			behind = true
		case behind && d.isText(n) && strings.ContainsAny(n.Data, "@©0123456789"):
			return
		}
	}
	d.problem(0, "The footer is missing: the e-mail must say who sends it.", `End with the company's address and legal text, in an element with class="footer".`)
}
