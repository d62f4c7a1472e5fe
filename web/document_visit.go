package web

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"portal/internal/onboarding"
)

// documentVisit is who asks, and the registration for which documents are asked.
type documentVisit struct {
	visit
	reg onboarding.Registration
}

// verification is how the applicant stood when the provider was last read.
func (d documentVisit) verification() onboarding.Verification { return *d.reg.Verification }

// errNoDocuments is the error of who asks for the documents of a registration that is not theirs, or wants none.
var errNoDocuments = &onboarding.Error{Kind: onboarding.NotFound, Key: "error.not_found", Err: errors.New("no such registration")}

// verifiedOf is the registration that is named, if it is the visitor's, or else the one last touched at a provider that
// checks documents.
func verifiedOf(v visit, named string) (onboarding.Registration, error) {
	i := slices.IndexFunc(v.begun, func(b onboarding.Registration) bool {
		return b.Provider == onboarding.Sumsub && (named == "" || b.ID.String() == named)
	})
	if i < 0 {
		return onboarding.Registration{}, errNoDocuments
	}
	return v.begun[i], nil
}

// asksForDocuments says whether a flow's documents are asked for on pages of ours.
func (f Flow) asksForDocuments() bool { return f.Mode == onboarding.ModeAPI }

// asksHere says whether the registration's documents are asked for now, and on pages of ours.
func (s *Server) asksHere(reg onboarding.Registration) bool {
	return reg.Status == onboarding.Open && reg.Verification != nil && s.flows[reg.Flow].asksForDocuments() &&
		len(reg.Verification.Live()) == 0
}

// documentVisit reads who asks for which registration.
func (s *Server) documentVisit(r *http.Request, values url.Values) (d documentVisit, err error) {
	if d.visit, err = s.visitDocuments(r, s.pick(values.Get("registration"), Flow.asksForDocuments)); err != nil {
		return d, err
	}
	if d.reg, err = verifiedOf(d.visit, values.Get("registration")); err != nil {
		return d, notTheirs{d.account(), err}
	}
	note(r, d.reg)
	return d, nil
}

// ofDocuments makes a handler of one that is about documents which are asked for. Where they are not any more, the page leads
// to where the registration stands. Nobody is sent to sign in.
func (s *Server) ofDocuments(h func(r *http.Request, d documentVisit) (answer, error)) handler {
	return func(r *http.Request) (answer, error) {
		values := r.URL.Query()
		if r.Method == http.MethodPost {
			if err := parseForm(r); err != nil {
				return answer{}, err
			}
			values = r.PostForm
		}
		d, err := s.documentVisit(r, values)
		switch {
		case nobody(err):
			return see(s.address("/sign-in")), nil
		case err != nil:
			return answer{}, err
		case !s.asksHere(d.reg):
			return see(s.flowAddress("", d.reg.Flow)), nil
		}
		return h(r, d)
	}
}

// documentsAddress is a page about the documents of a registration, with further names and values in turn.
func (s *Server) documentsAddress(reg onboarding.Registration, below string, more ...string) string {
	q := url.Values{"registration": {reg.ID.String()}}
	for i := 0; i < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return s.address("/documents"+below) + "?" + q.Encode()
}

// stepPath is a step in an address: its name in lower case, with hyphens.
func stepPath(set string) string { return "/" + strings.ToLower(strings.ReplaceAll(set, "_", "-")) }

// stepForm is what a step in an address looks like.
var stepForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// stepNamed is the provider's name of the step in an address; empty where none can be meant.
func stepNamed(path string) string {
	if !stepForm.MatchString(path) {
		return ""
	}
	return strings.ToUpper(strings.ReplaceAll(path, "-", "_"))
}
