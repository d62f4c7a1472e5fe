package main

import (
	"time"

	"portal/internal/onboarding"
	"portal/internal/postgres"
)

// registrationRow is a registration as scripts read it. Times that mean "none" are left out.
type registrationRow struct {
	ID           string    `json:"id"`
	Status       string    `json:"status"`
	Provider     string    `json:"provider"`
	Flow         string    `json:"flow"`
	Case         string    `json:"case"`
	Profile      string    `json:"profile"`
	Request      string    `json:"request"`
	Cause        string    `json:"cause"`
	Asked        string    `json:"asked"`
	StubMayExist bool      `json:"stub_may_exist"`
	Acknowledged bool      `json:"acknowledged"`
	Waiting      bool      `json:"waiting"`
	Tries        int       `json:"tries"`
	CreatedAt    time.Time `json:"created_at,omitzero"`
	TouchedAt    time.Time `json:"touched_at,omitzero"`
	UnclearSince time.Time `json:"unclear_since,omitzero"`
	DueAt        time.Time `json:"due_at,omitzero"`
	ReadAt       time.Time `json:"read_at,omitzero"`
}

type listedRow struct {
	registrationRow
	Since   time.Time `json:"since"`
	Orphans int       `json:"orphans"`
	Behind  string    `json:"associates_attention"`
}

// dossierRow is a registration with everything known about it, as scripts read it.
type dossierRow struct {
	registrationRow
	CustomerRequests []requestRow       `json:"customer_requests"`
	Profiles         []profileRow       `json:"profiles"`
	Structure        *structureRow      `json:"structure,omitempty"`
	Associates       []associateRow     `json:"associates"`
	Review           *reviewRow         `json:"review,omitempty"`
	Documents        []documentRow      `json:"documents"`
	Trail            []onboarding.Entry `json:"trail"`
	Identities       []identityRow      `json:"identities,omitempty"`
	Commands         []string           `json:"commands"`
}

type requestRow struct {
	ID        string    `json:"id"`
	CreatedAt time.Time `json:"created_at"`
	KeyStored bool      `json:"key_stored"`
}

type profileRow struct {
	ID           string    `json:"id"`
	Source       string    `json:"source"`
	SeenAt       time.Time `json:"seen_at"`
	Orphaned     bool      `json:"orphaned"`
	Acknowledged bool      `json:"acknowledged"`
}

type identityRow struct {
	Issuer  string `json:"issuer"`
	Subject string `json:"subject"`
}

func newRegistrationRow(r onboarding.Registration) registrationRow {
	row := registrationRow{
		ID: r.ID.String(), Status: string(r.Status), Provider: string(r.Provider), Flow: r.Flow, Case: r.Case, Profile: string(r.Profile),
		Cause: r.Cause, Asked: string(r.Ask), StubMayExist: r.StubMayExist, Acknowledged: r.Acknowledged,
		Waiting: r.Waiting, Tries: r.Tries, CreatedAt: r.CreatedAt.UTC(), TouchedAt: r.TouchedAt.UTC(),
		UnclearSince: r.UnclearSince.UTC(), DueAt: r.DueAt.UTC(), ReadAt: r.ReadAt.UTC(),
	}
	if r.Request != nil {
		row.Request = string(r.Request.ID)
	}
	return row
}

func listedRows(list []postgres.Listed) []listedRow {
	rows := make([]listedRow, len(list))
	for i, r := range list {
		rows[i] = listedRow{newRegistrationRow(r.Registration), r.Since.UTC(), r.Orphans, r.Behind}
	}
	return rows
}

func newDossierRow(d postgres.Dossier, who []postgres.Identity) dossierRow {
	row := dossierRow{
		registrationRow: newRegistrationRow(d.Registration), CustomerRequests: []requestRow{}, Profiles: []profileRow{},
		Structure: newStructureRow(d.Structure), Associates: associateRows(d.Structure),
		Review: newReviewRow(d.Review), Documents: documentRows(d), Trail: d.Trail, Commands: []string{},
	}
	for _, q := range d.Requests {
		row.CustomerRequests = append(row.CustomerRequests, requestRow{string(q.ID), q.CreatedAt.UTC(), q.KeyStored})
	}
	for _, p := range d.Profiles {
		row.Profiles = append(row.Profiles, profileRow{string(p.ID), p.Source, p.SeenAt.UTC(), p.Orphaned, p.Acknowledged})
	}
	for _, i := range who {
		row.Identities = append(row.Identities, identityRow(i))
	}
	for _, o := range offers(d) {
		row.Commands = append(row.Commands, o.command)
	}
	return row
}
