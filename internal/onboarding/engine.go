package onboarding

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Registrations keeps registrations. Every method may fail with Busy when the store cannot be reached.
type Registrations interface {
	// Begin stores r unless its applicant has one of the same flow and case already, and returns what is stored,
	// touched at r.TouchedAt.
	Begin(ctx context.Context, r Registration) (Registration, error)
	// Claim reserves a registration that is due for the caller until the given time and returns it; Conflict while
	// it is not due or somebody else holds it. A claim is a new version, so a former holder can no longer save.
	Claim(ctx context.Context, id RegistrationID, now, until time.Time) (Registration, error)
	// Extend prolongs the claim that came with r's version; Conflict when it has been lost.
	Extend(ctx context.Context, r Registration, until time.Time) error
	// Save stores r as a new version and returns it; Conflict unless r's version is the stored one. The claim goes on
	// until the given time; the zero time gives it up.
	Save(ctx context.Context, r Registration, until time.Time) (Registration, error)
	// Due lists registrations that nobody holds and that want to go on at or before now, the longest waiting first.
	Due(ctx context.Context, now time.Time, limit int) ([]RegistrationID, error)
	// Registration returns one registration.
	Registration(ctx context.Context, id RegistrationID) (Registration, error)
	// Request returns a customer request that was stored for the registration, whether it is shown or not; NotFound
	// where there is none.
	Request(ctx context.Context, r RegistrationID, q RequestID) (CustomerRequest, error)
}

// StubProfile is the empty profile that a registration starts with: the forms fill it.
type StubProfile struct {
	CustomerRef string
	Role        Role
	Product     string // alias of a product to apply for at once; empty for the provider's own configuration
}

// Forms names what a customer request shows.
type Forms struct {
	FlowTemplate string
	Theme        string
}

// Provider is what a registration needs of the company's verification provider. Errors carry a [Kind]; of the
// creating calls, only Unanswered leaves open whether they took effect.
type Provider interface {
	CreateProfile(ctx context.Context, p StubProfile) (ProfileID, error)
	// FindProfile looks for a profile of exactly that customer reference, created at or after since; NotFound where
	// the look-up was complete and there is none.
	FindProfile(ctx context.Context, p StubProfile, since time.Time) (ProfileID, error)
	CreateRequest(ctx context.Context, id ProfileID, f Forms) (CustomerRequest, error)
	// LatestRequest reads the profile's most recent customer request; NotFound where it never had one.
	LatestRequest(ctx context.Context, id ProfileID) (Sighting, error)
}

// Engine carries out the use cases of registrations. All fields are required unless they say otherwise.
type Engine struct {
	Flows         map[string]Flow
	Registrations Registrations
	Provider      Provider
	RefPrefix     string // put before the registration's id in the provider's customer_ref; may be empty
	Settle        time.Duration
	Now           func() time.Time
	NewID         func() RegistrationID
	Jitter        func() float64 // in [0, 1)
	Log           *slog.Logger
}

// Claims are short and prolonged while a step is under way, so that the work of a process that died is soon free.
const (
	claimFor    = 4 * time.Second
	extendEvery = time.Second
	saveFor     = 10 * time.Second // how long an answer of the provider is kept trying to be stored
	strangeFor  = time.Minute      // how long a registration of a flow that is not configured is left alone
)

// Start returns the applicant's registration in a flow and case, storing the intent first where there is none yet.
// An expired registration is made ready for a fresh customer request. Whoever starts twice gets the same one.
func (e *Engine) Start(ctx context.Context, a ApplicantID, flow, caseName string) (Registration, error) {
	f, err := e.flow(flow)
	if err != nil {
		return Registration{}, err
	}
	if err := f.checkCase(caseName); err != nil {
		return Registration{}, err
	}
	now := e.Now()
	r, err := e.Registrations.Begin(ctx, Registration{
		ID: e.NewID(), Applicant: a, Flow: flow, Case: caseName, Status: Starting,
		DueAt: now, CreatedAt: now, TouchedAt: now,
	})
	if err != nil {
		return Registration{}, fmt.Errorf("beginning a registration: %w", err)
	}
	if r.Status == Expired {
		return e.renew(ctx, r)
	}
	return r, nil
}

func (e *Engine) flow(name string) (Flow, error) {
	f, ok := e.Flows[name]
	if !ok {
		return Flow{}, &Error{Kind: NotFound, Key: "error.unknown_flow", Err: fmt.Errorf("no flow %q", name)}
	}
	return f, nil
}

// renew asks for a fresh request. When another tab was quicker, its result serves as well.
func (e *Engine) renew(ctx context.Context, r Registration) (Registration, error) {
	fresh, err := e.Registrations.Save(ctx, r.renewed(e.Now()), time.Time{})
	if KindOf(err) == Conflict {
		return e.Registrations.Registration(ctx, r.ID)
	}
	if err != nil {
		return Registration{}, fmt.Errorf("renewing registration %s: %w", r.ID, err)
	}
	return fresh, nil
}

