package postgres

import (
	"portal/internal/onboarding"
	"portal/internal/postgres/query"
)

// addTrail puts the entries that r adds into the parameters of its save, column by column, and returns the trail that
// the save leaves.
func addTrail(row *query.SaveRegistrationParams, r onboarding.Registration) onboarding.Trail {
	trail, hashes := r.Trail.Extended(r.ID)
	for i, e := range r.Trail.Add {
		row.EntrySeqs = append(row.EntrySeqs, e.Seq)
		row.EntryAts = append(row.EntryAts, e.At)
		row.EntryActors = append(row.EntryActors, e.Actor)
		row.EntryFroms = append(row.EntryFroms, string(e.From))
		row.EntryTos = append(row.EntryTos, string(e.To))
		row.EntryWhats = append(row.EntryWhats, e.What)
		row.EntryEvidences = append(row.EntryEvidences, e.Evidence)
		row.EntryProfiles = append(row.EntryProfiles, string(e.Profile))
		row.EntryRequests = append(row.EntryRequests, string(e.Request))
		row.EntryHashes = append(row.EntryHashes, hashes[i][:])
	}
	row.Now = r.TouchedAt // used only where an entry tells a change of the profile
	if n := len(r.Trail.Add); n > 0 {
		row.Now = r.Trail.Add[n-1].At
	}
	row.AuditSeq, row.AuditHash = trail.Seq, trail.Head[:]
	return trail
}
