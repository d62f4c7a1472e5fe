package main

import (
	"portal/internal/onboarding"
	"portal/internal/passfort"
	"portal/internal/postgres"
)

// createdAtOnce is how many associates of one company are created at the same time. There may be hundreds, and applicants
// come first.
const createdAtOnce = 4

// newLinker joins what creates associates and links them to their companies.
func newLinker(e *onboarding.Engine, store *postgres.Store, turns postgres.SpareTurns, provider *passfort.Client) *onboarding.Linker {
	return &onboarding.Linker{
		Flows: e.Flows, Links: store, Profiles: provider, Files: provider, Turns: turns, RefPrefix: e.RefPrefix,
		Settle: e.Settle, AtOnce: createdAtOnce, Now: e.Now, Jitter: e.Jitter, Log: e.Log,
	}
}

// newAssociates joins what entering associates takes.
func newAssociates(e *onboarding.Engine, store *postgres.Store, provider *passfort.Client) *onboarding.Associates {
	return &onboarding.Associates{Flows: e.Flows, Structures: store, Files: provider, Now: e.Now, Log: e.Log}
}
