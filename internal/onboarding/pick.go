package onboarding

import "slices"

// Pick says which of somebody's registrations is meant: the one last touched in one of the flows, or the one of an id, which
// must be in one of them, too.
type Pick struct {
	ID    RegistrationID // zero where any is meant
	Flows []string
}

// From returns the registration that is meant among those somebody has begun, the last touched first.
func (p Pick) From(begun []Registration) (Registration, bool) {
	i := slices.IndexFunc(begun, func(r Registration) bool {
		return (p.ID.IsZero() || r.ID == p.ID) && slices.Contains(p.Flows, r.Flow)
	})
	if i < 0 {
		return Registration{}, false
	}
	return begun[i], true
}
