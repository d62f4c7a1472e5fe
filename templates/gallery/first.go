package gallery

import (
	"context"

	"github.com/a-h/templ"

	"portal/templates"
)

// firstPages are for those who are not signed in and have nothing wrong.
func firstPages() []Page {
	return []Page{
		worded("landing", func(ctx context.Context) templ.Component {
			return templates.Landing(templates.LandingView{Flows: flows(ctx)})
		}),
		worded("landing, one flow and links", func(ctx context.Context) templ.Component {
			return templates.Landing(templates.LandingView{Flows: flows(ctx)[:1], Links: true})
		}),
		page("link, incomplete", templates.LinkIncomplete()),
		page("link, to be opened", templates.OpenYourLink()),
		page("sent", templates.Sent(templates.SentView{})),
		page("sent, with sign-in", templates.Sent(templates.SentView{SignIn: true})),
		page("signed out", templates.SignedOut()),
		worded("accessibility", func(ctx context.Context) templ.Component {
			test, _ := templates.LastAccessibilityTest() // a test of the record says what is wrong with it
			return templates.Accessibility(templates.AccessibilityView{Test: test, Day: dayOf(ctx, test)})
		}),
		page("signed out, languages open", opened(templates.SignedOut(), `class="languages"`)),
	}
}
