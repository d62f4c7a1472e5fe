package torture

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"portal/internal/onboarding"
)

// newAssociate makes somebody up, behind the company or behind a company behind it, or tells more of somebody who is there.
func (r *run) newAssociate(reg onboarding.RegistrationID) (n onboarding.NewAssociate, ok bool) {
	if len(r.associates.entries)+len(r.associates.gone) >= mostEntered {
		return n, false
	}
	n.ID, n.Source = r.newAssociateID(), onboarding.SourceApplicant
	n.Details = r.somebody(r.mark())
	switch known := r.anybody(reg); {
	case known == nil || known.company != reg: // or withdrawn
	case r.choose(3, "known already") == 2:
		n.Parent, n.SameAs, n.Details = known.Parent, known.ID, r.more(known)
	case known.Details.EntityType == onboarding.Company:
		n.Parent = known.ID
	}
	return n, true
}

func (r *run) newAssociateID() onboarding.AssociateID {
	r.begun++
	return onboarding.AssociateID(uuid.MustParse(fmt.Sprintf("00000000-0000-7000-9000-%012d", r.begun)))
}

// mark tells what is entered next from all else.
func (r *run) mark() string { return fmt.Sprintf("mark%04d", r.begun) }

// tellMore has the back end tell more of some who are there, when everybody has come to rest.
func (r *run) tellMore(ctx context.Context) error {
	if !r.founded {
		return nil
	}
	for range r.choose(3, "told at last") {
		err := r.tab(ctx, "telling more of an associate", func(p *replica, reg onboarding.Registration) func(context.Context) error {
			known := r.anybody(reg.ID)
			if known == nil || known.company != reg.ID {
				return nil
			}
			n := onboarding.NewAssociate{
				ID: r.newAssociateID(), Source: onboarding.SourceAPI, Parent: known.Parent, SameAs: known.ID, Submit: true, Details: r.more(known),
			}
			return func(ctx context.Context) error { return r.add(ctx, p, reg, n, 0) }
		})
		if err != nil {
			return err
		}
		r.finish()
	}
	return nil
}
