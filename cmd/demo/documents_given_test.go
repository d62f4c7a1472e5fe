package main

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"portal/internal/browsertest"
	"portal/internal/i18n"
)

// documentsTitle is the demo's way to register with documents.
const documentsTitle = "Verify your identity"

// ruling is an order to the sandbox's staff who decide on an applicant.
type ruling map[string]any

// say is a message as people read it in English.
func say(key string, args ...any) string {
	return i18n.T(i18n.With(context.Background(), i18n.BuiltIn.Negotiate("en")), key, args...)
}

var registrations = regexp.MustCompile(`registration(?:=|" value="|=")([0-9a-f-]{36})`)

// registrationIn is the id of the registration that a page is about.
func registrationIn(t *testing.T, page string) string {
	t.Helper()
	found := registrations.FindStringSubmatch(page)
	if found == nil {
		t.Fatalf("the page names no registration: %s", view{html: page}.text())
	}
	return found[1]
}

// verifying is somebody at a browser without scripts whose documents are checked.
type verifying struct {
	*visitor
	email, flow string
	id          string // of the registration
}

// verify signs somebody in and begins a flow with documents.
func (w *world) verify(t *testing.T, flow string) *verifying {
	t.Helper()
	a := &verifying{visitor: w.visitor(t), email: newcomer(), flow: flow}
	a.signIn(a.email)
	if _, err := a.start(flow); err != nil {
		t.Fatal(err)
	}
	a.id = registrationIn(t, a.await("documents.title").html)
	return a
}

// await waits until the page of the registration says a message, and returns it.
func (a *verifying) await(key string) (p view) {
	a.t.Helper()
	eventually(a.t, "the page says: "+say(key), func() bool {
		p = a.get("/onboarding?flow=" + a.flow)
		return strings.Contains(p.text(), say(key))
	})
	return p
}

// about is the address of a page about the registration's documents.
func (a *verifying) about(below, query string) string {
	return "/onboarding/documents" + below + "?registration=" + a.id + query
}

// giveCard gives both sides of an identity card.
func (a *verifying) giveCard() view {
	a.t.Helper()
	back := a.upload(a.get(a.about("/identity", "&type=ID_CARD")), shot(a.t, "front.jpg"), "DEU")
	return a.upload(back.says(a.t, say("documents.picture_id_card_back")), shot(a.t, "back.png"), "DEU")
}

// giveAll gives a card and a selfie, and sends them for review.
func (a *verifying) giveAll() {
	a.t.Helper()
	a.giveCard()
	a.check(a.upload(a.get(a.about("/selfie", "")), shot(a.t, "selfie.jpg"), ""))
}

// check sends everything for review from the list.
func (a *verifying) check(list view) {
	a.t.Helper()
	a.send(list, say("documents.check"), nil)
	a.await("verification.sent_title")
}

// becomes waits until the registration has a status.
func (a *verifying) becomes(status string) {
	a.t.Helper()
	eventually(a.t, "the registration is "+status, func() bool { return a.status() == status })
}

// looksAgain signs the same person in at a browser with scripts and opens the registration.
func (a *verifying) looksAgain(p *browsertest.Page) *examinee {
	a.t.Helper()
	return a.world.examined(a.t, p, a.email, documentsTitle)
}

// counted counts what happened at the provider for an applicant, by kind.
func (w *world) counted(t *testing.T, id string) map[string]int {
	t.Helper()
	counts := map[string]int{}
	for _, e := range w.effects(t) {
		if e.CustomerRef == id {
			counts[e.Kind]++
		}
	}
	return counts
}

// hears waits until the company's back end has been told something of a registration.
func (w *world) hears(t *testing.T, id, what string) (notice told) {
	t.Helper()
	eventually(t, "the company hears "+what, func() (ok bool) {
		byType, _ := w.toldOf(t, id)
		notice, ok = byType[what]
		return ok
	})
	return notice
}

// judge has the provider decide, now or later.
func (w *world) judge(t *testing.T, id string, v ruling) {
	t.Helper()
	w.control(t, http.MethodPost, "/_sandbox/sumsub/applicants/"+id+"/verdict", v, new(any))
}
