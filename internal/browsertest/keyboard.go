package browsertest

import (
	"fmt"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Keys that are no letters, for [Page.Type].
const (
	Tab    = "\t"
	Enter  = "\r"
	Escape = "\u001b"
)

// mostTabs is how often a person would press the key before giving up.
const mostTabs = 150

// Type presses keys, whatever has the focus.
func (p *Page) Type(keys string) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, chromedp.KeyEvent(keys)); err != nil {
		p.fail("typing: %v", err)
	}
}

// TabTo presses the Tab key until the field, button or link of that name has the focus.
func (p *Page) TabTo(name string) {
	p.t.Helper()
	for range mostTabs {
		p.Type(Tab)
		if p.Focused() == name {
			return
		}
	}
	p.fail("%q is not reached by the Tab key", name)
}

// WithoutScripts switches JavaScript off in all pages opened from now on. Such a page is used by its keys.
func (p *Page) WithoutScripts() {
	p.t.Helper()
	off := emulation.SetScriptExecutionDisabledParams{Value: true}
	if _, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, off); err != nil {
		p.fail("switching scripts off: %v", err)
	}
}

// TurnAround has the page written from right to left.
func (p *Page) TurnAround() { p.read("its direction", "document.documentElement.dir = 'rtl'") }

// Flaws are what keeps some people from using the page: what is wider than the screen, controls without a name or too
// small for a finger, and what is seen elsewhere than where it is read.
func (p *Page) Flaws() []string {
	p.t.Helper()
	p.until("the whole page", func() (bool, error) { return evaluate[bool](p, "document.readyState !== 'loading'") })
	found, err := call[[]string](p, "flaws")
	if err != nil {
		p.fail("looking for flaws: %v", err)
	}
	for i, f := range found {
		found[i] = fmt.Sprintf("%s: %s", p.Title(), f)
	}
	return found
}
