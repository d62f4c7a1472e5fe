package web

import (
	"context"
	"html"
	"math/big"
	"slices"
	"strings"

	"portal/internal/i18n"
	"portal/internal/onboarding"
)

// What a page of the review may hold, in bytes, and what an entry has beside its own words: labels, links, and the company
// that it may be the only one behind.
const (
	reviewedBytes = 85_000
	entryBytes    = 1_200
)

// inOrder are the drafts behind a company, and then those behind each of the companies there.
func inOrder(st onboarding.Structure, company onboarding.AssociateID) (drafts []onboarding.Associate) {
	behind := st.Behind(company)
	for _, a := range behind {
		if a.Draft() {
			drafts = append(drafts, a)
		}
	}
	for _, a := range behind {
		if a.Details.EntityType == onboarding.Company {
			drafts = append(drafts, inOrder(st, a.ID)...)
		}
	}
	return drafts
}

// parted are the drafts page by page: as many as a list has, or fewer where much was entered of them.
func parted(drafts []onboarding.Associate) (pages [][]onboarding.Associate) {
	var size int
	for _, a := range drafts {
		// Written down they have about as many signs around their words as on the page.
		weight := entryBytes + len(html.EscapeString(a.Details.Encode()))
		last := len(pages) - 1
		if last < 0 || size+weight > reviewedBytes || len(pages[last]) == entriesAPage {
			pages, size, last = append(pages, nil), 0, last+1
		}
		pages[last], size = append(pages[last], a), size+weight
	}
	return pages
}

// totals are what those behind a company hold together, role by role: the same shares may be told in two of them.
func totals(ctx context.Context, behind []onboarding.Associate) (words []string) {
	for _, role := range onboarding.AssociatedRoles {
		if sum := together(behind, role); role.Owns() && sum.Sign() > 0 {
			share := percentInWords(ctx, strings.TrimRight(sum.FloatString(4), "0"))
			words = append(words, i18n.T(ctx, "associates.total", "role", roleInWords(ctx, role), "share", share))
		}
	}
	return words
}

// together is what those in a role hold in all, in per cent. Whoever was taken out of the list holds nothing any more.
func together(behind []onboarding.Associate, role onboarding.AssociatedRole) *big.Rat {
	sum := new(big.Rat)
	for _, a := range behind {
		if a.Status == onboarding.AssociateRemoved || !slices.Contains(a.Details.Roles, role) {
			continue
		}
		if share, ok := new(big.Rat).SetString(a.Details.Percentage()); ok {
			sum.Add(sum, share)
		}
	}
	return sum
}
