package oidctest

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Person is somebody with a browser without scripts, who visits a provider. The cookies of the provider live as long as
// the person, so a second sign-in needs no login.
type Person struct {
	t      testing.TB
	issuer string
	http   *http.Client
}

// NewPerson returns somebody whom the provider has never seen.
func NewPerson(t testing.TB, p *Provider) *Person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatalf("oidctest: %v", err)
	}
	person := &Person{t: t, issuer: p.Issuer}
	person.http = &http.Client{Jar: jar, Timeout: 10 * time.Second, CheckRedirect: person.stay}
	return person
}

// stay follows redirects within the provider only: where it sends people in the end is for the test to see.
func (p *Person) stay(to *http.Request, _ []*http.Request) error {
	if strings.HasPrefix(to.URL.String(), p.issuer+"/") {
		return nil
	}
	return http.ErrUseLastResponse
}

// SignIn opens the address, logs in and allows what is asked for, each where the provider wants it, and returns where the
// provider then sends the person.
func (p *Person) SignIn(address, login string) *url.URL {
	p.t.Helper()
	return p.visit(address, url.Values{"login": {login}, "answer": {"yes"}})
}

// Cancel opens the address and presses "Cancel", and returns where the provider then sends the person.
func (p *Person) Cancel(address string) *url.URL {
	p.t.Helper()
	return p.visit(address, url.Values{"answer": {"no"}})
}

// SignOut opens the address and says yes to signing out, and returns where the provider then sends the person; nil where
// it shows a page of its own.
func (p *Person) SignOut(address string) *url.URL {
	p.t.Helper()
	page, away := p.open(http.NewRequest(http.MethodGet, address, nil))
	if away == nil {
		_, away = p.submit(page, url.Values{"xsrf": {page.hidden("xsrf")}, "logout": {"yes"}})
	}
	return away
}

// visit fills in form after form, until the provider sends the person away.
func (p *Person) visit(address string, answers url.Values) *url.URL {
	p.t.Helper()
	page, away := p.open(http.NewRequest(http.MethodGet, address, nil))
	for range 5 {
		if away != nil {
			return away
		}
		page, away = p.submit(page, answers)
	}
	p.t.Fatalf("oidctest: the provider keeps asking, last on %s:\n%s", page.at.Path, page.text)
	return nil
}

// page is what the provider shows.
type page struct {
	at   *url.URL
	text string
}

var action = regexp.MustCompile(`<form[^>]*\saction="([^"]*)"`)

// target is where the page's form goes.
func (pg page) target() string {
	found := action.FindStringSubmatch(pg.text)
	if found == nil {
		return pg.at.String() // as a form without an address does
	}
	return html.UnescapeString(found[1])
}

// hidden is the value of a hidden field.
func (pg page) hidden(name string) string {
	found := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(pg.text)
	if found == nil {
		return ""
	}
	return html.UnescapeString(found[1])
}

func (p *Person) submit(pg page, fields url.Values) (page, *url.URL) {
	p.t.Helper()
	r, err := http.NewRequest(http.MethodPost, pg.target(), strings.NewReader(fields.Encode()))
	if err == nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return p.open(r, err)
}

// open makes a request and returns the page that is shown, or the address off the provider to which it leads.
func (p *Person) open(r *http.Request, err error) (page, *url.URL) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("oidctest: %v", err)
	}
	answer, err := p.http.Do(r)
	if err != nil {
		p.t.Fatalf("oidctest: visiting the provider: %v", err)
	}
	defer answer.Body.Close()
	if away, err := answer.Location(); err == nil {
		return page{}, away
	}
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		p.t.Fatalf("oidctest: the provider answers %s: %v\n%s", answer.Status, err, text)
	}
	return page{at: answer.Request.URL, text: string(text)}, nil
}
