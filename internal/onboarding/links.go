package onboarding

import (
	"context"
	"errors"
	"time"
)

// Links keeps what a [Linker] works on. Every method may fail with Busy when the store cannot be reached.
type Links interface {
	// ClaimStructure reserves the structure of a registration that has a profile, if it is due, and returns both; Conflict
	// while it is not due, or somebody else holds it. A claim is a new fence, so a former holder can no longer save.
	ClaimStructure(ctx context.Context, id RegistrationID, now, until time.Time) (Structure, Registration, error)
	// ExtendStructure prolongs the claim that came with the fence; Conflict when it has been lost.
	ExtendStructure(ctx context.Context, s Structure, until time.Time) error
	// SaveAssociate stores an associate as a new version and returns it; Conflict unless the fence holds and the version is
	// the stored one, with [ErrEdited] where it is only the latter. A profile is kept in any case, for KnownAssociateProfiles.
	SaveAssociate(ctx context.Context, s Structure, a Associate, now time.Time) (Associate, error)
	// Associate returns what is stored of an associate.
	Associate(ctx context.Context, id AssociateID) (Associate, error)
	// SaveStructure stores what is known of the structure and when it is due, and gives the claim up; Conflict when that has
	// been lost. What was edited since the claim is due at once.
	SaveStructure(ctx context.Context, s Structure, due, now time.Time) error
	// DueStructures lists what nobody holds and is due at or before now, the longest waiting first.
	DueStructures(ctx context.Context, now time.Time, limit int) ([]RegistrationID, error)
	// KnownAssociateProfiles lists the profiles that are known to carry the associate's reference.
	KnownAssociateProfiles(ctx context.Context, a AssociateID) ([]ProfileID, error)
	// NoteAssociateProfile records a profile that carries the associate's reference, and has it looked at. It says whether
	// that made the profile known as an orphan.
	NoteAssociateProfile(ctx context.Context, a AssociateID, id ProfileID, now time.Time) (orphaned bool, err error)
	// TakenByAssociates returns those of the profiles that are not to become the associate's: others have them.
	TakenByAssociates(ctx context.Context, a AssociateID, ids []ProfileID) ([]ProfileID, error)
	// ReadStructureOf has the structure looked at soon that the profile belongs to, as its company's or as an associate's.
	ReadStructureOf(ctx context.Context, id ProfileID, due time.Time) error
}

// AssociateProfile is what an associate's profile is created with.
type AssociateProfile struct {
	CustomerRef string
	Details     Details
}

// AssociateProfiles creates the profiles of associates. Errors are those of [Provider].
type AssociateProfiles interface {
	CreateAssociate(ctx context.Context, p AssociateProfile) (ProfileID, error)
	FindProfile(ctx context.Context, p StubProfile, since time.Time, taken Taken) (ProfileID, error)
	CustomerRef(ctx context.Context, id ProfileID) (string, error)
	ReadProfile(ctx context.Context, id ProfileID) (ProfileView, error)
}

// SpareTurns lets associates be created, and companies' files be written, with what applicants who wait leave over.
type SpareTurns interface {
	// TakeSpare gives a turn at creating a profile, or says how long to wait before asking again.
	TakeSpare(ctx context.Context, now time.Time) (wait time.Duration, err error)
	// GiveBack returns such a turn with which nothing was asked.
	GiveBack(ctx context.Context) error
	// TakeWrite gives a turn at writing a company's file, or says how long to wait.
	TakeWrite(ctx context.Context, now time.Time) (wait time.Duration, err error)
}

// ErrEdited is in the chain of a Conflict that is only about one associate: who holds the claim may go on.
var ErrEdited = errors.New("the associate was edited meanwhile")
