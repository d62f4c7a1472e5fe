package web

import (
	"context"
	"net/http"

	"portal/internal/onboarding"
	"portal/templates"
)

// reviewedName is the greatest length of a name that is shown in full, in characters.
const reviewedName = 200

// showReview shows everything that is not sent yet.
func (s *Server) showReview(r *http.Request, c companyVisit) (answer, error) {
	c.of = onboarding.AssociateID{}
	if c.structure.Drafts() == 0 || c.structure.Ending != "" {
		return see(s.associatesAddress(c, "")), nil
	}
	page := templates.Review(s.reviewView(r.Context(), c, r.URL.Query().Get("page")))
	return s.warned(r, c.visit, answer{page: page}), nil
}

// reviewView is a page of what is not sent yet, by the companies that it is behind.
func (s *Server) reviewView(ctx context.Context, c companyVisit, page string) templates.ReviewView {
	drafts := inOrder(c.structure, onboarding.AssociateID{})
	parts := parted(drafts)
	pager := s.pager(c, "/review", page, len(parts))
	v := templates.ReviewView{
		Account: c.account(), Head: s.companyHead(ctx, c), Pager: pager, Count: len(drafts),
		Registration: c.reg.ID.String(), Back: s.associatesAddress(c, ""),
	}
	for i, a := range parts[pager.Page-1] {
		if i == 0 || a.Parent != parts[pager.Page-1][i-1].Parent {
			v.Groups = append(v.Groups, templates.ReviewGroup{
				Name: resembling(ctx, c, a.Parent), Totals: totals(ctx, c.structure.Behind(a.Parent)),
			})
		}
		group := &v.Groups[len(v.Groups)-1]
		group.Entries = append(group.Entries, templates.ReviewEntry{
			Name: nameOf(ctx, a, reviewedName), Short: nameOf(ctx, a, linkedName), Details: detailsInWords(ctx, a.Details),
			Change: s.associatesAddress(companyVisit{reg: c.reg}, "/"+a.ID.String()),
		})
	}
	return v
}
