package web

import (
	"cmp"
	"errors"
	"log/slog"
	"net/http"
	"slices"

	"portal/internal/i18n"
	"portal/internal/onboarding"
	"portal/templates"
	"portal/web/upload"
)

// notAdded says why a file was not added. What was chosen beside it is kept; the file itself only a script can keep.
func (s *Server) notAdded(r *http.Request, d documentVisit, step onboarding.Step, t typedDocument, err error) (answer, error) {
	known, ok := errors.AsType[*onboarding.Error](err)
	switch {
	case !ok:
		return answer{}, err
	case slices.Contains(underWay, known.Key):
		return s.whileUnderWay(r, d, step, known), nil
	case known.Key == "error.document_closed":
		return s.closedMeanwhile(r, d, step, known), nil
	case known.Key == "error.document_unwanted":
		return s.unwantedMeanwhile(r, d, step, t, err), nil
	}
	a := s.refusedFile(r, d, step, t, slices.Collect(faultsIn(err)))
	a.status = cmp.Or(upload.Status(err), statuses[known.Kind])
	if known.Kind != onboarding.Invalid {
		s.Log.WarnContext(r.Context(), "file not passed on", slog.String("registration_id", d.reg.ID.String()), slog.Any("error", err))
		a.status, a.wait = http.StatusServiceUnavailable, cmp.Or(known.RetryAfter, unavailableFor)
	}
	return a, nil
}

// refusedFiles are the messages about files of which the provider does not say more, by the kind of the error. What has none
// is no fault of the file.
var refusedFiles = map[onboarding.Kind]string{onboarding.Invalid: "error.document_refused"}

// underWay are the message keys of errors because of a file of which nobody knows yet what becomes of it.
var underWay = []string{"error.document_unclear", "error.document_under_way"}

// whileUnderWay leads to the page of the step, which looks again. A script hears instead that its file has certainly not been
// sent, where that is so, and keeps it.
func (s *Server) whileUnderWay(r *http.Request, d documentVisit, step onboarding.Step, err *onboarding.Error) answer {
	if err.Kind == onboarding.Unanswered || !wantsJSON(r) {
		return s.leadOn(r, s.documentsAddress(d.reg, stepPath(step.Set)))
	}
	return answer{
		status: statuses[err.Kind], json: uploadAnswer{Error: i18n.T(r.Context(), "error.document_behind"), Field: "file"},
		wait: cmp.Or(err.RetryAfter, arrivingRefresh),
	}
}

// unwantedMeanwhile is for a file that the step does not take. The level may have changed, so the page shows what is taken now.
func (s *Server) unwantedMeanwhile(r *http.Request, d documentVisit, step onboarding.Step, t typedDocument, err error) answer {
	d.reg, _ = s.Applicants.Uploads.Refresh(r.Context(), d.reg, step.Set)
	step, ok := stepOf(d.reg, step.Set)
	switch {
	case !s.asksHere(d.reg) || !ok:
		return s.leadOn(r, s.flowAddress("", d.reg.Flow))
	case d.verification().StateOf(step) == onboarding.StepAccepted:
		return s.leadOn(r, s.documentsAddress(d.reg, ""))
	}
	now := chosenDocument(d.verification(), step, r.URL.Query())
	now.country = cmp.Or(t.country, now.country)
	a := s.refusedFile(r, d, step, now, slices.Collect(faultsIn(err)))
	a.status = http.StatusUnprocessableEntity
	return a
}

// stepOf is the step of a registration, if it still has one of that name which takes documents.
func stepOf(reg onboarding.Registration, set string) (onboarding.Step, bool) {
	if reg.Verification == nil {
		return onboarding.Step{}, false
	}
	return reg.Verification.Step(set)
}

// closedMeanwhile is for a file that came when nothing is taken: in another window, or at the provider, something has happened.
func (s *Server) closedMeanwhile(r *http.Request, d documentVisit, step onboarding.Step, err *onboarding.Error) answer {
	d.reg, _ = s.Applicants.Uploads.Refresh(r.Context(), d.reg, step.Set)
	switch {
	case !s.asksHere(d.reg):
		return s.leadOn(r, s.flowAddress("", d.reg.Flow))
	case wantsJSON(r):
		return answer{status: http.StatusConflict, json: uploadAnswer{Error: i18n.T(r.Context(), err.Key)}}
	}
	return s.troubledDocuments(r, d, http.StatusConflict, err.Key)
}

// refusedFile is the page of the step with what is wrong, or only that for the page's script.
func (s *Server) refusedFile(r *http.Request, d documentVisit, step onboarding.Step, t typedDocument, faults []*onboarding.Error) answer {
	ctx := r.Context()
	texts := map[string]string{}
	var first string // the field at fault
	for _, f := range faults {
		field := cmp.Or(f.Field, "file")
		if texts[field] == "" {
			texts[field] = i18n.T(ctx, cmp.Or(f.Key, refusedFiles[f.Kind], "error.unavailable"))
			first = cmp.Or(first, field)
		}
	}
	if wantsJSON(r) {
		return answer{json: uploadAnswer{Error: texts[first], Field: first}}
	}
	view := s.documentView(ctx, d, step, t, s.documentsOf(ctx, d))
	view.Errors = texts
	for _, field := range []string{"country", "file"} {
		trouble := templates.Trouble{Text: texts[field]}
		if view.Action != "" { // there is a form
			trouble.To = "#" + field
		}
		if trouble.Text != "" {
			view.Troubles = append(view.Troubles, trouble)
		}
	}
	return s.documentPage(r, d, 0, view)
}
