package torture

import (
	"html"
	"net/url"
	"regexp"
)

var (
	pageForms = regexp.MustCompile(`(?s)<form method="post" action="([^"]*)"[^>]*>(.*?)</form>`)
	hidden    = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)
)

// pageForm is a form that can be sent.
type pageForm struct {
	action string
	fields url.Values
}

// form finds the form that leads to an address and has these fields among the hidden ones, where any are given.
func (p seenPage) form(action string, fields url.Values) (pageForm, bool) {
	for _, found := range pageForms.FindAllStringSubmatch(p.html, -1) {
		f := pageForm{action: html.UnescapeString(found[1]), fields: url.Values{}}
		for _, field := range hidden.FindAllStringSubmatch(found[2], -1) {
			f.fields.Set(field[1], html.UnescapeString(field[2]))
		}
		if f.action == action && f.has(fields) {
			return f, true
		}
	}
	return pageForm{}, false
}

func (f pageForm) has(fields url.Values) bool {
	for name := range fields {
		if f.fields.Get(name) != fields.Get(name) {
			return false
		}
	}
	return true
}
