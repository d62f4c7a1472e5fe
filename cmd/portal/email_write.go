package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"portal/internal/mailcheck"
	"portal/templates/email"
)

// write looks at what is built before anybody gets to see it: a mark may also be a word of the e-mail, or of its markup.
func (e *requestEmail) write(ctx context.Context, v email.RequestView) error {
	var page bytes.Buffer
	if err := email.Request(v).Render(ctx, &page); err != nil {
		return fmt.Errorf("rendering the e-mail: %w", err)
	}
	text := []byte(email.RequestText(ctx, v))
	if err := e.problems(page.Bytes(), text); err != nil {
		return err
	}
	if err := os.MkdirAll(e.out, 0o755); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	for name, content := range map[string][]byte{requestHTML: page.Bytes(), requestText: text} {
		if err := os.WriteFile(filepath.Join(e.out, name), content, 0o644); err != nil {
			return fmt.Errorf("--out: %w", err)
		}
	}
	return nil
}

// problems is what is wrong with both parts of the e-mail, all at once.
func (e *requestEmail) problems(page, text []byte) error {
	var wrong []error
	o := mailcheck.Options{Text: e.text, Link: e.link, HasPlain: true}
	for _, part := range []struct {
		name  string
		found []mailcheck.Finding
	}{{requestHTML, mailcheck.Check(page, o)}, {requestText, mailcheck.CheckPlain(text, o)}} {
		for _, f := range part.found {
			if f.Problem {
				wrong = append(wrong, fmt.Errorf("%s: %s %s", part.name, f.What, f.Fix))
			}
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("nothing is written: the e-mail has problems; where they are about a mark, choose another with --text-mark or --link-mark\n%w", errors.Join(wrong...))
	}
	return nil
}
