package browsertest

import (
	"fmt"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// Part is something that the browser has loaded for a page.
type Part struct {
	URL   string
	Bytes int64 // on the wire: the header of the answer, and its body as it was compressed
	// From is what made the browser ask: "other" for the page itself, "parser" for what the page names, else "script" and
	// what else the browser says.
	From string
	// By is the address that named it.
	By string
	// Blocks says that nothing is shown before it is there.
	Blocks bool
	// Failed says that it did not come.
	Failed bool
	done   bool // it has come, or not
}

// wire is what the browser loads for the page that a tab shows, without what frames in it load. The icon of a page is not
// among it, unless a script asks for that, too: no event tells.
type wire struct {
	mu    sync.Mutex
	tab   cdp.FrameID
	page  cdp.LoaderID
	parts []*Part
	named map[network.RequestID]*Part
}

// listen takes the browser's events. It runs in the loop that reads them.
func (w *wire) listen(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if e.FrameID == w.tab {
			w.add(e)
		}
	case *network.EventLoadingFinished:
		if part, ok := w.named[e.RequestID]; ok {
			part.Bytes, part.done = int64(e.EncodedDataLength), true
		}
	case *network.EventLoadingFailed:
		if part, ok := w.named[e.RequestID]; ok {
			part.Failed, part.done = true, true
		}
	}
}

func (w *wire) add(e *network.EventRequestWillBeSent) {
	switch {
	case e.Type == network.ResourceTypeDocument: // another page
		w.page, w.parts, w.named = e.LoaderID, nil, map[network.RequestID]*Part{}
	case e.LoaderID != w.page: // the page before, which goes on until the other one comes
		return
	}
	part := &Part{
		URL: e.Request.URL, From: string(e.Initiator.Type), By: e.Initiator.URL,
		Blocks: e.RenderBlockingBehavior == network.RenderBlockingBehaviorBlocking,
	}
	w.parts = append(w.parts, part)
	w.named[e.RequestID] = part
}

// count is how much the browser has asked for.
func (w *wire) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.parts)
}

// first is the first so many of that, and whether all of them have come or failed.
func (w *wire) first(n int) (parts []Part, done bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	done = true
	for _, part := range w.parts[:n] {
		parts = append(parts, *part)
		done = done && part.done
	}
	return parts, done
}

// watch begins with a tab.
func (w *wire) watch(tab cdp.FrameID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tab, w.named = tab, map[network.RequestID]*Part{}
}

// OpenCold opens an address as a browser does that has cookies at most and none of the site's files, and returns what it
// asks for until the page has loaded, in that order.
func (p *Page) OpenCold(url string) (parts []Part) {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, network.ClearBrowserCache, cdp.Empty{}); err != nil {
		p.fail("emptying its cache: %v", err)
	}
	p.Open(url)
	asked := p.wire.count()
	p.until("all that belongs to the page", func() (done bool, err error) {
		if parts, done = p.wire.first(asked); !done {
			return false, fmt.Errorf("of %+v", parts)
		}
		return true, nil
	})
	return parts
}

// Shifts is what of the page has moved since it was opened without anybody's doing: the browser's layout shifts, each with
// what moved from where to where. Those that nobody sees are left out: a browser on a busy machine shows what it has read of a
// page so far, and the sign beside a word makes room when that is read.
func (p *Page) Shifts() []string {
	p.t.Helper()
	moved, err := evaluate[[]string](p, shifts)
	if err != nil {
		p.fail("asking the page for its layout shifts: %v", err)
	}
	return moved
}

// shifts waits until the browser has drawn the page as it stands.
const shifts = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
	const observer = new PerformanceObserver(() => {});
	observer.observe({ type: 'layout-shift', buffered: true });
	const at = (r) => [r.x, r.y, r.width, r.height].join(' ');
	const what = (s) => (s.node?.outerHTML ?? s.node?.textContent ?? 'what is gone').slice(0, 80) + ' from ' + at(s.previousRect) + ' to ' + at(s.currentRect);
	const unseen = 0.002; // of the window; pages up to 0.1 count as good
	done(observer.takeRecords().filter((shift) => shift.value > unseen).map((shift) => shift.value + ' after ' + shift.startTime + ' ms: ' + shift.sources.map(what).join(', ')));
})))`
