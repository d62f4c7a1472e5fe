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

// underWay are the message keys of errors that leave open what becomes of a file. The page of the step looks again.
var underWay = []string{"error.document_unclear", "error.document_under_way"}

// notAdded says why a file was not added. What was chosen beside it is kept; the file itself only a script can keep.
func (s *Server) notAdded(r *http.Request, d documentVisit, step onboarding.Step, t typedDocument, err error) (answer, error) {
	known, ok := errors.AsType[*onboarding.Error](err)
	switch {
	case !ok:
		return answer{}, err
	case slices.Contains(underWay, known.Key):
		return s.leadOn(r, s.documentsAddress(d.reg, stepPath(step.Set))), nil
	case known.Key == "error.document_closed":
		return s.closedMeanwhile(r, d, step, known), nil
	case known.Kind == onboarding.Busy, known.Kind == onboarding.Denied:
		s.Log.WarnContext(r.Context(), "file not passed on", slog.String("registration_id", d.reg.ID.String()), slog.Any("error", err))
	case known.Key == "error.document_unwanted": // the level may have changed
		d.reg = s.Applicants.Uploads.Refresh(r.Context(), d.reg, step.Set)
		if step, ok = stepOf(d.reg, step.Set); !s.asksHere(d.reg) || !ok {
			return s.leadOn(r, s.flowAddress("", d.reg.Flow)), nil
		}
	}
	a := s.refusedFile(r, d, step, t, slices.Collect(faultsIn(err)))
	a.status = cmp.Or(upload.Status(err), statuses[known.Kind])
	if a.status == http.StatusServiceUnavailable {
		a.wait = cmp.Or(known.RetryAfter, unavailableFor)
	}
	return a, nil
}

// refusedFiles are the messages about files whose trouble is not theirs, by its kind.
var refusedFiles = map[onboarding.Kind]string{onboarding.Busy: "error.unavailable", onboarding.Denied: "error.unavailable"}

// stepOf is the step of a registration, if it still has one of that name which takes documents.
func stepOf(reg onboarding.Registration, set string) (onboarding.Step, bool) {
	if reg.Verification == nil {
		return onboarding.Step{}, false
	}
	return reg.Verification.Step(set)
}

// closedMeanwhile is for a file that came when nothing is taken: in another window, or at the provider, something has happened.
func (s *Server) closedMeanwhile(r *http.Request, d documentVisit, step onboarding.Step, err *onboarding.Error) answer {
	d.reg = s.Applicants.Uploads.Refresh(r.Context(), d.reg, step.Set)
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
			texts[field] = i18n.T(ctx, cmp.Or(f.Key, refusedFiles[f.Kind], "error.document_refused"))
			first = cmp.Or(first, field)
		}
	}
	if wantsJSON(r) {
		return answer{json: uploadAnswer{Error: texts[first], Field: first}}
	}
	view := s.documentView(ctx, d, step, t, s.documentsOf(ctx, d.reg))
	view.Errors = texts
	for _, field := range []string{"country", "file"} {
		if texts[field] != "" {
			view.Troubles = append(view.Troubles, templates.Trouble{To: "#" + field, Text: texts[field]})
		}
	}
	return s.documentPage(r, d, 0, view)
}
