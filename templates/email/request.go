package email

import (
	"cmp"
	"context"
	"strings"

	"portal/internal/brand"
	"portal/internal/i18n"
)

// RequestView is the e-mail in which the provider asks a customer to fill forms in. The provider sends it, from a template
// that the company hands over: two places in it are marks that are replaced when it is sent.
type RequestView struct {
	Brand brand.Brand
	Page  string // the address that the link leads to, without what makes it personal
	Text  string // the mark of the paragraph that staff may write
	Link  string // the mark of the personal link
	Days  int    // how long the link is valid

	Subject string // the company's own words for it; the portal's unless set
}

// RequestSubject is the subject line that goes with the e-mail.
func RequestSubject(ctx context.Context, v RequestView) string {
	return cmp.Or(v.Subject, i18n.T(ctx, "email.request.subject", "company", v.Brand.Name))
}

// RequestText is the plain-text part.
func RequestText(ctx context.Context, v RequestView) string {
	paragraphs := []string{
		i18n.T(ctx, "email.request.greeting"),
		i18n.T(ctx, "email.request.why", "company", v.Brand.Name),
		v.Text,
		i18n.T(ctx, "email.request.open") + ":\n" + v.Link,
		i18n.T(ctx, "email.request.valid", "count", v.Days),
		i18n.T(ctx, "email.request.where") + "\n" + v.Page + "\n" + i18n.T(ctx, "email.request.genuine"),
		i18n.T(ctx, "email.request.personal"),
		i18n.T(ctx, "email.request.regards") + "\n" + v.Brand.Name,
		i18n.T(ctx, "email.help", "email", v.Brand.SupportEmail),
		"-- \n" + sender(v.Brand) + "\n" + i18n.T(ctx, "layout.privacy") + ": " + v.Brand.PrivacyURL + "\n" +
			i18n.T(ctx, "layout.imprint") + ": " + v.Brand.ImprintURL,
	}
	return strings.Join(paragraphs, "\n\n") + "\n"
}
