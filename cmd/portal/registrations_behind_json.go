package main

import (
	"time"

	"portal/internal/onboarding"
	"portal/internal/postgres"
)

// structureRow is how those behind a company stand, taken together, as scripts read it.
type structureRow struct {
	Ending       string    `json:"ending"` // of the company's application: rejected, cancelled, or empty
	Attention    string    `json:"attention"`
	Acknowledged bool      `json:"acknowledged"`
	DueAt        time.Time `json:"due_at,omitzero"`
	ClaimedUntil time.Time `json:"claimed_until,omitzero"`
	ReadAt       time.Time `json:"read_at,omitzero"`
	// OthersToEnd are profiles in the company's data that were not entered here, and go on although the company's is over.
	OthersToEnd []onboarding.ProfileID `json:"others_to_end"`
}

// associateRow is one of those behind a company. Who it is, is not in it.
type associateRow struct {
	ID           string                      `json:"id"`
	Parent       string                      `json:"parent"` // another associate's id; empty for the registration's company
	EntityType   string                      `json:"entity_type"`
	Roles        []onboarding.AssociatedRole `json:"roles"`
	Source       string                      `json:"source"`
	Status       string                      `json:"status"`
	Profile      string                      `json:"profile"`
	Running      bool                        `json:"running"` // one of its applications goes on
	ToEnd        bool                        `json:"to_end"`  // although the company's is over
	Listed       bool                        `json:"listed"`
	Tries        int                         `json:"tries"`
	Cause        string                      `json:"cause"`
	StubMayExist bool                        `json:"stub_may_exist"`
	Orphans      []onboarding.ProfileID      `json:"orphans"` // further profiles that carry its reference
	CreatedAt    time.Time                   `json:"created_at,omitzero"`
	SubmittedAt  time.Time                   `json:"submitted_at,omitzero"`
	UnclearSince time.Time                   `json:"unclear_since,omitzero"`
	DueAt        time.Time                   `json:"due_at,omitzero"`
}

// newStructureRow is nil where nobody was entered.
func newStructureRow(s postgres.KeptStructure) *structureRow {
	if len(s.Associates) == 0 {
		return nil
	}
	return &structureRow{
		Ending: string(s.Ending), Attention: s.Attention, Acknowledged: s.Acknowledged, DueAt: s.DueAt.UTC(),
		ClaimedUntil: s.Claimed.UTC(), ReadAt: s.ReadAt.UTC(), OthersToEnd: append([]onboarding.ProfileID{}, s.Others...),
	}
}

func associateRows(s postgres.KeptStructure) []associateRow {
	rows := make([]associateRow, len(s.Associates))
	for i, a := range s.Associates {
		rows[i] = associateRow{
			ID: a.ID.String(), EntityType: string(a.Details.EntityType), Roles: a.Details.Roles, Source: a.Source,
			Status: string(a.Status), Profile: string(a.Profile), Running: a.Running, ToEnd: s.Ending != "" && a.Running,
			Listed: a.Listed, Tries: a.Tries, Cause: a.Cause, StubMayExist: a.StubMayExist,
			Orphans: append([]onboarding.ProfileID{}, a.Others...), CreatedAt: a.CreatedAt.UTC(),
			SubmittedAt: a.SubmittedAt.UTC(), UnclearSince: a.UnclearSince.UTC(), DueAt: a.DueAt.UTC(),
		}
		if !a.Parent.IsZero() {
			rows[i].Parent = a.Parent.String()
		}
	}
	return rows
}
