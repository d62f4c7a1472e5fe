package onboarding

import (
	"context"
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

// strangeFor is how long a registration of a flow that is not configured is left alone.
const strangeFor = time.Minute

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
