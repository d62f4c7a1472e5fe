package web

import (
	"context"
	"strings"

	"portal/internal/i18n"
)

// enumerated is some words one after the other, with the comma of the language between them. Each keeps the direction in which
// it is written.
func enumerated(ctx context.Context, words []string) string {
	apart := make([]string, len(words))
	for i, word := range words {
		apart[i] = i18n.Apart(ctx, word)
	}
	return strings.Join(apart, i18n.T(ctx, "layout.list", "before", "", "next", ""))
}
