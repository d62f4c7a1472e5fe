package onboarding

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// documents are the files of a registration.
func (e *Engine) documents(ctx context.Context, r Registration) ([]Document, error) {
	if e.Documents == nil {
		return nil, nil
	}
	return e.Documents.DocumentsOf(ctx, r.ID)
}

// arrivals finds out, from a read of the provider that began at asked, what has become of files of which nobody knew before, and
// returns how long one of them may still take to arrive. Files are as they were before that read: one that has arrived since
// may be missing in it.
func (e *Engine) arrivals(ctx context.Context, files []Document, v Verification, asked time.Time) (longest time.Duration, err error) {
	for _, d := range files {
		known, wait := e.inTheLight(d, v, asked)
		longest = max(longest, wait)
		if known.Status == d.Status {
			continue
		}
		known.Until = e.Now()
		if err := settled(ctx, e.Documents, known); err != nil {
			return longest, err
		}
	}
	return longest, nil
}

// inTheLight is what a read of the provider that began at asked makes of a document, or how long to wait until one does. Whoever
// still sends it knows better. One that was given up may have arrived all the same, if its sender had stood still.
func (e *Engine) inTheLight(d Document, v Verification, asked time.Time) (known Document, wait time.Duration) {
	image, arrived := v.ImageOf(d)
	switch {
	case d.Status == DocumentSent:
		return d, 0
	case d.Status == DocumentSending && asked.Before(d.Until):
		return d, d.Until.Sub(asked)
	case arrived:
		d.Status, d.Image, d.Cause = DocumentSent, image.ID, ""
		return d, 0
	case d.Status == DocumentSending:
		if wait := d.Until.Add(e.CheckSettle).Sub(asked); wait > 0 {
			return d, wait
		}
		d.Status, d.Cause = DocumentLost, "its sender has gone, and it has not arrived"
	}
	return d, 0
}

// settled stores what has become of a document.
func settled(ctx context.Context, documents Documents, d Document) error {
	err := persist(ctx, func(ctx context.Context) error { return documents.SettleDocument(ctx, d) })
	if err != nil {
		return fmt.Errorf("storing what became of document %s: %w", d.ID, err)
	}
	return nil
}

// ImageOf is the image that a document has become, as far as is known.
func (v Verification) ImageOf(d Document) (Image, bool) {
	for _, s := range v.Steps {
		is := func(i Image) bool { return i.Document == d.ID.String() || d.Image != "" && i.ID == d.Image }
		if i := slices.IndexFunc(s.Images, is); i >= 0 {
			return s.Images[i], true
		}
	}
	return Image{}, false
}
