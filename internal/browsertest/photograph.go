package browsertest

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Photograph writes a picture of what can be seen of the page without scrolling, as a WebP of that quality, in per cent.
func (p *Page) Photograph(path string, quality int64) {
	p.t.Helper()
	taken, err := chromedp.Call(p.ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatWebp, Quality: &quality})
	if err != nil {
		p.fail("taking a picture of it: %v", err)
	}
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, taken.Data, 0o644)); err != nil {
		p.t.Fatalf("browsertest: %v", err)
	}
}
