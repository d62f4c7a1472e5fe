package torture

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"portal/internal/onboarding"
	"portal/internal/sandbox/effects"
)

// associateRecord is an associate as the records have it.
type associateRecord struct {
	ID, Status, Cause string
	Profile           string
	Company           string // the profile in whose data it stands; empty where that is not there
	StubMayExist      bool
	Known             int // profiles that carry its reference
}

// associates are all of them, by id.
func (d *recordsRoom) associates(ctx context.Context) (map[string]associateRecord, error) {
	list, err := rowsOf[associateRecord](ctx, d.pool, `
		select a.id::text, a.status, a.cause, coalesce(a.profile_id, ''),
			coalesce(case when a.parent_id is null then r.profile_id else p.profile_id end, ''),
			a.stub_may_exist, (select count(*) from associate_profiles k where k.associate_id = a.id)
		from associates a
		join registrations r on r.id = a.registration_id
		left join associates p on p.id = a.parent_id`)
	byID := map[string]associateRecord{}
	for _, a := range list {
		byID[a.ID] = a
	}
	return byID, err
}

// places says in whose data, by the company's profile, which profile is to stand in which roles.
type places map[string]map[string][]onboarding.AssociatedRole

// judgeBehind: whoever the back end was told is entered has one profile, or what is more is told, and stands in the lists of
// their roles of their company's data, once, and in no other; and so does nobody else.
func (r *ordeal) judgeBehind(ctx context.Context) error {
	kept, err := r.records.associates(ctx)
	if err != nil {
		return err
	}
	expected := places{}
	for _, v := range r.visitors {
		for _, c := range v.behind {
			a, there := kept[c.id]
			delete(kept, c.id)
			switch {
			case c.entered && !there:
				r.violated("%s: associate %s was acknowledged and is not there", v.name, c.id)
			case c.entered && a.Company != "": // or the company's form waits for a person
				r.judgeColleague(a)
				expected.add(a, c)
			}
		}
	}
	for id := range kept {
		r.violated("associate %s was entered by nobody", id)
	}
	return r.judgeData(expected)
}

// add notes where an associate is to stand, and that behind one that is a company nobody stands who is not expected there.
func (p places) add(a associateRecord, c *colleague) {
	companies := []string{a.Company}
	if c.entity == onboarding.Company {
		companies = append(companies, a.Profile)
	}
	for _, company := range companies {
		if p[company] == nil {
			p[company] = map[string][]onboarding.AssociatedRole{}
		}
	}
	p[a.Company][a.Profile] = both(c.roles, nil)
}

func (r *ordeal) judgeColleague(a associateRecord) {
	created := 0
	for _, e := range r.sandbox.Effects() {
		if e.Kind == effects.ProfileCreate && e.CustomerRef == refPrefix+a.ID {
			created++
		}
	}
	switch {
	case a.Status != string(onboarding.AssociateLinked):
		r.violated("associate %s is %s: %s", a.ID, a.Status, a.Cause)
	case created == 0:
		r.violated("associate %s has a profile that nobody created", a.ID)
	case created > 1 && !a.StubMayExist && a.Known < created:
		r.violated("associate %s: %d profiles were created, and that is not told", a.ID, created)
	}
}

// judgeData compares what is expected with the lists of the companies' data.
func (r *ordeal) judgeData(expected places) error {
	for company, want := range expected {
		got, err := r.rolesIn(company)
		if err != nil {
			return err
		}
		if !maps.EqualFunc(want, got, slices.Equal) {
			r.violated("company %s has %v behind it and should have %v", company, got, want)
		}
	}
	return nil
}

// rolesIn is in which lists of a company's data each profile stands, as often as it does.
func (r *ordeal) rolesIn(company string) (map[string][]onboarding.AssociatedRole, error) {
	seen, err := r.sandbox.PassFort().Detail(company)
	if err != nil {
		return nil, fmt.Errorf("reading a company's data: %w", err)
	}
	f, roles := file{}, map[string][]onboarding.AssociatedRole{}
	if err := json.Unmarshal(seen.Collected, &f.data); err != nil {
		return nil, fmt.Errorf("reading a company's data: %w", err)
	}
	for _, role := range slices.Sorted(maps.Keys(arrays)) {
		for _, entry := range f.list(role) {
			id := linkedIn(entry.(map[string]any))
			roles[id] = append(roles[id], role)
		}
	}
	return roles, nil
}
