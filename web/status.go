package web

import (
	"fmt"
	"net/http"

	"portal/internal/onboarding"
)

// statusAnswer is how the applicant's registration stands, for scripts.
type statusAnswer struct {
	Status  string `json:"status"`
	Next    string `json:"next"`            // the address to go to
	Stage   string `json:"stage,omitempty"` // of a check of documents, as far as it is known
	Version int64  `json:"version"`         // grows with every change
}

// registrationStatus is also the sign of life of a page with a form that is open for long.
func (s *Server) registrationStatus(r *http.Request) (answer, error) {
	flow, err := s.wantedFlow(query(r).Get("flow"))
	if err != nil {
		return answer{}, err
	}
	v, err := s.visit(r)
	if nobody(err) {
		return answer{status: http.StatusUnauthorized, json: s.signedOut(flow)}, nil
	}
	if err != nil {
		return answer{}, err
	}
	if reg, ok := v.registration(flow); ok {
		note(r, reg)
	}
	return s.statusOf(v, flow), nil
}

// signedOut is the status for nobody.
func (s *Server) signedOut(flow string) statusAnswer {
	return statusAnswer{Status: "signed_out", Next: s.flowAddress("/sign-in", flow)}
}

// statusOf is how the registration of a visit stands, whose version is the answer's tag.
func (s *Server) statusOf(v visit, flow string) answer {
	reg, ok := v.registration(flow)
	if !ok {
		return answer{json: statusAnswer{Status: "none", Next: s.address("")}}
	}
	return answer{
		json: statusAnswer{Status: string(reg.Status), Next: s.goesOn(reg), Stage: stageOf(reg), Version: reg.Version},
		etag: fmt.Sprintf("%s-%d-%t", reg.ID, reg.Version, s.unsent(reg)),
	}
}

// goesOn is the page of ours on which a registration goes on.
func (s *Server) goesOn(reg onboarding.Registration) string {
	switch {
	case reg.Status != onboarding.Completed:
		return s.flowAddress("", reg.Flow)
	case s.unsent(reg):
		return s.afterForm(reg)
	}
	return s.flowAddress("/complete", reg.Flow)
}
