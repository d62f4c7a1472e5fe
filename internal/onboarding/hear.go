package onboarding

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Notice is what a provider's webhooks say of one profile, oldest first. It is a hint: the truth is read.
type Notice struct {
	Profile     ProfileID
	CustomerRef string // the reference the profile is said to carry
	Words       []Word
	Since       time.Time // when the oldest of them came
}

// silentBatch bounds how many registrations one pass of [Engine.ReadSilent] reads: with a pass a minute, under two a
// second.
const silentBatch = 100

// pastAfter is how long it is tried to read a profile that the provider does not know.
const pastAfter = time.Hour

// formWithin is how long a word waits for the request it is about to be stored.
const formWithin = 24 * time.Hour

// lookTries is how often a read is judged anew because the registration moved meanwhile.
const lookTries = 3

// Confirm reads from the provider how the registration's customer request stands, and returns what that makes of the
// registration. backFromForm says that the applicant has just arrived from the form, which sends them on when they have
// finished. When the provider cannot be read the registration comes back as it was, with the error.
func (e *Engine) Confirm(ctx context.Context, r Registration, backFromForm bool) (Registration, error) {
	if r.Provider == Sumsub {
		return e.lookVerified(ctx, r, ActorPortal, nil)
	}
	actor := ActorPortal
	if backFromForm {
		actor = ActorApplicant
	}
	return e.look(ctx, r, actor, backFromForm, nil)
}

// Hear takes a notice to heart. Hearing it twice changes nothing more; an error means that it must be heard again.
func (e *Engine) Hear(ctx context.Context, n Notice) error {
	r, err := e.Profiles.OfProfile(ctx, n.Profile)
	switch {
	case KindOf(err) == NotFound:
		return e.hearStray(ctx, n)
	case err != nil:
		return fmt.Errorf("whose profile it is: %w", err)
	case r.Provider == Sumsub:
		return e.hearVerified(ctx, r, n)
	case !r.hasForm() && n.tellsAnEnd() && e.Now().Sub(n.Since) < formWithin: // of a request that is not stored yet
		return &Error{Kind: Busy, Err: fmt.Errorf("registration %s has not come to its form yet", r.ID)}
	case !r.hasForm() || r.Status == Completed:
		return nil
	}
	_, err = e.look(ctx, r, ActorProvider, false, n.Words)
	return e.unlessPast(ctx, r, n, err)
}

// unlessPast is the error of reading what a notice is about. A profile that the provider does not know for long is gone,
// and what was heard of it is the past; a single answer of that kind may be anybody's on the way.
func (e *Engine) unlessPast(ctx context.Context, r Registration, n Notice, err error) error {
	if KindOf(err) != NotFound || e.Now().Sub(n.Since) < pastAfter {
		return err
	}
	e.Log.WarnContext(ctx, "provider does not know the profile of a notice", slog.String("registration_id", r.ID.String()))
	return nil
}

// tellsAnEnd says whether the notice says how a request ended.
func (n Notice) tellsAnEnd() bool {
	return slices.ContainsFunc(n.Words, func(w Word) bool { return w.Outcome != "" })
}

// hearStray deals with a profile that no registration has. One that carries the reference of a registration is what
// became of a call without an answer: its own, if it has none yet, and otherwise an orphan.
func (e *Engine) hearStray(ctx context.Context, n Notice) error {
	named, ok := referredTo(e.RefPrefix, n.CustomerRef)
	if !ok {
		return nil // somebody else's
	}
	id := RegistrationID(named)
	r, err := e.Registrations.Registration(ctx, id)
	if KindOf(err) == NotFound {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading registration %s: %w", id, err)
	}
	ours, err := e.carriesRef(ctx, r, n.Profile)
	if err != nil {
		return e.unlessPast(ctx, r, n, err)
	}
	if !ours {
		e.Log.WarnContext(ctx, "webhook of a profile that is not the registration's", slog.String("registration_id", id.String()))
		return nil
	}
	return e.noteProfile(ctx, r, n.Profile)
}

// referredTo is the id that a customer reference of ours holds, of a registration or of an associate.
func referredTo(prefix, ref string) (uuid.UUID, bool) {
	text, ours := strings.CutPrefix(ref, prefix)
	id, err := uuid.Parse(text)
	return id, ours && err == nil && len(text) == len(uuid.Nil.String())
}

