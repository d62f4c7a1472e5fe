package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"portal/internal/onboarding"
	"portal/internal/postgres"
)

// resolve carries the decision out, unless there is nothing that it could be about.
func resolve(ctx context.Context, store *postgres.Store, engine *onboarding.Engine, id onboarding.RegistrationID, d onboarding.Decision) (r onboarding.Registration, retried int, err error) {
	dossier, err := store.Dossier(ctx, id)
	if err != nil {
		return r, 0, err
	}
	if err := fits(dossier, d, engine.Now()); err != nil {
		return r, 0, err
	}
	resolver := &onboarding.Resolver{Engine: engine, Structures: store}
	r, retried, err = resolver.Resolve(ctx, id, d)
	switch onboarding.KindOf(err) {
	case onboarding.Conflict:
		err = errors.New("it has just been changed by somebody else: look at it again")
	case onboarding.NotFound:
		err = fmt.Errorf("the provider has no profile %s", d.Profile)
	}
	return r, retried, err
}

// fits refuses a decision about what is not there, or what a process is working on, before it is put on record.
func fits(dossier postgres.Dossier, d onboarding.Decision, now time.Time) error {
	behind := dossier.Structure
	about := false
	switch d.Deed {
	case onboarding.Acknowledge:
		about = untold(behind) != ""
		if len(flags(dossier.Registration, orphans(dossier), untold(behind))) == 0 {
			return errors.New("it has no flag that is not acknowledged yet")
		}
	case onboarding.RetryAssociates:
		about = true
		if retryable(behind) == 0 {
			return errors.New("none of its associates is refused, undecided or removed")
		}
	}
	if about && behind.Claimed.After(now) {
		return errors.New("a process is working on its associates: try again in a moment")
	}
	return nil
}

// upInASecond says when what is due again goes on.
const upInASecond = "A running portal or worker takes it up within a second."

func printResolved(to io.Writer, r onboarding.Registration, d onboarding.Decision) error {
	next := "Nothing else happens."
	if r.Moving() {
		next = upInASecond
	} else if r.Status == onboarding.NeedsAttention {
		next = fmt.Sprintf("It still waits for a person: see `portal registrations show %s`.", r.ID)
	}
	became := "is now " + string(r.Status)
	if d.Deed == onboarding.Acknowledge {
		became = "is acknowledged; it is " + string(r.Status)
	}
	_, err := fmt.Fprintf(to, "Registration %s %s. %s\n", r.ID, became, next)
	return err
}

func printRetried(to io.Writer, r onboarding.Registration, retried int) error {
	_, err := fmt.Fprintf(to, "Registration %s: associates tried again: %d. %s\n", r.ID, retried, upInASecond)
	return err
}
