package onboarding

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"
)

// stepVerified makes one call for a registration at a provider that checks documents. Its reference makes an applicant
// unique there, so creating one again is safe, and a look-up that finds nothing is certain once a call has settled.
func (e *Engine) stepVerified(ctx context.Context, f Flow, r Registration) (next Registration, held bool, err error) {
	switch {
	case r.Status == Starting && r.Profile == "":
		return e.create(ctx, r, AskProfile, func(ctx context.Context, r Registration) (Registration, error) {
			return e.createApplicant(ctx, r, e.newApplicant(f, r))
		})
	case r.Status == Starting:
		return e.hold(ctx, r, func(ctx context.Context) Registration { return e.readFirst(ctx, f, r) })
	case r.Status == Checking:
		return e.hold(ctx, r, func(ctx context.Context) Registration { return e.askCheck(ctx, f, r) })
	default:
		return e.hold(ctx, r, func(ctx context.Context) Registration { return e.findApplicant(ctx, r) })
	}
}

// createApplicant asks for the applicant. Facts must not keep anybody out: what is refused as wrong is asked for once more
// without them, as for a stub profile.
func (e *Engine) createApplicant(ctx context.Context, r Registration, a NewApplicant) (Registration, error) {
	id, err := e.Verifier.CreateApplicant(ctx, a)
	if KindOf(err) == Invalid && (!a.Facts.Empty() || a.Language != "") {
		a.Facts, a.Language = Facts{}, ""
		if id, err = e.Verifier.CreateApplicant(ctx, a); err == nil {
			r = e.withoutFacts(ctx, r, "the provider refused them")
		}
	}
	switch {
	case KindOf(err) == Conflict:
		return r.undecidable("the provider has an applicant of this reference and does not show it: it was deleted, or belongs to another app token: " + err.Error()), nil
	case err != nil:
		return r, err
	}
	return r.withProfile(id, e.Now(), "answer of the provider"), nil
}

func (e *Engine) newApplicant(f Flow, r Registration) NewApplicant {
	return NewApplicant{
		Reference: r.CustomerRef(e.RefPrefix), Level: f.Level, Company: f.Role == CompanyCustomer,
		Language: r.Facts.Language, Facts: r.Facts.For(f.Role),
	}
}

// findApplicant decides what became of a creation without an answer.
func (e *Engine) findApplicant(ctx context.Context, r Registration) Registration {
	settled := r.settled(e.Now(), e.CheckSettle) // asked before the look-up, which must see everything that took effect
	id, err := e.Verifier.FindApplicant(ctx, r.CustomerRef(e.RefPrefix))
	switch {
	case err == nil:
		return r.withProfile(id, e.Now(), "look-up of the reference")
	case KindOf(err) != NotFound:
		return e.lookLater(ctx, r, err)
	case !settled:
		return r.unsettled(e.CheckSettle)
	}
	again := r.again(e.dueAfter(r.Tries-1, nil), "look-up of the reference: none")
	again.StubMayExist, again.Acknowledged = r.StubMayExist, r.Acknowledged // it would have been found
	return again
}

// readFirst reads what the level asks for.
func (e *Engine) readFirst(ctx context.Context, f Flow, r Registration) Registration {
	v, err := e.Verifier.Verification(ctx, r.Profile)
	if err != nil {
		return e.lookLater(ctx, r, err)
	}
	if live := v.Live(); len(live) > 0 && f.Mode == ModeAPI {
		e.Log.WarnContext(ctx, "the level wants what only the provider's own forms can take: they are shown instead of the portal's pages",
			slog.String("flow", f.Name), slog.String("level", f.Level), slog.Any("steps", live))
	}
	now := e.Now()
	r = r.verified(v, f.ResultMails, now)
	if r.Status == Open || r.Status == Checking { // a notice may have come meanwhile
		r.ReadAt = now.Add(secondRead)
	}
	return r
}

// RequestCheck has the provider check what the applicant has given. It is promised once this returns without an error, and
// asked for by whoever advances the registration. Invalid means that something is missing.
func (e *Engine) RequestCheck(ctx context.Context, r Registration) (Registration, error) {
	for try := 1; ; try++ {
		if r.Status == Checking {
			return r, nil
		}
		if r.Status != Open || r.Verification == nil || !r.Verification.Complete() {
			return r, &Error{Kind: Invalid, Key: "error.documents_missing", Err: errors.New("not everything is there")}
		}
		now := e.Now()
		saved, err := e.Registrations.Save(ctx, r.checkWanted(now).by(ActorApplicant, now), time.Time{})
		if err == nil {
			return saved, nil
		}
		if KindOf(err) != Conflict || try == lookTries {
			return r, fmt.Errorf("storing that a check is wanted of registration %s: %w", r.ID, err)
		}
		if r, err = e.Registrations.Registration(ctx, r.ID); err != nil { // a webhook was quicker, or another tab
			return r, err
		}
	}
}

// refusedTries is how often a check is asked for that the provider refuses although everything is there. It may be behind.
const refusedTries = 4

