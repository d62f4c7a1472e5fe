package passfort_test

import (
	"errors"
	"html"
	"strings"
	"testing"

	"portal/internal/sandbox/passfort"
	accounts "portal/internal/sandbox/passfort/account"
)

// customised is an account with a custom HTML template.
func customised(t *testing.T, template string, err error) *account {
	t.Helper()
	return openWith(t, func(c *passfort.Config) {
		c.Template = func() (string, error) { return template, err }
		c.Account = changed(func(d *accounts.Account) { d.Email.Text = `<b>"{{link}}"</b>` })
	})
}

func TestCustomTemplateIsFilledInAtItsMarks(t *testing.T) {
	t.Parallel()
	f, got := emailed(t, customised(t, `<img src="logo"><p>{{editable_text}}</p><a href="{{link}}">Go</a> {{link}} {{other}}`, nil))

	link := html.EscapeString(f.overview(t).Link)
	want := `<img src="logo"><p>&lt;b&gt;&#34;{{link}}&#34;&lt;/b&gt;</p><a href="` + link + `">Go</a> ` + link + ` {{other}}`
	if got.page != want {
		t.Errorf("HTML part:\n%s\nwant\n%s", got.page, want)
	}
	if !strings.Contains(got.plain, `<b>"{{link}}"</b>`) {
		t.Errorf("text part: %s", got.plain)
	}
}

func TestTemplateWithoutAMarkIsRefused(t *testing.T) {
	t.Parallel()
	for template, missing := range map[string][]string{
		"{{link}}":          {"{{editable_text}}"},
		"{{editable_text}}": {"{{link}}"},
		"nothing":           {"{{editable_text}}", "{{link}}"},
	} {
		a := customised(t, template, nil)
		f := openPerson(t, a)

		err := a.EmailRequest(f.id, "jo@example.com")

		for _, mark := range missing {
			if !errors.Is(err, passfort.ErrInvalid) || !strings.Contains(err.Error(), mark) {
				t.Errorf("template %q: %v, which should name %s", template, err, mark)
			}
		}
		if len(a.letters()) != 0 {
			t.Errorf("template %q: an e-mail was sent", template)
		}
	}
}

func TestTemplateThatCannotBeReadIsAnError(t *testing.T) {
	t.Parallel()
	gone := errors.New("no such file")
	a := customised(t, "", gone)

	if err := a.EmailRequest(openPerson(t, a).id, "jo@example.com"); !errors.Is(err, gone) {
		t.Errorf("error: %v", err)
	}
}
