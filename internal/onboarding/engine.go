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
	// Begin stores r with its facts unless its applicant has one of the same flow and case already, and returns what is
	// stored, touched at r.TouchedAt.
	Begin(ctx context.Context, r Registration) (Registration, error)
	// Claim reserves a registration that is due for the caller until the given time and returns it; Conflict while
	// it is not due or somebody else holds it. A claim is a new version, so a former holder can no longer save. It comes
	// with the facts as long as there is no profile; those that cannot be read any more are void.
	Claim(ctx context.Context, id RegistrationID, now, until time.Time) (Registration, error)
	// Extend prolongs the claim that came with r's version; Conflict when it has been lost.
	Extend(ctx context.Context, r Registration, until time.Time) error
	// Save stores r as a new version and returns it; Conflict unless r's version is the stored one. The claim goes on
	// until the given time; the zero time gives it up. The stored facts go once there is a profile, or they are void.
	Save(ctx context.Context, r Registration, until time.Time) (Registration, error)
	// Due lists registrations that nobody holds and that want to go on at or before now, the longest waiting first.
	Due(ctx context.Context, now time.Time, limit int) ([]RegistrationID, error)
	// Silent lists registrations whose provider is to be read again at or before now, the longest waiting first.
	Silent(ctx context.Context, now time.Time, limit int) ([]RegistrationID, error)
	// Registration returns one registration.
	Registration(ctx context.Context, id RegistrationID) (Registration, error)
	// Request returns a customer request that was stored for the registration, whether it is shown or not; NotFound
	// where there is none.
	Request(ctx context.Context, r RegistrationID, q RequestID) (CustomerRequest, error)
}

// KnownProfile is a profile at the provider that carries a registration's reference.
type KnownProfile struct {
	ID           ProfileID
	Source       string // who told: "portal" or "webhook"
	SeenAt       time.Time
	Orphaned     bool // the registration has another
	Acknowledged bool // and a person has seen that
	GivenUp      bool // a person has had another created in its place
}

// Profiles keeps what is known of the profiles that carry our references.
type Profiles interface {
	// OfProfile returns the registration that has the profile; NotFound where none has.
	OfProfile(ctx context.Context, id ProfileID) (Registration, error)
	// KnownProfiles lists the registration's profiles, the first seen first.
	KnownProfiles(ctx context.Context, r RegistrationID) ([]KnownProfile, error)
	// NoteProfile records a profile that carries the registration's reference, and makes a registration that looks
	// for one due. It says whether that made the profile known as an orphan.
	NoteProfile(ctx context.Context, r RegistrationID, id ProfileID, source string, now time.Time) (orphaned bool, err error)
	// Taken returns those of the given profiles that are not to become the registration's: others have them, or it has
	// given them up.
	Taken(ctx context.Context, r RegistrationID, ids []ProfileID) ([]ProfileID, error)
	// GiveUp records that the registration's profile is given up.
	GiveUp(ctx context.Context, r RegistrationID, id ProfileID, now time.Time) error
	// Acknowledge marks the registration's orphans as seen by a person.
	Acknowledge(ctx context.Context, r RegistrationID, now time.Time) error
}

// Turns lets all replicas together ask the provider for profiles no faster than it allows, first come first served.
type Turns interface {
	// Take gives the registration its turn, or says how long it will probably have to wait for it.
	Take(ctx context.Context, r Registration, now time.Time) (wait time.Duration, err error)
	// GiveBack returns a turn with which nothing was asked.
	GiveBack(ctx context.Context) error
}

// StubProfile is the nearly empty profile that a registration starts with: the forms fill it.
type StubProfile struct {
	CustomerRef string
	Role        Role
	Product     string // alias of a product to apply for at once; empty for the provider's own configuration
	Facts       Facts  // what the forms need not ask for; those without a place in the role are left out
}

// Forms names what a customer request shows.
type Forms struct {
	FlowTemplate string
	Theme        string
}

// Taken returns those of the given profiles that are known to be somebody else's.
type Taken func(ctx context.Context, ids []ProfileID) ([]ProfileID, error)

// Provider is what a registration needs of the company's verification provider. Errors carry a [Kind]; of the
// creating calls, only Unanswered leaves open whether they took effect.
type Provider interface {
	CreateProfile(ctx context.Context, p StubProfile) (ProfileID, error)
	// FindProfile looks for a profile of exactly that customer reference, created at or after since; NotFound where
	// the look-up was complete and there is none. Those that taken returns of what it is given need no look.
	FindProfile(ctx context.Context, p StubProfile, since time.Time, taken Taken) (ProfileID, error)
	CreateRequest(ctx context.Context, id ProfileID, f Forms) (CustomerRequest, error)
	// CustomerRef reads the reference that a profile carries, which may be empty.
	CustomerRef(ctx context.Context, id ProfileID) (string, error)
	// LatestRequest reads the profile's most recent customer request; NotFound where it never had one.
	LatestRequest(ctx context.Context, id ProfileID) (Sighting, error)
}

