package web

import (
	"context"
	"slices"

	"portal/internal/i18n"
	"portal/internal/onboarding"
	"portal/templates"
)

// newestOf is the document that was sent last for a step, whatever became of it.
func newestOf(list []onboarding.Document, set string) (onboarding.Document, bool) {
	for _, d := range slices.Backward(list) {
		if d.Set == set {
			return d, true
		}
	}
	return onboarding.Document{}, false
}

// failed is the document that was sent last for a step, where it came to nothing: it has not arrived, or the provider has said
// why it does not count. With one side of a document the provider gives up the other, too.
func failed(v onboarding.Verification, list []onboarding.Document, step onboarding.Step) (onboarding.Document, bool) {
	d, ok := newestOf(list, step.Set)
	if !ok {
		return d, false
	}
	if d.Status == onboarding.DocumentLost { // unless the same picture is there from before
		return d, slices.Contains(v.Wanted(step, d.Type), d.Side)
	}
	image, known := v.ImageOf(d)
	return d, known && image.Inactive && len(d.Advice) > 0
}

// failure says what became of a document that came to nothing.
func failure(ctx context.Context, v onboarding.Verification, step onboarding.Step, d onboarding.Document) templates.DocumentReason {
	if d.Status == onboarding.DocumentLost {
		return templates.DocumentReason{Of: pictureInWords(ctx, d.Place), Texts: []string{i18n.T(ctx, "documents.not_arrived")}}
	}
	texts := tagsInWords(ctx, d.Advice)
	if sides := step.SidesOf(d.Type); len(sides) > 1 && len(v.Wanted(step, d.Type)) == len(sides) {
		texts = append(texts, i18n.T(ctx, "documents.both_sides"))
	}
	return templates.DocumentReason{Of: i18n.T(ctx, "documents.refused") + ": " + pictureInWords(ctx, d.Place), Texts: texts}
}

// asSent is a step without a document as if that one were there which came to nothing, so that nobody chooses it again.
func asSent(v onboarding.Verification, list []onboarding.Document, step onboarding.Step) onboarding.Step {
	if docType, _ := step.Chosen(); docType != "" {
		return step
	}
	if d, ok := failed(v, list, step); ok {
		step.Type, step.Country = d.Type, d.Country
	}
	return step
}

// remarks are what is to be said of the pictures of a step beside what was rejected: what became of the last one, and what the
// provider found to be doubtful about those that are there.
func remarks(ctx context.Context, v onboarding.Verification, step onboarding.Step, list []onboarding.Document) (said []templates.DocumentReason) {
	if d, ok := failed(v, list, step); ok {
		said = append(said, failure(ctx, v, step, d))
	}
	docType, _ := step.Chosen()
	if docType == "" {
		return said
	}
	wanted := v.Wanted(step, docType)
	for _, side := range step.SidesOf(docType) {
		p := onboarding.Place{Set: step.Set, Type: docType, Side: side}
		image, _ := step.At(p)
		if slices.Contains(wanted, side) || !v.Replaceable(step, p) {
			continue
		}
		if texts := adviceOn(ctx, list, image); len(texts) > 0 {
			said = append(said, templates.DocumentReason{Of: i18n.T(ctx, "documents.advice") + ": " + pictureInWords(ctx, p), Texts: texts})
		}
	}
	return said
}
