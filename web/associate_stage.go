package web

import (
	"context"
	"net/url"
	"slices"

	"portal/internal/i18n"
	"portal/internal/onboarding"
	"portal/templates"
)

// stage is where all behind the registration's company stand together.
func stage(st onboarding.Structure, watched bool) string {
	has := func(status onboarding.AssociateStatus) bool {
		return slices.ContainsFunc(st.Associates, func(a onboarding.Associate) bool { return a.Status == status })
	}
	switch {
	case st.Ending != "":
		return "ended"
	case len(st.Associates) == 0:
		return "empty"
	case st.Drafts() > 0:
		return "drafts"
	case watched:
		return "moving"
	case moving(st):
		return "slow"
	case has(onboarding.AssociateRemoved):
		return "removed"
	case slices.ContainsFunc(st.Associates, func(a onboarding.Associate) bool { return a.Moving() || a.Status == onboarding.AssociateAttention }):
		return "looking"
	}
	return "passed"
}

// moving says whether something is being passed on. Whoever is behind a company that a person has to look at waits for that.
func moving(st onboarding.Structure) bool {
	by := map[onboarding.AssociateID]onboarding.Associate{}
	for _, a := range st.Associates {
		by[a.ID] = a
	}
	held := func(a onboarding.Associate) bool {
		for up := a.Parent; !up.IsZero(); up = by[up].Parent {
			if by[up].Status == onboarding.AssociateAttention {
				return true
			}
		}
		return false
	}
	return st.Ending == "" && slices.ContainsFunc(st.Associates, func(a onboarding.Associate) bool { return a.Moving() && !held(a) })
}

// watched says whether the list looks again by itself: something is being passed on, and was sent a short while ago.
func (s *Server) watched(st onboarding.Structure, q url.Values) bool {
	if !moving(st) {
		return false
	}
	fresh := func(a onboarding.Associate) bool { return s.Now().Sub(a.SubmittedAt) < watchedFor }
	return q.Get("done") == donePassed || slices.ContainsFunc(st.Associates, fresh)
}

// shownStatus is the status that pages tell. What was not sent of a list that has come to its end never will be.
func shownStatus(c companyVisit, a onboarding.Associate) string {
	if a.Draft() && c.structure.Ending != "" {
		return "unsent"
	}
	return string(a.Status)
}

// The ways in which the form of a company can stand. It is over where it is none of these.
const (
	formOpen    = "open"
	formExpired = "expired"
)

// formOfCompany is how the form of a registration stands.
func formOfCompany(reg onboarding.Registration) string {
	switch reg.Status {
	case onboarding.Starting, onboarding.Unclear, onboarding.Open:
		return formOpen
	case onboarding.Expired:
		return formExpired
	}
	return ""
}

// goOn leads to the form, to the page where it can be renewed, or to the company's own page where it is done.
func (s *Server) goOn(ctx context.Context, reg onboarding.Registration) templates.Link {
	if url := s.flows[reg.Flow].CompletionURL; reg.Status == onboarding.Completed && url != "" {
		return templates.Link{Text: i18n.T(ctx, "outcome.completed_continue", "company", s.brand(ctx).Name), URL: url}
	}
	link := templates.Link{Text: i18n.T(ctx, "associates.go_back"), URL: s.flowAddress("", reg.Flow)}
	switch formOfCompany(reg) {
	case formOpen:
		link.Text = i18n.T(ctx, "associates.go_on")
	case formExpired:
		link.Text = i18n.T(ctx, "associates.go_renew")
	}
	return link
}
