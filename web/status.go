package web

import (
	"fmt"
	"net/http"

	"portal/internal/onboarding"
)

// statusAnswer is how the applicant's registration stands, for scripts.
type statusAnswer struct {
	Status  string `json:"status"`
	Next    string `json:"next"`    // the address to go to
	Version int64  `json:"version"` // grows with every change
}

// registrationStatus is also the sign of life of a page with a form that is open for long.
func (s *Server) registrationStatus(r *http.Request) (answer, error) {
	flow, err := s.wantedFlow(r.URL.Query().Get("flow"))
	if err != nil {
		return answer{}, err
	}
	v, err := s.visit(r)
	if nobody(err) {
		return answer{status: http.StatusUnauthorized, json: statusAnswer{Status: "signed_out", Next: s.flowAddress("/sign-in", flow)}}, nil
	}
	if err != nil {
		return answer{}, err
	}
	reg, ok := v.registration(flow)
	if !ok {
		return answer{json: statusAnswer{Status: "none", Next: s.address("")}}, nil
	}
	note(r, reg)
	next := s.flowAddress("", reg.Flow)
	if reg.Status == onboarding.Completed {
		next = s.flowAddress("/complete", reg.Flow)
	}
	return answer{
		json: statusAnswer{Status: string(reg.Status), Next: next, Version: reg.Version},
		etag: fmt.Sprintf("%s-%d", reg.ID, reg.Version),
	}, nil
}
