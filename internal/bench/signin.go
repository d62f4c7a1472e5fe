package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"sync"
	"sync/atomic"
	"time"

	"portal/internal/bench/load"
	"portal/internal/bench/stage"
)

// signInsAtOnce is how many sign in at once.
const signInsAtOnce = 4

// signIn is how long those wait who ask for a code, until it is in their mailbox, and those who enter it, until they are
// signed in. All come from one network, whose limits are lifted; each has an address of their own, whose limits hold.
func signIn(ctx context.Context, r *Run) ([]Row, error) {
	portal, err := r.Portal(ctx, nil)
	if err != nil {
		return nil, err
	}
	s := &signIns{run: r, portal: portal}
	people := &crowd{atOnce: signInsAtOnce, next: s.next}
	if err := people.goOn(ctx, r.Length/10); err != nil { // warms up
		return nil, err
	}
	s.sent, s.in, s.either = nil, nil, nil
	c := contestant{name: "sign-in", servers: []*stage.Server{portal}}
	before, err := c.spent(ctx)
	if err != nil {
		return nil, err
	}
	if err := people.goOn(ctx, r.Length); err != nil {
		return nil, err
	}
	after, err := c.spent(ctx)
	if err != nil {
		return nil, err
	}
	rows := s.rows(after.since(before))
	return rows, errors.Join(r.profile(ctx, "sign-in", portal, people.goOn), r.Stop(portal.Process))
}

// signIns are some that were made.
type signIns struct {
	run    *Run
	portal *stage.Server
	begun  atomic.Int64

	mu               sync.Mutex
	sent, in, either load.Times
}

// rows tell of both waits, and of both together with what they cost.
func (s *signIns) rows(cost spending) []Row {
	whole := cost.each(len(s.in))
	whole.P50, whole.P99 = s.either.Quantile(0.5), s.either.Quantile(0.99)
	return []Row{
		{Name: "sign-in: code asked for, until sent", Figures: Figures{P50: s.sent.Quantile(0.5), P99: s.sent.Quantile(0.99)}},
		{Name: "sign-in: code entered, until in", Figures: Figures{P50: s.in.Quantile(0.5), P99: s.in.Quantile(0.99)}},
		{Name: "sign-in: both", Figures: whole},
	}
}

var code = regexp.MustCompile(`\b\d{6}\b`)

// next signs somebody in who was never here.
func (s *signIns) next(ctx context.Context) error {
	address := fmt.Sprintf("applicant-%d@example.com", s.begun.Add(1))
	began := time.Now()
	asked, err := s.post(ctx, "/sign-in", nil, url.Values{"email": {address}})
	if err != nil {
		return err
	}
	sent := time.Since(began)
	mails := s.run.Sandbox.Mailbox().Messages(address)
	if len(mails) != 1 {
		return fmt.Errorf("%d e-mails with a code", len(mails))
	}
	entering := time.Now()
	if _, err := s.post(ctx, "/sign-in/code", asked.Cookies, url.Values{"code": {code.FindString(mails[0].Text)}}); err != nil {
		return err
	}
	in := time.Since(entering)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent, s.in, s.either = append(s.sent, sent), append(s.in, in), append(s.either, sent+in)
	return nil
}

// post sends a form that must lead on.
func (s *signIns) post(ctx context.Context, path string, cookies []*http.Cookie, form url.Values) (stage.Answer, error) {
	answer, err := stage.Call{Method: http.MethodPost, URL: s.portal.Page(path), Cookies: cookies, Form: form}.Make(ctx)
	if err != nil {
		return answer, err
	}
	if answer.Status != http.StatusSeeOther {
		return answer, fmt.Errorf("%s: %w", path, errors.New(http.StatusText(answer.Status)))
	}
	return answer, nil
}
