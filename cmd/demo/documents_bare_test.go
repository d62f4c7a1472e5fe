package main

import (
	"testing"

	"portal/internal/browsertest"
)

// Everything is done with the keys alone, in a browser whose scripts are off, as by people who use neither.
func TestDocumentsAreGivenByKeysWithoutScripts(t *testing.T) {
	t.Parallel()
	w, email := sharedWorld(t), newcomer()
	p := browsertest.New(t).Page(t)
	p.WithoutScripts()
	p.Open(w.origin() + "/")
	enter(p, documentsTitle)
	p.See("E-mail address")
	p.TabTo("E-mail address")
	p.Type(email + browsertest.Enter)
	p.See("Enter the code from your e-mail")
	p.TabTo("6-digit code")
	p.Type(w.code(t, email) + browsertest.Enter)
	p.See(say("documents.title"))

	enter(p, say("documents.begin")+" : "+say("documents.step_identity"))
	p.See(say("documents.choose"))
	enter(p, say("documents.type_id_card"))
	p.See(say("documents.picture_id_card_front"))
	p.TabTo(say("documents.country"))
	p.Type("Germany")
	attachByKeys(t, p, "documents.picture_id_card_front", "front.jpg")
	attachByKeys(t, p, "documents.picture_id_card_back", "back.png")
	p.See(say("documents.title"))
	p.See(say("documents.done_given"))
	enter(p, say("documents.begin")+" : "+say("documents.step_selfie"))
	attachByKeys(t, p, "documents.picture_selfie", "selfie.jpg")
	p.See(say("documents.complete"))
	enter(p, say("documents.check"))
	p.See(say("verification.sent_title"))
	if p.Sees(say("documents.camera_open")) {
		t.Error("a camera is offered that only a script can open")
	}
}

// enter goes to a link or button by the Tab key and presses it.
func enter(p *browsertest.Page, name string) {
	p.TabTo(name)
	p.Type(browsertest.Enter)
}

// attachByKeys gives the picture of that heading. The dialogue for choosing a file is the browser's own.
func attachByKeys(t *testing.T, p *browsertest.Page, heading, name string) {
	t.Helper()
	p.See(say(heading))
	p.Attach(say("documents.file"), shotFile(t, name))
	enter(p, say("documents.send"))
}
