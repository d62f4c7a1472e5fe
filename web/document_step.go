package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"portal/internal/onboarding"
	"portal/templates"
	"portal/web/middleware"
)

// errNoStep is the error of who asks for a step that the level does not have.
var errNoStep = &onboarding.Error{Kind: onboarding.NotFound, Key: "error.not_found", Err: errors.New("no such step")}

// sidePaths are the sides in addresses.
var sidePaths = map[string]string{onboarding.FrontSide: "front", onboarding.BackSide: "back", "": "picture"}

// showStep is the page of one step: which document it is to be, one picture, or what is there already.
func (s *Server) showStep(r *http.Request, d documentVisit) (answer, error) {
	step, ok := d.verification().Step(stepNamed(r.PathValue("step")))
	switch {
	case !ok:
		return answer{}, errNoStep
	case step.Set == onboarding.DataStep:
		return see(s.documentsAddress(d.reg, "/data")), nil
	}
	list := s.documentsOf(r.Context(), d.reg)
	d, arriving := s.arriving(r.Context(), d, step.Set, list)
	if !s.asksHere(d.reg) {
		return see(s.flowAddress("", d.reg.Flow)), nil
	}
	if arriving {
		return s.arrivingPage(r, d, step.Set), nil
	}
	if step, ok = d.verification().Step(step.Set); !ok || d.verification().StateOf(step) == onboarding.StepAccepted {
		return see(s.documentsAddress(d.reg, "")), nil
	}
	q := r.URL.Query()
	view := s.documentView(r.Context(), d, step, chosenDocument(d.verification(), step, q), list)
	view.Notice = doneDocuments[q.Get("done")]
	return s.documentPage(r, d, http.StatusOK, view), nil
}

// documentPage is the page of a step, which may use the camera where a picture is wanted.
func (s *Server) documentPage(r *http.Request, d documentVisit, status int, v templates.DocumentView) answer {
	if v.Action == "" {
		return s.warned(r, d.visit, answer{status: status, page: templates.Document(v)})
	}
	return answer{status: status, page: templates.Document(v), policy: middleware.Capture{}} // nothing may move it on
}

// typedDocument is a document as it was chosen: what it is, which side of it, and of which country.
type typedDocument struct {
	docType, country string
	side             string
	picture          bool // a picture is wanted now; otherwise the page says what is there
}

// chosenDocument is what an address asks for, or what comes next.
func chosenDocument(v onboarding.Verification, step onboarding.Step, q url.Values) typedDocument {
	chosen, country := step.Chosen()
	t := typedDocument{docType: q.Get("type"), country: country}
	switch {
	case slices.Contains(step.Types, t.docType):
	case len(step.Types) == 1:
		t.docType = step.Types[0]
	case !q.Has("again") && slices.Contains(step.Types, chosen):
		t.docType = chosen
	default:
		t.docType = ""
		return t
	}
	wanted := v.Wanted(step, t.docType)
	if len(wanted) > 0 {
		t.side, t.picture = wanted[0], true
	}
	for _, side := range step.SidesOf(t.docType) {
		if q.Get("side") == sidePaths[side] && v.Replaceable(step, onboarding.Place{Set: step.Set, Type: t.docType, Side: side}) {
			t.side, t.picture = side, true
		}
	}
	return t
}
