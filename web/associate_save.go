package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/templates"
)

// addAssociate keeps a new draft.
func (s *Server) addAssociate(r *http.Request) (answer, error) { return s.saveAssociate(r, "") }

// changeAssociate changes a draft.
func (s *Server) changeAssociate(r *http.Request) (answer, error) {
	return s.saveAssociate(r, r.PathValue("id"))
}

// saveAssociate keeps what was typed, or answers with the same form: nothing that was typed is ever lost.
func (s *Server) saveAssociate(r *http.Request, path string) (answer, error) {
	if err := parseForm(r); err != nil {
		return answer{}, err
	}
	t := typedIn(r.PostForm, path)
	c, err := s.companyVisit(r, r.PostForm)
	switch {
	case nobody(err), onboarding.KindOf(err) == onboarding.Busy:
		return s.keepTyped(r, t, err), nil
	case err != nil:
		return answer{}, err
	case r.PostForm.Has("more"):
		return s.anotherHolding(r, c, t), nil
	case t.draft && t.answer == answerRemove:
		return see(s.associatesAddress(companyVisit{reg: c.reg}, "/"+t.id.String()+"/withdraw")), nil
	}
	if err := s.putAssociate(r.Context(), c, t); err != nil {
		return s.notSaved(r, c, t, err)
	}
	done := "added"
	if t.draft {
		done = "changed"
	}
	return see(s.associatesAddress(c, "", "done", done)), nil
}

// anotherHolding is the form with room for another class of shares.
func (s *Server) anotherHolding(r *http.Request, c companyVisit, t typedAssociate) answer {
	if len(t.form.Holdings) == 0 {
		t.form.Holdings = make([]templates.AssociateHolding, 1)
	}
	if len(t.form.Holdings) < maxHoldings {
		t.form.Holdings = append(t.form.Holdings, templates.AssociateHolding{})
	}
	return answer{page: templates.Associate(s.associateView(r.Context(), c, t))}
}

// putAssociate keeps the draft. That it is somebody else than those it resembles counts for those alone who were asked
// about: what was typed may have been changed with the answer.
func (s *Server) putAssociate(ctx context.Context, c companyVisit, t typedAssociate) error {
	n := onboarding.NewAssociate{ID: t.id, Parent: c.of, Source: onboarding.SourceApplicant, Details: t.details().Tidied(), Version: t.version}
	if there, err := c.structure.Find(n.ID); err == nil && !t.draft && !there.Details.MayBe(n.Details) {
		n.ID = anotherID(n)
	}
	if same, ok := strings.CutPrefix(t.answer, answerSame); ok && !t.draft {
		id, _ := uuid.Parse(same)
		n.SameAs = onboarding.AssociateID(id)
	}
	put := func() (err error) {
		if t.draft {
			_, err = s.Applicants.Associates.Change(ctx, c.reg, n)
			return err
		}
		_, _, err = s.Applicants.Associates.Add(ctx, c.reg, n)
		return err
	}
	err := put()
	if like, ok := errors.AsType[*onboarding.Resemblance](err); ok && t.answer == answerDistinct && t.askedAbout(like) {
		n.Distinct = true
		return put()
	}
	return err
}

// anotherID is for somebody else who is typed into the form of one that was entered, to which the browser's Back has led:
// they must not take that one's place. It is the same each time that the same is sent.
func anotherID(n onboarding.NewAssociate) onboarding.AssociateID {
	return onboarding.AssociateID(uuid.NewSHA1(uuid.UUID(n.ID), []byte(n.Details.Encode())))
}

// notSaved says why a draft was not kept.
func (s *Server) notSaved(r *http.Request, c companyVisit, t typedAssociate, err error) (answer, error) {
	v := s.associateView(r.Context(), c, t)
	known, _ := errors.AsType[*onboarding.Error](err)
	like, resembles := errors.AsType[*onboarding.Resemblance](err)
	switch {
	case resembles:
		s.ask(r.Context(), &v, c, t, like)
		return answer{status: http.StatusConflict, page: templates.Associate(v)}, nil
	case known == nil:
		return answer{}, err
	case known.Key == "error.associate_submitted":
		return see(s.associatesAddress(companyVisit{reg: c.reg}, "/"+t.id.String())), nil
	case known.Key == "error.associate_stale":
		return s.staleAssociate(r, c, t)
	case known.Key == "error.associates_ended":
		return see(s.associatesAddress(c, "")), nil
	case known.Kind == onboarding.Busy:
		return s.keepTyped(r, t, err), nil
	case known.Kind == onboarding.Invalid:
		s.blame(r.Context(), &v, c.reg.Flow, err)
		return answer{status: http.StatusUnprocessableEntity, page: templates.Associate(v)}, nil
	}
	return answer{}, err
}

// staleAssociate is the form as it was typed, of a draft that was changed in another window meanwhile. Saving it once more
// makes it so.
func (s *Server) staleAssociate(r *http.Request, c companyVisit, t typedAssociate) (answer, error) {
	now, err := s.Applicants.Associates.Structure(r.Context(), c.reg)
	if err != nil {
		return answer{}, err
	}
	there, err := now.Find(t.id)
	if err != nil {
		return answer{}, err
	}
	t.version = there.Version
	v := s.associateView(r.Context(), c, t)
	v.Stale = s.associatesAddress(companyVisit{reg: c.reg}, "/"+t.id.String())
	return answer{status: http.StatusConflict, page: templates.Associate(v)}, nil
}

// keepTyped is the form as it was typed, for who has been signed out meanwhile, or when the store is away.
func (s *Server) keepTyped(r *http.Request, t typedAssociate, err error) answer {
	v := blankAssociate(r.Context(), t)
	v.Action, v.Lost = s.associateAction(t), true
	if errors.Is(err, identity.ErrNobody) {
		return answer{status: http.StatusUnauthorized, page: templates.Associate(v)}
	}
	s.Log.ErrorContext(r.Context(), "associate not kept", slog.Any("error", err))
	v.Lost, v.Problem, v.Cancel = false, "associates.not_kept", s.address("/associates")
	return answer{status: http.StatusServiceUnavailable, wait: unavailableFor, page: templates.Associate(v)}
}