// Advance takes the registration as many steps forward as can be taken now. It does nothing while somebody else is
// at it. Cancelling ctx ends a call under way and leaves the registration unclear, never lost.
func (e *Engine) Advance(ctx context.Context, id RegistrationID) error {
	now := e.Now()
	r, err := e.Registrations.Claim(ctx, id, now, now.Add(claimFor))
	if KindOf(err) == Conflict {
		return nil
	}
	if err != nil {
		return fmt.Errorf("claiming registration %s: %w", id, err)
	}
	f, err := e.flow(r.Flow)
	if err != nil { // another replica's settings may know it, or ours may again soon
		e.Log.WarnContext(ctx, "registration of an unknown flow", slog.String("registration_id", id.String()), slog.String("flow", r.Flow))
		r.DueAt = now.Add(strangeFor)
		return e.store(ctx, r)
	}
	if r.Status == Starting && r.Ask != "" {
		r = r.unanswered("the process that asked ended before the answer", now)
	}
	for r.Moving() && !e.Now().Before(r.DueAt) {
		if r, err = e.step(ctx, f, r); err != nil {
			return fmt.Errorf("advancing registration %s: %w", id, err)
		}
	}
	if r.Status == NeedsAttention {
		e.Log.ErrorContext(ctx, "registration needs attention", slog.String("registration_id", id.String()), slog.String("cause", r.Cause))
	}
	return e.store(ctx, r)
}

// step makes one call for the registration, at the edge of what is known about it.
func (e *Engine) step(ctx context.Context, f Flow, r Registration) (Registration, error) {
	switch {
	case r.Status == Starting && r.Profile == "":
		return e.create(ctx, r, AskProfile, func(ctx context.Context, r Registration) (Registration, error) {
			id, err := e.Provider.CreateProfile(ctx, e.stub(f, r))
			return r.withProfile(id, e.Now()), err
		})
	case r.Status == Starting:
		return e.create(ctx, r, AskRequest, func(ctx context.Context, r Registration) (Registration, error) {
			q, err := e.Provider.CreateRequest(ctx, r.Profile, Forms{FlowTemplate: f.FlowTemplate, Theme: f.Theme})
			q.CreatedAt = e.Now()
			return r.withRequest(q), err
		})
	case r.Ask == AskProfile:
		return e.held(ctx, r, func(ctx context.Context) Registration { return e.findProfile(ctx, f, r) })
	default:
		return e.held(ctx, r, func(ctx context.Context) Registration { return e.findRequest(ctx, r) })
	}
}

func (e *Engine) stub(f Flow, r Registration) StubProfile {
	p := StubProfile{CustomerRef: r.CustomerRef(e.RefPrefix), Role: f.Role}
	if f.ProductAtStub {
		p.Product = f.Product
	}
	return p
}

// create stores that the provider is about to be asked, asks, and returns what the registration becomes by the
// answer. The answer is stored before the next step is thought of.
func (e *Engine) create(ctx context.Context, r Registration, a Ask, call func(context.Context, Registration) (Registration, error)) (Registration, error) {
	asked, err := e.Registrations.Save(ctx, r.asking(a), e.Now().Add(claimFor))
	if err != nil {
		return r, fmt.Errorf("storing what will be asked: %w", err)
	}
	return e.held(ctx, asked, func(ctx context.Context) Registration {
		answered, err := call(ctx, asked)
		if err != nil {
			return e.notCreated(ctx, asked, err)
		}
		return answered
	})
}

// notCreated is what a registration becomes when its creating call failed. A refusal as a conflict means that the
// profile has an active request that we do not know, which is found out like the fate of an unanswered call.
func (e *Engine) notCreated(ctx context.Context, r Registration, err error) Registration {
	e.Log.WarnContext(ctx, "provider did not create", slog.String("registration_id", r.ID.String()),
		slog.String("asked", string(r.Ask)), slog.Int("tries", r.Tries+1), slog.Any("error", err))
	switch KindOf(err) {
	case NotFound, Invalid, Denied, Busy:
		return r.postponed(err.Error(), e.dueAfter(r.Tries, err))
	default:
		return r.unanswered(err.Error(), e.Now())
	}
}

// findProfile decides what became of an unanswered profile creation.
func (e *Engine) findProfile(ctx context.Context, f Flow, r Registration) Registration {
	settled := r.settled(e.Now(), e.Settle) // asked before the look-up, which must see everything that took effect
	id, err := e.Provider.FindProfile(ctx, e.stub(f, r), r.CreatedAt)
	switch {
	case err == nil:
		return r.withProfile(id, e.Now())
	case KindOf(err) != NotFound:
		return e.lookLater(ctx, r, err)
	case !settled:
		return r.unsettled(e.Settle)
	case f.HoldUnclear:
		return r.undecidable("a profile may have been created; the flow waits for a person to say")
	default:
		return r.again(e.dueAfter(r.Tries-1, nil))
	}
}

