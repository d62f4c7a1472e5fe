package browsertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// Page is a document that a person looks at: in a tab, or in a frame within one. It belongs to one goroutine.
type Page struct {
	t       testing.TB
	ctx     context.Context // of the tab
	session cdp.Session     // with the tab, or with the frame
	around  *Page           // the page around a frame; nil for a tab
	frame   cdp.FrameID     // the frame's name in the page around it
	console *console
	traffic *recorder
	wire    *wire
}

// Page opens an empty page in a browsing session of its own, as if in another browser: it shares no cookie, no cache
// and no history with any other.
func (b *Browser) Page(t testing.TB) *Page {
	t.Helper()
	p := &Page{t: t, console: &console{}, traffic: record(t), wire: &wire{}}
	var cancel context.CancelFunc
	p.ctx, cancel = chromedp.NewContext(b.ctx, chromedp.WithListener(p.console.listen), chromedp.WithListener(p.wire.listen),
		chromedp.WithNewBrowserContext(func(c *target.CreateBrowserContextParams) {
			c.ProxyServer, c.ProxyBypassList = p.traffic.address, "<-loopback>;"+b.direct // loopback addresses, too
		}))
	t.Cleanup(func() {
		cancel()
		p.console.report(t)
	})
	if err := chromedp.Do(p.ctx); err != nil {
		t.Fatalf("browsertest: opening a page: %v", err)
	}
	tab := chromedp.FromContext(p.ctx).Target
	p.session = tab
	p.wire.watch(cdp.FrameID(tab.TargetID)) // Chromium gives both the same name
	return p
}

// Hurry makes the timers of that length or a longer one run so many times faster, in all pages opened from now on, so
// that what happens every minute can be waited for. Shorter ones are left alone: many are the patience with something
// that takes its time. Calm undoes it for the pages that are opened afterwards.
func (p *Page) Hurry(length time.Duration, times int) (calm func()) {
	p.t.Helper()
	source := fmt.Sprintf("{ const later = setTimeout; window.setTimeout = (f, ms, ...args) => later(f, ms < %d ? ms : ms / %d, ...args); }",
		length.Milliseconds(), times)
	return p.before("hurrying its timers", source)
}

// RefuseAtOnce has the pages opened from now on believe that requests take no time, as it is with those that the browser
// itself refuses: on a busy machine that takes as long as a network does elsewhere.
func (p *Page) RefuseAtOnce() {
	p.t.Helper()
	p.before("quickening its refusals", "Object.defineProperty(PerformanceResourceTiming.prototype, 'duration', { get: () => 1 });")
}

// before runs a script in every page opened from now on, before those of the page, until it is undone.
func (p *Page) before(what, source string) (undo func()) {
	p.t.Helper()
	script := page.AddScriptToEvaluateOnNewDocumentParams{Source: source}
	added, err := chromedp.Call(p.ctx, page.AddScriptToEvaluateOnNewDocument, script)
	if err != nil {
		p.fail("%s: %v", what, err)
	}
	return func() {
		p.t.Helper()
		gone := page.RemoveScriptToEvaluateOnNewDocumentParams(added) // both are its identifier
		if _, err := chromedp.Call(p.ctx, page.RemoveScriptToEvaluateOnNewDocument, gone); err != nil {
			p.fail("no more %s: %v", what, err)
		}
	}
}

// Open goes to an address and waits until its page has loaded.
func (p *Page) Open(url string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Navigate(url)); err != nil {
		p.fail("opening %s: %v", url, err)
	}
}

// Fill types a text into the field with that label, in place of what it held. In a list it chooses the option of that
// text.
func (p *Page) Fill(label, text string) {
	p.t.Helper()
	p.until(fmt.Sprintf("a field %q to fill", label), func() (bool, error) {
		return call[bool](p, "fill", label, text)
	})
}

// See waits until a text can be read on the page.
func (p *Page) See(text string) {
	p.t.Helper()
	p.until(fmt.Sprintf("the text %q", text), func() (bool, error) {
		return call[bool](p, "says", text)
	})
}

