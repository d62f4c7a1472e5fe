package browsertest

import (
	"context"
	"errors"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// point is a place in a document's window, in CSS pixels.
type point struct{ X, Y float64 }

var errMissed = errors.New("it is not there, or disabled, covered or moving")

// aim finds the middle of a button or link in the tab's window, which it scrolls there.
func (p *Page) aim(text string) (x, y float64, err error) {
	first, err := p.place(text)
	if err != nil {
		return 0, 0, err
	}
	again, err := p.place(text)
	if err != nil {
		return 0, 0, err
	}
	if first != again {
		return 0, 0, errMissed
	}
	return again.X, again.Y, nil
}

// place is where the middle of a button or link is now.
func (p *Page) place(text string) (point, error) {
	at, err := call[*point](p, "aim", text)
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
