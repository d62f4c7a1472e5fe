package torture

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"portal/internal/inbox"
	"portal/internal/onboarding"
	"portal/internal/sandbox/effects"
	provider "portal/internal/sandbox/passfort"
)

// move is something that may happen next.
type move struct {
	name   string
	weight int
	make   func(ctx context.Context) error
}

// play makes moves until the plan ends.
func (r *run) play(ctx context.Context) error {
	for range minMoves + r.choose(maxMoves-minMoves, "moves") {
		moves := r.moves()
		total := 0
		for _, m := range moves {
			total += m.weight
		}
		at := r.choose(total, "move")
		for _, m := range moves {
			if at -= m.weight; at >= 0 {
				continue
			}
			if err := m.make(ctx); err != nil {
				return fmt.Errorf("%s: %w", m.name, err)
			}
			break
		}
		if err := r.awaitWebhooks(ctx); err != nil {
			return err
		}
	}
	return nil
}

// awaitWebhooks returns when the sandbox has sent all that it has to tell.
func (r *run) awaitWebhooks(ctx context.Context) error {
	if err := errors.Join(r.sandbox.Webhooks().Wait(ctx), r.sandbox.SumsubWebhooks().Wait(ctx)); err != nil {
		return fmt.Errorf("waiting for the sandbox's webhooks: %w", err)
	}
	return nil
}

// moves lists what can happen now, the mildest first. Nobody new comes on the stage while it is crowded.
func (r *run) moves() []move {
	dying, goingOn := 2, 16
	if r.founded || r.exam != nil { // there is a longer way to go
		dying, goingOn = 1, 40
	}
	moves := []move{
		{"time", 3, r.letTimePass},
		{"finishing a form", 2, r.finishForm},
		{"an event", 1, r.event},
		{"dying", dying, func(context.Context) error { r.restart(r.choose(len(r.processes), "which dies")); return nil }},
	}
	if len(r.actors) > 0 {
		moves = append([]move{{"going on", goingOn, r.letGoOn}}, moves...)
	}
	if slices.ContainsFunc(r.actors, (*actor).inGap) {
		moves = append(moves, move{"stranger in the gap", 2 * goingOn, r.intrude})
	}
	switch {
	case len(r.actors) >= crowd:
		return moves
	case r.founded:
		return append(moves, r.companyMoves()...)
	case r.exam != nil:
		return append(moves, r.examMoves()...)
	}
	return append(moves, []move{
		{"starting", 5, r.start},
		{"sweeping", 3, r.sweep},
		{"processing", 3, r.process},
		{"delivering", 5, r.deliver},
		{"reading silent ones", 1, r.readSilent},
	}...)
}

// letGoOn lets an actor go on, by a step or by some, but not past a gap.
func (r *run) letGoOn(context.Context) error {
	a := r.actors[r.choose(len(r.actors), "actor")]
	for range 1 + r.choose(8, "steps") {
		if r.goOn(a); !slices.Contains(r.actors, a) || a.inGap() {
			return nil
		}
	}
	return nil
}

// any is one of the processes.
func (r *run) any() *replica { return r.processes[r.choose(len(r.processes), "process")] }

// start is an applicant's click.
func (r *run) start(context.Context) error {
	return r.startOf([]string{"individual", "individual", "careful", companyFlow}[r.choose(4, "flow")])
}

func (r *run) startOf(flow string) error {
	a, p := r.applicants[r.choose(len(r.applicants), "applicant")], r.any()
	prefills := prefillsOf(flow)
	known := r.choose(len(prefills), "facts")
	r.tell("an applicant starts %s at %s with facts %d", flow, p.name, known)
	r.begin(&p.process, "start of "+flow, func(ctx context.Context) error {
		r.giving = prefills[known] // nobody else goes on before the id is made
		reg, err := p.engine.Start(ctx, a, flow, "", r.giving.facts)
		if err != nil || !reg.Moving() {
			return err
		}
		return p.engine.Advance(ctx, reg.ID)
	})
	return nil
}

// sweep has a process advance what is due.
func (r *run) sweep(ctx context.Context) error {
	due, err := r.store.Due(ctx, r.sandbox.Now(), 32)
	if err != nil || len(due) == 0 {
		return err
	}
	p := r.any()
	for _, id := range due {
		r.advance(p, id)
	}
	return nil
}

func (r *run) advance(p *replica, id onboarding.RegistrationID) {
	r.begin(&p.process, "sweep", func(ctx context.Context) error { return p.engine.Advance(ctx, id) })
}

// spans are how far the clock is set forward at once.
var spans = []time.Duration{200 * time.Millisecond, time.Second, 4 * time.Second, 20 * time.Second, 70 * time.Second, 11 * time.Minute, 91 * 24 * time.Hour}

func (r *run) letTimePass(context.Context) error { return r.pass(spans[r.choose(len(spans), "span")]) }

