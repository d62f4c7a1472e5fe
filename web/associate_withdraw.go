package web

import (
	"net/http"

	"portal/internal/onboarding"
	"portal/templates"
)

// mostGone is how many of those who go with a company are named.
const mostGone = 20

// showWithdrawal asks whether a draft is to be removed.
func (s *Server) showWithdrawal(r *http.Request, c companyVisit, a onboarding.Associate) (answer, error) {
	if !a.Draft() || c.structure.Ending != "" {
		return see(s.associatesAddress(companyVisit{reg: c.reg}, "/"+a.ID.String())), nil
	}
	ctx := r.Context()
	v := templates.WithdrawView{
		Account: c.account(), Head: s.companyHead(ctx, c), Name: nameOf(ctx, a, listedName),
		Action: s.address("/associates/" + a.ID.String() + "/withdraw"), Registration: c.reg.ID.String(), Back: s.associatesAddress(c, ""),
	}
	behind := c.structure.Below(a)[1:]
	for _, b := range behind[:min(len(behind), mostGone)] {
		v.Behind = append(v.Behind, nameOf(ctx, b, listedName))
	}
	v.More = len(behind) - len(v.Behind)
	return s.warned(r, c.visit, answer{page: templates.Withdraw(v)}), nil
}

// withdrawAssociate removes a draft. One that is gone already is as good as removed.
func (s *Server) withdrawAssociate(r *http.Request, c companyVisit) (answer, error) {
	id := associateID(r)
	if a, err := c.structure.Find(id); err == nil {
		c.of = a.Parent
	}
	err := s.Applicants.Associates.Withdraw(r.Context(), c.reg, id)
	switch kind := onboarding.KindOf(err); {
	case err == nil, kind == onboarding.NotFound:
		return see(s.associatesAddress(c, "", "done", "removed")), nil
	case kind == onboarding.Conflict:
		return see(s.associatesAddress(companyVisit{reg: c.reg}, "/"+id.String())), nil
	}
	return answer{}, err
}
