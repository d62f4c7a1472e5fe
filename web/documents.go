package web

import (
	"context"
	"errors"
	"net/http"

	"portal/internal/i18n"
	"portal/internal/onboarding"
	"portal/templates"
)

// doneDocuments are the messages about what has been done, by what the address says.
var doneDocuments = map[string]string{
	doneGiven: "documents.done_given", doneRefused: "documents.done_refused", "data": "documents.done_data",
}

// What has become of a picture, as the address of the next page says it.
const (
	doneGiven   = "given"
	doneRefused = "refused" // the provider does not count it
)

// showDocuments is the page for where a registration stands that asks for documents.
func (s *Server) showDocuments(r *http.Request) (answer, error) {
	d, err := s.documentVisit(r, r.URL.Query())
	if nobody(err) {
		return see(s.address("/sign-in")), nil
	}
	if err != nil {
		return answer{}, err
	}
	return s.registrationPage(r, d.visit, d.reg), nil
}

// documentsPage lists what the level asks for and how far the applicant has come: the page of an open registration at a
// provider that checks documents.
func (s *Server) documentsPage(r *http.Request, v visit, reg onboarding.Registration) answer {
	d := documentVisit{visit: v, reg: reg}
	view := s.documentsView(r.Context(), d)
	view.Notice = doneDocuments[r.URL.Query().Get("done")]
	return s.warned(r, v, answer{page: templates.Documents(view)})
}

// troubledDocuments is that page with a message about what could not be done.
func (s *Server) troubledDocuments(r *http.Request, d documentVisit, status int, key string) answer {
	view := s.documentsView(r.Context(), d)
	view.Problem = key
	return answer{status: status, page: templates.Documents(view)}
}

func (s *Server) documentsView(ctx context.Context, d documentVisit) templates.DocumentsView {
	v := d.verification()
	view := templates.DocumentsView{
		Account: d.account(), Title: s.title(ctx, d.reg.Flow), Registration: d.reg.ID.String(), Reference: d.reg.ID.String(),
		Again: v.Review.Rejected(), Anew: startsAnew(v), Complete: v.Complete(), Check: s.address("/documents/check"),
		Comment: s.comment(ctx, v.Review),
	}
	if _, ok := v.Step(onboarding.DataStep); !ok && v.WantsData() {
		view.Rows = append(view.Rows, s.dataRow(ctx, d, onboarding.StepRejected))
	}
	list := s.documentsOf(ctx, d)
	for _, step := range v.Steps {
		row := s.documentRow(ctx, d, step, list)
		if step.Set == onboarding.DataStep && v.WantsData() { // it comes first
			view.Rows = append([]templates.DocumentRow{row}, view.Rows...)
			continue
		}
		view.Rows = append(view.Rows, row)
	}
	view.Missing = missingOf(ctx, view.Rows)
	return view
}

// missingOf is what is still to be done, in a sentence.
func missingOf(ctx context.Context, rows []templates.DocumentRow) string {
	var names []string
	for _, row := range rows {
		if row.ToDo() {
			names = append(names, row.Name)
		}
	}
	return enumerated(ctx, names)
}

// documentRow is a step in short.
func (s *Server) documentRow(ctx context.Context, d documentVisit, step onboarding.Step, list []onboarding.Document) templates.DocumentRow {
	v := d.verification()
	state := v.StateOf(step)
	if step.Set == onboarding.DataStep {
		return s.dataRow(ctx, d, state)
	}
	docType, country := step.Chosen()
	row := templates.DocumentRow{Name: stepInWords(ctx, step.Set), State: string(state), Wanted: typesInWords(ctx, step.Types)}
	if docType != "" && state != onboarding.StepWanted {
		row.Given, row.Wanted = documentInWords(ctx, docType, country), ""
	}
	if row.Given == row.Name || row.Wanted == row.Name { // which says it all
		row.Given, row.Wanted = "", ""
	}
	switch state {
	case onboarding.StepAccepted:
		return row
	case onboarding.StepRejected:
		row.Reasons = s.reasons(ctx, v, step, docType)
	case onboarding.StepPartly:
		row.Open = sidesInWords(ctx, v.Wanted(step, docType))
	}
	row.Reasons = append(row.Reasons, remarks(ctx, v, step, list)...)
	if identityFirst(v, step) {
		row.Waits = errIdentityFirst.Key
		return row
	}
	row.Link = s.documentsAddress(d.reg, stepPath(step.Set))
	return row
}

// dataRow is what the applicant says about themselves, in short.
func (s *Server) dataRow(ctx context.Context, d documentVisit, state onboarding.StepState) templates.DocumentRow {
	row := templates.DocumentRow{
		Name: stepInWords(ctx, onboarding.DataStep), State: string(state), Link: s.documentsAddress(d.reg, "/data"),
	}
	if state == onboarding.StepRejected {
		row.Reasons = []templates.DocumentReason{{Texts: []string{i18n.T(ctx, "documents.data_again")}}}
	}
	return row
}

// requestCheck asks for everything to be checked.
func (s *Server) requestCheck(r *http.Request, d documentVisit) (answer, error) {
	_, err := s.Applicants.Engine.RequestCheck(r.Context(), d.reg)
	if known, ok := errors.AsType[*onboarding.Error](err); ok && known.Kind == onboarding.Invalid {
		return s.troubledDocuments(r, d, http.StatusUnprocessableEntity, known.Key), nil
	}
	if err != nil {
		return answer{}, err
	}
	ctx, cancel := context.WithTimeout(r.Context(), startFor)
	defer cancel()
	s.Applicants.Runner.Advance(ctx, d.reg.ID)
	return see(s.flowAddress("", d.reg.Flow)), nil
}

// showList leads to the list, whose page a check that was refused leaves at an address of its own.
func (s *Server) showList(_ *http.Request, d documentVisit) (answer, error) {
	return see(s.documentsAddress(d.reg, "")), nil
}
