package onboarding

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
)

// Hear takes a notice to heart: of a company, or of an associate. Hearing it twice changes nothing more.
func (l *Linker) Hear(ctx context.Context, n Notice) error {
	if err := l.Links.ReadStructureOf(ctx, n.Profile, l.Now().Add(lookSoon)); err != nil {
		return fmt.Errorf("having a structure looked at: %w", err)
	}
	id, ok := referredTo(l.RefPrefix, n.CustomerRef)
	if !ok {
		return nil
	}
	return l.hearOf(ctx, AssociateID(id), n)
}

// hearOf deals with a profile that is said to carry an associate's reference. It may be what became of a call without an
// answer, or an orphan.
func (l *Linker) hearOf(ctx context.Context, id AssociateID, n Notice) error {
	known, err := l.Links.KnownAssociateProfiles(ctx, id)
	if KindOf(err) == NotFound {
		return nil // it is a registration's, or nobody's
	}
	if err != nil {
		return fmt.Errorf("which profiles associate %s has: %w", id, err)
	}
	if slices.Contains(known, n.Profile) {
		return nil
	}
	ref, err := l.Profiles.CustomerRef(ctx, n.Profile)
	switch {
	case KindOf(err) == NotFound && l.Now().Sub(n.Since) >= pastAfter:
		return nil // it is the past
	case err != nil:
		return fmt.Errorf("reading a profile's customer reference: %w", err)
	case ref != n.CustomerRef:
		return nil
	}
	orphaned, err := l.Links.NoteAssociateProfile(ctx, id, n.Profile, l.Now())
	if orphaned {
		l.Log.ErrorContext(ctx, "orphaned profile at the provider", slog.String("associate_id", id.String()), slog.String("profile_id", string(n.Profile)))
	}
	return err
}
