package templates

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"portal/internal/htmltest"
	"portal/internal/i18n"
)

// typedPage is a page on which something is typed.
func typedPage(session TypedSession) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		content := templ.WithChildren(ctx, templ.Raw("<h1>A form</h1>"))
		return layout(chrome{Title: "A form", Account: known, Session: session}).Render(content, w)
	})
}

func TestTypedPagesHoldTheirWarningReady(t *testing.T) {
	t.Parallel()
	s := siteAt(t, "/onboarding")
	d, err := htmltest.Parse(render(t, s, i18n.Locale{}, typedPage(TypedSession{Seconds: 3600, Warning: 300, Final: true})))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]bool{}
	for _, e := range d.Elements {
		if e.Attrs["role"] == "alert" {
			if e.Attrs["data-seconds"] != "3600" || e.Attrs["data-warning"] != "300" || e.Attrs["data-session"] != "/onboarding/session" {
				t.Errorf("the script is told %v", e.Attrs)
			}
			if _, final := e.Attrs["data-final"]; !final {
				t.Error("the script is not told that nothing prolongs the session")
			}
		}
		if part := e.Attrs["data-when"]; part != "" {
			_, parts[part] = e.Attrs["hidden"]
		}
	}
	if !parts["warning"] || !parts["final"] || !parts["over"] {
		t.Errorf("there from the start: %v", parts)
	}
}

func TestOtherPagesHaveNoWarning(t *testing.T) {
	t.Parallel()
	page := render(t, siteAt(t, "/onboarding"), i18n.Locale{}, typedPage(TypedSession{}))
	if strings.Contains(page, "data-session") || strings.Contains(page, "session_typed") {
		t.Error(page)
	}
}
