package onboarding

import (
	"time"

	"github.com/google/uuid"
)

// AssociateID identifies an associate here, and their profile at the provider as customer_ref.
type AssociateID uuid.UUID

// String returns the id in its usual spelling.
func (id AssociateID) String() string { return uuid.UUID(id).String() }

// IsZero says whether the id is none, which as a parent stands for the registration's own company.
func (id AssociateID) IsZero() bool { return uuid.UUID(id) == uuid.Nil }

// AssociateStatus is where an associate stands.
type AssociateStatus string

// The statuses of an associate; the way between them is in the methods of [Associate].
const (
	AssociateDraft     AssociateStatus = "draft"           // entered and not submitted: may be changed and withdrawn
	AssociateStarting  AssociateStatus = "starting"        // submitted, and the profile is still to be created
	AssociateUnclear   AssociateStatus = "unclear"         // the call that creates the profile ended without an answer
	AssociateAttention AssociateStatus = "needs_attention" // the provider refuses it, or a person has to say what became of a call
	AssociateCreated   AssociateStatus = "created"         // has a profile that is still to be put in its places of the company's data
	AssociateLinked    AssociateStatus = "linked"          // is in the company's data in all its roles
	AssociateRemoved   AssociateStatus = "removed"         // was linked, and somebody has taken it out at the provider
)

// Associate is a person or a company behind the company of a registration. It is a value: its methods return what it
// becomes.
type Associate struct {
	ID      AssociateID
	Parent  AssociateID // the associate that is a company and has this one; zero for the registration's company
	Status  AssociateStatus
	Source  string // who entered it: SourceApplicant or SourceAPI
	Details Details
	Void    bool // its details cannot be read any more: their seal does not open

	Profile      ProfileID // empty until the profile is known
	Orphans      int       // further profiles that carry its reference
	Asked        bool      // the provider was asked to create the profile and the answer is not stored yet
	UnclearSince time.Time // when the answer was given up; zero unless unclear
	StubMayExist bool      // a profile was created again without knowing whether the first attempt had made one
	Tries        int       // attempts that came to nothing since the last step forward
	Cause        string    // why it does not move on, for operators; never a secret, nor personal data
	DueAt        time.Time // when to try again; zero where nothing is to be done, or at once
	Alone        bool      // refused together with others: to be put into its company's file alone
	Listed       bool      // it is on the verification lists of its roles, where the flow names them explicitly
	Running      bool      // when last read, one of its applications at the provider was not over

	Version     int64 // grows with every stored change; zero for one that is not stored yet
	CreatedAt   time.Time
	SubmittedAt time.Time // zero for a draft
}

// Who entered an associate.
const (
	SourceApplicant = "applicant"
	SourceAPI       = "api"
)

// CustomerRef is the reference under which the provider keeps the associate's profile.
func (a Associate) CustomerRef(prefix string) string { return prefix + a.ID.String() }

// Draft says whether the associate may still be changed and withdrawn.
func (a Associate) Draft() bool { return a.Status == AssociateDraft }

// Moving says whether the portal still has something to do for it.
func (a Associate) Moving() bool {
	return a.Status == AssociateStarting || a.Status == AssociateUnclear || a.Status == AssociateCreated
}

// refusedForGood says whether the provider has refused the associate and it certainly has no profile: what was entered may
// be corrected.
func (a Associate) refusedForGood() bool {
	return a.Status == AssociateAttention && a.Profile == "" && !a.Asked && a.UnclearSince.IsZero() && !a.StubMayExist
}

// submitted is the draft that is to be passed on.
func (a Associate) submitted(now time.Time) Associate {
	a.Status, a.SubmittedAt, a.DueAt, a.Tries, a.Cause = AssociateStarting, now, time.Time{}, 0, ""
	return a
}

// asking is the associate whose profile is about to be asked for. It is stored before the call is made, so that whoever
// finds it later knows that the call may have been made.
func (a Associate) asking() Associate {
	a.Asked = true
	return a
}

// unanswered is the associate whose creating call ended without an answer that settles its fate.
func (a Associate) unanswered(cause string, now time.Time) Associate {
	a.Status, a.UnclearSince, a.Cause, a.DueAt = AssociateUnclear, now, cause, time.Time{}
	a.Tries++
	return a
}

// settled says whether a call given up at UnclearSince can no longer take effect.
func (a Associate) settled(now time.Time, settle time.Duration) bool {
	return Registration{UnclearSince: a.UnclearSince}.settled(now, settle)
}

// unsettled is the associate whose look-up found nothing, too early for that to count.
func (a Associate) unsettled(settle time.Duration) Associate {
	a.DueAt = a.UnclearSince.Add(settle)
	return a
}

// again is the associate whose profile is asked for once more: the fate of the call before is as good as known.
func (a Associate) again(due time.Time) Associate {
	a.Status, a.Asked, a.UnclearSince, a.DueAt = AssociateStarting, false, time.Time{}, due
	a.StubMayExist = a.StubMayExist || !absenceIsCertain
	return a
}

// postponed is the associate after an attempt that is known to have changed nothing.
func (a Associate) postponed(cause string, due time.Time) Associate {
	if a.Status == AssociateStarting {
		a.Asked = false
	}
	a.Tries++
	a.Cause, a.DueAt = cause, due
	return a
}

// refused is the associate that the provider does not take. It is tried again then: what is wrong may be the provider's
// settings, and may be mended.
func (a Associate) refused(cause string, due time.Time) Associate {
	a.Status, a.Asked, a.Cause, a.DueAt = AssociateAttention, false, cause, due
	a.Tries++
	return a
}

// undecidable is the associate that only a person can move on: a profile may or may not have been created.
func (a Associate) undecidable(cause string) Associate {
	a.Status, a.Cause, a.DueAt = AssociateAttention, cause, time.Time{}
	return a
}

// unreadable is the associate whose details cannot be read any more.
func (a Associate) unreadable() Associate {
	return a.undecidable("its details cannot be read: their seal does not open")
}

// withProfile is the associate whose profile is known.
func (a Associate) withProfile(id ProfileID) Associate {
	a.Status, a.Profile, a.Asked, a.UnclearSince = AssociateCreated, id, false, time.Time{}
	a.Tries, a.Cause, a.DueAt = 0, "", time.Time{}
	return a
}

// linked is the associate that is in the company's data in all its roles.
func (a Associate) linked(listed bool) Associate {
	a.Status, a.Listed, a.Alone, a.Tries, a.Cause, a.DueAt = AssociateLinked, listed, false, 0, "", time.Time{}
	return a
}
