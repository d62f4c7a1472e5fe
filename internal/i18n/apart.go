package i18n

import (
	"context"
	"strings"

	"golang.org/x/text/unicode/bidi"
)

// The signs around a text whose direction of writing is its own: first strong isolate and pop directional isolate.
const (
	isolate = "\u2068"
	release = "\u2069"
)

// Apart is a value, such as a name in its own script, made fit for a sentence in the locale of ctx: where it is written the
// other way, it does not turn the order of the words and signs around it. An address is left as it is, since programs make
// links of it and would take the signs for a part of it.
func Apart(ctx context.Context, value string) string {
	isAddress := strings.Contains(value, "@") || strings.Contains(value, "://")
	if isAddress || strings.Contains(value, isolate) || !against(From(ctx).Dir(), value) {
		return value
	}
	return isolate + value + release
}

// against says whether a text has letters that are written the other way than dir.
func against(dir, text string) bool {
	for _, r := range text {
		properties, _ := bidi.LookupString(string(r))
		switch properties.Class() {
		case bidi.L:
			if dir == "rtl" {
				return true
			}
		case bidi.R, bidi.AL:
			if dir == "ltr" {
				return true
			}
		}
	}
	return false
}