// Engine carries out the use cases of registrations. All fields are required unless they say otherwise.
type Engine struct {
	Flows         map[string]Flow
	Registrations Registrations
	Profiles      Profiles
	Turns         Turns
	Provider      Provider      // of PassFort's flows
	Verifier      Verifier      // of Sumsub's flows; nil where there is none
	Documents     Documents     // likewise; nil where no flow asks for documents on the portal's own pages
	RefPrefix     string        // put before the registration's id in the provider's customer_ref; may be empty
	Settle        time.Duration // how long a call of Provider without an answer may still take effect
	CheckSettle   time.Duration // likewise of Verifier
	Now           func() time.Time
	NewID         func() RegistrationID
	Jitter        func() float64 // in [0, 1)
	Log           *slog.Logger
}

// strangeFor is how long a registration of a flow that is not configured is left alone.
const strangeFor = time.Minute

// Start returns the applicant's registration in a flow and case, storing the intent first where there is none yet.
// An expired registration is made ready for a fresh customer request. Whoever starts twice gets the same one, which keeps
// the facts it began with.
func (e *Engine) Start(ctx context.Context, a ApplicantID, flow, caseName string, facts Facts) (Registration, error) {
	f, err := e.flow(flow)
	if err != nil {
		return Registration{}, err
	}
	if err := f.CheckCase(caseName); err != nil {
		return Registration{}, err
	}
	facts = facts.For(f.Role)
	if err := facts.Check(); err != nil {
		return Registration{}, err
	}
	now := e.Now()
	wanted := Registration{
		ID: e.NewID(), Applicant: a, Provider: f.Provider, Flow: flow, Case: caseName, Status: Starting,
		DueAt: now, CreatedAt: now, TouchedAt: now, Facts: facts,
	}
	r, err := e.Registrations.Begin(ctx, wanted.moved("", "wanted", "").by(ActorApplicant, now))
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
	now := e.Now()
	fresh, err := e.Registrations.Save(ctx, r.renewed(now).by(ActorApplicant, now), time.Time{})
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
	r, err := e.claim(ctx, id, now)
	if KindOf(err) == Conflict {
		return nil
	}
	if err != nil {
		return fmt.Errorf("claiming registration %s: %w", id, err)
	}
	if r.FactsVoid {
		r = e.withoutFacts(ctx, r, "their seal does not open")
	}
	f, err := e.flow(r.Flow)
	if err != nil { // another replica's settings may know it, or ours may again soon
		e.Log.WarnContext(ctx, "registration of an unknown flow", slog.String("registration_id", id.String()), slog.String("flow", r.Flow))
		r.DueAt, r.Waiting = now.Add(strangeFor), false
		_, err := e.save(ctx, r, time.Time{})
		return err
	}
	if r.Status == Starting && r.Ask != "" {
		r = r.unanswered("the process that asked ended before the answer", now)
	}
	held := true
	for held {
		if r, held, err = e.step(ctx, f, r); err != nil {
			return fmt.Errorf("advancing registration %s: %w", id, errors.Join(err, e.overtaken(ctx, id, err)))
		}
	}
	if r.Status == NeedsAttention {
		e.Log.ErrorContext(ctx, "registration needs attention", slog.String("registration_id", id.String()), slog.String("cause", r.Cause))
	}
	return nil
}

// Due lists the registrations that nobody holds and that want to go on, for a [Runner].
func (e *Engine) Due(ctx context.Context, limit int) ([]RegistrationID, error) {
	return e.Registrations.Due(ctx, e.Now(), limit)
}

// overtaken looks at a registration whose claim was lost, because the answer that came too late may have replaced what
// is shown now.
func (e *Engine) overtaken(ctx context.Context, id RegistrationID, cause error) error {
	if KindOf(cause) != Conflict {
		return nil
	}
	r, err := e.Registrations.Registration(ctx, id)
	if err == nil && r.Status == Open {
		_, err = e.Confirm(ctx, r, false)
	}
	return err
}

// goesOn says whether there is something to do for the registration now.
func (e *Engine) goesOn(r Registration) bool {
	return (r.Moving() || r.Ask == AskCheck) && !r.DueAt.IsZero() && !e.Now().Before(r.DueAt)
}
