package torture

import (
	"fmt"
	"slices"
	"strings"
)

// truth is what the records and the provider say at the end of a run.
type truth struct {
	Records
	owners []ownership
	keys   map[string]string // of customer requests, by id
}

// misled lists what an applicant should not have seen. Sightings come in the order of seeing.
func (t truth) misled(subject, flow string, seen []sighting) (wrong []string) {
	var finished []sighting // pages after which a form must not come back
	for i, s := range seen {
		wrong = append(wrong, t.untrue(subject, s)...)
		switch s.kind {
		case formPage:
			if over, ok := overBefore(s, finished, seen[:i]); ok {
				wrong = append(wrong, fmt.Sprintf("sees the form %s again after %s", s.request, over.kind))
			}
		case completedPage, thanksPage, expiredPage, supersededPage, closedPage:
			finished = append(finished, s)
		}
	}
	if len(seen) > 0 {
		wrong = append(wrong, t.misplaced(subject, flow, seen[len(seen)-1])...)
	}
	return wrong
}

// outcomes are the pages that quote a registration.
var outcomes = []pageKind{completedPage, expiredPage, supersededPage, closedPage, attentionPage}

// untrue says what is wrong with a page by itself: that it exists at all, or whose it is.
func (t truth) untrue(subject string, s sighting) (wrong []string) {
	switch {
	case s.kind == strangePage:
		wrong = append(wrong, fmt.Sprintf("sees a page that should not be: status %d, %q", s.status, s.heading))
	case s.kind == formPage && !t.owns(subject, func(o ownership) bool { return o.Request == s.request }):
		wrong = append(wrong, fmt.Sprintf("sees the form %s, which is not theirs", s.request))
	case s.kind == formPage && t.keys[s.request] != s.key:
		wrong = append(wrong, fmt.Sprintf("sees the form %s with a key that is not its", s.request))
	case slices.Contains(outcomes, s.kind) && !t.owns(subject, func(o ownership) bool { return o.Registration == s.reference }):
		wrong = append(wrong, fmt.Sprintf("sees what became of %q, which is not theirs", s.reference))
	}
	return wrong
}

// owns says whether one of the things that are so belongs to an applicant.
func (t truth) owns(subject string, so func(ownership) bool) bool {
	return slices.ContainsFunc(t.owners, func(o ownership) bool { return strings.EqualFold(o.Subject, subject) && so(o) })
}

// overBefore finds the finished page after which a form was asked for and should not have come: any form after
// completion, and the same form after every other end.
func overBefore(form sighting, finished, before []sighting) (sighting, bool) {
	for _, over := range finished {
		if !over.seen.Before(form.asked) {
			continue // in another tab, meanwhile
		}
		same := slices.ContainsFunc(before, func(s sighting) bool { return s.request == form.request && s.seen.Before(over.asked) })
		if over.kind == completedPage || over.kind == thanksPage || same {
			return over, true
		}
	}
	return sighting{}, false
}

// pageOf says which page shows a registration of each status that can be left at the end.
var pageOf = map[string]pageKind{
	"open": formPage, "completed": completedPage, "expired": expiredPage, "superseded": supersededPage, "closed": closedPage,
	"needs_attention": attentionPage,
}

// misplaced says when an applicant's last page is not that of their registration.
func (t truth) misplaced(subject, flow string, last sighting) []string {
	for _, r := range t.Registrations {
		if !t.owns(subject, func(o ownership) bool { return o.Registration == r.ID && o.Flow == flow }) {
			continue
		}
		if pageOf[r.Status] != last.kind || last.request != "" && last.request != r.Request {
			return []string{fmt.Sprintf("sees at last %q, and the registration is %s with the request %s", last, r.Status, r.Request)}
		}
		return nil
	}
	return []string{"has no registration"}
}
