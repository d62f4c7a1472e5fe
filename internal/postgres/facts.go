package postgres

import (
	"portal/internal/onboarding"
	"portal/internal/postgres/query"
)

// factsPlace is what a registration's sealed facts are bound to.
func factsPlace(r onboarding.RegistrationID) string { return "registration_facts.sealed/" + r.String() }

// sealedFacts are a new registration's facts as they are stored; nil where it has none.
func (s *Store) sealedFacts(r onboarding.Registration) ([]byte, error) {
	if r.Facts.Empty() {
		return nil, nil
	}
	return s.keys.Seal(r.Facts.Encode(), factsPlace(r.ID))
}

// claimed makes a registration of what a claim returns. Facts that cannot be read are void: nobody is kept waiting for them.
func (s *Store) claimed(row query.ClaimRegistrationRow) onboarding.Registration {
	r := s.verified(s.opened(row.Registration, nil, nil), row.SealedVerification)
	if row.SealedFacts == nil {
		return r
	}
	text, err := s.keys.Open(row.SealedFacts, factsPlace(r.ID))
	if err == nil {
		r.Facts, err = onboarding.DecodeFacts(text)
	}
	r.FactsVoid = err != nil
	return r
}
