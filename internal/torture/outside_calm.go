package torture

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// calmWithin is how long everything may take to come to its end once nothing disturbs it any more: two back-offs and a
// breaker's pause.
const calmWithin = 45 * time.Second

// calm lets everything come to its end: every applicant goes on until they know where they are, the provider delivers its
// webhooks, and the portal finishes what it has begun. Then everybody looks once more, and the portals stop.
func (r *ordeal) calm(ctx context.Context) error {
	within, cancel := context.WithTimeout(ctx, calmWithin)
	defer cancel()
	r.everybody(func(v *visitor) {
		v.settle(within)
		v.makeSure(within)
	})
	r.sandbox.Webhooks().RetryNow()
	r.awaitEnd(within)
	r.everybody(func(v *visitor) { v.lookAtLast(within) })
	r.watch.wait()
	r.fleet.stop()
	return ctx.Err()
}

// awaitEnd returns when nothing moves by itself any more.
func (r *ordeal) awaitEnd(ctx context.Context) {
	for last := ""; ; {
		why := r.moving(ctx)
		if why != last {
			r.tell("run", "still moving: %s", cmp.Or(why, "nothing"))
		}
		if last = why; why == "" {
			return
		}
		if !linger(ctx, 20*time.Millisecond) {
			r.violated("not everything has come to an end: %s", why)
			return
		}
	}
}

// moving says what still moves, if anything: first what the provider will do, then what it has to say, then what the
// portal makes of it.
func (r *ordeal) moving(ctx context.Context) string {
	if at, ok := r.sandbox.PassFort().NextDue(); ok && time.Until(at) < time.Hour { // requests expire in months
		return "the provider has something to do"
	}
	if n := r.sandbox.Webhooks().Status().Waiting; n > 0 {
		return fmt.Sprintf("%d webhooks are not received", n)
	}
	registrations, webhooks, err := unfinished(ctx, r.records.pool)
	switch {
	case err != nil:
		return err.Error()
	case registrations+webhooks > 0:
		return fmt.Sprintf("%d registrations and %d webhooks are not worked off", registrations, webhooks)
	}
	return ""
}

func (r *ordeal) everybody(do func(v *visitor)) {
	var all sync.WaitGroup
	for _, v := range r.visitors {
		all.Go(func() { do(v) })
	}
	all.Wait()
}

// ends are the pages at which an applicant may stop: they say what happens next.
var ends = []pageKind{formPage, completedPage, thanksPage, expiredPage, supersededPage, closedPage, attentionPage}

// settle goes on until the applicant knows where they are.
func (v *visitor) settle(ctx context.Context) {
	for {
		p, ok := v.look(ctx, v.home())
		for ok && !slices.Contains(ends, p.kind()) && linger(ctx, 50*time.Millisecond) {
			p, ok = v.react(ctx, p, false)
		}
		if ok && slices.Contains(ends, p.kind()) {
			return
		}
		if !linger(ctx, 50*time.Millisecond) {
			v.ordeal.violated("%s is stuck", v.name)
			return
		}
	}
}

// lookAtLast looks once more, when everything is known.
func (v *visitor) lookAtLast(ctx context.Context) {
	p, ok := v.look(ctx, v.home())
	if !ok || !slices.Contains(ends, p.kind()) {
		v.ordeal.violated("%s ends at a page %q (%d)", v.name, p.kind(), p.status)
	}
	v.browser.close()
}
