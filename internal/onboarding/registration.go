package onboarding

import (
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/google/uuid"
)

// RegistrationID identifies a registration here, and its profile at the provider as customer_ref.
type RegistrationID uuid.UUID

// String returns the id in its usual spelling.
func (id RegistrationID) String() string { return uuid.UUID(id).String() }

// IsZero says whether no registration is meant.
func (id RegistrationID) IsZero() bool { return id == RegistrationID{} }

// ApplicantID identifies the person who registers.
type ApplicantID uuid.UUID

// String returns the id in its usual spelling.
func (id ApplicantID) String() string { return uuid.UUID(id).String() }

// ProfileID is the provider's name of a profile.
type ProfileID string

// RequestID is the provider's name of a customer request.
type RequestID string

// RequestKey opens one customer request's forms to whoever holds it. It prints as "[secret]" everywhere; only
// [RequestKey.Reveal] gives it away.
type RequestKey string

const redacted = "[secret]"

// Reveal returns the key itself: to be sealed for storage, or written into its own applicant's page.
func (k RequestKey) Reveal() string { return string(k) }

// Format keeps the key out of everything fmt prints.
func (k RequestKey) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, redacted) }

// LogValue keeps the key out of logs.
func (k RequestKey) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText keeps the key out of JSON and other encodings.
func (k RequestKey) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// Status is where a registration stands.
type Status string

// The statuses of a registration; the way between them is in the methods of [Registration].
const (
	Starting       Status = "starting"        // wanted, not yet all created at the provider
	Unclear        Status = "unclear"         // a create call ended without an answer
	NeedsAttention Status = "needs_attention" // nothing more can be decided without a person
	Open           Status = "open"            // the form can be shown, or documents are asked for
	Checking       Status = "checking"        // the provider checks what the applicant has given
	Rejected       Status = "rejected"        // the provider has rejected the applicant for good
	Completed      Status = "completed"       // the applicant has finished the forms, or is approved
	Expired        Status = "expired"         // the forms ended unfinished; a fresh request may follow
	Superseded     Status = "superseded"      // the provider shows a newer request than ours
	Closed         Status = "closed"          // over, and nobody can say how
)

// RequestValidity is how long PassFort keeps a customer request's forms open: 90 days from the e-mail, and for flows
// without one, by inference, from creation (help article "About customer requests").
const RequestValidity = 90 * 24 * time.Hour

// Ask is a call that the provider has been asked for and whose answer is not stored yet.
type Ask string

// The asks. The empty Ask means that nothing is under way.
const (
	AskProfile Ask = "profile"
	AskRequest Ask = "customer_request"
	AskCheck   Ask = "check" // of everything the applicant has given; the applicant is promised that it will be asked for
)

// CustomerRequest is the provider's set of forms for one registration, and the key that opens them.
type CustomerRequest struct {
	ID        RequestID
	Key       RequestKey // empty once the form is over, and where its seal does not open
	CreatedAt time.Time
}

// Registration is an applicant's way through one flow. It is a value: its methods return what it becomes.
type Registration struct {
	ID        RegistrationID
	Applicant ApplicantID
	Provider  ProviderName
	Flow      string
	Case      string // empty unless the company names one
	Status    Status

	Profile ProfileID        // empty until the profile is known
	Request *CustomerRequest // the request whose forms are shown; nil until there is one, and again after it expired

	Ask          Ask       // asked of the provider and not answered
	UnclearSince time.Time // when the answer to Ask was given up; zero unless unclear
	StubMayExist bool      // a profile was created again without knowing whether the first attempt had made one
	Refused      bool      // the provider has an active customer request and refused another
	Tries        int       // attempts that came to nothing since the last step forward
	Cause        string    // why it does not move on, for operators; never a secret
	DueAt        time.Time // when to go on; zero when there is nothing to do
	Waiting      bool      // for its turn at the provider, which it will probably have at DueAt
	OverSince    time.Time // when the provider was first seen to call the open request over without a word of how
	ReadAt       time.Time // when to read the provider again although nobody asks; zero when there is no need
	Acknowledged bool      // a person has seen that a stub may exist

	Facts     Facts // for its stub profile; where it is stored already, only a claim fills them
	FactsVoid bool  // what is stored of them is of no use: the next save removes it

	Verification *Verification // as of the last read of a provider that checks documents; nil before that, and with the other
	Mail         Mail          // the e-mail that the next save has the applicant sent

	Behind Tally // who was entered as being behind its company; only where a visit has read it

	Version   int64 // grows with every stored change
	CreatedAt time.Time
	TouchedAt time.Time // when the applicant last chose it

	Trail Trail // of its changes
}

