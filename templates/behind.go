package templates

import (
	"context"

	"portal/internal/i18n"
)

// Behind is how far the people and companies behind a company have been entered. The zero value is for registrations that are not asked for any.
type Behind struct {
	Address string // of the page where they are entered
	Total   int    // entered
	Drafts  int    // of those, not sent
}

func (b Behind) asked() bool { return b.Address != "" }

// open says whether there is something left for the applicant to do.
func (b Behind) open() bool { return b.asked() && (b.Total == 0 || b.Drafts > 0) }

// state says how this part stands.
func (b Behind) state(ctx context.Context) string {
	switch {
	case b.Total == 0:
		return i18n.T(ctx, "associates_link.none")
	case b.Drafts == b.Total:
		return i18n.T(ctx, "associates_link.drafts", "count", b.Drafts)
	case b.Drafts > 0:
		return i18n.T(ctx, "associates_link.some", "sent", b.Total-b.Drafts, "count", b.Drafts)
	}
	return i18n.T(ctx, "associates_link.sent", "count", b.Total)
}

// action says what the link to this part is for.
func (b Behind) action(ctx context.Context) string {
	switch {
	case b.Total == 0:
		return i18n.T(ctx, "associates_link.enter")
	case b.Drafts > 0:
		return i18n.T(ctx, "associates_link.go_on")
	}
	return i18n.T(ctx, "associates_link.show")
}
