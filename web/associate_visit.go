package web

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/google/uuid"

	"portal/internal/onboarding"
)

// companyVisit is who asks, and the company that the page is about.
type companyVisit struct {
	visit
	reg       onboarding.Registration
	structure onboarding.Structure
	of        onboarding.AssociateID // the associate that is the company; zero for the registration's
}

// errNoCompany is the error of who asks for the people behind a company that is not theirs, or is none.
var errNoCompany = &onboarding.Error{Kind: onboarding.NotFound, Key: "error.not_found", Err: errors.New("no such company")}

// errNoParent is the error of who names a company behind theirs that is not there any more, or is a person.
var errNoParent = &onboarding.Error{Kind: onboarding.NotFound, Key: "error.associate_gone", Err: errors.New("no such company behind the company")}

// ofCompany makes a handler of one that is about a company. Nobody is sent to sign in.
func (s *Server) ofCompany(h func(r *http.Request, c companyVisit) (answer, error)) handler {
	return func(r *http.Request) (answer, error) {
		values := r.URL.Query()
		if r.Method == http.MethodPost {
			if err := parseForm(r); err != nil {
				return answer{}, err
			}
			values = r.PostForm
		}
		c, err := s.companyVisit(r, values)
		if nobody(err) {
			return see(s.address("/sign-in")), nil
		}
		if err != nil {
			return answer{}, err
		}
		return h(r, c)
	}
}

// ofAssociate makes a handler of one that is about an associate that the address names.
func (s *Server) ofAssociate(h func(r *http.Request, c companyVisit, a onboarding.Associate) (answer, error)) handler {
	return s.ofCompany(func(r *http.Request, c companyVisit) (answer, error) {
		a, err := c.structure.Find(associateID(r))
		if err != nil {
			return answer{}, err
		}
		c.of = a.Parent
		return h(r, c, a)
	})
}

// associateID is the id in the address; zero where there is none, which no associate has.
func associateID(r *http.Request) onboarding.AssociateID {
	id, _ := uuid.Parse(r.PathValue("id"))
	return onboarding.AssociateID(id)
}

// companyVisit reads who asks about which company.
func (s *Server) companyVisit(r *http.Request, values url.Values) (c companyVisit, err error) {
	of := s.pick(values.Get("registration"), func(f Flow) bool { return f.Associates })
	if c.visit, c.structure, err = s.visitCompany(r, of); err != nil {
		return c, err
	}
	var ok bool
	if c.reg, ok = of.From(c.begun); !ok {
		return c, notTheirs{c.account(), errNoCompany}
	}
	note(r, c.reg)
	if values.Get("of") == "" {
		return c, nil
	}
	id, _ := uuid.Parse(values.Get("of"))
	c.of = onboarding.AssociateID(id)
	if of, err := c.structure.Find(c.of); err != nil || of.Details.EntityType != onboarding.Company {
		return c, errNoParent
	}
	return c, nil
}

// associatesAddress is a page about those behind the company, with further names and values in turn.
func (s *Server) associatesAddress(c companyVisit, below string, more ...string) string {
	q := url.Values{"registration": {c.reg.ID.String()}}
	if !c.of.IsZero() {
		q.Set("of", c.of.String())
	}
	for i := 0; i < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return s.address("/associates"+below) + "?" + q.Encode()
}

// at is the visit to another company of the same structure.
func (c companyVisit) at(of onboarding.AssociateID) companyVisit {
	c.of = of
	return c
}
