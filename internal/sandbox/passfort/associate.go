package passfort

import "slices"

// place is where collected data lists the associates of a role.
type place struct {
	role      string
	path      []string
	automatic bool // whether such associates are put on verification lists without being named for them
}

// places are all of them. Which roles are added automatically is PassFort's rule: never former officers, company
// secretaries and officers of another kind.
func (o Options) places() []place {
	return []place{
		{"DIRECTOR", []string{"officers", "directors"}, true},
		{"COMPANY_SECRETARY", []string{"officers", "secretaries"}, false},
		{"PARTNER", []string{"officers", "partners"}, true},
		{"OTHER", []string{"officers", "other"}, false},
		{"RESIGNED_OFFICER", []string{"officers", "resigned"}, false},
		{"TRUSTEE", []string{"officers", "trustees"}, true},
		{"BENEFICIAL_OWNER", []string{"ownership_structure", "beneficial_owners"}, true},
		{"SHAREHOLDER", []string{"ownership_structure", "shareholders"}, true},
		{"CONTROLLING_SHAREHOLDER", []string{"ownership_structure", o.ControllersKey}, true},
		{"GLOBAL_ULTIMATE_OWNER", []string{"ownership_structure", o.UltimatesKey}, true},
		{"AUTHORIZED_PERSON", []string{"authorized_persons"}, true},
		{"UNAUTHORIZED_PERSON", []string{"unauthorized_persons"}, false},
	}
}

func (p *Provider) isRole(role string) bool {
	return slices.ContainsFunc(p.Options().places(), func(at place) bool { return at.role == role })
}

// associate is one entry of a company's collected data, in one role.
type associate struct {
	place
	entry     map[string]any
	profileID string // of the linked profile; empty if the entry holds the data itself
}

// associatesIn lists the entries of collected data, as they are stored.
func (o Options) associatesIn(data entityData) []associate {
	var found []associate
	for _, at := range o.places() {
		for _, item := range data.list(at.path...) {
			if entry, ok := item.(map[string]any); ok {
				found = append(found, associate{at, entry, entityData(entry).text("linked_profile", "id")})
			}
		}
	}
	return found
}

// associatesOf lists the associates of a company. The lock is held.
func (p *Provider) associatesOf(pr *profile) []associate {
	if pr.entityType() != company {
		return nil
	}
	return p.Options().associatesIn(pr.Data)
}

// identify gives every entry a resolver_id, as PassFort does. What tells the entries of a list apart must be there once
// in it, whatever was written.
func (p *Provider) identify(data entityData) {
	type key struct{ role, id string }
	seen := map[key]bool{}
	for _, a := range p.Options().associatesIn(data) {
		k := key{a.role, entityData(a.entry).text("resolver_id")}
		if k.id == "" || seen[k] {
			k.id = p.newID()
			a.entry["resolver_id"] = k.id
		}
		seen[k] = true
	}
}

// link makes the associates that a profile's data names its own and begins their verification. Data that was admitted
// when an option had another value may name profiles that cannot be. The lock is held.
func (p *Provider) link(pr *profile) {
	for _, a := range p.associatesOf(pr) {
		linked := p.index.profiles[a.profileID]
		if linked != nil && linked.Company == "" && p.admitLink(pr, a.profileID, entityData(a.entry).entityType(), "") == nil {
			linked.Company = pr.ID
			p.audit(linked, byPolicy, "linked-profile", pr.ID)
		}
	}
	p.verifyAssociates(pr)
}
