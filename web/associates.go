package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"portal/internal/i18n"
	"portal/internal/onboarding"
	"portal/templates"
)

// entriesAPage is how many of a long list a page shows.
const entriesAPage = 50

// linkRefresh is how often the list looks again while something is passed on.
const linkRefresh = 15 * time.Second

// watchedFor is how long after the last submission the list looks again by itself. What takes longer may take days.
const watchedFor = 5 * time.Minute

// What the address says where an entry was saved that had been sent before: it was added to, or it was there as it is.
const (
	donePassed  = "passed"
	doneAlready = "already"
)

// doneNotices are the messages about what has been done, by what the address says.
var doneNotices = map[string]string{
	"added": "associates.done_added", "changed": "associates.done_changed",
	"removed": "associates.done_removed", "sent": "associates.done_sent",
	donePassed: "associates.done_passed", doneAlready: "associates.done_already",
}

// doneNotice is the message key of what has just been done; empty where that is nothing.
func doneNotice(q url.Values) string {
	if q.Has("finished") {
		return "associates.done_form"
	}
	return doneNotices[q.Get("done")]
}

// showAssociates lists those directly behind a company.
func (s *Server) showAssociates(r *http.Request, c companyVisit) (answer, error) {
	v := s.associatesView(r.Context(), c, r.URL.Query())
	a := answer{page: templates.Associates(v)}
	if !v.Watch {
		return s.warned(r, c.visit, a), nil
	}
	return s.lookingAgain(r, c.visit, a, linkRefresh, s.associatesAddress(c, "", "page", strconv.Itoa(v.Pager.Page))), nil
}

func (s *Server) associatesView(ctx context.Context, c companyVisit, q url.Values) templates.AssociatesView {
	rows := c.structure.Behind(c.of)
	pager := s.pager(c, "", q.Get("page"), (len(rows)+entriesAPage-1)/entriesAPage)
	from := (pager.Page - 1) * entriesAPage
	v := templates.AssociatesView{
		Account: c.account(), Head: s.companyHead(ctx, c), Notice: doneNotice(q), Pager: pager, Form: formOfCompany(c.reg), GoOn: s.goOn(ctx, c.reg),
		Watch: s.watched(c.structure, q), Drafts: c.structure.Drafts(), Closed: closedTo(c),
	}
	v.Stage = stage(c.structure, v.Watch)
	for _, a := range rows[from:min(from+entriesAPage, len(rows))] {
		v.Rows = append(v.Rows, s.associateRow(ctx, c, a))
	}
	if c.structure.Ending != "" {
		return v
	}
	if v.Closed == "" {
		v.AddPerson = s.associatesAddress(c, "/new", "type", string(onboarding.Individual))
		v.AddCompany = s.associatesAddress(c, "/new", "type", string(onboarding.Company))
	}
	if v.Drafts > 0 {
		v.Review = s.associatesAddress(c.at(onboarding.AssociateID{}), "/review")
	}
	return v
}

// closedTo is the message key of why nobody can be added behind the company, where its ending is not the reason.
func closedTo(c companyVisit) string {
	switch {
	case c.structure.Ending != "":
		return ""
	case len(c.structure.Path(c.of)) >= onboarding.MaxDepth:
		return "error.associate_depth"
	case len(c.structure.Associates) >= onboarding.MaxAssociates:
		return "error.associate_full"
	}
	return ""
}

// companyHead says which company a page is about.
func (s *Server) companyHead(ctx context.Context, c companyVisit) templates.CompanyHead {
	h := templates.CompanyHead{Flow: s.title(ctx, c.reg.Flow), Name: ownName(ctx, c.structure), Own: c.of.IsZero()}
	name := cmp.Or(shortened(c.structure.Own.Name, listedName), i18n.T(ctx, "associates.own_company"))
	for _, a := range c.structure.Path(c.of) {
		h.Path = append(h.Path, templates.Link{Text: name, URL: s.associatesAddress(c.at(a.Parent), "")})
		name = nameOf(ctx, a, listedName)
		h.Name = name
	}
	return h
}

// ownName is what to call the registration's company in a sentence.
func ownName(ctx context.Context, st onboarding.Structure) string {
	return cmp.Or(shortened(st.Own.Name, listedName), i18n.T(ctx, "associates.your_company"))
}

// pager is the page that is wanted of so many, and the way to the others.
func (s *Server) pager(c companyVisit, below, wanted string, pages int) templates.Pager {
	n, _ := strconv.Atoi(strings.TrimSpace(wanted))
	p := templates.Pager{Pages: max(pages, 1)}
	p.Page = min(max(n, 1), p.Pages)
	if p.Page > 1 {
		p.Previous = s.associatesAddress(c, below, "page", strconv.Itoa(p.Page-1))
	}
	if p.Page < p.Pages {
		p.Next = s.associatesAddress(c, below, "page", strconv.Itoa(p.Page+1))
	}
	return p
}
