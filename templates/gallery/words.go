package gallery

import (
	"context"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"portal/internal/i18n"
	"portal/templates"
)

// place is what a country is called in the language of the page.
func place(ctx context.Context, code string) string {
	return display.Regions(i18n.From(ctx).Tag()).Name(language.MustParseRegion(code))
}

// shares are a part of a company, as the language writes it.
func shares(ctx context.Context) string {
	return message.NewPrinter(i18n.From(ctx).Tag()).Sprint(number.Percent(0.125, number.MaxFractionDigits(4)))
}

// listed is one word after the other, with the comma of the language between them.
func listed(ctx context.Context, before, next string) string {
	return i18n.T(ctx, "layout.list", "before", before, "next", next)
}

// dayOf is the day of a test in words.
func dayOf(ctx context.Context, test templates.AccessibilityTest) string {
	day, err := time.Parse(time.DateOnly, test.Day)
	if err != nil {
		return test.Day
	}
	month := i18n.T(ctx, "month."+strings.ToLower(day.Month().String()))
	return i18n.T(ctx, "month.day", "day", day.Day(), "month", month, "year", day.Year())
}