// findRequest decides what became of an unanswered or refused creation of a customer request. Asking once more is
// safe, since only one request can be active on a profile.
func (e *Engine) findRequest(ctx context.Context, r Registration) Registration {
	settled := r.settled(e.Now(), e.Settle)
	s, err := e.Provider.LatestRequest(ctx, r.Profile)
	active := err == nil && !s.Completed
	if active && s.Key == "" { // its answer may have come after the claim was lost
		if kept, err := e.Registrations.Request(ctx, r.ID, s.ID); err == nil {
			return r.withRequest(kept)
		}
	}
	switch {
	case err != nil && KindOf(err) != NotFound:
		return e.lookLater(ctx, r, err)
	case active && s.Key != "":
		return r.withRequest(CustomerRequest{ID: s.ID, Key: s.Key, CreatedAt: r.UnclearSince})
	case active && r.Reasked:
		return r.undecidable("the provider has an active customer request and does not tell its key")
	case !active && !settled:
		return r.unsettled(e.Settle)
	default:
		return r.again(e.dueAfter(r.Tries-1, nil))
	}
}

// lookLater is the registration whose look-up failed: only a certain answer counts.
func (e *Engine) lookLater(ctx context.Context, r Registration, err error) Registration {
	e.Log.WarnContext(ctx, "provider could not be read", slog.String("registration_id", r.ID.String()), slog.Any("error", err))
	return r.postponed(err.Error(), e.dueAfter(r.Tries, err))
}

// dueAfter is when to go on after so many tries that came to nothing: the wait doubles from a second to a minute, has
// jitter so that many do not return at once, and is never less than the provider asks for.
func (e *Engine) dueAfter(tries int, err error) time.Time {
	wait := min(time.Second<<min(tries, 6), time.Minute)
	wait = wait/2 + time.Duration(e.Jitter()*float64(wait/2))
	if asked, ok := errors.AsType[*Error](err); ok {
		wait = max(wait, asked.RetryAfter)
	}
	return e.Now().Add(wait)
}

// held runs a call while prolonging the claim, then stores what the registration has become. The store goes on when
// ctx ends: an answer of the provider must not be lost.
func (e *Engine) held(ctx context.Context, r Registration, call func(context.Context) Registration) (Registration, error) {
	stop := e.keepClaim(ctx, r)
	next := call(ctx)
	stop()
	return e.save(ctx, next, e.Now().Add(claimFor))
}

// store saves the registration for the last time and gives the claim up.
func (e *Engine) store(ctx context.Context, r Registration) error {
	_, err := e.save(ctx, r, time.Time{})
	return err
}

// save stores the registration, trying again while the store is away.
func (e *Engine) save(ctx context.Context, r Registration, until time.Time) (Registration, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveFor)
	defer cancel()
	for wait := 50 * time.Millisecond; ; wait *= 2 {
		saved, err := e.Registrations.Save(ctx, r, until)
		if KindOf(err) != Busy {
			return saved, err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return r, fmt.Errorf("storing registration %s in vain: %w", r.ID, err)
		}
	}
}

// keepClaim prolongs the claim on r until the returned function is called.
func (e *Engine) keepClaim(ctx context.Context, r Registration) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(extendEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if err := e.Registrations.Extend(ctx, r, e.Now().Add(claimFor)); err != nil && ctx.Err() == nil {
					e.Log.WarnContext(ctx, "claim not prolonged", slog.String("registration_id", r.ID.String()), slog.Any("error", err))
				}
			}
		}
	}()
	return func() { cancel(); <-done }
}

// Confirm reads from the provider how the open registration's customer request stands, and returns what that makes of
// the registration. backFromForm says that the applicant has just arrived from the form, which sends them on when
// they have finished. When the provider cannot be read the registration comes back as it was, with the error.
func (e *Engine) Confirm(ctx context.Context, r Registration, backFromForm bool) (Registration, error) {
	s, err := e.Provider.LatestRequest(ctx, r.Profile)
	if err != nil {
		return r, fmt.Errorf("reading the customer request of registration %s: %w", r.ID, err)
	}
	judged := r.judged(s, backFromForm, e.Now())
	if judged.Status == r.Status {
		return r, nil
	}
	saved, err := e.Registrations.Save(ctx, judged, time.Time{})
	if KindOf(err) == Conflict { // somebody else was told as well
		return e.Registrations.Registration(ctx, r.ID)
	}
	if err != nil {
		return r, fmt.Errorf("storing registration %s: %w", r.ID, err)
	}
	return saved, nil
}
