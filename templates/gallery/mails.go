package gallery

import (
	"context"

	"github.com/a-h/templ"

	"portal/templates"
	"portal/templates/email"
)

// sampleCode is what the e-mail with a code has in it.
const sampleCode = "482915"

// mails are what the portal sends.
func mails() []Page {
	pages := []Page{
		worded("e-mail, code", func(ctx context.Context) templ.Component {
			return email.SignInCode(email.SignInCodeView{Brand: templates.From(ctx).Brand, Code: sampleCode, Minutes: 10})
		}),
	}
	pages = append(pages, worded("e-mail, request", func(ctx context.Context) templ.Component {
		return email.Request(email.RequestView{
			Brand: templates.From(ctx).Brand, Page: pageURL, Text: paragraph, Link: "https://www.acme.example/onboarding?a=b", Days: 30,
		})
	}))
	for _, kind := range []string{"approved", "retry", "rejected"} {
		pages = append(pages, worded("e-mail, "+kind, func(ctx context.Context) templ.Component {
			return email.Result(email.ResultView{Brand: templates.From(ctx).Brand, Kind: kind, URL: "https://www.acme.example/onboarding?flow=a&b"})
		}))
	}
	for i := range pages {
		pages[i].Mail = true
	}
	return pages
}
