package web

import "portal/internal/onboarding"

// rejectedAt is the registration by which the provider has rejected the applicant for good at the level of a flow. Another
// flow of that level would ask for the same and be decided the same, so it is neither offered nor begun. A case is another
// matter: the company itself has named it.
func (s *Server) rejectedAt(v visit, flow, caseName string) (onboarding.Registration, bool) {
	f := s.flows[flow]
	if _, begun := v.registration(flow); begun || caseName != "" || f.Provider != onboarding.Sumsub {
		return onboarding.Registration{}, false
	}
	for _, b := range v.begun {
		if b.Status == onboarding.Rejected && b.Provider == f.Provider && s.flows[b.Flow].Level == f.Level {
			return b, true
		}
	}
	return onboarding.Registration{}, false
}
