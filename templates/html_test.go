package templates

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
)

// element is an element of a rendered page.
type element struct {
	name   string
	attrs  map[string]string
	parent *element
	text   string // of it and all within it
}

// document is a rendered page.
type document []*element

func (d document) named(name string) document {
	return slices.DeleteFunc(slices.Clone(d), func(e *element) bool { return e.name != name })
}

func (d document) withID(id string) document {
	return slices.DeleteFunc(slices.Clone(d), func(e *element) bool { return e.attrs["id"] != id })
}

var (
	tag       = regexp.MustCompile(`<(/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*/?>`)
	attribute = regexp.MustCompile(`([a-z-]+)(?:="([^"]*)")?`)
	void      = []string{"meta", "link", "base", "img", "input", "br"}
)

// parseHTML reads what templ writes: lower case, quoted attributes, every element closed. It refuses all else, and so finds what a lenient parser
// would put right.
func parseHTML(page string) (document, error) {
	page, ok := strings.CutPrefix(page, "<!doctype html>")
	if !ok {
		return nil, fmt.Errorf("no doctype")
	}
	var d document
	var open *element
	for at := 0; at < len(page); {
		found := tag.FindStringSubmatchIndex(page[at:])
		if found == nil {
			return nil, fmt.Errorf("stray text: %.60s", page[at:])
		}
		m := group(page[at:], found)
		text := page[at : at+found[0]]
		if strings.Contains(text, "<") {
			return nil, fmt.Errorf("stray <: %.60s", text)
		}
		for e := open; e != nil; e = e.parent {
			e.text += html.UnescapeString(text)
		}
		at += found[1]
		switch {
		case m[1] == "/":
			if open == nil || open.name != m[2] {
				return nil, fmt.Errorf("</%s> closes nothing", m[2])
			}
			open = open.parent
		default:
			e := &element{name: m[2], attrs: attributes(m[3]), parent: open}
			d = append(d, e)
			if !slices.Contains(void, e.name) {
				open = e
			}
		}
	}
	if open != nil {
		return nil, fmt.Errorf("<%s> is left open", open.name)
	}
	return d, nil
}

func group(s string, found []int) []string {
	groups := make([]string, len(found)/2)
	for i := range groups {
		if found[2*i] >= 0 {
			groups[i] = s[found[2*i]:found[2*i+1]]
		}
	}
	return groups
}

func attributes(s string) map[string]string {
	attrs := make(map[string]string)
	for _, m := range attribute.FindAllStringSubmatch(s, -1) {
		attrs[m[1]] = html.UnescapeString(m[2])
	}
	return attrs
}
