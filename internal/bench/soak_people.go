package bench

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"portal/internal/bench/stage"
	"portal/internal/onboarding"
)

// How often people do what takes several requests, or what a limit holds back, at each portal.
const (
	registerEvery = 500 * time.Millisecond
	directorEvery = time.Second
	passportEvery = time.Second
	callEvery     = 100 * time.Millisecond // of the API, for one of whose keys fifty a second are the most
	streamEvery   = time.Second
	pageEvery     = 250 * time.Millisecond
)

// soakPeople do what more than a request belongs to.
type soakPeople struct {
	k       *soak
	streams []*followers // of those who watch, half of them at each portal

	mu           sync.Mutex
	done, failed int
	cause        error // of the first that failed
}

// run goes on until done is closed.
func (p *soakPeople) run(ctx context.Context, done <-chan struct{}) error {
	var g errgroup.Group
	for i, portal := range p.k.portals {
		for name, often := range map[string]struct {
			every time.Duration
			do    func(n int) error
		}{
			"registration": {registerEvery, func(int) error { return p.k.newVisitor(portal).register(ctx) }},
			"director":     {directorEvery, func(int) error { return p.k.newVisitor(portal).enterDirector(ctx) }},
			"passport":     {passportEvery, func(int) error { return p.k.newVisitor(portal).givePassport(ctx) }},
			"API":          {callEvery, func(n int) error { return p.call(ctx, portal, n) }},
			"stream":       {streamEvery, func(n int) error { return p.change(ctx, i, n) }},
			"page":         {pageEvery, func(n int) error { return p.k.look(ctx, portal, n) }},
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

// call asks the API how somebody stands whom the company knows, which takes a look at the provider.
func (p *soakPeople) call(ctx context.Context, portal *stage.Server, n int) error {
	subject := p.k.known[n%len(p.k.known)].Subject.Reveal()
	answer, err := stage.Call{
		Method: http.MethodGet, URL: portal.Page("/api/v1/registrations/" + url.PathEscape(subject)),
		Header: http.Header{"Authorization": {"Bearer " + stage.APIKey}},
	}.Make(ctx)
	if err == nil && (answer.Status != http.StatusOK || !strings.Contains(string(answer.Body), `"profile":{`)) {
		err = fmt.Errorf("status %d, or no profile", answer.Status)
	}
	return err
}

// change changes the registration of somebody who follows it, and waits until they are told. It gets another version and keeps its
// status, which its trail has to account for.
func (p *soakPeople) change(ctx context.Context, portal, n int) error {
	streams := p.streams[portal]
	i := n % len(streams.conns)
	if err := p.k.become(ctx, p.k.watching[portal*len(streams.conns)+i].Registration, onboarding.Open); err != nil {
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
