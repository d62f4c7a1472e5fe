package main

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"portal/internal/browsertest"
	"portal/internal/localpg"
)

// furtherFlow is a flow of portal.toml that the demo does not have. Its completion leads where the demo's own do.
func furtherFlow(name, title, level, mode string) string {
	return fmt.Sprintf(`
[[flow]]
name = %q
title = %q
provider = "sumsub"
level = %q
mode = %q
completion_url = "http://127.0.0.1:8090/company/thanks"
`, name, title, level, mode)
}

// frame is the provider's own forms within the page.
func (e *examinee) frame() *browsertest.Page {
	e.t.Helper()
	e.See(say("sdk.camera_title"))
	e.id = registrationIn(e.t, e.HTML())
	return e.Frame(newSettings(e.w.getenv)["SUMSUB_WEBSDK_URL"] + "/websdk/websdk.html")
}

// showsCard gives a card in the provider's forms: a file and the camera.
func (e *examinee) showsCard(f *browsertest.Page) {
	e.t.Helper()
	f.Fill("Which country issued it?", "Latvia")
	f.Fill("Which document is it?", "Identity card")
	f.Attach("Or choose a file: Front side", shotFile(e.t, "front.jpg"))
	f.See("A picture has been received.")
	f.Press("Take a photo: Back side")
	f.Press("Capture: Back side")
	eventually(e.t, "both sides have arrived", func() bool { return e.w.counted(e.t, e.id)["document.add"] == 2 })
	f.Press("Continue")
}

func TestLivenessIsShownInTheProvidersFormsFromTheFirstPageToTheCompanysOwn(t *testing.T) {
	t.Parallel()
	w := sharedWorld(t)
	e := w.examined(t, browsertest.New(t).Page(t), newcomer(), "Verify your identity by camera")
	f := e.frame()
	e.showsCard(f)
	f.See("Your selfie")
	f.Press("Start")
	e.See(say("verification.sent_title")) // by itself
	w.judge(t, e.id, ruling{"answer": "GREEN"})
	e.See(say("verification.approved_title"))
	e.Press(say("outcome.completed_continue", "company", "Northlight"))
	e.Arrive(w.thanks())
	w.hears(t, e.id, "registration.checking")
	w.hears(t, e.id, "registration.completed")
}

// The level wants a live capture, which pages of ours do not offer: whoever configured it as if they did sends nobody into a
// dead end. And the forms' own calls fail, one after the other.
func TestLevelThatPagesOfOursCannotServeIsGivenInTheProvidersFormsHoweverTheyFail(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, localpg.NewURL(t), furtherFlow("live", "Verify it live", "id-and-liveness", "api"))
	p := browsertest.New(t).Page(t)
	p.Hurry(time.Minute, 60) // until the page asks the portal how things stand
	for _, expected := range []string{"503", "502", "net::ERR", "Failed to fetch"} {
		p.Allow(expected)
	}
	w.strike(t, map[string]any{"method": "GET", "path": "/websdk/api/", "kind": "status", "status": 503, "count": 1})
	e := w.examined(t, p, newcomer(), "Verify it live")
	f := e.frame()
	f.See("The verification could not be loaded")
	f.Press("Try again")
	w.strike(t, map[string]any{"method": "POST", "path": "/websdk/api/documents", "kind": "status", "status": 503, "count": 1})
	f.Fill("Which country issued it?", "Latvia")
	f.Fill("Which document is it?", "Passport")
	f.Attach("Or choose a file: Passport", shotFile(t, "passport.jpg"))
	eventually(t, "the first picture is refused", func() bool { return w.struck(t) == 2 })
	f.Attach("Or choose a file: Passport", shotFile(t, "again.jpg"))
	f.See("A picture has been received.")
	f.Press("Continue")
	f.See("Your selfie")
	w.strike(t, map[string]any{"method": "POST", "path": "/websdk/api/check", "when": "after", "kind": "reset", "count": 1})
	f.Press("Start")
	e.See(say("verification.sent_title")) // the forms do not know, and the portal does
	if n := w.struck(t); n != 3 {
		t.Errorf("the trouble has struck %d times", n)
	}
	w.judge(t, e.id, ruling{"answer": "GREEN"})
	e.See(say("verification.approved_title"))
}

// strike orders trouble at the provider.
func (w *world) strike(t *testing.T, rule map[string]any) {
	t.Helper()
	w.control(t, http.MethodPost, "/_sandbox/faults", rule, new(any))
}

// struck is how often all trouble has struck.
func (w *world) struck(t *testing.T) (n int) {
	t.Helper()
	var rules []struct{ Struck int }
	w.control(t, http.MethodGet, "/_sandbox/faults", nil, &rules)
	for _, r := range rules {
		n += r.Struck
	}
	return n
}
