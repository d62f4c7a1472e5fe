package email

import (
	"cmp"
	"context"
	"strings"

	"portal/internal/brand"
	"portal/internal/i18n"
)

// help is the sentence about support in two parts: before and after the address.
func help(ctx context.Context) (before, after string) {
	before, after, _ = strings.Cut(i18n.T(ctx, "email.help"), "{email}")
	return before, after
}

// sender is who signs: the postal address, or at least the name.
func sender(b brand.Brand) string {
	return cmp.Or(strings.TrimSpace(b.Address), b.Name)
}

// lines are the lines of a text that may have several.
func lines(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' })
}
