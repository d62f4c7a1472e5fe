package postgres_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"portal/internal/onboarding"
	"portal/internal/postgres/query"
)

func TestCompaniesWithSomethingToldAreListedUntilItIsSeen(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	looking := keyless(pool)
	r := behindNew(t, s, placedOne(onboarding.AssociateRemoved))
	behindNew(t, s, placedOne(onboarding.AssociateLinked))
	tell(t, pool, r, "associates were taken out (1)")
	wantSeen := func(when string, want []onboarding.RegistrationID) {
		t.Helper()
		list, err := looking.ToSee(t.Context(), 10)
		if diff := cmp.Diff(want, idsOf(list)); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", when, err, diff)
		}
		standing, err := looking.Standing(t.Context())
		if err != nil || standing.Structures != len(want) || standing.Person() != (len(want) > 0) {
			t.Errorf("%s: %+v, %v", when, standing, err)
		}
		for _, listed := range list {
			if listed.Behind != "associates were taken out (1)" {
				t.Errorf("%s: says %q", when, listed.Behind)
			}
		}
	}
	wantSeen("told", []onboarding.RegistrationID{r.ID})
	list, err := looking.OfStatus(t.Context(), onboarding.Open, 10)
	if err != nil || len(list) != 2 || list[0].Behind == "" || list[1].Behind != "" {
		t.Errorf("by status: %+v, %v", list, err)
	}
	if err := looking.AcknowledgeStructure(t.Context(), r.ID, now); err != nil {
		t.Fatal(err)
	}
	wantSeen("acknowledged", nil)
}

func TestADossierHoldsAssociatesWithoutWhatWasEntered(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	holding := placedOne(onboarding.AssociateLinked)
	holding.Details.EntityType, holding.Details.Roles = onboarding.Company, []onboarding.AssociatedRole{onboarding.Shareholder, onboarding.Partner}
	holding.Running = true
	owner := undecidedOne()
	owner.Parent = holding.ID
	r := behindNew(t, s, holding, owner)
	tell(t, pool, r, "a sentence")
	for id, a := range map[onboarding.ProfileID]onboarding.Associate{holding.Profile: holding, "second": holding, "found": owner} {
		exec(t, pool, "insert into associate_profiles (id, associate_id, seen_at) values ($1, $2, $3)", string(id), uuid.UUID(a.ID), now)
	}
	until := now.Add(time.Minute)
	if _, _, err := s.ClaimStructure(t.Context(), r.ID, now, until); err != nil {
		t.Fatal(err)
	}
	d, err := keyless(pool).Dossier(t.Context(), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	st := d.Structure
	if st.Attention != "a sentence" || st.Acknowledged || !st.Claimed.Equal(until) || !st.DueAt.Equal(now) || len(st.Associates) != 2 {
		t.Fatalf("%+v", st)
	}
	first, second := st.Associates[0], st.Associates[1]
	if first.ID != holding.ID || !first.Running || first.Profile != holding.Profile || first.Details.EntityType != onboarding.Company ||
		!slices.Equal(first.Details.Roles, holding.Details.Roles) || !slices.Equal(first.Others, []onboarding.ProfileID{"second"}) {
		t.Errorf("the company is %+v", first)
	}
	if second.Parent != holding.ID || second.Status != onboarding.AssociateAttention || second.Cause != owner.Cause ||
		!slices.Equal(second.Others, []onboarding.ProfileID{"found"}) || second.Details.FamilyName != "" {
		t.Errorf("who is behind it is %+v", second)
	}
}

func TestWhatIsToldOfAssociatesIsFoundByItsIndex(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	a := applicant(t, s, "many")
	exec(t, pool, `with r as (
			insert into registrations (id, applicant_id, flow, case_name, status, ask, stub_may_exist, reasked, tries, cause, waiting,
				acknowledged, version, created_at, touched_at)
			select gen_random_uuid(), $1, 'company', n::text, 'starting', '', false, false, 0, '', false, false, 1, $2, $2
			from generate_series(1, 20000) as n
			returning id
		)
		insert into structures (registration_id, total, drafts, ending, attention, acknowledged, fence, edits, created_at)
		select id, 0, 0, '', case when random() < 0.01 then 'told' else '' end, false, 0, 0, $2
		from r`, uuid.UUID(a), now)
	exec(t, pool, "analyze registrations, structures")
	q := query.New()
	for name, ask := range map[string]func(e *explaining) error{
		"standing": func(e *explaining) error { _, err := q.Standing(t.Context(), e); return err },
		"to see":   func(e *explaining) error { _, err := q.RegistrationsToSee(t.Context(), e, 50); return err },
	} {
		e := &explaining{pool: pool}
		if err := ask(e); err != nil && err.Error() != errExplained.Error() {
			t.Fatal(err)
		}
		if !strings.Contains(e.plan, "structures_attention") || strings.Contains(e.plan, "Seq Scan on structures") {
			t.Errorf("%s:\n%s", name, e.plan)
		}
	}
}
