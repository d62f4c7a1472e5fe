package web_test

import (
	"net/http"
	"testing"

	"portal/internal/browsertest"
	"portal/internal/sandbox/faults"
)

// TestWaitingPageLoadsAgainWhereThereIsNoScript has two browsers wait, one of which runs no scripts. That one loads its page
// again after five seconds, as it says, though its header says a minute. The other has its script, and does not.
func TestWaitingPageLoadsAgainWhereThereIsNoScript(t *testing.T) {
	t.Parallel()
	w, address := onLoopback(t)
	w.ruin(faults.Rule{Method: http.MethodPost, Path: "/4.0/profiles", Kind: faults.Status, Status: 503})
	waits := func(email string) *browsertest.Page {
		p := browsertest.New(t).Page(t)
		w.signInAt(p, address, email)
		p.Press("Start: Open a personal account")
		p.See(say("en", "waiting.title"))
		return p
	}
	scripted, plain := waits("ada@example.com"), waits("bea@example.com")
	plain.WithoutScripts()
	plain.Open(address + "?flow=individual")
	plain.See(say("en", "waiting.title"))
	before := loads(plain, address)
	eventually(t, "the page without scripts again", func() bool { return loads(plain, address) > before })
	if again := loads(scripted, address); again > 1 {
		t.Errorf("the page with a script was loaded %d times", again)
	}
}

// loads counts how often the page of a personal account was loaded.
func loads(p *browsertest.Page, address string) (n int) {
	for _, r := range p.Requests() {
		if r.URL == address+"?flow=individual" {
			n++
		}
	}
	return n
}
