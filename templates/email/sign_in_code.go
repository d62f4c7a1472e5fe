// Package email holds the e-mails that the portal sends, each as HTML and as plain text, in the language of the context.
package email

import (
	"context"
	"strings"

	"portal/internal/brand"
	"portal/internal/i18n"
)

// SignInCodeView is the e-mail with the code to sign in.
type SignInCodeView struct {
	Brand   brand.Brand
	Code    string // six digits
	Minutes int    // how long it is valid
}

// SignInCodeSubject is the subject line. It does not hold the code: subjects are shown on locked screens.
func SignInCodeSubject(ctx context.Context, v SignInCodeView) string {
	return i18n.T(ctx, "email.code.subject", "company", v.Brand.Name)
}

// SignInCodeText is the plain-text part. The code comes before anything else that could hold six digits, for people and programs that look for it.
func SignInCodeText(ctx context.Context, v SignInCodeView) string {
	paragraphs := []string{
		i18n.T(ctx, "email.code.code", "code", v.Code),
		i18n.T(ctx, "email.code.use", "count", v.Minutes),
		i18n.T(ctx, "email.code.ignore") + " " + i18n.T(ctx, "email.code.secret", "company", v.Brand.Name),
		i18n.T(ctx, "email.help", "email", v.Brand.SupportEmail),
		"-- \n" + sender(v.Brand),
	}
	return strings.Join(paragraphs, "\n\n") + "\n"
}
