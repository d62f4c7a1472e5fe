package onboarding

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Deed is what a person can do for a registration.
type Deed string

// The deeds.
const (
	Adopt       Deed = "adopt"       // the profile they name is the registration's
	AskAgain    Deed = "again"       // the provider is asked again for what it was asked for last
	NewProfile  Deed = "new-profile" // the profile is given up and another created
	Acknowledge Deed = "acknowledge" // they have seen its flags: a stub that may exist, orphans, what is told of associates

	RetryAssociates Deed = "retry-associates" // those behind its company that do not go on are tried again
)

// Decision is what a person decided about a registration. Why goes into its trail.
type Decision struct {
	Operator string // their name
	Deed     Deed
	Profile  ProfileID // to adopt
	Why      string
}

// needsAttention says whether the deed is only for registrations that wait for a person.
func (d Deed) needsAttention() bool { return d != Acknowledge && d != RetryAssociates }

// Resolve carries a person's decision out and returns what it makes of the registration. Invalid means that the deed
// does not fit how the registration stands. What a decision says of those behind a company is only put on record: see
// [Resolver].
func (e *Engine) Resolve(ctx context.Context, id RegistrationID, d Decision) (Registration, error) {
	r, err := e.Registrations.Registration(ctx, id)
	if err != nil {
		return r, err
	}
	if d.Deed.needsAttention() && r.Status != NeedsAttention {
		return r, &Error{Kind: Invalid, Err: fmt.Errorf("it is %s and does not wait for a person", r.Status)}
	}
	if r.Moving() { // a save now would end the claim of whoever moves it
		return r, &Error{Kind: Invalid, Err: errors.New("a process is working on it: try again when it has come to rest")}
	}
	now := e.Now()
	decided, err := e.decide(ctx, r, d, now)
	if err != nil {
		return r, err
	}
	saved, err := e.Registrations.Save(ctx, decided.by(OperatorPrefix+d.Operator, now), time.Time{})
	if err == nil && d.Deed == Acknowledge {
		err = e.Profiles.Acknowledge(ctx, r.ID, now)
	}
	return saved, err
}

func (e *Engine) decide(ctx context.Context, r Registration, d Decision, now time.Time) (Registration, error) {
	switch d.Deed {
	case Adopt:
		switch ours, err := e.carriesRef(ctx, r, d.Profile); {
		case err != nil:
			return r, err
		case !ours:
			return r, &Error{Kind: Invalid, Err: errors.New("the profile's customer reference is not the registration's")}
		}
		return r.withProfile(d.Profile, now, d.Why), nil
	case AskAgain:
		return r.askedFor(now, d.Why), nil
	case NewProfile:
		if r.Profile == "" {
			return r, &Error{Kind: Invalid, Err: errors.New("it has no profile to give up")}
		}
		if r.Provider == Sumsub {
			return r, &Error{Kind: Invalid, Err: errors.New("the provider knows one applicant only by its reference: act in the provider's dashboard")}
		}
		return r.withoutProfile(now, d.Why), e.Profiles.GiveUp(ctx, r.ID, r.Profile, now)
	case Acknowledge:
		r.Acknowledged = true
		return r.noted("flags acknowledged", d.Why), nil
	case RetryAssociates:
		return r.noted("associates tried again", d.Why), nil
	default:
		return r, &Error{Kind: Invalid, Err: fmt.Errorf("no deed %q", d.Deed)}
	}
}

// askedFor is the registration that a person has had ask again; what was asked before may have created a stub.
func (r Registration) askedFor(now time.Time, why string) Registration {
	r = r.again(now, why)
	r.Tries, r.Cause, r.Refused = 0, "", false
	return r
}

// withoutProfile is the registration that begins anew; the profile it had stays known.
func (r Registration) withoutProfile(now time.Time, why string) Registration {
	from := r.Status
	r = r.fresh(now)
	r.Profile = ""
	return r.moved(from, "profile given up", why)
}
