package passfort

import (
	"encoding/json"
	"fmt"
	"strings"
)

// maxDepth is how many levels of associates a company can have below it, by PassFort's documentation.
const maxDepth = 10

// admit checks new collected data of a profile (nil if it is still to be made) as a whole and brings it into the form
// in which it is kept: linked profiles as their ids, addresses structured. The lock is held; data is the caller's own.
func (p *Provider) admit(pr *profile, data entityData) error {
	if err := structureAddresses(data); err != nil {
		return err
	}
	for _, at := range p.Options().places() {
		if err := p.admitList(pr, data, at); err != nil {
			return err
		}
	}
	return nil
}

// admitList checks one list of associates. Nobody is in a list twice.
func (p *Provider) admitList(pr *profile, data entityData, at place) error {
	value := data.at(at.path...)
	list, ok := value.([]any)
	if !ok && value != nil {
		return invalid("%s must be a list", strings.Join(at.path, "."))
	}
	seen := map[string]bool{}
	for i, item := range list {
		where := fmt.Sprintf("%s[%d]", strings.Join(at.path, "."), i)
		entry, ok := item.(map[string]any)
		if !ok {
			return invalid("%s must be an object", where)
		}
		id, err := p.admitEntry(pr, entry, where)
		switch {
		case err != nil:
			return err
		case id != "" && seen[id]:
			return invalid("%s: profile %s is in the list twice", where, id)
		}
		seen[id] = true
	}
	return nil
}

// admitEntry checks one entry and returns the id of its linked profile, empty if it has none. What reads show beside that
// id is left out again.
func (p *Provider) admitEntry(pr *profile, entry map[string]any, where string) (string, error) {
	var known knownAssociate
	if err := recode(entry, &known); err != nil {
		return "", invalid("%s: %s", where, err)
	}
	if err := p.checkEntry(entry, known, where); err != nil {
		return "", err
	}
	switch {
	case known.LinkedProfile != nil && known.LinkedProfile.ID != nil:
		id := *known.LinkedProfile.ID
		entry["linked_profile"] = map[string]any{"id": id}
		return id, p.admitLink(pr, id, *known.EntityType, where)
	case known.ImmediateData == nil:
		return "", missing("%s: linked_profile.id or immediate_data is required", where)
	}
	return "", nil
}

// checkEntry says what is wrong with an entry whose members have the right types.
func (p *Provider) checkEntry(entry map[string]any, known knownAssociate, where string) error {
	switch {
	case known.EntityType == nil:
		return missing("%s.entity_type is required", where)
	case *known.EntityType != individual && *known.EntityType != company:
		return invalid("%s.entity_type must be INDIVIDUAL or COMPANY", where)
	}
	for _, id := range known.TaskVariantIDs {
		if _, ok := p.account.TaskByVariant(id); !ok {
			return invalid("%s.task_variant_ids: %q is not known", where, id)
		}
	}
	if data, ok := entry["immediate_data"].(map[string]any); ok && known.ImmediateData != nil {
		if err := admitImmediate(data, *known.ImmediateData, *known.EntityType); err != nil {
			return invalid("%s.immediate_data: %s", where, err)
		}
	}
	return nil
}

// admitImmediate checks the data that an entry holds itself.
func admitImmediate(data entityData, known knownData, entityType string) error {
	if err := checkEntityData(data, known, entityType); err != nil {
		return err
	}
	return structureAddresses(data)
}

// recode reads a value that came from JSON as another type.
func recode(value, v any) error {
	raw, err := json.Marshal(value)
	if err != nil {
		return invalid("is not valid: %v", err)
	}
	return unmarshal(raw, v)
}

// admitLink checks that a profile may be an associate of another.
func (p *Provider) admitLink(pr *profile, id, entityType, where string) error {
	linked := p.index.profiles[id]
	switch {
	case linked == nil:
		return invalid("%s: there is no profile %q", where, id)
	case !linked.isAssociate():
		return invalid("%s: profile %s is a %s, not an associate", where, id, linked.Role)
	case linked.entityType() != entityType:
		return invalid("%s: profile %s is not of type %s", where, id, entityType)
	case linked.Company != "" && (pr == nil || linked.Company != pr.ID):
		return conflict(codeConstraints, "%s: profile %s belongs to another company and cannot be moved", where, id)
	case pr != nil && p.isAbove(linked, pr):
		return conflict(codeConstraints, "%s: profile %s is above this company", where, id)
	case p.level(pr)+1+p.height(linked) > maxDepth:
		return conflict(codeConstraints, "%s: associates can be at most %d levels deep", where, maxDepth)
	}
	return nil
}

// isAbove says whether one profile is another, or a company over it.
func (p *Provider) isAbove(one, other *profile) bool {
	for ; other != nil; other = p.index.profiles[other.Company] {
		if one == other {
			return true
		}
	}
	return false
}

// level is how many companies are above a profile.
func (p *Provider) level(pr *profile) int {
	n := 0
	for pr != nil && pr.Company != "" {
		n, pr = n+1, p.index.profiles[pr.Company]
	}
	return n
}

// height is how many levels of associates are below a profile.
func (p *Provider) height(pr *profile) int {
	n := 0
	seen := map[string]bool{}
	for _, a := range p.associatesOf(pr) {
		linked := p.index.profiles[a.profileID]
		if linked != nil && linked.Company == pr.ID && !seen[a.profileID] {
			seen[a.profileID] = true
			n = max(n, 1+p.height(linked))
		}
	}
	return n
}
