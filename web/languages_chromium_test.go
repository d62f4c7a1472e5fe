package web_test

import (
	"strings"
	"testing"

	"portal/internal/browsertest"
)

// Whoever goes on by keyboard leaves an open menu behind them, and Escape takes the focus from nobody but it.
func TestChoiceOfLanguageIsUsedByKeyboard(t *testing.T) {
	t.Parallel()
	_, address := onLoopback(t)
	p := browsertest.New(t).Page(t)
	p.Open(address + "/sign-in?flow=individual")
	open := func(want bool, when string) {
		t.Helper()
		if strings.Contains(p.HTML(), `class="languages" open`) != want {
			t.Errorf("%s: the choice is open: %t", when, !want)
		}
	}
	choice := say("en", "language.choose") + " " + say("en", "language.name")
	p.TabTo(choice)
	p.Type(browsertest.Enter)
	p.TabTo("Deutsch")
	open(true, "within it")
	p.Type(browsertest.Escape)
	open(false, "after Escape")
	if at := p.Focused(); at != choice {
		t.Errorf("Escape leads to %q, want %q", at, choice)
	}
	p.Type(browsertest.Enter)
	p.TabTo(say("en", "sign_in.email"))
	open(false, "after what comes next has the focus")
	p.Type(browsertest.Escape)
	if at := p.Focused(); at != say("en", "sign_in.email") {
		t.Errorf("Escape takes the focus to %q", at)
	}
	p.Press(choice)
	p.Press("Deutsch")
	p.See(say("de", "sign_in.title"))
}
