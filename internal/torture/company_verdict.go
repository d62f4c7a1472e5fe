package torture

import (
	"context"
	"slices"
	"strings"

	"portal/internal/onboarding"
	"portal/internal/sandbox/effects"
)

// arrays says where collected data lists the associates of each role, by PassFort's schema.
var arrays = map[onboarding.AssociatedRole][2]string{
	onboarding.Director:               {"officers", "directors"},
	onboarding.CompanySecretary:       {"officers", "secretaries"},
	onboarding.Partner:                {"officers", "partners"},
	onboarding.OtherOfficer:           {"officers", "other"},
	onboarding.ResignedOfficer:        {"officers", "resigned"},
	onboarding.Trustee:                {"officers", "trustees"},
	onboarding.BeneficialOwner:        {"ownership_structure", "beneficial_owners"},
	onboarding.Shareholder:            {"ownership_structure", "shareholders"},
	onboarding.ControllingShareholder: {"ownership_structure", "controlling_shareholders"},
	onboarding.GlobalUltimateOwner:    {"ownership_structure", "global_ultimate_owners"},
	onboarding.AuthorizedPerson:       {"", "authorized_persons"},
}

// judgeCompanies compares who is stored behind the companies, and who stands in their collected data, with what was entered
// and what the foreign writer has left.
func (r *run) judgeCompanies(ctx context.Context, records Records) error {
	for _, reg := range records.Registrations {
		if reg.Flow != companyFlow {
			continue
		}
		id := registrationID(reg.ID)
		st, err := r.store.Structure(ctx, id)
		if err != nil {
			return err
		}
		j := &companyVerdict{run: r, reg: reg, st: st}
		j.sameAsEntered(r.associates.of(id))
		if reg.Profile == "" {
			continue
		}
		j.dataOf(onboarding.AssociateID{}, reg.Profile)
		for _, a := range st.Associates {
			j.associate(a)
		}
		j.attention()
	}
	return nil
}

// companyVerdict is about one registration of a company.
type companyVerdict struct {
	*run
	reg Registration
	st  onboarding.Structure
}

// sameAsEntered: who is stored is who was entered and not withdrawn, as they were entered last.
func (j *companyVerdict) sameAsEntered(list []*entered) {
	if len(list) != len(j.st.Associates) {
		j.say("%d associates were entered behind registration %s, and %d are stored", len(list), j.reg.ID, len(j.st.Associates))
	}
	for _, e := range list {
		a, err := j.st.Find(e.ID)
		if err != nil {
			j.say("associate %s was entered and is not stored", e.ID)
			continue
		}
		roles := func(d onboarding.Details) []onboarding.AssociatedRole { return both(d.Roles, nil) }
		if a.Parent != e.Parent || a.Details.Encode() != e.Details.Encode() || !slices.Equal(roles(a.Details), roles(e.Details)) {
			j.say("associate %s is stored as %s %v, and was last entered as %s %v", e.ID,
				a.Details.Encode(), roles(a.Details), e.Details.Encode(), roles(e.Details))
		}
		if a.Draft() == e.submitted {
			j.say("associate %s is %s; submitted: %v", e.ID, a.Status, e.submitted)
		}
	}
}

// associate: one that was submitted is linked with one profile, any other of which is told; a draft has none.
func (j *companyVerdict) associate(a onboarding.Associate) {
	var created []string
	for _, e := range j.sandbox.Effects() {
		if e.Kind == effects.ProfileCreate && e.CustomerRef == refPrefix+a.ID.String() {
			created = append(created, e.ID)
		}
	}
	own := slices.Index(created, string(a.Profile))
	switch {
	case a.Draft() && len(created) > 0:
		j.say("associate %s is a draft and has a profile", a.ID)
	case a.Draft():
		return
	case a.Status != onboarding.AssociateLinked:
		j.say("associate %s was submitted and is %s: %s", a.ID, a.Status, a.Cause)
	case own < 0:
		j.say("associate %s has profile %s, which carries another's reference", a.ID, a.Profile)
	case len(created) > 1 && !a.StubMayExist && a.Orphans < len(created)-1:
		j.say("associate %s: %d profiles were created, and that is not told", a.ID, len(created))
	case !j.silent && a.Orphans != len(created)-1:
		j.say("associate %s: %d profiles were created, and webhooks made %d orphans known", a.ID, len(created), a.Orphans)
	}
	if a.Profile == "" {
		return
	}
	j.linked++
	j.profile(a)
	if a.Details.EntityType == onboarding.Company {
		j.dataOf(a.ID, string(a.Profile))
	}
}

// attention: a person is told exactly of those who may have a second profile. Nothing else can go wrong for good in a run.
func (j *companyVerdict) attention() {
	flagged := slices.ContainsFunc(j.st.Associates, func(a onboarding.Associate) bool { return a.StubMayExist || a.Orphans > 0 })
	if told := j.st.Attention != ""; told != flagged {
		j.say("the associates of registration %s: %q, and second profiles: %v", j.reg.ID, j.st.Attention, flagged)
	}
}

// dataOf: whoever is behind a company is in the lists of their roles, once, and in no other; so is what the foreign writer
// has left; and what the company began with is still there.
func (j *companyVerdict) dataOf(company onboarding.AssociateID, profile string) {
	f := j.fileOf(profile)
	expected := map[string][]onboarding.AssociatedRole{}
	for _, a := range j.st.Behind(company) {
		if a.Profile != "" {
			expected[string(a.Profile)] = a.Details.Roles
		}
	}
	for _, m := range j.marks {
		if m.company != profile {
			continue
		}
		j.wantMark(f, m)
		if m.profile != "" {
			expected[m.profile] = []onboarding.AssociatedRole{onboarding.Director}
		}
	}
	for role := range arrays {
		f.compare(j.run, role, expected)
	}
	j.entries(f, company)
	if begun := j.given[registrationID(j.reg.ID)].facts.Name; company.IsZero() && begun != "" && !strings.Contains(f.text, `"name":"`+begun) {
		j.say("company %s no longer has its name", profile)
	}
}
