// Package gallery holds every page of the portal in every state that applicants can see it in, and every e-mail, with sample data. The tests beside
// it and those in a browser go through all of it, in all languages; `make dev` serves it to whoever edits the pages.
//
// There is a file for each family of pages. A new page, or a new state of one, is one more entry in the list of its family: from then on it is
// tested, shown and counted like the others.
package gallery

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"portal/internal/i18n"
	"portal/templates"
)

// Page is a page in one of its states.
type Page struct {
	Name   string // of the page and its state, "code, wrong"; no other has it
	Family string // of the pages that belong together
	Mail   bool   // it is an e-mail: it stands alone, outside of the frame of the pages

	view func(ctx context.Context) templ.Component
}

// Pages is everything there is, family by family.
func Pages() []Page {
	return slices.Concat(
		family("First pages", firstPages()),
		family("Signing in", signInPages()),
		family("The form", formPages()),
		family("Waiting", waitingPages()),
		family("What has become of it", outcomePages()),
		family("Behind a company", associatesPages()),
		family("One of them", associatePages()),
		family("Documents", documentsPages()),
		family("One document", documentPages()),
		family("Sessions", sessionPages()),
		family("Problems", problemPages()),
		family("E-mails", mails()),
	)
}

// Count is how many pages there are, and how many states of them all together.
func Count() (pages, states int) {
	seen := map[string]bool{}
	for _, p := range Pages() {
		name, _, _ := strings.Cut(p.Name, ",")
		seen[name] = true
		states++
	}
	return len(seen), states
}

// Named is the page of that name.
func Named(name string) (Page, bool) {
	all := Pages()
	i := slices.IndexFunc(all, func(p Page) bool { return p.Name == name })
	if i < 0 {
		return Page{}, false
	}
	return all[i], true
}

// Render writes the page as the site would send it to somebody who reads the language. It knows its address, so that it offers the other languages.
func (p Page) Render(ctx context.Context, s templates.Site, l i18n.Locale, w io.Writer) error {
	ctx = templates.At(i18n.With(templates.With(ctx, s), l), start)
	return p.view(ctx).Render(ctx, w)
}

// family gives pages the name of their family.
func family(name string, pages []Page) []Page {
	for i := range pages {
		pages[i].Family = name
	}
	return pages
}

// page is one that is the same in every language, but for the words that the page itself knows.
func page(name string, c templ.Component) Page {
	return worded(name, func(context.Context) templ.Component { return c })
}

// worded is a page that is told some of its words: those that handlers put into the language before.
func worded(name string, view func(ctx context.Context) templ.Component) Page {
	return Page{Name: name, view: view}
}
