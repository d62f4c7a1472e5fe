package delivery

import (
	"encoding/json"
	"time"

	"portal/internal/outbox"
)

// body is what a receiver gets. Members are never left out: what there is not is null.
type body struct {
	Type      string `json:"type"`
	Timestamp string `json:"timestamp"` // when it happened
	Data      data   `json:"data"`
}

type data struct {
	RegistrationID string  `json:"registration_id"`
	Issuer         *string `json:"issuer"`
	Subject        *string `json:"subject"`
	Flow           string  `json:"flow"`
	Case           string  `json:"case"` // as in the API, empty where the company names none
	Status         string  `json:"status"`
	ProfileID      *string `json:"profile_id"`
}

// encode writes a notice in the same bytes every time.
func encode(n outbox.Notice) ([]byte, error) {
	return json.Marshal(body{
		Type: n.Type, Timestamp: n.HappenedAt.UTC().Format(time.RFC3339Nano),
		Data: data{
			RegistrationID: n.Registration, Issuer: unlessEmpty(n.Issuer), Subject: unlessEmpty(n.Subject), Flow: n.Flow,
			Case: n.Case, Status: n.Status, ProfileID: unlessEmpty(n.Profile),
		},
	})
}

func unlessEmpty(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
