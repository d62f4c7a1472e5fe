package postgres

import (
	"encoding/json"
	"fmt"

	"portal/internal/onboarding"
	"portal/internal/postgres/query"
)

// verificationPlace is what a sealed verification is bound to.
func verificationPlace(id onboarding.RegistrationID) string {
	return "verifications.sealed/" + id.String()
}

// sealVerification puts what was last read of the applicant into the row, if anything was.
func (s *Store) sealVerification(row *query.SaveRegistrationParams, r onboarding.Registration) error {
	v := r.Verification
	if v == nil {
		return nil
	}
	text, err := json.Marshal(storedVerification{*v, v.Data})
	if err != nil {
		return fmt.Errorf("writing a verification down: %w", err)
	}
	row.SealedVerification, err = s.keys.Seal(string(text), verificationPlace(r.ID))
	row.Level, row.ReviewStatus, row.VerifiedAt = v.Level, string(v.Status), v.ReadAt
	row.ReviewAnswer, row.RejectType = v.Review.Answer, v.Review.RejectType
	return err
}

// storedVerification is a verification with the data that prints as nothing elsewhere.
type storedVerification struct {
	onboarding.Verification
	Data map[string]string `json:"data,omitempty"`
}

// verified is the registration with what was last read of its applicant. What the keyset does not open is read again.
func (s *Store) verified(r onboarding.Registration, sealed []byte) onboarding.Registration {
	if sealed == nil {
		return r
	}
	text, err := s.keys.Open(sealed, verificationPlace(r.ID))
	if err != nil {
		return r
	}
	var stored storedVerification
	if json.Unmarshal([]byte(text), &stored) != nil {
		return r
	}
	v := stored.Verification
	v.Data = stored.Data
	r.Verification = &v
	return r
}
