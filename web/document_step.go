package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"portal/internal/onboarding"
	"portal/templates"
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
	list := s.documentsOf(r.Context(), d)
	d, arriving := s.arriving(r.Context(), d, step.Set, list)
	if !s.asksHere(d.reg) {
		return see(s.flowAddress("", d.reg.Flow)), nil
	}
	if arriving {
		return s.arrivingPage(r, d, step.Set), nil
	}
	if step, ok = d.verification().Step(step.Set); !ok || d.verification().StateOf(step) == onboarding.StepAccepted || identityFirst(d.verification(), step) {
		return see(s.documentsAddress(d.reg, "")), nil
	}
	return s.stepPage(r, d, step, s.newer(r.Context(), d, step, list)), nil
}

// newer is the list of documents, read again where the last was on its way to a step: what became of it is known by now.
func (s *Server) newer(ctx context.Context, d documentVisit, step onboarding.Step, list []onboarding.Document) []onboarding.Document {
	if last, ok := newestOf(list, step.Set); ok && last.Status == onboarding.DocumentSending {
		return s.documentsNow(ctx, d.reg)
	}
	return list
}

// stepPage is the page of a step which is asked for.
func (s *Server) stepPage(r *http.Request, d documentVisit, step onboarding.Step, list []onboarding.Document) answer {
	v, q := d.verification(), r.URL.Query()
	step = asSent(v, list, step)
	view := s.documentView(r.Context(), d, step, chosenDocument(v, step, q), list)
	if done := q.Get("done"); done != doneRefused || len(view.Failed) == 0 { // which says why
		view.Notice = doneDocuments[done]
	}
	return s.documentPage(r, d, http.StatusOK, view)
}

// documentPage is the page of a step, which may use the camera where a picture is wanted.
func (s *Server) documentPage(r *http.Request, d documentVisit, status int, v templates.DocumentView) answer {
	if v.Action == "" {
		return s.warned(r, d.visit, answer{status: status, page: templates.Document(v)})
	}
	return answer{status: status, page: templates.Document(v), policy: s.policies.capture} // nothing may move it on
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
