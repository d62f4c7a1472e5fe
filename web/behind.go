package web

import (
	"portal/internal/onboarding"
	"portal/templates"
)

// behind is what pages say of the people and companies behind the company of a registration.
func (s *Server) behind(reg onboarding.Registration) templates.Behind {
	if !s.flows[reg.Flow].Associates {
		return templates.Behind{}
	}
	return templates.Behind{
		Address: s.associatesAddress(companyVisit{reg: reg}, ""), Total: reg.Behind.Total, Drafts: reg.Behind.Drafts,
	}
}

// unsent says whether people or companies were entered that the provider does not know of and nobody would pass on.
func (s *Server) unsent(reg onboarding.Registration) bool { return s.behind(reg).Drafts > 0 }

// afterForm is where somebody goes on whose form is finished: to the company, and before that to what they have entered
// and not sent, which would be lost.
func (s *Server) afterForm(reg onboarding.Registration) string {
	if s.unsent(reg) {
		return s.associatesAddress(companyVisit{reg: reg}, "", "finished", "1")
	}
	return s.flows[reg.Flow].CompletionURL
}
