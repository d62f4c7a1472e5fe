package main

import (
	"fmt"

	"portal/internal/onboarding"
	"portal/internal/postgres"
)

// offer is something a person can do for a registration, as a command to copy.
type offer struct{ meaning, command string }

// offers lists what a person can do for a registration as it stands.
func offers(d postgres.Dossier) []offer {
	var list []offer
	add := func(meaning, flag string) {
		list = append(list, offer{meaning, fmt.Sprintf("portal registrations resolve %s %s --why '…'", d.Registration.ID, flag)})
	}
	examined := d.Registration.Provider == onboarding.Sumsub && d.Registration.Profile != ""
	switch {
	case d.Registration.Status != onboarding.NeedsAttention:
	case examined:
		add("Read the provider again, once you have decided there:", "--again")
	default:
		for _, p := range adoptable(d) {
			add("The profile is the registration's (its customer reference is checked):", "--adopt "+p)
		}
		if d.Registration.Ask == onboarding.AskRequest {
			add("Ask the provider for a customer request again:", "--again")
		} else {
			add("Have another profile created; the first attempt may have left a stub:", "--again")
		}
		if d.Registration.Profile != "" {
			add("Give the profile up and have another created:", "--new-profile")
		}
	}
	if n := retryable(d.Structure); n > 0 {
		add(fmt.Sprintf("Have the associates tried again that are refused, undecided or removed (%d):", n), "--retry-associates")
	}
	if len(flags(d.Registration, orphans(d), untold(d.Structure))) > 0 {
		add("You have seen the flags and done what is to be done at the provider:", "--acknowledge")
	}
	return list
}

// adoptable are the known profiles that the registration does not use, or a word in their place.
func adoptable(d postgres.Dossier) []string {
	var ids []string
	for _, p := range d.Profiles {
		if p.ID != d.Registration.Profile {
			ids = append(ids, string(p.ID))
		}
	}
	if len(ids) == 0 {
		return []string{"PROFILE"}
	}
	return ids
}

// orphans counts the orphaned profiles that nobody has said they know of.
func orphans(d postgres.Dossier) int {
	n := 0
	for _, p := range d.Profiles {
		if p.Orphaned && !p.Acknowledged {
			n++
		}
	}
	return n
}
