package bench

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"portal/internal/bench/stage"
	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/internal/seeding"
)

// How often people do what takes several requests, or what a limit holds back, at each portal.
const (
	startEvery  = 500 * time.Millisecond
	signInEvery = 500 * time.Millisecond
	callEvery   = 100 * time.Millisecond // of the API, for one of whose keys fifty a second are the most
	changeOften = time.Second
)

// soakPeople do what more than a request belongs to.
type soakPeople struct {
	k                  *soak
	visiting, watching []seeding.Visitor
	streams            []*followers // of those who watch, half of them at each portal

	mu           sync.Mutex
	done, failed int
	cause        error // of the first that failed
}

// run goes on until done is closed.
func (p *soakPeople) run(ctx context.Context, done <-chan struct{}) error {
	var g errgroup.Group
	for i, portal := range p.k.portals {
		newcomers := &signIns{run: p.k.Run, portal: portal}
		newcomers.begun.Store(int64(i) * 1_000_000_000) // so that their addresses differ
		for name, often := range map[string]struct {
			every time.Duration
			do    func(n int) error
		}{
			"start":   {startEvery, func(int) error { return p.start(ctx, portal) }},
			"sign-in": {signInEvery, func(int) error { return newcomers.next(ctx) }},
			"API":     {callEvery, func(n int) error { return p.call(ctx, portal, n) }},
			"stream":  {changeOften, func(n int) error { return p.change(ctx, i, n) }},
		} {
			g.Go(func() error { return p.every(ctx, done, often.every, name, often.do) })
		}
	}
	return g.Wait()
}

// every does something at equal distances until done is closed, and notes what fails.
func (p *soakPeople) every(ctx context.Context, done <-chan struct{}, distance time.Duration, name string, do func(n int) error) error {
	tick := time.NewTicker(distance)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-tick.C:
			p.note(name, do(n))
		case <-done:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (p *soakPeople) note(name string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	if err == nil {
		return
	}
	p.failed++
	if p.cause == nil {
		p.cause = fmt.Errorf("%s: %w", name, err)
	}
}

// formWithin is how long an applicant may have to wait for the form, on a page that says so; lookEvery how often they look.
const (
	formWithin = 10 * time.Second
	lookEvery  = 50 * time.Millisecond
)

// start has a new applicant start a registration, and wait for the form.
func (p *soakPeople) start(ctx context.Context, portal *stage.Server) error {
	ctx, cancel := context.WithTimeout(ctx, formWithin)
	defer cancel()
	a, err := p.k.Applicant(ctx)
	if err != nil {
		return err
	}
	cookies := []*http.Cookie{a.Cookie}
	form := url.Values{"flow": {seeding.FlowIndividual}}
	answer, err := stage.Call{Method: http.MethodPost, URL: portal.Page("/start"), Form: form, Cookies: cookies}.Make(ctx)
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for err == nil && answer.Status < http.StatusBadRequest && !bytes.Contains(answer.Body, []byte(`id="customer-request"`)) {
		<-tick.C
		answer, err = stage.Call{Method: http.MethodGet, URL: portal.Page(""), Cookies: cookies}.Make(ctx)
	}
	if err == nil && answer.Status >= http.StatusBadRequest {
		err = fmt.Errorf("answered with status %d", answer.Status)
	}
	return err
}

// call asks the API how somebody stands whom the company knows.
func (p *soakPeople) call(ctx context.Context, portal *stage.Server, n int) error {
	for p.visiting[n%len(p.visiting)].Issuer != identity.LinkIssuer {
		n++
	}
	subject := p.visiting[n%len(p.visiting)].Subject.Reveal()
	answer, err := stage.Call{
		Method: http.MethodGet, URL: portal.Page("/api/v1/registrations/" + url.PathEscape(subject)),
		Header: http.Header{"Authorization": {"Bearer " + stage.APIKey}},
	}.Make(ctx)
	if err == nil && answer.Status != http.StatusOK {
		err = fmt.Errorf("answered with status %d", answer.Status)
	}
	return err
}

// change changes the registration of somebody who follows it, to and fro, and waits until they are told.
func (p *soakPeople) change(ctx context.Context, portal, n int) error {
	streams := p.streams[portal]
	i, to := n%len(streams.conns), onboarding.Completed
	if n/len(streams.conns)%2 == 1 {
		to = onboarding.Open
	}
	if err := p.k.become(ctx, p.watching[portal*len(streams.conns)+i].Registration, to); err != nil {
		return err
	}
	return streams.await(ctx, i, changedWithin)
}

// addTo adds what people did to the report. A stream that has ended by itself has failed.
func (p *soakPeople) addTo(r *soakReport) {
	ended := 0
	for _, s := range p.streams {
		ended += s.ended()
	}
	r.requests, r.failed = r.requests+p.done, r.failed+p.failed+ended
	if r.cause == nil {
		r.cause = p.cause
	}
	if r.cause == nil && ended > 0 {
		r.cause = fmt.Errorf("%d streams have ended", ended)
	}
}
