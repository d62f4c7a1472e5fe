package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"portal/internal/browsertest"
	"portal/internal/localpg"
	"portal/internal/oidctest"
)

// withProvider is a demo whose company has an OpenID provider of its own, with the given person.
func withProvider(t *testing.T, login string, claims oidctest.Claims) *world {
	t.Helper()
	p := oidctest.New(t, oidctest.Options{Accounts: map[string]oidctest.Claims{login: claims}})
	w := newWorldWith(t, localpg.NewURL(t), fmt.Sprintf(`
[[oidc]]
name = "corp"
title = "Northlight ID"
issuer = %q
client_id = "portal"
link_by_verified_email = true
`, p.Issuer))
	p.Register(t, oidctest.Client{
		ID: "portal", Redirects: []string{w.address("/sign-in/oidc/corp/callback")},
		SignedOut: []string{w.address("/sign-out")}, Logout: w.address("/sign-in/oidc/corp/logout"),
	})
	return w
}

// Browsers apply form-action to every redirect after a form: each way that leads off the portal's own site after a press
// is gone in a real one, which complains on the console where it does not follow.
func TestPressesThatLeadElsewhereArriveThere(t *testing.T) {
	t.Parallel()
	w := withProvider(t, "ada", oidctest.Claims{"email": "ada@example.com", "email_verified": true})
	p := browsertest.New(t).Page(t)
	p.Allow("fonts.googleapis.com") // wanted by a page of the provider's
	p.Allow("favicon.ico")

	p.Open(w.origin() + "/") // in by the company's provider, from a flow that was chosen first
	p.Press(flows[0].title)
	p.Press("Sign in with Northlight ID")
	p.See("Identity provider")
	p.Fill("Login", "ada")
	p.Press("Sign in")
	p.See("Consent")
	p.Press("Allow")
	p.See("Signed in as ada@example.com")
	form := p.Frame(w.collection() + "/collect")
	flows[0].fill(form)

	p.Press("Sign out") // out again, there too
	p.Press("Yes, sign me out")
	p.Arrive(w.address("/sign-out"))
	p.See("You are signed out")

	p.Press("Sign in") // in by a code, which leads to the same form
	w.signIn(t, p, "ada@example.com")
	form = p.Frame(w.collection() + "/collect")
	form.See("Check your answers")
	form.Press("Finish")
	p.Arrive(w.thanks())
}

func TestWhoFinishesInAnotherBrowserIsLedToTheCompany(t *testing.T) {
	t.Parallel()
	w, email := sharedWorld(t), newcomer()
	p := browsertest.New(t).Page(t)
	p.Open(w.origin() + "/")
	p.Press(flows[0].title)
	w.signIn(t, p, email)
	form := p.Frame(w.collection() + "/collect")
	flows[0].fill(form)
	form.Press("Finish")
	p.Arrive(w.thanks())

	other := browsertest.New(t).Page(t)
	other.Open(w.address("/complete"))
	other.Press("Sign in")
	other.Fill("E-mail address", email)
	other.Press("Send me the code")
	other.See("Enter the code from your e-mail")
	other.Fill("6-digit code", w.code(t, email))
	other.Press("Sign in")
	other.Arrive(w.thanks())
}

// apiLink asks for a one-time link as the company's back end does.
func (w *world) apiLink(t *testing.T, body map[string]any) string {
	t.Helper()
	var made struct{ URL string }
	w.api(t, http.MethodPost, "/links", body).into(t, http.StatusCreated, &made)
	return made.URL
}

func TestLinkOfTheCompanyLeadsIntoAFormThatKnowsTheCustomer(t *testing.T) {
	t.Parallel()
	w := sharedWorld(t)
	subject := strings.TrimSuffix(newcomer(), "@example.com")
	at := w.apiLink(t, map[string]any{
		"subject": subject, "email": subject + "@example.com", "flow": "company",
		"prefill": map[string]any{"name": "Wolter & Daughters", "number": "HRB 1234", "country_of_incorporation": "DEU"},
	})
	p := browsertest.New(t).Page(t)
	p.Open(at)
	p.See("One press signs you in")
	p.Press("Sign in and continue")
	p.See("Signed in as " + subject + "@example.com")
	p.Frame(w.collection() + "/collect").See("Company name")

	late := browsertest.New(t).Page(t)
	late.Allow("410")
	late.Open(at)
	late.See("This link has been used")
	late.Press("Sign in with your e-mail address")
	late.See("E-mail address")
}
