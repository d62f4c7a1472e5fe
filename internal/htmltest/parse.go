package htmltest

import (
	"errors"
	"fmt"
	"html"
	"slices"
	"strings"
)

// void are the elements that have no end.
var void = []string{"meta", "link", "base", "img", "input", "br", "source"}

// Parse reads a page.
func Parse(page string) (*Document, error) {
	rest, ok := strings.CutPrefix(page, "<!doctype html>")
	if !ok {
		return nil, errors.New("no doctype")
	}
	d := &Document{}
	var open *Element
	for rest != "" {
		text, after, found := strings.Cut(rest, "<")
		if !found || open == nil && strings.TrimSpace(text) != "" {
			return nil, fmt.Errorf("stray text: %.60s", rest)
		}
		d.say(open, text)
		tag, after, found := strings.Cut(after, ">")
		if !found {
			return nil, fmt.Errorf("stray <: %.60s", rest)
		}
		var err error
		if open, err = d.read(tag, open); err != nil {
			return nil, err
		}
		rest = after
	}
	if open != nil || len(d.Elements) == 0 {
		return nil, errors.New("an element is left open, or there is none")
	}
	return d, nil
}

// read takes what stands between < and >, and returns the element that is open after it.
func (d *Document) read(tag string, open *Element) (*Element, error) {
	if name, end := strings.CutPrefix(tag, "/"); end {
		if open == nil || open.Name != name {
			return nil, fmt.Errorf("</%s> closes nothing", name)
		}
		open.last = len(d.Texts)
		return open.Parent, nil
	}
	name, rest, _ := strings.Cut(strings.TrimSuffix(tag, "/"), " ")
	attrs, err := attributes(rest)
	if err != nil || !plain(name) {
		return nil, fmt.Errorf("stray <%.60s>: %w", tag, errors.Join(err, errors.New("not a tag")))
	}
	e := &Element{Name: name, Attrs: attrs, Parent: open, page: d, first: len(d.Texts), last: len(d.Texts)}
	d.Elements = append(d.Elements, e)
	if slices.Contains(void, name) {
		return open, nil
	}
	return e, nil
}

// attributes reads name="value" and name, with spaces between them. A value with > in it is none that templ writes.
func attributes(text string) (map[string]string, error) {
	attrs := make(map[string]string)
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		end := strings.IndexAny(text, "= ")
		if end < 0 {
			end = len(text)
		}
		name, value := text[:end], ""
		text = text[end:]
		if strings.HasPrefix(text, `="`) {
			var closed bool
			if value, text, closed = strings.Cut(text[2:], `"`); !closed {
				return nil, fmt.Errorf("%s has no end", name)
			}
		}
		if _, twice := attrs[name]; twice || !plain(name) || strings.Contains(value, "<") {
			return nil, fmt.Errorf("attribute %q", name)
		}
		attrs[name] = html.UnescapeString(value)
	}
	return attrs, nil
}

// plain says whether a name is one of HTML's: lower case, digits, hyphens, and colons as mail programs want them.
func plain(name string) bool {
	return name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-:") == ""
}
