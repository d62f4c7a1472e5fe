package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"portal/internal/i18n"
	"portal/internal/onboarding"
	"portal/templates"
)

// showData is the form for what applicants say about themselves.
func (s *Server) showData(r *http.Request, d documentVisit) (answer, error) {
	if len(d.verification().DataFields()) == 0 {
		return see(s.documentsAddress(d.reg, "")), nil
	}
	return answer{page: templates.DocumentData(s.dataView(r.Context(), d, d.verification().Data))}, nil
}

// provideData passes on what was typed, or answers with the same form: nothing that was typed is ever lost.
func (s *Server) provideData(r *http.Request) (answer, error) {
	if err := parseForm(r); err != nil {
		return answer{}, err
	}
	d, err := s.documentVisit(r, r.PostForm)
	switch {
	case nobody(err):
		return s.keptData(r, nil, http.StatusUnauthorized), nil
	case onboarding.KindOf(err) == onboarding.Busy:
		return s.keptData(r, err, http.StatusServiceUnavailable), nil
	case err != nil:
		return answer{}, err
	case !s.asksHere(d.reg):
		return see(s.flowAddress("", d.reg.Flow)), nil
	}
	fields := d.verification().DataFields()
	if len(fields) == 0 {
		return see(s.documentsAddress(d.reg, "")), nil
	}
	typed := typedData(fields, r.PostForm)
	if _, err := s.Applicants.Uploads.Provide(r.Context(), d.reg, typed); err != nil {
		return s.notProvided(r, d, typed, err)
	}
	return see(s.documentsAddress(d.reg, "", "done", "data")), nil
}

// typedData is what was typed into the fields that are asked for.
func typedData(fields []onboarding.DataField, form url.Values) onboarding.ApplicantData {
	typed := onboarding.ApplicantData{}
	for _, f := range fields {
		typed[f.Name] = strings.TrimSpace(form.Get(f.Name))
	}
	return typed
}

// notProvided says why data was not passed on, above the form as it was typed.
func (s *Server) notProvided(r *http.Request, d documentVisit, typed onboarding.ApplicantData, err error) (answer, error) {
	v := s.dataView(r.Context(), d, typed)
	known, ok := errors.AsType[*onboarding.Error](err)
	switch {
	case !ok:
		return answer{}, err
	case known.Key == "error.document_closed":
		return see(s.flowAddress("", d.reg.Flow)), nil
	case known.Kind == onboarding.Invalid:
		s.blameData(r.Context(), &v, err)
		return answer{status: http.StatusUnprocessableEntity, page: templates.DocumentData(v)}, nil
	}
	s.Log.WarnContext(r.Context(), "data not passed on", slog.String("registration_id", d.reg.ID.String()), slog.Any("error", err))
	v.Problem = "documents.data_not_kept"
	return answer{status: http.StatusServiceUnavailable, wait: unavailableFor, page: templates.DocumentData(v)}, nil
}

// keptData is the form as it was typed, for who has been signed out meanwhile, or when the store is away. Which fields are
// asked for is not known then, so the form says it.
func (s *Server) keptData(r *http.Request, err error, status int) answer {
	var fields []onboarding.DataField
	for _, name := range strings.Fields(r.PostForm.Get("asked")) {
		if onboarding.KnownField(name) && !slices.ContainsFunc(fields, func(f onboarding.DataField) bool { return f.Name == name }) {
			fields = append(fields, onboarding.DataField{Name: name, Required: true})
		}
	}
	v := templates.DocumentDataView{
		Action: s.address("/documents/data"), Registration: idIn(r.PostForm.Get("registration")),
		Fields: dataFields(r.Context(), fields, typedData(fields, r.PostForm)), Lost: err == nil,
	}
	if err == nil {
		return answer{status: status, page: templates.DocumentData(v)}
	}
	s.Log.ErrorContext(r.Context(), "data not passed on", slog.Any("error", err))
	v.Problem = "documents.data_not_kept"
	return answer{status: status, wait: unavailableFor, page: templates.DocumentData(v)}
}

// dataView is the form with what was typed.
func (s *Server) dataView(ctx context.Context, d documentVisit, typed onboarding.ApplicantData) templates.DocumentDataView {
	v := d.verification()
	return templates.DocumentDataView{
		Account: d.account(), Session: s.typed(d.visit), Flow: s.title(ctx, d.reg.Flow), Registration: d.reg.ID.String(),
		Action: s.address("/documents/data"), List: s.documentsAddress(d.reg, ""), Again: v.WantsData(),
		Fields: dataFields(ctx, v.DataFields(), typed),
	}
}

// dataFault are the message keys of what may be wrong with a field.
var dataFaults = []struct {
	err error
	key string
}{
	{onboarding.ErrDataMissing, "documents.wrong_missing"},
	{onboarding.ErrDataTooLong, "documents.wrong_long"},
	{onboarding.ErrDataText, "documents.wrong_text"},
	{onboarding.ErrDataDate, "documents.wrong_date"},
	{onboarding.ErrDataCountry, "documents.wrong_country"},
	{onboarding.ErrDataEmail, "documents.wrong_email"},
	{onboarding.ErrDataPhone, "documents.wrong_phone"},
	{onboarding.ErrDataChoice, "documents.wrong_choice"},
}

// blameData puts what is wrong into the view: beside each field and in the summary.
func (s *Server) blameData(ctx context.Context, v *templates.DocumentDataView, err error) {
	for fault := range faultsIn(err) {
		text := i18n.T(ctx, "error.invalid")
		for _, f := range dataFaults {
			if errors.Is(fault, f.err) {
				text = i18n.T(ctx, f.key, "field", i18n.T(ctx, dataLabels[fault.Field]))
			}
		}
		t := templates.Trouble{Text: text}
		for i := range v.Fields {
			if v.Fields[i].Name == fault.Field {
				v.Fields[i].Error, t.To = text, "#"+v.Fields[i].ID
			}
		}
		v.Troubles = append(v.Troubles, t)
	}
}
