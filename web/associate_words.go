package web

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"portal/internal/i18n"
	"portal/internal/onboarding"
	"portal/templates"
)

// The greatest lengths of names, in characters: of a list, so that a page of the longest is still small, and of the names of
// its links.
const (
	listedName = 70
	linkedName = 30
)

// shortened is a text of at most so many characters.
func shortened(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return strings.TrimSpace(string(runes[:most-1])) + "…"
}

// nameOf is what to call an associate.
func nameOf(ctx context.Context, a onboarding.Associate, most int) string {
	if a.Void {
		return i18n.T(ctx, "associates.unreadable")
	}
	return shortened(a.Details.DisplayName(), most)
}

// associateRow is an associate in short.
func (s *Server) associateRow(ctx context.Context, c companyVisit, a onboarding.Associate) templates.AssociateRow {
	row := templates.AssociateRow{
		ID: a.ID.String(), Name: nameOf(ctx, a, listedName), Short: nameOf(ctx, a, linkedName), Status: shownStatus(c, a),
		Roles: rolesInWords(ctx, a.Details.Roles), Holds: holdsInWords(ctx, a.Details),
	}
	one := s.associatesAddress(companyVisit{reg: c.reg}, "/"+row.ID)
	switch {
	case a.Draft() && c.structure.Ending == "":
		row.Change = one
		row.Remove = s.associatesAddress(companyVisit{reg: c.reg}, "/"+row.ID+"/withdraw")
	default:
		row.Show = one
	}
	if a.Details.EntityType == onboarding.Company {
		row.Behind, row.Count = s.associatesAddress(c.at(a.ID), ""), len(c.structure.Behind(a.ID))
	}
	return row
}

func rolesInWords(ctx context.Context, roles []onboarding.AssociatedRole) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = roleInWords(ctx, r)
	}
	return enumerated(ctx, words)
}

func roleInWords(ctx context.Context, r onboarding.AssociatedRole) string {
	return i18n.T(ctx, templates.RoleKey(string(r)))
}

// holdsInWords is what an associate holds in all.
func holdsInWords(ctx context.Context, d onboarding.Details) string {
	switch all := d.Percentage(); {
	case all != "":
		return i18n.T(ctx, "associates.holds", "share", percentInWords(ctx, all))
	case len(d.Shareholdings) > 0:
		return i18n.T(ctx, "associates.holds_shares")
	}
	return ""
}

// percentInWords is a percentage as the language writes it. What is no number stays as it was typed.
func percentInWords(ctx context.Context, text string) string {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return text
	}
	return printer(ctx).Sprint(number.Percent(n/100, number.MaxFractionDigits(4)))
}

// amountInWords is a number of shares as the language writes it.
func amountInWords(ctx context.Context, text string) string {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return text
	}
	return printer(ctx).Sprint(number.Decimal(n))
}

// printer writes numbers in the digits that all messages and fields have, also where the language has others.
func printer(ctx context.Context) *message.Printer {
	tag, err := i18n.From(ctx).Tag().SetTypeForKey("nu", "latn")
	if err != nil { // of a tag that cannot be extended
		tag = i18n.From(ctx).Tag()
	}
	return message.NewPrinter(tag)
}

// months are the message keys of their names.
var months = [...]string{
	"month.january", "month.february", "month.march", "month.april", "month.may", "month.june",
	"month.july", "month.august", "month.september", "month.october", "month.november", "month.december",
}

// dayInWords is a day as the language writes it. What is no day stays as it was typed.
func dayInWords(ctx context.Context, d onboarding.Date) string {
	day, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return string(d)
	}
	return i18n.T(ctx, "month.day", "day", day.Day(), "month", i18n.T(ctx, months[day.Month()-1]), "year", fmt.Sprintf("%04d", day.Year()))
}

// detailsInWords is everything that was entered of an associate, but for what to call it.
func detailsInWords(ctx context.Context, d onboarding.Details) (list []templates.Detail) {
	add := func(key, value string) {
		if value != "" {
			list = append(list, templates.Detail{Label: i18n.T(ctx, key), Value: value})
		}
	}
	add("associates.told_roles", rolesInWords(ctx, d.Roles))
	add("associates.told_birth", dayInWords(ctx, d.DateOfBirth))
	add("associates.told_email", d.Email)
	add("associates.told_nationality", placeInWords(ctx, d.Nationality))
	add("associates.told_number", d.Number)
	add("associates.told_country", placeInWords(ctx, d.Country))
	for _, h := range d.Shareholdings {
		add("associates.told_holding", holdingInWords(ctx, h))
	}
	add("associates.told_appointed", dayInWords(ctx, d.AppointedOn))
	add("associates.told_resigned", dayInWords(ctx, d.ResignedOn))
	add("associates.told_from", dayInWords(ctx, d.AuthorizedFrom))
	add("associates.told_to", dayInWords(ctx, d.AuthorizedTo))
	return list
}

// holdingInWords is one class of shares.
func holdingInWords(ctx context.Context, h onboarding.Shareholding) string {
	words := h.Class
	if h.Amount != "" {
		words += " · " + i18n.T(ctx, "associates.told_amount", "amount", amountInWords(ctx, h.Amount))
	}
	if h.Percentage != "" {
		words += " · " + percentInWords(ctx, h.Percentage)
	}
	return words
}
