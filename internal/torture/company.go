package torture

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"portal/internal/onboarding"
)

// companyFlow is the flow that asks for the people and companies behind a company.
const companyFlow = "company"

// mostEntered bounds how many associates there are in a run.
const mostEntered = 10

// companyMoves are what happens in a run that is about who is behind a company: what its applicants may do, each in any of
// their tabs, what their back end and a stranger do meanwhile, and now and then the rest.
func (r *run) companyMoves() []move {
	moves := []move{
		{"entering", 5, r.enter},
		{"changing", 2, r.change},
		{"withdrawing", 1, r.withdraw},
		{"submitting", 3, r.submit},
		{"back end", 2, r.enterByAPI},
		{"stranger", 3, r.intrude},
		{"linking", 5, r.sweepStructures},
		{"processing", 1, r.process},
		{"delivering", 2, r.deliver},
		{"starting", 1, r.start},
		{"sweeping", 1, r.sweep},
	}
	if r.explicit {
		moves = append(moves, move{"staff", 2, r.apply})
	}
	return moves
}

// foundCompany lets a run that is about who is behind a company begin with one that is registered, and some drafts.
func (r *run) foundCompany(ctx context.Context) error {
	if !r.founded {
		return nil
	}
	r.wire.calm = true
	defer func() { r.wire.calm = false }()
	if err := r.startOf(companyFlow); err != nil {
		return err
	}
	r.finish()
	for range r.choose(4, "drafts") {
		if err := r.enter(ctx); err != nil {
			return err
		}
		r.finish()
	}
	return nil
}

// company is one of the registrations of companies; ok is false where there is none.
func (r *run) company(ctx context.Context) (reg onboarding.Registration, ok bool, err error) {
	ids, err := rowsOf[struct{ ID uuid.UUID }](ctx, r.bench.Pool, `select id from registrations where flow = 'company' order by id`)
	if err != nil || len(ids) == 0 {
		return reg, false, err
	}
	reg, err = r.store.Registration(ctx, onboarding.RegistrationID(ids[r.choose(len(ids), "which company")].ID))
	return reg, true, err
}

// tab has something done about a company in a tab of its own: nothing is known in it of what others do.
func (r *run) tab(ctx context.Context, what string, open func(p *replica, reg onboarding.Registration) func(ctx context.Context) error) error {
	reg, ok, err := r.company(ctx)
	if err != nil || !ok {
		return err
	}
	p := r.any()
	if do := open(p, reg); do != nil {
		r.begin(&p.process, what, do)
	}
	return nil
}

// enter has an associate entered: mostly a new one, sometimes under the id of a form that was sent before.
func (r *run) enter(ctx context.Context) error {
	return r.tab(ctx, "entering an associate", func(p *replica, reg onboarding.Registration) func(context.Context) error {
		n, ok := r.newAssociate(reg.ID)
		if known := r.anybody(reg.ID); known != nil && r.choose(4, "which form") == 3 {
			n.ID, ok = known.ID, true
		}
		if !ok {
			return nil
		}
		answer := r.choose(3, "answer")
		return func(ctx context.Context) error { return r.add(ctx, p, reg, n, answer) }
	})
}

// enterByAPI has the company's back end enter an associate, who is submitted at once; what was not answered is repeated.
func (r *run) enterByAPI(ctx context.Context) error {
	return r.tab(ctx, "entering an associate through the API", func(p *replica, reg onboarding.Registration) func(context.Context) error {
		n, ok := r.newAssociate(reg.ID)
		if !ok {
			return nil
		}
		n.Source, n.Submit = onboarding.SourceAPI, true
		answer := r.choose(3, "answer")
		return func(ctx context.Context) error {
			err := r.add(ctx, p, reg, n, answer)
			if onboarding.KindOf(err) == onboarding.Busy {
				err = r.add(ctx, p, reg, n, answer)
			}
			if err != nil {
				return err
			}
			return p.linker.Advance(ctx, reg.ID)
		}
	})
}

// anybody is one of those that were ever entered behind the company, whatever has become of them; nil where there is none.
func (r *run) anybody(reg onboarding.RegistrationID) *entered {
	list := r.associates.of(reg)
	for _, id := range r.associates.gone {
		list = append(list, &entered{NewAssociate: onboarding.NewAssociate{ID: id}})
	}
	if len(list) == 0 {
		return nil
	}
	return list[r.choose(len(list), "associate")]
}

// add enters an associate. Who is asked whether it is somebody who is there already says so, says no, or gives up.
func (r *run) add(ctx context.Context, p *replica, reg onboarding.Registration, n onboarding.NewAssociate, answer int) error {
	enter := func() error {
		_, _, err := p.associates.Add(doing(ctx, func() { r.associates.added(reg.ID, n) }), reg, n)
		return err
	}
	err := enter()
	alike, asked := errors.AsType[*onboarding.Resemblance](err)
	switch {
	case !asked || answer == 0:
		return err
	case answer == 1 && len(alike.Same) > 0:
		n.SameAs = alike.Same[0]
	default:
		n.Distinct = true
	}
	return enter()
}

func (r *run) change(ctx context.Context) error {
	return r.tab(ctx, "changing an associate", func(p *replica, reg onboarding.Registration) func(context.Context) error {
		known := r.anybody(reg.ID)
		if known == nil {
			return nil
		}
		r.begun++
		n := onboarding.NewAssociate{ID: known.ID, Details: r.somebody(r.mark()), Distinct: r.choose(2, "distinct") == 1}
		return func(ctx context.Context) error {
			_, err := p.associates.Change(doing(ctx, func() { r.associates.changed(n) }), reg, n)
			return err
		}
	})
}

func (r *run) withdraw(ctx context.Context) error {
	return r.tab(ctx, "withdrawing an associate", func(p *replica, reg onboarding.Registration) func(context.Context) error {
		known := r.anybody(reg.ID)
		if known == nil {
			return nil
		}
		return func(ctx context.Context) error {
			return p.associates.Withdraw(doing(ctx, func() { r.associates.withdrawn(known.ID) }), reg, known.ID)
		}
	})
}

// submit passes the drafts on; the linker is woken as by the page.
func (r *run) submit(ctx context.Context) error {
	return r.tab(ctx, "submitting the associates", func(p *replica, reg onboarding.Registration) func(context.Context) error {
		confirmed := r.choose(2, "confirmed") == 1
		return func(ctx context.Context) error {
			if err := p.associates.Submit(doing(ctx, func() { r.associates.passedOn(reg.ID) }), reg, confirmed); err != nil {
				return err
			}
			return p.linker.Advance(ctx, reg.ID)
		}
	})
}

// sweepStructures has a process link what is due.
func (r *run) sweepStructures(ctx context.Context) error {
	due, err := r.store.DueStructures(ctx, r.sandbox.Now(), 32)
	if err != nil || len(due) == 0 {
		return err
	}
	p := r.any()
	for _, id := range due {
		r.advanceStructure(p, id)
	}
	return nil
}

func (r *run) advanceStructure(p *replica, id onboarding.RegistrationID) {
	r.begin(&p.process, "linking", func(ctx context.Context) error { return p.linker.Advance(ctx, id) })
}
