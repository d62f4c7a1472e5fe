package gallery

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/a-h/templ"
)

// revealed is a page on which a script has shown what was hidden: each mark stands in the tag of one such element.
func revealed(c templ.Component, marks ...string) templ.Component {
	return retagged(c, func(tag string) string { return strings.Replace(tag, " hidden", "", 1) }, marks)
}

// concealed is a page on which a script, or a style, has hidden what is shown elsewhere.
func concealed(c templ.Component, marks ...string) templ.Component {
	return retagged(c, func(tag string) string { return tag + " hidden" }, marks)
}

// focused is a page on which the keyboard has come to something.
func focused(c templ.Component, marks ...string) templ.Component {
	return retagged(c, func(tag string) string { return tag + " autofocus" }, marks)
}

// unscripted is a page in a browser that runs no scripts. Marks are what styles hide there.
func unscripted(c templ.Component, marks ...string) templ.Component {
	return concealed(changed(c, func(page string) (string, error) {
		return strings.NewReplacer("<noscript>", "<div>", "</noscript>", "</div>").Replace(page), nil
	}), marks...)
}

// opened is a page on which a person has opened something.
func opened(c templ.Component, marks ...string) templ.Component {
	return retagged(c, func(tag string) string { return tag + " open" }, marks)
}

// retagged changes the first tag that has each mark in it. A mark that is nowhere is a mistake in the gallery.
func retagged(c templ.Component, change func(tag string) string, marks []string) templ.Component {
	return changed(c, func(page string) (string, error) {
		for _, mark := range marks {
			at := strings.Index(page, mark)
			if at < 0 {
				return "", fmt.Errorf("gallery: the page has no %s", mark)
			}
			from, length := strings.LastIndex(page[:at], "<"), strings.Index(page[at:], ">")
			page = page[:from] + change(page[from:at+length]) + page[at+length:]
		}
		return page, nil
	})
}

// changed is a page that was changed after it was rendered.
func changed(c templ.Component, change func(page string) (string, error)) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		var b strings.Builder
		if err := c.Render(ctx, &b); err != nil {
			return err
		}
		page, err := change(b.String())
		if err != nil {
			return err
		}
		_, err = io.WriteString(w, page)
		return err
	})
}
