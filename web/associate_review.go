package web

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"

	"portal/internal/i18n"
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

// submitAssociates passes on everything that is not sent yet.
func (s *Server) submitAssociates(r *http.Request, c companyVisit) (answer, error) {
	c.of = onboarding.AssociateID{}
	if c.structure.Drafts() == 0 {
		return see(s.associatesAddress(c, "")), nil
	}
	err := s.Applicants.Associates.Submit(r.Context(), c.reg, r.PostForm.Has("confirmed"))
	if err == nil {
		s.Applicants.Linking.Wake(c.reg.ID)
		return see(s.associatesAddress(c, "", "done", "sent")), nil
	}
	return s.notSubmitted(r, c, err)
}

// notSubmitted says why nothing was passed on.
func (s *Server) notSubmitted(r *http.Request, c companyVisit, err error) (answer, error) {
	v := s.reviewView(r.Context(), c, "")
	known, _ := errors.AsType[*onboarding.Error](err)
	like, resembles := errors.AsType[*onboarding.Resemblance](err)
	switch {
	case resembles:
		name := resembling(r.Context(), c, like.Above[0])
		v.Confirm = i18n.T(r.Context(), "associates.confirm", "name", name)
		v.Troubles = []templates.Trouble{{To: "#confirmed", Text: i18n.T(r.Context(), "associates.confirm_first", "name", name)}}
		return answer{status: http.StatusConflict, page: templates.Review(v)}, nil
	case known == nil:
		return answer{}, err
	case known.Key == "error.associates_ended":
		return see(s.associatesAddress(c, "")), nil
	case known.Kind == onboarding.Invalid:
		v.Troubles = s.wrongDraft(r.Context(), c, known)
		return answer{status: http.StatusUnprocessableEntity, page: templates.Review(v)}, nil
	}
	return answer{}, err
}

// wrongDraft says what is wrong with a draft, whose id the error has as its field, and leads to it.
func (s *Server) wrongDraft(ctx context.Context, c companyVisit, err *onboarding.Error) (list []templates.Trouble) {
	for _, a := range c.structure.Associates {
		if a.ID.String() != err.Field {
			continue
		}
		to := s.associatesAddress(companyVisit{reg: c.reg}, "/"+err.Field)
		list = append(list, templates.Trouble{To: to, Text: i18n.T(ctx, err.Key, "name", nameOf(ctx, a, listedName))})
		for fault := range faultsIn(err.Err) {
			list = append(list, templates.Trouble{To: to, Text: s.faultInWords(ctx, c.reg.Flow, fault)})
		}
	}
	return list
}

// reviewView is a page of what is not sent yet, by the companies that it is behind.
func (s *Server) reviewView(ctx context.Context, c companyVisit, page string) templates.ReviewView {
	drafts := inOrder(c.structure, onboarding.AssociateID{})
	from, to, pager := s.pages(c, "/review", page, len(drafts))
	v := templates.ReviewView{
		Account: c.account(), Head: s.companyHead(ctx, c), Pager: pager, Count: len(drafts),
		Registration: c.reg.ID.String(), Back: s.associatesAddress(c, ""),
	}
	for i, a := range drafts[from:to] {
		if i == 0 || a.Parent != drafts[from+i-1].Parent {
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

// totals are what those behind a company hold together, role by role: the same shares may be told in two of them.
func totals(ctx context.Context, behind []onboarding.Associate) (words []string) {
	for _, role := range onboarding.AssociatedRoles {
		if sum := together(behind, role); role.Owns() && sum > 0 {
			share := percentInWords(ctx, strconv.FormatFloat(sum, 'f', 4, 64))
			words = append(words, i18n.T(ctx, "associates.total", "role", roleInWords(ctx, role), "share", share))
		}
	}
	return words
}

// together is what those in a role hold in all, in per cent.
func together(behind []onboarding.Associate, role onboarding.AssociatedRole) (sum float64) {
	for _, a := range behind {
		for _, r := range a.Details.Roles {
			var all float64
			if _, err := fmt.Sscan(a.Details.Percentage(), &all); r == role && err == nil {
				sum += all
			}
		}
	}
	return math.Round(sum*10_000) / 10_000
}
