package browsertest

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/chromedp"
)

// fail ends the test and leaves a picture of the page, and its HTML.
func (p *Page) fail(format string, args ...any) {
	p.t.Helper()
	p.t.Fatalf("browsertest: %s\n%s", fmt.Sprintf(format, args...), p.evidence())
}

// evidence says where the page was, and where a picture and its HTML are.
func (p *Page) evidence() string {
	dir, err := p.artifacts()
	if err != nil {
		return err.Error()
	}
	url, _ := evaluate[string](p, location)
	lines := []string{"the page was " + url}
	if html, err := evaluate[string](p, markup); err == nil {
		lines = append(lines, keep(dir, "page.html", []byte(html)))
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100)); err == nil {
		lines = append(lines, keep(dir, "page.png", picture))
	}
	return strings.Join(append(lines, p.console.lines()...), "\n")
}

func keep(dir, name string, content []byte) string {
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, content, 0o644); err != nil {
		return err.Error()
	}
	return "see " + path
}

// artifacts is a folder that outlives the test.
func (p *Page) artifacts() (string, error) {
	if f := flag.Lookup("test.artifacts"); f != nil && f.Value.String() == "true" {
		return p.t.ArtifactDir(), nil
	}
	return os.MkdirTemp("", "browsertest-")
}