// Mail is an e-mail about what the provider has decided.
type Mail string

// The e-mails. The empty Mail is none.
const (
	MailApproved Mail = "approved"
	MailRetry    Mail = "retry" // something is to be given anew
	MailRejected Mail = "rejected"
)

// Tally counts the people and companies behind a company.
type Tally struct {
	Total  int
	Drafts int // those that are not submitted and still can be
}

// CustomerRef is the reference under which the provider keeps the registration's profile.
func (r Registration) CustomerRef(prefix string) string { return prefix + r.ID.String() }

// Moving says whether the portal still has something to do before the applicant can go on.
func (r Registration) Moving() bool { return r.Status.moving() }

func (s Status) moving() bool { return s == Starting || s == Unclear }

// StaleAt says whether the request's forms may have run out by now, so that the provider must be read before they
// are shown.
func (r Registration) StaleAt(now time.Time) bool {
	return r.Status == Open && r.Request != nil && now.Sub(r.Request.CreatedAt) >= RequestValidity
}

// asking is the registration about to make a creating call. It is stored before the call is made, so that whoever
// finds it later knows that the call may have been made.
func (r Registration) asking(a Ask) Registration {
	r.Ask, r.Waiting = a, false
	if r.Tries > 0 { // the trail tells of the first try and of what became of it
		return r
	}
	return r.noted("asking for "+string(a), "")
}

// waitingTurn is the registration whose turn at the provider has not come.
func (r Registration) waitingTurn(due time.Time) Registration {
	if !r.Waiting {
		r = r.noted("waiting for its turn", "")
	}
	r.Waiting, r.DueAt = true, due
	return r
}

// unanswered is the registration whose creating call ended without an answer that settles its fate.
func (r Registration) unanswered(cause string, now time.Time) Registration {
	from := r.Status
	r.Status, r.UnclearSince, r.Cause, r.DueAt = Unclear, now, cause, now
	r.Tries++
	return r.moved(from, "no answer", cause)
}

// unsettled is the registration whose look-up found nothing, too early for that to count.
func (r Registration) unsettled(settle time.Duration) Registration {
	r.DueAt = r.UnclearSince.Add(settle)
	return r
}

// again is the registration that repeats the creating call whose fate is as good as known.
func (r Registration) again(due time.Time, evidence string) Registration {
	from := r.Status
	if r.Ask == AskProfile && !absenceIsCertain {
		r.StubMayExist, r.Acknowledged = true, false
	}
	r.Status, r.Ask, r.UnclearSince, r.DueAt = Starting, "", time.Time{}, due
	return r.moved(from, "asking again", evidence)
}

// withProfile is the registration whose profile is known.
func (r Registration) withProfile(id ProfileID, now time.Time, evidence string) Registration {
	from := r.Status
	r = r.fresh(now)
	r.Profile = id
	return r.moved(from, "profile known", evidence)
}

// withRequest is the registration whose forms can be shown.
func (r Registration) withRequest(q CustomerRequest, now time.Time, evidence string) Registration {
	from := r.Status
	r = r.fresh(time.Time{})
	r.Status, r.Request, r.OverSince, r.ReadAt = Open, &q, time.Time{}, now.Add(firstRead)
	return r.moved(from, "customer request known", evidence)
}

// renewed is the expired registration that wants a fresh customer request on its profile.
func (r Registration) renewed(now time.Time) Registration {
	from := r.Status
	r = r.fresh(now)
	r.Request, r.OverSince, r.ReadAt = nil, time.Time{}, time.Time{}
	return r.moved(from, "fresh customer request wanted", "")
}

// fresh is the registration at the start of a step, with nothing left of the troubles of the one before.
func (r Registration) fresh(due time.Time) Registration {
	r.Status, r.Ask, r.UnclearSince, r.Refused, r.Waiting = Starting, "", time.Time{}, false, false
	r.Tries, r.Cause, r.DueAt = 0, "", due
	return r
}

// postponed is the registration after an attempt that is known to have changed nothing.
func (r Registration) postponed(cause string, due time.Time) Registration {
	if r.Status == Starting {
		r.Ask = ""
	}
	r.Tries++
	known := r.Cause == cause
	r.Cause, r.DueAt, r.Waiting = cause, due, false
	if known {
		return r
	}
	return r.noted("put off", cause)
}

// undecidable is the registration that only a person can move on.
func (r Registration) undecidable(cause string) Registration {
	from := r.Status
	r.Status, r.Cause, r.DueAt, r.Waiting = NeedsAttention, cause, time.Time{}, false
	return r.moved(from, "waiting for a person", cause)
}
