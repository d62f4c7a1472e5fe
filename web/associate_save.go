package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"portal/internal/onboarding"
	"portal/templates"
)

// unseen is the version of a draft that nobody has seen: a new entry must not take the place of one that came to be while
// it was on its way.
const unseen = -1

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
	if r.PostForm.Has("instead") { // behind their own company
		r.PostForm.Del("of")
	}
	t := typedIn(r.PostForm, path)
	c, err := s.companyVisit(r, r.PostForm)
	switch {
	case nobody(err), onboarding.KindOf(err) == onboarding.Busy:
		return s.keepTyped(r, t, err), nil
	case errors.Is(err, errNoParent):
		return s.withoutParent(r, c, t), nil
	case err != nil:
		return answer{}, err
	case r.PostForm.Has("more"):
		return s.anotherHolding(r, c, t), nil
	case t.draft && t.answer == answerRemove:
		return see(s.associatesAddress(companyVisit{reg: c.reg}, "/"+t.id.String()+"/withdraw")), nil
	}
	return s.keepAssociate(r, c, t)
}

// keepAssociate keeps what was typed, once it is clear which entry it is.
func (s *Server) keepAssociate(r *http.Request, c companyVisit, t typedAssociate) (answer, error) {
	if there, ok := c.meeting(t); ok {
		switch {
		case t.answer == answerChange && there.Draft():
			t.draft = true
		case t.says(there.Details): // twice
		case t.answer == answerAnother:
			t.id = t.anotherID()
		default:
			return s.askAgain(r, c, t, there), nil
		}
	}
	a, err := s.putAssociate(r.Context(), c, t)
	if err != nil {
		return s.notSaved(r, c, t, err)
	}
	if !a.Draft() {
		s.Applicants.Linking.Wake(c.reg.ID)
	}
	return see(s.associatesAddress(c, "", "done", t.done(a))), nil
}

// done is what the list says has become of what was typed.
func (t typedAssociate) done(a onboarding.Associate) string {
	switch {
	case !a.Draft() && strings.HasPrefix(t.answer, answerSame):
		return donePassed
	case !a.Draft():
		return doneAlready
	case t.draft:
		return "changed"
	}
	return "added"
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

// putAssociate keeps the entry, and returns the one that has what was typed. That it is somebody else than those it
// resembles counts for those alone who were asked about: what was typed may have been changed with the answer.
func (s *Server) putAssociate(ctx context.Context, c companyVisit, t typedAssociate) (a onboarding.Associate, err error) {
	n := onboarding.NewAssociate{ID: t.id, Parent: c.of, Source: onboarding.SourceApplicant, Details: t.details().Tidied(), Version: t.version}
	put := func() (err error) {
		a, err = s.Applicants.Associates.Change(ctx, c.reg, n)
		return err
	}
	if !t.draft {
		n.Version = unseen
		if same, ok := strings.CutPrefix(t.answer, answerSame); ok {
			id, _ := uuid.Parse(same)
			n.SameAs = onboarding.AssociateID(id)
		}
		put = func() (err error) {
			a, _, err = s.Applicants.Associates.Add(ctx, c.reg, n)
			return err
		}
	}
	err = put()
	if like, ok := errors.AsType[*onboarding.Resemblance](err); ok && t.answer == answerDistinct && t.askedAbout(like) {
		n.Distinct = true
		err = put()
	}
	return a, err
}
