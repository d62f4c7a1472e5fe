package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"portal/internal/i18n"
	"portal/internal/onboarding"
	"portal/templates"
)

// maxAssociate is the largest form of an associate that is read, in bytes: ten classes of shares and ten names in a script
// of which every character takes twelve bytes in a form, twice over, and the ids of what is asked about.
const maxAssociate = 128 << 10

// showNewAssociate is the empty form.
func (s *Server) showNewAssociate(r *http.Request, c companyVisit) (answer, error) {
	if c.structure.Ending != "" || closedTo(c) != "" {
		return see(s.associatesAddress(c, "")), nil
	}
	t := typedIn(r.URL.Query(), "")
	t.form = templates.AssociateForm{Type: t.form.Type}
	return answer{page: templates.Associate(s.associateView(r.Context(), c, t))}, nil
}

// showAssociate is the form of a draft, filled in, or what was sent.
func (s *Server) showAssociate(r *http.Request, c companyVisit, a onboarding.Associate) (answer, error) {
	if !a.Draft() || c.structure.Ending != "" {
		return s.sentAssociate(r, c, a), nil
	}
	t := typedAssociate{form: formOf(r.Context(), a.Details), id: a.ID, draft: true, version: a.Version}
	return answer{page: templates.Associate(s.associateView(r.Context(), c, t))}, nil
}

// sentAssociate says what was sent, or was not when the list came to its end, and how to correct it.
func (s *Server) sentAssociate(r *http.Request, c companyVisit, a onboarding.Associate) answer {
	ctx := r.Context()
	v := templates.SentAssociateView{
		Account: c.account(), Head: s.companyHead(ctx, c), Name: nameOf(ctx, a, reviewedName), Status: shownStatus(c, a), Unread: a.Void,
		Details: detailsInWords(ctx, a.Details), Reference: c.reg.ID.String(), Back: s.associatesAddress(c, ""),
	}
	return s.warned(r, c.visit, answer{page: templates.SentAssociate(v)})
}

// associateView is the form with what was typed.
func (s *Server) associateView(ctx context.Context, c companyVisit, t typedAssociate) templates.AssociateView {
	v := blankAssociate(ctx, t)
	v.Action = s.associateAction(t)
	v.Account, v.Session, v.Head = c.account(), s.typed(c.visit), s.companyHead(ctx, c)
	v.Cancel = s.associatesAddress(c, "")
	v.Registration = c.reg.ID.String()
	if !c.of.IsZero() {
		v.Of = c.of.String()
	}
	if t.draft {
		v.Remove = s.associatesAddress(companyVisit{reg: c.reg}, "/"+t.id.String()+"/withdraw")
	}
	return v
}

// blankAssociate is the form with nothing on it but what came with it, which is all that may be shown to nobody.
func blankAssociate(ctx context.Context, t typedAssociate) templates.AssociateView {
	if len(t.form.Holdings) == 0 {
		t.form.Holdings = make([]templates.AssociateHolding, 1)
	}
	return templates.AssociateView{
		Typed: t.form, New: !t.draft, Version: strconv.FormatInt(t.version, 10), Registration: t.related[0], Of: t.related[1], ID: t.id.String(),
		Countries: countryGroups(ctx), Nationalities: nationalityGroups(ctx), More: len(t.form.Holdings) < maxHoldings,
	}
}

// associateAction is where the form is sent.
func (s *Server) associateAction(t typedAssociate) string {
	if t.draft {
		return s.address("/associates/" + t.id.String())
	}
	return s.address("/associates")
}

// fieldOrder is the order of the fields on the page, which is that of the summary.
var fieldOrder = []string{
	"answer", "given_names", "family_name", "date_of_birth", "email", "nationality", "name", "number", "country_of_incorporation",
	"roles", "shareholdings", "appointed_on", "resigned_on", "authorized_from", "authorized_to",
}

// blame puts what is wrong into the view: beside each field and in the summary.
func (s *Server) blame(ctx context.Context, v *templates.AssociateView, flow string, err error) {
	faults := slices.Collect(faultsIn(err))
	slices.SortStableFunc(faults, func(a, b *onboarding.Error) int { return cmp.Compare(placeOf(a.Field), placeOf(b.Field)) })
	v.Errors = map[string]string{}
	for _, f := range faults {
		text, id := s.faultInWords(ctx, flow, f), strings.ReplaceAll(f.Field, "/", "-")
		t := templates.Trouble{Text: text}
		if v.Errors[id] != "" { // one thing after the other
			continue
		}
		if placeOf(f.Field) < len(fieldOrder) {
			v.Errors[id] = text
			t.To = "#" + id
		}
		if f.Field == "shareholdings" { // which is a group
			t.To = "#" + templates.HoldingID(0, "share_class")
		}
		v.Troubles = append(v.Troubles, t)
	}
}

// placeOf is where on the page a field is; behind all others where it is not.
func placeOf(field string) int {
	group, _, _ := strings.Cut(field, "/")
	if i := slices.Index(fieldOrder, group); i >= 0 {
		return i
	}
	return len(fieldOrder)
}

// faultInWords is what to say of something that is wrong.
func (s *Server) faultInWords(ctx context.Context, flow string, f *onboarding.Error) string {
	return i18n.T(ctx, cmp.Or(f.Key, "error.invalid"), "age", s.flows[flow].DirectorAge, "most", maxHoldings)
}
