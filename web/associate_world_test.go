package web_test

import (
	"html"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"
)

// entering is an applicant who has begun a registration of a company.
type entering struct {
	*browser
	registration string
}

// entering signs somebody in and starts the flow of companies.
func (w *world) entering(email string) entering {
	w.t.Helper()
	b := w.browser()
	b.start(email, "company")
	return entering{b, w.text("select r.id::text from registrations r order by created_at desc limit 1")}
}

// about is the address of a page about the registration, with names and values in turn.
func (e entering) about(below string, more ...string) string {
	q := url.Values{"registration": {e.registration}}
	for i := 0; i < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return "/associates" + below + "?" + q.Encode()
}

// enter adds somebody with fields of names and values in turn, and returns their id.
func (e entering) enter(fields ...string) string {
	e.w.t.Helper()
	id := uuid.NewString()
	p := e.post("/associates", append([]string{"registration", e.registration, "id", id}, fields...)...)
	if p.status != http.StatusSeeOther {
		e.w.t.Fatalf("not entered: status %d\n%s", p.status, p.body)
	}
	return id
}

// spoil makes an entry wrong that was right.
func (e entering) spoil(id string) {
	e.w.t.Helper()
	if _, err := e.w.pool.Exec(e.w.t.Context(), "update associates set roles = '{KING}' where id = $1", id); err != nil {
		e.w.t.Fatal(err)
	}
}

// saysNot checks that none of the texts can be read on the page.
func (p page) saysNot(texts ...string) page {
	p.t.Helper()
	for _, text := range texts {
		if strings.Contains(html.UnescapeString(p.body), text) {
			p.t.Errorf("%s says %q:\n%s", p.what, text, p.body)
		}
	}
	return p
}

// hidden is a hidden field of the page.
func (p page) hidden(name string) string {
	p.t.Helper()
	found := p.elements("input").with("name", name).with("type", "hidden")
	if len(found) != 1 {
		p.t.Fatalf("%s has %d hidden fields %s", p.what, len(found), name)
	}
	return found[0].attrs["value"]
}
