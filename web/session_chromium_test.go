package web_test

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"slices"
	"strings"
	"testing"
	"time"

	"portal/internal/browsertest"
	"portal/internal/identity"
)

// onLoopback is a portal that a real browser reaches without TLS.
func onLoopback(t *testing.T) (w *world, address string) {
	t.Helper()
	w = newWorld(t, wanted{url: "http://127.0.0.1/onboarding"})
	return w, w.server.URL + "/onboarding"
}

// signInAt signs in with a code as a person does.
func (w *world) signInAt(p *browsertest.Page, address, email string) {
	w.t.Helper()
	p.Open(address + "/sign-in")
	p.Fill("E-mail address", email)
	p.Press("Send me the code")
	p.See("Enter the code from your e-mail")
	p.Fill("6-digit code", w.code(email))
	p.Press("Sign in")
	p.See("Signed in as " + email)
}

func TestEntryFromAnotherSiteKeepsTheSession(t *testing.T) {
	t.Parallel()
	w, address := onLoopback(t)
	mail := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprintf(rw, `<!DOCTYPE html><html lang="en"><title>Mail</title><link rel="icon" href="data:,"><a href=%q>Open my form</a></html>`, address)
	}))
	t.Cleanup(mail.Close)
	p := browsertest.New(t).Page(t)
	w.signInAt(p, address, "ada@example.com")
	p.Open(strings.Replace(mail.URL, "127.0.0.1", "mail.localhost", 1))
	p.Press("Open my form")
	p.See("Signed in as ada@example.com")
	requests := p.Requests()
	for i := len(requests) - 1; ; i-- {
		if requests[i].URL == address {
			if got := requests[i].Header.Get("Sec-Fetch-Site"); got != "cross-site" {
				t.Errorf("the entry was %s, want cross-site", got)
			}
			return
		}
	}
}

func TestBlockedCookiesAreExplainedWithoutALoop(t *testing.T) {
	t.Parallel()
	w, _ := onLoopback(t)
	blocking := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite:        func(r *httputil.ProxyRequest) { r.SetURL(parseURL(t, w.server.URL)) },
		ErrorLog:       log.New(io.Discard, "", 0), // of what the browser has left
		ModifyResponse: func(r *http.Response) error { r.Header.Del("Set-Cookie"); return nil },
	})
	t.Cleanup(blocking.Close)
	p := browsertest.New(t).Page(t)
	p.Open(blocking.URL + "/onboarding/sign-in?flow=individual")
	p.Fill("E-mail address", "ada@example.com")
	p.Press("Send me the code")
	p.See("Your browser does not keep cookies for this page")
	p.Press("Try again")
	p.Fill("E-mail address", "ada@example.com")
	p.Press("Send me the code")
	const asked = 6 // one opened, one to try again, and two posts with a redirect each
	eventually(t, "the answer to the second try", func() bool { return documents(p) >= asked })
	p.See("Your browser does not keep cookies for this page")
	if got := documents(p); got != asked {
		t.Errorf("the browser asked for %d pages, want %d", got, asked)
	}
}

// documents counts the pages that the browser has asked for.
func documents(p *browsertest.Page) (n int) {
	for _, r := range p.Requests() {
		if r.Header.Get("Sec-Fetch-Dest") == "document" {
			n++
		}
	}
	return n
}

// TestSessionsEndComesByItself waits a moment for real: the page goes to the warning without a script's help.
func TestSessionsEndComesByItself(t *testing.T) {
	t.Parallel()
	w, address := onLoopback(t)
	p := browsertest.New(t).Page(t)
	w.signInAt(p, address, "ada@example.com")
	begun := w.sandbox.Now().Add(2*time.Second + identity.SessionWarning - limits.Absolute)
	if _, err := w.pool.Exec(t.Context(), "update sessions set created_at = $1", begun); err != nil {
		t.Fatal(err)
	}
	p.Open(address)
	warned := address + "/session?to=%2Fonboarding"
	p.Arrive(warned)
	p.See("Please sign in again soon")
	for _, r := range p.Requests() {
		if r.URL == warned && r.Header.Get("Sec-Fetch-User") != "" {
			t.Error("the browser says that a person has asked for a page that came by itself")
		}
	}
	p.Press("Go back to where you were")
	p.See("What would you like to do?")
	p.Open(address + "/session?to=%2Fonboarding")
	p.Press("Sign in again now")
	p.See("Sign in with your e-mail address")
}

// Browsers do not let a form lead to another site, not even by way of ours.
func TestWhoStaysSignedInAfterTheFormGetsToTheCompany(t *testing.T) {
	t.Parallel()
	w, address := onLoopback(t)
	p := browsertest.New(t).Page(t)
	for _, expected := range []string{"collection.example.net", "net::ERR"} {
		p.Allow(expected) // neither the provider nor the company is there
	}
	w.signInAt(p, address, "ada@example.com")
	p.Press("Start: Open a personal account")
	p.See("The form does not appear")
	if _, err := w.pool.Exec(t.Context(), "update registrations set status = 'completed'"); err != nil {
		t.Fatal(err)
	}
	w.pass(limits.Idle - identity.SessionWarning)
	p.Open(address + "/session?to=%2Fonboarding%2Fcomplete")
	p.See("Are you still there?")
	p.Press("Stay signed in")
	eventually(t, "the company's page", func() bool { return asked(p, "www.example.com") })
}

// asked says whether the browser has asked a host for anything.
func asked(p *browsertest.Page, host string) bool {
	return slices.ContainsFunc(p.Requests(), func(r browsertest.Request) bool { return strings.Contains(r.URL, "//"+host) })
}

func TestWhoFillsAFormInIsToldThatTheSessionHasEnded(t *testing.T) {
	t.Parallel()
	w, address := onLoopback(t)
	p := browsertest.New(t).Page(t)
	p.Hurry(time.Minute, 300)
	for _, expected := range []string{"collection.example.net", "401", "net::ERR"} {
		p.Allow(expected) // the provider is not there, and the session will have ended
	}
	w.signInAt(p, address, "ada@example.com")
	p.Press("Start: Open a personal account")
	p.See("The form does not appear")
	const told = "You have been signed out on this page, but your form goes on"
	if p.Sees(told) {
		t.Error("told while the session goes on")
	}
	w.endAll("now()")
	p.See(told)
	w.endAll("null") // as if they had signed in again in another tab
	eventually(t, "the notice to go", func() bool { return !p.Sees(told) })
}

// endAll sets the end of all sessions.
func (w *world) endAll(at string) {
	w.t.Helper()
	if _, err := w.pool.Exec(w.t.Context(), "update sessions set ended_at = "+at); err != nil {
		w.t.Fatal(err)
	}
}
