package email

import (
	"context"
	"strings"

	"portal/internal/brand"
	"portal/internal/i18n"
)

// ResultView is the e-mail that tells of a decision. It names none of what was given or found: whoever reads along learns
// nothing about the person, and the page says the rest.
type ResultView struct {
	Brand brand.Brand
	Kind  string // "approved", "retry" or "rejected"
	URL   string // of the page
}

// ResultSubject is the subject line, which is the same whatever was decided: it is shown on locked screens.
func ResultSubject(ctx context.Context, v ResultView) string {
	return i18n.T(ctx, "email.result.subject", "company", v.Brand.Name)
}

// resultTitle says what was decided.
func resultTitle(ctx context.Context, v ResultView) string {
	switch v.Kind {
	case "approved":
		return i18n.T(ctx, "email.result.approved_title")
	case "retry":
		return i18n.T(ctx, "email.result.retry_title")
	}
	return i18n.T(ctx, "email.result.rejected_title")
}

// resultNext says what happens next.
func resultNext(ctx context.Context, v ResultView) string {
	switch v.Kind {
	case "approved":
		return i18n.T(ctx, "email.result.approved", "company", v.Brand.Name)
	case "retry":
		return i18n.T(ctx, "email.result.retry")
	}
	return i18n.T(ctx, "email.result.rejected", "company", v.Brand.Name)
}

// ResultText is the plain-text part.
func ResultText(ctx context.Context, v ResultView) string {
	paragraphs := []string{
		resultTitle(ctx, v),
		resultNext(ctx, v),
		i18n.T(ctx, "email.result.open") + "\n" + v.URL,
		i18n.T(ctx, "email.result.careful"),
		i18n.T(ctx, "email.help", "email", v.Brand.SupportEmail),
		"-- \n" + sender(v.Brand),
	}
	return strings.Join(paragraphs, "\n\n") + "\n"
}
