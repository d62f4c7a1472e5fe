package web_test

import (
	"testing"

	"portal/internal/browsertest"
)

// TestFormStaysWhileTheOtherPartIsDone holds that the page with the form claims nothing about a part that is being done
// in another tab.
func TestFormStaysWhileTheOtherPartIsDone(t *testing.T) {
	t.Parallel()
	w, address := onLoopback(t)
	p := browsertest.New(t).Page(t)
	for _, expected := range []string{"collection.example.net", "net::ERR"} {
		p.Allow(expected) // the provider is not there
	}
	w.signInAt(p, address, "ada@example.com")
	p.Press("Start: Open a business account")
	p.See("The form does not appear")
	p.See(say("en", "associates_link.none"))
	before := p.URL()
	p.Press(say("en", "associates_link.title") + " " + say("en", "layout.new_tab"))
	p.See(say("en", "associates_link.opened"))
	if p.Sees(say("en", "associates_link.none")) || p.URL() != before {
		t.Errorf("the page is at %s and still says how that part stood:\n%s", p.URL(), p.HTML())
	}
}
