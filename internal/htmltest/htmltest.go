// Package htmltest reads rendered pages, for tests. It takes what templ writes and nothing else: lower case, quoted attributes, every element
// closed. So it finds what a lenient parser, like a browser's, would put right.
package htmltest

import (
	"html"
	"slices"
	"strings"
)

// Element is an element of a page.
type Element struct {
	Name   string
	Attrs  map[string]string
	Parent *Element // nil for the outermost

	page        *Document
	first, last int // of its texts
}

// Text is a piece of text between two tags.
type Text struct {
	Of   *Element // that it stands directly in
	Said string
}

// Document is a page.
type Document struct {
	Elements []*Element // in the order of their start
	Texts    []Text     // in the order of reading
}

// Text is everything that stands in the element, whatever stands around it.
func (e *Element) Text() string {
	var b strings.Builder
	for _, t := range e.page.Texts[e.first:e.last] {
		b.WriteString(t.Said)
	}
	return b.String()
}

// Has says whether the element has an attribute, empty or not.
func (e *Element) Has(name string) bool {
	_, ok := e.Attrs[name]
	return ok
}

// Within says whether the element stands in one of that name, or is one.
func (e *Element) Within(name string) bool {
	for ; e != nil; e = e.Parent {
		if e.Name == name {
			return true
		}
	}
	return false
}

// Root is the outermost element.
func (d *Document) Root() *Element { return d.Elements[0] }

// Named are the elements of a name.
func (d *Document) Named(name string) []*Element {
	return d.those(func(e *Element) bool { return e.Name == name })
}

// WithID are the elements of an id, of which there ought to be one.
func (d *Document) WithID(id string) []*Element {
	return d.those(func(e *Element) bool { return e.Attrs["id"] == id })
}

func (d *Document) those(wanted func(*Element) bool) []*Element {
	return slices.DeleteFunc(slices.Clone(d.Elements), func(e *Element) bool { return !wanted(e) })
}

func (d *Document) say(of *Element, text string) {
	if text != "" {
		d.Texts = append(d.Texts, Text{of, html.UnescapeString(text)})
	}
}