// noteProfile records a profile that carries the registration's reference. A registration that waits for a person to
// say what became of its profile has the answer.
func (e *Engine) noteProfile(ctx context.Context, r Registration, id ProfileID) error {
	orphaned, err := e.Profiles.NoteProfile(ctx, r.ID, id, "webhook", e.Now())
	if err != nil {
		return fmt.Errorf("recording a profile of registration %s: %w", r.ID, err)
	}
	if orphaned {
		e.Log.ErrorContext(ctx, "orphaned profile at the provider", slog.String("registration_id", r.ID.String()), slog.String("profile_id", string(id)))
	}
	return e.answered(ctx, r.ID, id)
}

// answered adopts a profile for a registration that waits for a person to say what became of it.
func (e *Engine) answered(ctx context.Context, id RegistrationID, p ProfileID) error {
	r, err := e.Registrations.Registration(ctx, id) // as it is now that the profile is known
	if err != nil || r.Status != NeedsAttention || r.Profile != "" {
		return err
	}
	taken, err := e.Profiles.Taken(ctx, id, []ProfileID{p})
	if err != nil || len(taken) > 0 {
		return err
	}
	now := e.Now()
	_, err = e.Registrations.Save(ctx, r.withProfile(p, now, "webhook; its customer reference is ours").by(ActorProvider, now), time.Time{})
	return err
}

// look reads the provider and stores what that makes of the registration. Where the registration moved meanwhile, both
// are read again: an older sighting says nothing about a newer request.
func (e *Engine) look(ctx context.Context, r Registration, actor string, back bool, words []Word) (Registration, error) {
	for try := 1; ; try++ {
		s, err := e.Provider.LatestRequest(ctx, r.Profile)
		if err != nil {
			return r, fmt.Errorf("reading the customer request of registration %s: %w", r.ID, err)
		}
		now := e.Now()
		judged := e.withOwnNewer(ctx, r, s, now).inTheLightOf(s, words, back, now)
		if len(judged.Trail.Add) == 0 && (r.Status != Open || now.Before(r.ReadAt)) {
			return r, nil
		}
		saved, err := e.Registrations.Save(ctx, judged.by(actor, now), time.Time{})
		switch {
		case err == nil:
			return saved, nil
		case KindOf(err) != Conflict || try == lookTries:
			return r, fmt.Errorf("storing registration %s: %w", r.ID, err)
		}
		if r, err = e.Registrations.Registration(ctx, r.ID); err != nil || !r.hasForm() {
			return r, err
		}
	}
}

// withOwnNewer is the registration showing the request that the provider shows, if that is one of its own whose answer
// came after the claim was lost.
func (e *Engine) withOwnNewer(ctx context.Context, r Registration, s Sighting, now time.Time) Registration {
	if r.Request == nil || s.ID == r.Request.ID || s.Completed || r.Status == Completed {
		return r
	}
	kept, err := e.Registrations.Request(ctx, r.ID, s.ID)
	if err != nil {
		return r
	}
	return r.withRequest(kept, now, "read of the provider: the newest request is ours")
}

// ReadSilent reads the provider for open registrations that nobody has spoken of for long, and so finds what no webhook
// and no applicant has told. It goes on where one cannot be read.
func (e *Engine) ReadSilent(ctx context.Context) error {
	ids, err := e.Registrations.Silent(ctx, e.Now(), silentBatch)
	if err != nil {
		return fmt.Errorf("listing silent registrations: %w", err)
	}
	for _, id := range ids {
		if err := e.readSilent(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

func (e *Engine) readSilent(ctx context.Context, id RegistrationID) error {
	r, err := e.Registrations.Registration(ctx, id)
	if err != nil {
		return fmt.Errorf("reading registration %s: %w", id, err)
	}
	if _, err = e.Confirm(ctx, r, false); err == nil || KindOf(err) == Conflict {
		return nil
	}
	e.Log.WarnContext(ctx, "silent registration not read", slog.String("registration_id", id.String()), slog.Any("error", err))
	r.ReadAt = e.Now().Add(failedRead)
	if _, err = e.Registrations.Save(ctx, r, time.Time{}); KindOf(err) == Conflict {
		return nil
	}
	return err
}