// askCheck asks for the check, unless it has begun. The provider is read first: whether an earlier call took effect, or
// whether anything is missing, is seen there only.
func (e *Engine) askCheck(ctx context.Context, f Flow, r Registration) Registration {
	underWay, err := e.documents(ctx, r) // before the look, which shows what was sent by then
	if err != nil {
		return e.lookLater(ctx, r, err)
	}
	asked := e.Now()
	v, err := e.Verifier.Verification(ctx, r.Profile)
	if err != nil {
		return e.lookLater(ctx, r, err)
	}
	judged := r.verified(v, f.ResultMails, e.Now())
	if judged.Ask != AskCheck {
		return judged
	}
	if !judged.Verification.Complete() {
		return judged.checkRefused("read of the provider: something is missing", e.Now())
	}
	switch wait, err := e.arrivals(ctx, underWay, v, asked); {
	case err != nil:
		return e.lookLater(ctx, judged, err)
	case wait > 0:
		return judged.postponed("a file may still arrive", asked.Add(wait))
	}
	if err := e.tidy(ctx, judged, judged.Verification.sets()...); err != nil { // nobody is to check two pictures of the same
		if kind := KindOf(err); kind == Busy || kind == Unanswered {
			return e.lookLater(ctx, judged, err)
		}
		e.Log.ErrorContext(ctx, "replaced pictures are checked too: the provider does not let them be taken away",
			slog.String("registration_id", r.ID.String()), slog.Any("error", err))
	}
	err = e.Verifier.RequestCheck(ctx, r.Profile)
	switch {
	case err == nil, errors.Is(err, ErrAsked):
		return e.readBegun(ctx, f, judged)
	case r.Tries >= refusedTries && (errors.Is(err, ErrMissing) || errors.Is(err, ErrClosed)):
		judged.Ask = ""
		return judged.undecidable("the provider refuses the check, and nothing is missing to be seen: " + err.Error())
	case KindOf(err) == Unanswered: // it may still take effect, and must be seen then
		return judged.postponed(err.Error(), e.Now().Add(max(e.CheckSettle, backOff(r.Tries, e.Jitter(), err))))
	}
	return e.lookLater(ctx, judged, err)
}

// readBegun reads what has become of a check that was granted.
func (e *Engine) readBegun(ctx context.Context, f Flow, r Registration) Registration {
	v, err := e.Verifier.Verification(ctx, r.Profile)
	if err != nil {
		return e.lookLater(ctx, r, err)
	}
	read := r.verified(v, f.ResultMails, e.Now())
	if read.Ask == AskCheck { // the provider does not show it yet
		return read.postponed("granted and not begun", e.dueAfter(r.Tries, nil))
	}
	return read
}

// hearVerified reads what a notice is about. What is still being created is read again soon after, anyway.
func (e *Engine) hearVerified(ctx context.Context, r Registration, n Notice) error {
	if r.Moving() {
		return nil
	}
	_, err := e.lookVerified(ctx, r, ActorProvider, nil)
	return e.unlessPast(ctx, r, n, err)
}

// lookVerified reads the provider and stores what that makes of the registration, with what the caller knows besides. Where
// the registration moved meanwhile, both are read again, so that nothing older is ever stored over anything newer.
func (e *Engine) lookVerified(ctx context.Context, r Registration, actor string, know func(Verification) Verification) (Registration, error) {
	for try := 1; ; try++ {
		if r.Profile == "" || r.Moving() {
			return r, nil
		}
		files, unknown := e.documents(ctx, r)
		asked := e.Now()
		v, err := e.Verifier.Verification(ctx, r.Profile)
		if err != nil {
			return r, fmt.Errorf("reading the verification of registration %s: %w", r.ID, err)
		}
		if unknown == nil {
			_, unknown = e.arrivals(ctx, files, v, asked)
		}
		if unknown != nil {
			e.Log.WarnContext(ctx, "arrived documents not noted", slog.String("registration_id", r.ID.String()), slog.Any("error", unknown))
		}
		now := e.Now()
		judged := r.verified(v, e.Flows[r.Flow].ResultMails, now)
		if judged.Ask == AskCheck { // whoever asks for the check holds the claim, which a save would end, and reads it too
			return r, nil
		}
		if know != nil {
			known := know(*judged.Verification)
			judged.Verification = &known
		}
		if judged.asBefore(r) { // nobody who is at work is to find that it has moved
			return r, nil
		}
		saved, err := e.storeRead(ctx, judged.by(actor, now))
		switch {
		case err == nil:
			return e.told(ctx, saved), nil
		case KindOf(err) != Conflict || try == lookTries:
			return r, fmt.Errorf("storing registration %s: %w", r.ID, err)
		}
		if r, err = e.Registrations.Registration(ctx, r.ID); err != nil {
			return r, err
		}
	}
}

// told logs what operators must hear of.
func (e *Engine) told(ctx context.Context, r Registration) Registration {
	if r.Status == NeedsAttention {
		e.Log.ErrorContext(ctx, "registration needs attention", slog.String("registration_id", r.ID.String()), slog.String("cause", r.Cause))
	}
	return r
}

// tidy takes away what was replaced in steps, and returns the error of what could not be taken away.
func (e *Engine) tidy(ctx context.Context, r Registration, sets ...string) error {
	var failed []error
	for _, set := range sets {
		for _, image := range r.Verification.surplus(set) {
			if err := e.Verifier.RemoveImage(ctx, r.Verification.Inspection, image); err != nil && !errors.Is(err, ErrClosed) {
				failed = append(failed, err)
			}
		}
	}
	return errors.Join(failed...)
}

// Token opens the provider's own forms for the applicant of a registration.
func (e *Engine) Token(ctx context.Context, r Registration) (SDKToken, error) {
	f, err := e.flow(r.Flow)
	if err != nil {
		return "", err
	}
	if r.Provider != Sumsub || !slices.Contains([]Status{Open, Checking, Completed}, r.Status) {
		return "", &Error{Kind: Conflict, Err: fmt.Errorf("registration %s is %s", r.ID, r.Status)}
	}
	level := f.Level
	if r.Verification != nil { // it may have been moved to another
		level = cmp.Or(r.Verification.Level, level)
	}
	token, _, err := e.Verifier.AccessToken(ctx, r.CustomerRef(e.RefPrefix), level)
	return token, err
}