// Sees says whether a text can be read on the page now.
func (p *Page) Sees(text string) bool {
	p.t.Helper()
	seen, err := call[bool](p, "says", text)
	if err != nil {
		p.fail("looking for the text %q: %v", text, err)
	}
	return seen
}

// Arrive waits until the page's address is this one.
func (p *Page) Arrive(url string) {
	p.t.Helper()
	p.until("the address "+url, func() (bool, error) {
		now, err := evaluate[string](p, location)
		return now == url, err
	})
}

// Expressions for what a page has at any time.
const (
	location = "location.href"
	title    = "document.title"
	markup   = "document.documentElement.outerHTML"
)

// URL is the page's address, as the address bar shows it.
func (p *Page) URL() string { return p.read("its address", location) }

// Title is the page's title.
func (p *Page) Title() string { return p.read("its title", title) }

// HTML is the page as it stands now.
func (p *Page) HTML() string { return p.read("its HTML", markup) }

// Focused is what has the focus: the label of a field, the text of anything else, and "" if nothing has it.
func (p *Page) Focused() string {
	p.t.Helper()
	name, err := call[string](p, "focused")
	if err != nil {
		p.fail("asking the page for what has the focus: %v", err)
	}
	return name
}

func (p *Page) read(what, expression string) string {
	p.t.Helper()
	value, err := evaluate[string](p, expression)
	if err != nil {
		p.fail("asking the page for %s: %v", what, err)
	}
	return value
}

// History is the addresses that the page's back and forward buttons lead to, and its own, the oldest first.
func (p *Page) History() []string {
	entries := get(p, "its history", chromedp.NavigationEntries())
	var urls []string
	for _, e := range entries.Entries {
		urls = append(urls, e.URL)
	}
	return urls
}

// Resize gives the page the size of a screen in CSS pixels.
func (p *Page) Resize(width, height int64) {
	get(p, "another size", chromedp.EmulateViewport(width, height))
}

// Screenshot writes a picture of the whole page, as a PNG.
func (p *Page) Screenshot(path string) {
	p.t.Helper()
	picture := get(p, "a picture of it", chromedp.FullScreenshot(100))
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, picture, 0o644)); err != nil {
		p.t.Fatalf("browsertest: %v", err)
	}
}

// Requests is everything that the page and its frames have asked the network for, in order.
func (p *Page) Requests() []Request { return p.traffic.all() }

// Allow lets the page have errors that contain a text, which would otherwise fail the test at its end.
func (p *Page) Allow(text string) { p.console.allow(text) }

// Frame waits for a frame in a tab's page, from another site than the page's, whose address begins like this.
func (p *Page) Frame(url string) *Page {
	p.t.Helper()
	f := &Page{t: p.t, ctx: p.ctx, around: p, console: p.console, traffic: p.traffic}
	p.until("a frame from "+url, func() (bool, error) {
		id, err := p.find(url)
		if err != nil || id == "" {
			return false, err
		}
		f.frame = cdp.FrameID(id) // Chromium gives both the same name
		f.session, err = attach(p.ctx, id, p.console.listen)
		return err == nil, err
	})
	return f
}

// find looks for a frame among all that the browser has; "" while there is none.
func (p *Page) find(url string) (target.ID, error) {
	all, err := chromedp.Targets(p.ctx)
	if err != nil {
		return "", err
	}
	session := chromedp.FromContext(p.ctx).BrowserContextID
	for _, one := range all {
		if one.Type == "iframe" && one.BrowserContextID == session && strings.HasPrefix(one.URL, url) {
			return one.TargetID, nil
		}
	}
	return "", nil
}

// get asks the page for something that it has at any time.
func get[T any](p *Page, what string, action chromedp.Action[T]) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, action)
	if err != nil {
		p.fail("asking the page for %s: %v", what, err)
	}
	return value
}