// pass sets the clock forward; late calls take effect at their own time.
func (r *run) pass(d time.Duration) error {
	r.tell("%s pass", d)
	end := r.sandbox.Now().Add(d)
	for {
		i, due := r.wire.nextDue()
		if i < 0 || due.After(end) {
			break
		}
		if _, err := r.sandbox.Advance(max(due.Sub(r.sandbox.Now()), 0)); err != nil {
			return err
		}
		r.wire.takeEffect(i)
		r.lookAtEffects()
	}
	_, err := r.sandbox.Advance(max(end.Sub(r.sandbox.Now()), 0))
	return err
}

// process has a process hand webhooks on.
func (r *run) process(context.Context) error {
	r.handOn(r.any())
	return nil
}

func (r *run) handOn(p *replica) {
	r.begin(&p.process, "inbox", func(ctx context.Context) error { _, err := p.inbox.ProcessDue(ctx); return err })
}

// deliver brings webhooks to a process.
func (r *run) deliver(context.Context) error {
	switch d, ok := r.office.collect(r.choose); {
	case d.lost:
		r.tell("a delivery gets lost")
	case ok:
		r.hand(r.any(), d)
	}
	return nil
}

// handedOn makes sure that the engine is told of a profile's webhooks in their order, however often.
func (r *run) handedOn(profile string, messages []inbox.Message) {
	for _, m := range messages {
		h := heard{profile, m.Seq}
		if last := r.last[profile]; m.Seq < last && !r.heard[h] {
			r.found = append(r.found, fmt.Sprintf("webhook %d of a profile was handed on after webhook %d", m.Seq, last))
		}
		r.heard[h], r.last[profile] = true, max(r.last[profile], m.Seq)
	}
}

// heard is a webhook of a profile, by its number.
type heard struct {
	profile string
	seq     int64
}

// hand has a process receive a delivery. A forged one must be refused, every other one may be received.
func (r *run) hand(p *replica, d delivery) {
	r.tell("a delivery (%s) for %s", d.name, p.name)
	r.begin(&p.process, "delivery", func(ctx context.Context) error {
		err := p.inbox.Receive(ctx, r.office.sender.provider(), d.proof, d.body, false)
		switch {
		case err == nil && d.forged:
			r.found = append(r.found, "a forged webhook was acknowledged")
		case err == nil:
			r.office.accept(d)
		case d.forged != errors.Is(err, inbox.ErrForged):
			r.found = append(r.found, "a delivery was taken for what it is not: "+err.Error())
		}
		return err
	})
}

// finishForm has an open form completed by its applicant, who then mostly comes back, or has it expire.
func (r *run) finishForm(ctx context.Context) error {
	var open []provider.RequestOverview
	for _, q := range r.sandbox.PassFort().Requests(100) {
		if q.State == provider.Sent {
			open = append(open, q)
		}
	}
	if len(open) == 0 {
		return nil
	}
	q := open[r.choose(len(open), "form")]
	if r.choose(3, "end of the form") == 2 {
		r.tell("request %s expires", q.ID)
		return r.sandbox.SetRequestState(q.ID, provider.Expired)
	}
	r.tell("request %s is completed", q.ID)
	if err := r.sandbox.SetRequestState(q.ID, provider.Completed); err != nil {
		return err
	}
	if r.choose(3, "coming back") == 2 {
		return nil
	}
	reg, err := r.store.OfProfile(ctx, onboarding.ProfileID(q.ProfileID))
	if err != nil || reg.Request == nil || string(reg.Request.ID) != q.ID || reg.Status != onboarding.Open {
		return nil // the applicant was shown no such form
	}
	p := r.any()
	r.begin(&p.process, "coming back", func(ctx context.Context) error { _, err := p.engine.Confirm(ctx, reg, true); return err })
	return nil
}

// event has something happen to a profile at the provider, of which a webhook tells.
func (r *run) event(context.Context) error {
	all := r.sandbox.Effects()
	if len(all) > 0 {
		r.happens(all[r.choose(len(all), "profile")])
	}
	return nil
}

// happens has a webhook tell of the profile that the effect made, if it made one.
func (r *run) happens(e effects.Effect) {
	if e.Kind == effects.ProfileCreate {
		r.tell("something happens to profile %s", e.ID)
		r.sandbox.Webhooks().Enqueue("TASK_CREATED", map[string]any{"profile_id": e.ID, "customer_ref": e.CustomerRef})
	}
}

func (r *run) readSilent(context.Context) error {
	r.lookAround(r.any())
	return nil
}

func (r *run) lookAround(p *replica) { r.begin(&p.process, "reading silent ones", p.engine.ReadSilent) }

// restart kills a process and starts another in its place.
func (r *run) restart(i int) {
	r.kill(&r.processes[i].process)
	r.processes[i] = r.newReplica()
}
