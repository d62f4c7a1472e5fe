package browsertest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/runtime"
)

// Attach chooses a file in the file field with that label, in place of the one that was chosen. To choose the same file
// again changes nothing, as in any browser.
func (p *Page) Attach(label, path string) {
	p.t.Helper()
	path, err := filepath.Abs(path)
	if err != nil {
		p.t.Fatalf("browsertest: %v", err)
	}
	if _, err := os.Stat(path); err != nil {
		p.t.Fatalf("browsertest: %v", err)
	}
	p.until(fmt.Sprintf("a field %q for a file", label), func() (bool, error) {
		field, err := p.fileField(label)
		if err != nil || field == "" {
			return false, err
		}
		return true, p.setFile(field, path)
	})
}

// fileField is the browser's name for the field with that label; "" while there is none.
func (p *Page) fileField(label string) (runtime.RemoteObjectID, error) {
	expression, err := calling("fileField", label)
	if err != nil {
		return "", err
	}
	field, err := p.run(runtime.EvaluateParams{Expression: expression})
	if err != nil {
		return "", err
	}
	return field.ObjectID, nil
}

func (p *Page) setFile(field runtime.RemoteObjectID, path string) error {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	_, err := cdp.Call(ctx, p.session, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{path}, ObjectID: field})
	return err
}
