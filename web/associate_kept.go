package web

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/templates"
)

// notSaved says why an entry was not kept, above the form as it was typed.
func (s *Server) notSaved(r *http.Request, c companyVisit, t typedAssociate, err error) (answer, error) {
	known, _ := errors.AsType[*onboarding.Error](err)
	like, resembles := errors.AsType[*onboarding.Resemblance](err)
	switch {
	case resembles:
		v := s.associateView(r.Context(), c, t)
		s.ask(r.Context(), &v, c, t, like)
		return answer{status: http.StatusConflict, page: templates.Associate(v)}, nil
	case known == nil:
		return answer{}, err
	case known.Kind == onboarding.Invalid:
		v := s.associateView(r.Context(), c, t)
		s.blame(r.Context(), &v, c.reg.Flow, err)
		return answer{status: http.StatusUnprocessableEntity, page: templates.Associate(v)}, nil
	}
	return s.overtaken(r, c, t, known)
}

// overtaken is the form as it was typed, where something has happened meanwhile that keeps it from being saved.
func (s *Server) overtaken(r *http.Request, c companyVisit, t typedAssociate, err *onboarding.Error) (answer, error) {
	entry := s.associatesAddress(companyVisit{reg: c.reg}, "/"+t.id.String())
	switch err.Key {
	case "error.associate_submitted":
		return s.halted(r, c, t, http.StatusConflict, templates.AssociateHalt{
			Text: "associates.halted_submitted", Link: templates.Link{Text: "associates.halted_sent", URL: entry},
		}), nil
	case "error.associate_stale":
		return s.staleAssociate(r, c, t)
	case "error.associates_ended":
		return s.halted(r, c, t, http.StatusConflict, s.toList(c, "associates.halted_ended")), nil
	case "error.associate_gone":
		return s.goneAssociate(r, c, t, err.Kind), nil
	case "":
		if err.Kind == onboarding.Busy || err.Kind == onboarding.Conflict {
			return s.keepTyped(r, t, err), nil
		}
	}
	return answer{}, err
}

// halted is the form as it was typed, with the reason why it was not saved and a way on.
func (s *Server) halted(r *http.Request, c companyVisit, t typedAssociate, status int, h templates.AssociateHalt) answer {
	v := s.associateView(r.Context(), c, t)
	v.Halt = &h
	return answer{status: status, page: templates.Associate(v)}
}

// toList is a reason with the list as the way on.
func (s *Server) toList(c companyVisit, text string) templates.AssociateHalt {
	return templates.AssociateHalt{Text: text, Link: templates.Link{Text: "associates.halted_list", URL: s.associatesAddress(c, "")}}
}

// goneAssociate is the form of an entry that is not there any more. Saving it once more enters it anew.
func (s *Server) goneAssociate(r *http.Request, c companyVisit, t typedAssociate, kind onboarding.Kind) answer {
	text, status := "associates.halted_gone", http.StatusNotFound
	switch {
	case kind == onboarding.Conflict: // the id is another list's
		t.id, text, status = newAssociateID(), "associates.halted_taken", http.StatusConflict
	case !t.draft && !strings.HasPrefix(t.answer, answerSame):
		return s.withoutParent(r, c, t)
	}
	t.draft, t.version = false, 0
	return s.halted(r, c, t, status, s.toList(c, text))
}

// withoutParent is the form of an entry whose company is not there any more. It may be entered behind their own.
func (s *Server) withoutParent(r *http.Request, c companyVisit, t typedAssociate) answer {
	t.draft, t.version, c.of = false, 0, onboarding.AssociateID{}
	v := s.associateView(r.Context(), c, t)
	v.Head.Name = "" // the form still says which company it was
	halt := s.toList(c, "associates.halted_parent")
	v.Halt, v.Instead = &halt, true
	return answer{status: http.StatusNotFound, page: templates.Associate(v)}
}

// staleAssociate is the form of a draft that was changed in another window meanwhile. Saving it once more makes it so.
func (s *Server) staleAssociate(r *http.Request, c companyVisit, t typedAssociate) (answer, error) {
	var err error
	if c.structure, err = s.Applicants.Associates.Structure(r.Context(), c.reg); err != nil {
		return answer{}, err
	}
	there, err := c.structure.Find(t.id)
	switch {
	case err != nil:
		return s.goneAssociate(r, c, t, onboarding.NotFound), nil
	case !t.draft:
		return s.askAgain(r, c, t, there), nil
	}
	t.version = there.Version
	return s.halted(r, c, t, http.StatusConflict, templates.AssociateHalt{
		Title: "associates.stale_title", Text: "error.associate_stale",
		Link: templates.Link{Text: "associates.stale_show", URL: s.associatesAddress(companyVisit{reg: c.reg}, "/"+t.id.String())},
	}), nil
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
