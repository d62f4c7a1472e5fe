package web

import (
	"context"
	"errors"
	"net/http"

	"portal/internal/i18n"
	"portal/internal/onboarding"
	"portal/templates"
)

// submitAssociates passes on everything that is not sent yet.
func (s *Server) submitAssociates(r *http.Request, c companyVisit) (answer, error) {
	c.of = onboarding.AssociateID{}
	if c.structure.Drafts() == 0 {
		return see(s.associatesAddress(c, "")), nil
	}
	err := s.Applicants.Associates.Submit(r.Context(), c.reg, r.PostForm.Has("confirmed"))
	if err == nil {
		s.Applicants.Linking.Wake(c.reg.ID)
		return see(s.associatesAddress(c, "", "done", "sent")), nil
	}
	return s.notSubmitted(r, c, err)
}

// notSubmitted says why nothing was passed on.
func (s *Server) notSubmitted(r *http.Request, c companyVisit, err error) (answer, error) {
	ctx := r.Context()
	known, _ := errors.AsType[*onboarding.Error](err)
	like, resembles := errors.AsType[*onboarding.Resemblance](err)
	switch {
	case known == nil && !resembles:
		return answer{}, err
	case known != nil && known.Key == "error.associates_ended":
		return see(s.associatesAddress(c, "")), nil
	case known != nil && known.Kind != onboarding.Invalid:
		return answer{}, err
	}
	if c.structure, err = s.Applicants.Associates.Structure(ctx, c.reg); err != nil { // it may have learned which company this is
		return answer{}, err
	}
	v, status := s.reviewView(ctx, c, ""), http.StatusUnprocessableEntity
	v.Confirmed = r.PostForm.Has("confirmed")
	names := likeOwn(ctx, c, like)
	of := []any{"count", len(names), "name", joined(ctx, names)}
	if resembles || v.Confirmed && len(names) > 0 {
		v.Confirm = i18n.T(ctx, "associates.confirm", of...)
	}
	if resembles {
		status = http.StatusConflict
		v.Troubles = []templates.Trouble{{To: "#confirmed", Text: i18n.T(ctx, "associates.confirm_first", of...)}}
	} else {
		v.Troubles = s.wrongDraft(ctx, c, known)
	}
	return answer{status: status, page: templates.Review(v)}, nil
}

// likeOwn are the names of all drafts that look like the registration's company, of which one may have been asked about.
// One confirmation is for all of them.
func likeOwn(ctx context.Context, c companyVisit, asked *onboarding.Resemblance) (names []string) {
	own := c.structure.Own
	for _, a := range c.structure.Associates {
		isAsked := asked != nil && len(asked.Above) > 0 && asked.Above[0] == a.ID
		if a.Draft() && (isAsked || own.Name+own.Number != "" && own.MayBe(a.Details)) {
			names = append(names, nameOf(ctx, a, listedName))
		}
	}
	return names
}

// joined are names in a sentence; the last of a long list are only counted.
func joined(ctx context.Context, names []string) string {
	shown := names[:min(len(names), mostGone)]
	text := enumerated(ctx, shown)
	if more := len(names) - len(shown); more > 0 {
		text += " " + i18n.T(ctx, "associates.withdraw_more", "count", more)
	}
	return text
}

// wrongDraft says what is wrong with a draft, whose id the error has as its field, and leads to it.
func (s *Server) wrongDraft(ctx context.Context, c companyVisit, err *onboarding.Error) (list []templates.Trouble) {
	for _, a := range c.structure.Associates {
		if a.ID.String() != err.Field {
			continue
		}
		to := s.associatesAddress(companyVisit{reg: c.reg}, "/"+err.Field)
		list = append(list, templates.Trouble{To: to, Text: i18n.T(ctx, err.Key, "name", nameOf(ctx, a, listedName))})
		for fault := range faultsIn(err.Err) {
			list = append(list, templates.Trouble{To: to, Text: s.faultInWords(ctx, c.reg.Flow, fault)})
		}
	}
	return list
}
