package gallery

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/a-h/templ"
)

// failed is a page whose form has not come up for that cause, as embed_watch.js shows it. Marks are what it hides on this page beside what says that
// the form is loading.
func failed(c templ.Component, cause string, marks ...string) templ.Component {
	c = concealed(led(c), append(marks, `data-embed-status`)...)
	if cause != "other" { // which is shown from the start
		c = revealed(concealed(c, `data-cause="other"`), `data-cause="`+cause+`"`)
	}
	return revealed(c, `data-embed-help`)
}

// loaded is a page whose form is there: the keyboard is led into it, and only screen readers are told.
func loaded(c templ.Component) templ.Component {
	c = retagged(saying(c, "data-done"), func(tag string) string {
		return strings.Replace(tag, `class="progress"`, `class="progress visually-hidden"`, 1)
	}, []string{`data-embed-status`})
	return revealed(c, `data-embed-skip`)
}

// closed is a page whose form the provider has taken away. Marks are what is hidden then on this page.
func closed(c templ.Component, marks ...string) templ.Component {
	return concealed(saying(c, "data-ended"), append(marks, `class="spinner"`)...)
}

var (
	status = regexp.MustCompile(`(?s)<p role="status">.*?</p>`)
	late   = regexp.MustCompile(`(?s)<p class="late">.*?</p>`) // where our own scripts do not come
)

// saying is a page on which what was said of the form's loading has become what an attribute there says.
func saying(c templ.Component, attribute string) templ.Component {
	return changed(c, func(page string) (string, error) {
		from := strings.Index(page, ` data-embed-status`)
		if from < 0 {
			return "", fmt.Errorf("gallery: nothing says how the form is coming along")
		}
		before, rest := page[:from], page[from:]
		_, after, _ := strings.Cut(rest, attribute+`="`)
		text, _, _ := strings.Cut(after, `"`)
		at := status.FindStringIndex(rest)
		if text == "" || at == nil {
			return "", fmt.Errorf("gallery: there is no %s to be said", attribute)
		}
		return before + late.ReplaceAllLiteralString(rest[:at[0]]+`<p role="status">`+text+`</p>`+rest[at[1]:], ""), nil
	})
}

// led is a page whose links to the form in a window of its own lead there.
func led(c templ.Component) templ.Component {
	return changed(c, func(page string) (string, error) {
		return strings.ReplaceAll(page, ` data-embed-window`, ` data-embed-window href="`+start+`?flow=individual"`), nil
	})
}
