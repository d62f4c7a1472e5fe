package web

import (
	"log/slog"
	"net/http"
	"time"

	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/web/middleware"
)

// linkAnswer is a one-time link.
type linkAnswer struct {
	URL       string    `json:"url"`
	ExpiresAt time.Time `json:"expires_at"`
}

// makeLink makes a link whose one press signs its subject in.
func (s *Server) makeLink(r *http.Request, by caller) (answer, error) {
	body, err := callBody(r, "application/json")
	if err != nil {
		return answer{}, err
	}
	var wrong faults
	q, err := wrong.linkRequest(body)
	if err != nil {
		return answer{}, apiProblem{status: http.StatusBadRequest, detail: "The body is not JSON."}
	}
	link := s.wantedLink(q, &wrong)
	if len(wrong) > 0 {
		return answer{}, apiProblem{status: http.StatusUnprocessableEntity, detail: "No link can be made from this.", faults: wrong}
	}
	middleware.Note(r.Context(), slog.String("flow", link.Flow))
	link.Key = string(by)
	t, link, err := s.API.Links.NewLink(r.Context(), link)
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusCreated, json: linkAnswer{
		URL: s.publicURL("/sign-in/link/" + t.Reveal()), ExpiresAt: link.ExpiresAt.UTC().Truncate(time.Second),
	}}, nil
}

// wantedLink is the link that is asked for, as far as nothing is wrong with it.
func (s *Server) wantedLink(q linkRequest, f *faults) identity.Link {
	if !speakable(q.subject) {
		f.add("/subject", "must have 1 to 255 printable characters")
	}
	link := identity.Link{Subject: identity.Subject(q.subject), Email: f.email(q.email), Locale: f.locale(q.locale)}
	flow, ok := s.linkFlow(q.flow)
	switch {
	case !ok && q.flow == "":
		f.add("/flow", "must name a flow, since there are several")
	case !ok:
		f.add("/flow", "is no flow of this portal")
	case flow.CheckCase(q.caseName) != nil:
		f.add("/case", "must have up to 64 of A-Z, a-z, 0-9, '.', '_' and '-', and be empty unless the flow is repeatable")
	}
	link.Wish = identity.Wish{Flow: flow.Name, Case: q.caseName}
	f.facts(q.prefill)
	if q.prefill.Email == "" {
		q.prefill.Email = link.Email.Reveal()
	}
	link.Facts = identity.Facts(q.prefill.For(flow.Role).Encode())
	return link
}

// linkFlow is the flow of that name, or the only one where none is named.
func (s *Server) linkFlow(name string) (onboarding.Flow, bool) {
	if flows := s.Applicants.Flows; name == "" && len(flows) == 1 {
		return flows[0].Flow, true
	}
	f, ok := s.flows[name]
	return f.Flow, ok
}
