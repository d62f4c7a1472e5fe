package browsertest

import (
	"context"
	"errors"
	"fmt"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// point is a place in a document's window, in CSS pixels.
type point struct{ X, Y float64 }

var errMissed = errors.New("it is not there, or disabled, covered or moving")

// Press clicks the button, the link or the label of a radio button or checkbox of that text with the mouse.
func (p *Page) Press(text string) {
	p.t.Helper()
	p.press(fmt.Sprintf("a button, link or choice %q to press", text), text)
}

// Choose presses an answer to a question, as [Page.Press] does. The question is the legend above its answers, which
// tells them from those of other questions that have the same text.
func (p *Page) Choose(question, answer string) {
	p.t.Helper()
	p.press(fmt.Sprintf("an answer %q to %q to press", answer, question), answer, question)
}

// press clicks what has a text, which is the first of the words; a second is the legend of the group that has it.
func (p *Page) press(what string, words ...any) {
	p.t.Helper()
	p.until(what, func() (bool, error) {
		x, y, err := p.aim(words)
		if err != nil {
			return false, err
		}
		if err := p.click(x, y); err != nil {
			return false, err
		}
		return p.pressed()
	})
}

// twoPaints is over when the page has been painted twice.
const twoPaints = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"

// window is the tab's page: the page itself, or the one around a frame.
func (p *Page) window() *Page {
	if p.around != nil {
		return p.around
	}
	return p
}

// aim finds the middle of what is to be pressed in the tab's window, which it scrolls there.
func (p *Page) aim(words []any) (x, y float64, err error) {
	first, err := p.place(words)
	if err != nil {
		return 0, 0, err
	}
	// A frame that is about to grow needs a moment to tell the page around it, and that one to make room.
	if _, err := evaluate[bool](p.window(), twoPaints); err != nil && !gone(err) {
		return 0, 0, err
	}
	again, err := p.place(words)
	if err != nil {
		return 0, 0, err
	}
	if first != again {
		return 0, 0, errMissed
	}
	return again.X, again.Y, nil
}

// place is where that middle is now.
func (p *Page) place(words []any) (point, error) {
	at, err := call[*point](p, "aim", words...)
	if err != nil {
		return point{}, err
	}
	if at == nil {
		return point{}, errMissed
	}
	if p.around == nil {
		return *at, nil
	}
	return p.around.outside(p.frame, *at)
}

// outside turns a place in a frame into one in the page around it.
func (p *Page) outside(frame cdp.FrameID, at point) (point, error) {
	return chromedp.Run(p.ctx, func(ctx context.Context, t *chromedp.Target) (point, error) {
		owner, err := cdp.Call(ctx, t, dom.GetFrameOwner, dom.GetFrameOwnerParams{FrameID: frame})
		if err != nil {
			return point{}, err
		}
		element, err := cdp.Call(ctx, t, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: owner.BackendNodeID})
		if err != nil {
			return point{}, err
		}
		return chromedp.CallFunctionOn[point](scrolled, func(c *runtime.CallFunctionOnParams) {
			c.ObjectID = element.Object.ObjectID
		}, at.X, at.Y)(ctx, t)
	})
}

// scrolled is a function of the frame's element. It scrolls the place into the window, where the mouse can reach it.
const scrolled = `function (x, y) {
	const place = () => {
		const box = this.getBoundingClientRect();
		return { X: box.left + this.clientLeft + x, Y: box.top + this.clientTop + y };
	};
	const at = place();
	if (at.Y < 0 || at.Y >= innerHeight) {
		scrollBy({ top: at.Y - innerHeight / 2, behavior: 'instant' });
	}
	return place();
}`

// click presses the left mouse button at a place of the tab's window: whatever is on top there gets it.
func (p *Page) click(x, y float64) error {
	return chromedp.Do(p.ctx, chromedp.MouseClickXY(x, y))
}

// pressed says whether the element that was aimed at got the click. A page that is gone has got it.
func (p *Page) pressed() (bool, error) {
	done, err := call[bool](p, "pressed")
	if err != nil && gone(err) {
		return true, nil
	}
	return done, err
}
