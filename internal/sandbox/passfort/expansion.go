package passfort

import "slices"

// expanded is a profile's collected data as reads show it: with the linked profiles of associates inside, and theirs
// inside of them. A company that occurs more than once shows its own associates the first time, or else a company with
// ten levels below it could have an answer of any size. The lock is held; what is returned is never changed.
func (p *Provider) expanded(pr *profile) entityData {
	return p.expandedOnce(pr, map[*profile]bool{})
}

func (p *Provider) expandedOnce(pr *profile, shown map[*profile]bool) entityData {
	if shown[pr] || len(p.associatesOf(pr)) == 0 {
		return pr.Data
	}
	shown[pr] = true
	data := pr.Data.clone()
	for _, a := range p.Options().associatesIn(data) {
		linked := p.index.profiles[a.profileID]
		if linked == nil {
			continue
		}
		a.entry["linked_profile"] = p.linkedProfile(linked, shown)
		a.entry["task_variant_ids"] = p.variantIDs(pr, a)
		if a.entry["merged_resolver_ids"] == nil {
			a.entry["merged_resolver_ids"] = []any{}
		}
	}
	return data
}

// linkedProfile is an associate's profile as it is shown inside a company's collected data.
func (p *Provider) linkedProfile(pr *profile, shown map[*profile]bool) map[string]any {
	return map[string]any{
		"id":                     pr.ID,
		"role":                   pr.Role,
		"category":               pr.category(),
		"status":                 pr.Status,
		"display_name":           pr.displayName(),
		"collected_data":         p.expandedOnce(pr, shown),
		"applications":           p.applicationViews(pr),
		"tasks":                  p.taskViews(pr),
		"task_progress":          pr.progress(),
		"tags":                   append([]tag{}, pr.Tags...),
		"has_associates":         len(p.associatesOf(pr)) > 0,
		"has_collection_steps":   false,
		"unresolved_event_types": pr.unresolvedEvents(),
	}
}

// variantIDs are the lists an associate is on: those its entry names, then those it was added to automatically.
func (p *Provider) variantIDs(pr *profile, a associate) []string {
	ids := append([]string{}, entityData(a.entry).texts("task_variant_ids")...)
	for _, alias := range p.verificationLists(pr, a) {
		t, _ := p.account.Task(alias)
		if id := t.VariantID(); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}
