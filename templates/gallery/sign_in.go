package gallery

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"portal/templates"
)

// waysIn are the company's identity providers.
var waysIn = []templates.WayIn{{Name: "staff", Title: provider}}

// signInPages lead from an e-mail address, a link or another account to somebody who is known.
func signInPages() []Page {
	wish := templates.Wish{Flow: "individual", Case: "a&b", Finishing: true}
	code := templates.SignInCodeView{Wish: templates.Wish{Flow: "individual"}, Email: applicant, Minutes: 10}
	wrong, over, limited := code, code, code
	wrong.Code, wrong.CodeError, wrong.Minutes = "12 34", "error.code_wrong", 1
	over.Over = true
	limited.Over, limited.CodeError, limited.Wait = true, "error.codes_later", time.Hour
	pages := []Page{
		page("sign-in", templates.SignIn(templates.SignInView{Wish: wish})),
		page("sign-in, wrong", templates.SignIn(templates.SignInView{Email: typed, EmailError: "error.email_invalid"})),
		tooOften("sign-in, too often", 40*time.Second),
		tooOften("sign-in, too often for minutes", 7*time.Minute),
		tooOften("sign-in, too often for hours", 3*time.Hour),
		page("sign-in, providers", templates.SignIn(templates.SignInView{WaysIn: waysIn})),
		page("sign-in, provider refused", templates.SignIn(templates.SignInView{WaysIn: waysIn, Problem: "error.provider_refused"})),
		page("code", templates.SignInCode(code)),
		page("code, wrong", templates.SignInCode(wrong)),
		page("code, over", templates.SignInCode(over)),
		page("code, over and too many", templates.SignInCode(limited)),
		page("onward, form finished", templates.Onward(templates.OnwardView{Title: "onward.finished_title", Lead: "onward.finished", URL: "/onboarding/complete"})),
		page("onward, signed out there", templates.Onward(templates.OnwardView{Title: "onward.sign_out_title", Lead: "onward.sign_out", URL: "https://acme.example/logout"})),
	}
	return append(pages, linkPages()...)
}

// tooOften is the page of somebody who has asked for too many codes, and has to wait.
func tooOften(name string, wait time.Duration) Page {
	return page(name, templates.SignIn(templates.SignInView{Email: applicant, EmailError: "error.too_many_codes", Wait: wait}))
}

// linkPages are what one-time links open.
func linkPages() []Page {
	const path = "/onboarding/sign-in/link/token"
	pages := []Page{
		worded("one-time link", func(ctx context.Context) templ.Component {
			return templates.SignInLink(templates.SignInLinkView{Title: individual.in(ctx), Path: path})
		}),
		worded("one-time link, somebody is signed in", func(ctx context.Context) templ.Component {
			return templates.SignInLink(templates.SignInLinkView{Title: individual.in(ctx), Path: path, Account: known, Ends: true})
		}),
	}
	pages = append(pages, page("dead link, somebody is signed in", templates.DeadLink(templates.DeadLinkView{Kind: "used", Account: known, WaysIn: waysIn})))
	for _, kind := range templates.DeadLinkKinds() {
		dead := templates.DeadLinkView{Kind: kind, WaysIn: waysIn}
		if kind == "cookies" { // the others are dead for good
			dead.TryPath = path
		}
		pages = append(pages, page("dead link, "+kind, templates.DeadLink(dead)))
	}
	return pages
}
