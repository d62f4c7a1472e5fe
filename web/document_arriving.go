package web

import (
	"context"
	"net/http"
	"time"

	"portal/internal/onboarding"
	"portal/templates"
)

// arriving says whether a file is still on its way to a step, or nobody can tell. Where that is open, the provider is read.
func (s *Server) arriving(ctx context.Context, d documentVisit, set string, list []onboarding.Document) (documentVisit, bool) {
	last, ok := lastOf(list, set)
	if !ok {
		return d, false
	}
	if _, known := d.verification().ImageOf(last); known {
		return d, false
	}
	sending := last.Status == onboarding.DocumentSending
	if sending && s.Now().Before(last.Until) {
		return d, true
	}
	ctx, cancel := context.WithTimeout(ctx, readFor)
	defer cancel()
	reg, read := s.Applicants.Uploads.Refresh(ctx, d.reg, set)
	d.reg = reg
	if d.reg.Verification == nil {
		return d, false
	}
	_, known := d.verification().ImageOf(last)
	mayCome := sending && s.Now().Before(last.Until.Add(s.Applicants.Engine.CheckSettle))
	return d, !known && (!read || mayCome)
}

// arrivingRefresh is how often the page looks again that waits for a file to arrive.
const arrivingRefresh = 5 * time.Second

// arrivingPage says that nobody knows yet whether the file has arrived.
func (s *Server) arrivingPage(r *http.Request, d documentVisit, set string) answer {
	again := s.documentsAddress(d.reg, stepPath(set))
	a := answer{page: templates.DocumentArriving(templates.DocumentArrivingView{
		Account: d.account(), Flow: s.title(r.Context(), d.reg.Flow), Step: stepInWords(r.Context(), set), Again: again,
		List: s.documentsAddress(d.reg, ""),
	})}
	return s.lookingAgain(r, d.visit, a, arrivingRefresh, again)
}
