package seeding

import (
	"time"

	"portal/internal/onboarding"
)

// life is a registration, from when it was wanted to where it stands now.
type life struct {
	onboarding.Registration
	who     person
	visitor bool
	key     string    // that opens its forms, as the provider's look
	readAt  time.Time // when its provider is read again by itself
	ended   time.Time // zero while it goes on
	told    []word    // what the provider's webhooks have said
}

// shown is when the applicant came to the form.
func (l *life) shown() time.Time { return l.CreatedAt.Add(2 * time.Second) }

// the calls of a start follow each other so quickly.
const answer = 400 * time.Millisecond

// goes adds to the trail what has become of the registration.
func (l *life) goes(to onboarding.Status, at time.Time, actor, what, evidence string) {
	e := onboarding.Entry{
		Seq: l.Trail.Seq + int64(len(l.Trail.Add)) + 1, At: at.Truncate(time.Microsecond), Actor: actor, From: l.Status, To: to, What: what,
		Evidence: evidence, Profile: l.Profile,
	}
	if l.Request != nil {
		e.Request = l.Request.ID
	}
	l.Trail.Add, l.Status = append(l.Trail.Add, e), to
}

// begin is a registration as it was wanted, and asked for at its provider.
func (m *maker) begin(p person, flow string, at time.Time) life {
	l := life{who: p}
	l.ID, l.Applicant, l.Flow = onboarding.RegistrationID(m.v7(at)), onboarding.ApplicantID(p.id), flow
	l.CreatedAt, l.TouchedAt, l.Provider = at, at, onboarding.PassFort
	if flow == FlowDocuments {
		l.Provider = onboarding.Sumsub
	}
	l.goes(onboarding.Starting, at, onboarding.ActorApplicant, "wanted", "")
	l.goes(onboarding.Starting, at.Add(answer), onboarding.ActorPortal, "asking for profile", "")
	l.Ask = onboarding.AskProfile
	return l
}

// known is the registration with its profile, and with the customer request whose form can be shown.
func (m *maker) known(l *life) {
	if l.Provider == onboarding.Sumsub {
		m.knownToSumsub(l)
		return
	}
	l.Profile = onboarding.ProfileID(m.v4())
	l.goes(onboarding.Starting, l.CreatedAt.Add(2*answer), onboarding.ActorPortal, "profile known", "answer of the provider")
	l.goes(onboarding.Starting, l.CreatedAt.Add(3*answer), onboarding.ActorPortal, "asking for customer_request", "")
	l.Request = &onboarding.CustomerRequest{ID: onboarding.RequestID(m.v4()), CreatedAt: l.CreatedAt.Add(4 * answer)}
	l.key, l.Ask = m.hex(23), ""
	l.goes(onboarding.Open, l.Request.CreatedAt, onboarding.ActorPortal, "customer request known", "answer of the provider")
	l.hears("CUSTOMER_REQUEST_CHANGED", "SENT", l.shown(), m)
}

// visited is an open registration of somebody who is signed in.
func (m *maker) visited(l *life) {
	m.known(l)
	l.visitor = true
	l.readAt = m.nextRead()
}

// nextRead is when an open registration is read again: not while pages are measured, which have the provider to themselves then.
func (m *maker) nextRead() time.Time { return m.Now.Add(4*time.Hour + m.within(20*time.Hour)) }

// becomes has the years happen to a registration.
func (m *maker) becomes(l *life) {
	age := m.Now.Sub(l.CreatedAt)
	switch {
	case age < day && m.one(60):
		m.stuck(l)
		return
	case l.Provider == onboarding.PassFort && age < 30*day && m.one(2):
		m.undecided(l)
		return
	}
	m.known(l)
	if l.Provider == onboarding.Sumsub {
		m.checked(l, age)
		return
	}
	switch validity := onboarding.RequestValidity; {
	case age < validity && m.one(350):
		l.readAt = m.nextRead()
	case age > validity && m.one(150):
		l.ends(onboarding.Expired, l.Request.CreatedAt.Add(validity), onboarding.ActorProvider, m)
	case m.one(10):
		l.ends(onboarding.Superseded, m.endOf(l), onboarding.ActorPortal, m)
	case m.one(15):
		l.ends(onboarding.Closed, m.endOf(l), onboarding.ActorPortal, m)
	default:
		l.ends(onboarding.Completed, m.endOf(l), onboarding.ActorProvider, m)
	}
}

// endOf is when an applicant was done: most within the hour, some after weeks.
func (m *maker) endOf(l *life) time.Time {
	most := time.Hour
	if m.one(300) {
		most = 60 * day
	}
	at := l.shown().Add(5*time.Minute + m.within(most))
	if at.After(m.Now) {
		at = l.shown().Add(m.within(m.Now.Sub(l.shown()) + 1))
	}
	return at.Truncate(time.Microsecond)
}

// ends ends the registration's form.
func (l *life) ends(as onboarding.Status, at time.Time, actor string, m *maker) {
	evidence := "read of the provider: over; nobody said how in time"
	switch as {
	case onboarding.Completed, onboarding.Expired:
		word := l.hears("CUSTOMER_REQUEST_CHANGED", map[onboarding.Status]string{onboarding.Completed: "COMPLETED", onboarding.Expired: "EXPIRED"}[as], at, m)
		evidence = "webhook " + word.id + ": " + string(as)
	case onboarding.Superseded:
		evidence = "read of the provider: the newest request is " + m.v4()
	}
	l.goes(as, at, actor, "form over", evidence)
	l.ended = at
}

// stuck is a registration that the provider has not taken yet, and which is tried again soon.
func (m *maker) stuck(l *life) {
	if m.one(250) {
		l.UnclearSince, l.Tries = l.CreatedAt.Add(10*time.Second), 1
		l.Cause = "creating a profile: no answer in time"
		l.goes(onboarding.Unclear, l.UnclearSince, onboarding.ActorPortal, "no answer", l.Cause)
	} else {
		l.Ask, l.Tries, l.Cause = "", 6, "creating a profile: 503 Service Unavailable"
		l.goes(onboarding.Starting, l.CreatedAt.Add(2*answer), onboarding.ActorPortal, "put off", l.Cause)
	}
	l.DueAt = m.nextRead()
}

// undecided is a registration that only a person can move on.
func (m *maker) undecided(l *life) {
	l.UnclearSince, l.Tries = l.CreatedAt.Add(10*time.Second), 5
	l.goes(onboarding.Unclear, l.UnclearSince, onboarding.ActorPortal, "no answer", "creating a profile: no answer in time")
	l.Cause = "the provider lists more profiles than are looked through"
	l.goes(onboarding.NeedsAttention, l.UnclearSince.Add(time.Hour), onboarding.ActorPortal, "waiting for a person", l.Cause)
}
