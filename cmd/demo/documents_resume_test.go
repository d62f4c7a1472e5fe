package main

import (
	"testing"

	"portal/internal/browsertest"
)

func TestWhatIsHalfGivenOutlivesThePortalAndIsThereOnAnotherDevice(t *testing.T) {
	t.Parallel()
	w := ownWorld(t)
	mortal := w.startPortal(t, nil)
	a := w.verify(t, "documents")
	a.visitor = a.at(mortal.origin())
	front := a.upload(a.get(a.about("/identity", "&type=ID_CARD")), shot(t, "front.jpg"), "DEU")
	front.says(t, say("documents.picture_id_card_back"))
	mortal.kill(t)

	heir := w.startPortal(t, nil)
	e := &examinee{Page: browsertest.New(t).Page(t), w: w, t: t, id: a.id}
	e.Open(heir.origin() + "/onboarding/sign-in")
	w.signIn(t, e.Page, a.email)
	e.Open(heir.origin() + "/onboarding")
	e.See(say("documents.state_partly"))
	e.See("(" + say("documents.side_back") + ")")
	e.opens("documents.go_on", "documents.step_identity")
	e.gives("documents.picture_id_card_back", shotFile(t, "back.jpg"))
	e.See(say("documents.title"))
	a.visitor = a.at(heir.origin())
	a.get("/onboarding").says(t, "Still to do: "+say("documents.step_selfie")) // the first device, too
	if n := w.counted(t, a.id); n["applicant.create"] != 1 || n["document.add"] != 2 {
		t.Errorf("what happened at the provider: %v", n)
	}
}

// kill ends the portal as a failure of its machine does.
func (p *portalProcess) kill(t *testing.T) {
	t.Helper()
	p.stopped = true
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-p.gone
}
