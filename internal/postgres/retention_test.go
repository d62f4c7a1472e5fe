package postgres_test

import (
	"crypto/sha256"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"pgregory.net/rapid"

	"portal/internal/onboarding"
	"portal/internal/postgres"
)

// kept is for how long the portals of these tests keep registrations.
const kept = 90 * 24 * time.Hour

// forgetter is one at a time long after everything in these tests.
func forgetter(past onboarding.Past) *onboarding.Forgetter {
	return &onboarding.Forgetter{
		Past: past, Retention: kept, Now: func() time.Time { return now.Add(365 * 24 * time.Hour) }, Log: slog.New(slog.DiscardHandler),
	}
}

// everything fills the tables that opening and completing a registration leaves empty. The parameter is its id.
var everything = []string{
	`insert into registration_facts (registration_id, sealed) values ($1, 'x')`,
	`insert into verifications (registration_id, sealed, level, review_status, review_answer, reject_type, read_at)
		values ($1, 'x', '', '', '', '', now())`,
	`insert into documents (id, registration_id, step, type, side, country, format, digest, status, advice, cause, created_at, settled_at)
		values (gen_random_uuid(), $1, '', '', '', '', '', sha256('x'), 'lost', '{}', '', now(), now())`,
	`insert into structures (registration_id, total, drafts, ending, attention, acknowledged, fence, edits, created_at)
		values ($1, 2, 0, '', '', false, 0, 0, now())`,
	`insert into associates (id, registration_id, status, source, entity_type, roles, sealed, profile_id, asked, stub_may_exist, tries, cause,
			alone, listed, running, version, created_at, submitted_at)
		select gen_random_uuid(), $1, 'linked', 'api', 'COMPANY', '{PARTNER}', 'x', 'profile of ' || n, false, false, 0, '', false, false, true, 1,
			'2026-01-02', '2026-01-02'
		from generate_series(1, 2) as n
		where $1::uuid is not null`,
	`update associates set parent_id = (select id from associates where profile_id = 'profile of 1') where profile_id = 'profile of 2' and registration_id = $1`,
	`insert into associate_profiles (id, associate_id, seen_at) select a.profile_id, a.id, now() from associates a where a.registration_id = $1`,
	`update notices set status = 'delivered', due_at = null, ended_at = now() where registration_id = $1`,
	`insert into notice_attempts (notice_seq, n, at, took_ms, http_status, cause)
		select seq, 1, now(), 1, 200, '' from notices where registration_id = $1`,
}

// completed is a registration that has come to its end, with everything about it.
func completed(t *testing.T, s *postgres.Store, pool *pgxpool.Pool, a onboarding.ApplicantID) onboarding.Registration {
	t.Helper()
	r := opened(t, s, begin(t, s, a))
	r.Status = onboarding.Completed
	r.Trail.Add = []onboarding.Entry{
		{Seq: 2, At: now, Actor: onboarding.ActorProvider, From: onboarding.Starting, To: onboarding.Completed, What: "finished"},
	}
	r, err := s.Save(t.Context(), r, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	for _, sql := range everything {
		exec(t, pool, sql, uuid.UUID(r.ID))
	}
	return r
}

// tablesAbout are the tables whose rows are there for a registration alone: those that refer to one, or to what refers to one.
func tablesAbout(t *testing.T, pool *pgxpool.Pool) []string {
	t.Helper()
	rows, err := pool.Query(t.Context(), `
		with recursive about (id) as (
			select 'registrations'::regclass::oid
			union
			select c.conrelid from pg_constraint c join about on c.confrelid = about.id
		)
		select id::regclass::text from about order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(names) < 12 {
		t.Fatalf("%v, %v", names, err)
	}
	return names
}

func TestEverythingAboutAPastRegistrationIsForgotten(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	ada := applicant(t, s, "ada")
	completed(t, s, pool, ada)
	for _, table := range tablesAbout(t, pool) {
		if count(t, pool, table) == 0 {
			t.Errorf("%s has nothing of the registration: fill it in this test", table)
		}
	}
	before := verified(t, s)
	if err := forgetter(s).Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, table := range tablesAbout(t, pool) {
		if n := count(t, pool, table); n != 0 {
			t.Errorf("%d rows are left in %s", n, table)
		}
	}
	after := verified(t, s)
	want := onboarding.Audit{Forgotten: 1, Covered: before.Covered, Root: before.Root}
	if diff := cmp.Diff(want, after); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
	if r := begin(t, s, ada); r.Status != onboarding.Starting {
		t.Errorf("whoever comes back begins with %s", r.Status)
	}
}

// verified is the audit of a trail that holds.
func verified(t *testing.T, s *postgres.Store) onboarding.Audit {
	t.Helper()
	audit, err := s.VerifyAudit(t.Context(), time.Time{}, func(f onboarding.Fault) { t.Errorf("%+v", f) })
	if err != nil || audit.Covered == 0 {
		t.Fatalf("%+v, %v", audit, err)
	}
	return audit
}

func TestEntriesOfATrailGoOnlyWithTheirRegistration(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	begin(t, s, applicant(t, s, "ada"))
	if _, err := pool.Exec(t.Context(), "delete from audit_entries"); err == nil {
		t.Error("an entry was deleted")
	}
	for _, sql := range []string{"update audit_entries set what = ''", "truncate audit_entries"} {
		err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
			_, err := tx.Exec(t.Context(), "select set_config('portal.forgetting', 'on', true)")
			if err == nil {
				_, err = tx.Exec(t.Context(), sql)
			}
			return err
		})
		if err == nil {
			t.Errorf("%s: who forgets may do it", sql)
		}
	}
}

// standing is how a registration may stand, as far as it matters for whether it is forgotten.
type standing struct {
	Status                               string
	Ended                                time.Duration // before the end of its time
	Claimed, Stub, Orphan, Told, Sending bool
	Attention, Acknowledged              bool
	Associate, Ending                    string
}

func standings(rt *rapid.T) standing {
	flag := func(name string) bool { return rapid.IntRange(0, 7).Draw(rt, name) == 0 }
	return standing{
		Status: rapid.SampledFrom([]string{
			"completed", "completed", "completed", "expired", "superseded", "closed", "rejected", "starting", "open", "checking", "needs_attention",
		}).Draw(rt, "status"),
		Ended:   time.Duration(rapid.SampledFrom([]int{-100, -1, 1, 2, 100}).Draw(rt, "ended")) * time.Hour,
		Claimed: flag("claimed"), Stub: flag("stub"), Orphan: flag("orphan"), Told: !flag("untold"), Sending: flag("sending"),
		Attention: flag("attention"), Acknowledged: flag("acknowledged"),
		Associate: rapid.SampledFrom([]string{"", "", "draft", "starting", "unclear", "needs_attention", "created", "linked", "removed"}).Draw(rt, "associate"),
		Ending:    rapid.SampledFrom([]string{"", "", "rejected", "cancelled"}).Draw(rt, "ending"),
	}
}

// lives says whether there is something left to do, or it is not long ago.
func (l standing) lives() bool {
	ended := slices.Contains([]string{"completed", "expired", "superseded", "closed", "rejected"}, l.Status)
	working := l.Ending == "" && slices.Contains([]string{"starting", "unclear", "needs_attention", "created"}, l.Associate)
	unseen := l.Attention && !l.Acknowledged || l.Stub && !l.Acknowledged || l.Orphan && !l.Acknowledged
	return !ended || l.Ended <= 0 || l.Claimed || unseen || working || !l.Told || l.Sending
}

// plant stores a registration that stands so, as seen at a time.
func (l standing) plant(t *testing.T, pool *pgxpool.Pool, who uuid.UUID, at time.Time) uuid.UUID {
	t.Helper()
	id, ended := uuid.Must(uuid.NewV7()), at.Add(-kept-l.Ended)
	var soon, seen *time.Time
	if l.Claimed {
		soon = new(at.Add(time.Minute))
	}
	if l.Acknowledged {
		seen = &ended
	}
	hash := sha256.Sum256(id[:])
	exec(t, pool, `insert into registrations (id, applicant_id, provider, flow, case_name, status, profile_id, ask, stub_may_exist, acknowledged, reasked,
		tries, cause, claimed_until, version, created_at, touched_at, audit_seq, audit_hash)
		values ($1, $2, 'sumsub', 'f', $3, $4, $3, '', $5, $6, false, 0, '', $7, 1, $8, $8, 1, $9)`,
		id, who, id.String(), l.Status, l.Stub, l.Acknowledged, soon, ended.Add(-time.Hour), hash[:])
	exec(t, pool, `insert into audit_entries (registration_id, seq, at, actor, from_status, to_status, what, evidence, profile_id, request_id, hash)
		values ($1, 1, $2, '', '', $3, '', '', '', '', $4)`, id, ended, l.Status, hash[:])
	if l.Told {
		exec(t, pool, "update notices set status = 'given_up', due_at = null, ended_at = $2 where registration_id = $1", id, ended)
	}
	if l.Orphan {
		exec(t, pool, `insert into profiles (id, registration_id, source, seen_at, orphaned_at, acknowledged_at)
			values ($2, $1, '', $3, $3, $4)`, id, "orphan "+id.String(), ended, seen)
	}
	if l.Sending {
		exec(t, pool, `insert into documents (id, registration_id, step, type, side, country, format, digest, status, advice, cause, claimed_until,
			created_at) values ($1, $1, '', '', '', '', '', $2, 'sending', '{}', '', $3, $4)`, id, hash[:], at.Add(time.Minute), ended)
	}
	l.plantBehind(t, pool, id, ended)
	return id
}

// plantBehind stores somebody behind the registration's company.
func (l standing) plantBehind(t *testing.T, pool *pgxpool.Pool, id uuid.UUID, ended time.Time) {
	t.Helper()
	attention := ""
	if l.Attention {
		attention = "look"
	}
	exec(t, pool, `insert into structures (registration_id, total, drafts, ending, attention, acknowledged, fence, edits, created_at)
		values ($1, 0, 0, $2, $3, $4, 0, 0, $5)`, id, l.Ending, attention, l.Acknowledged, ended)
	if l.Associate == "" {
		return
	}
	exec(t, pool, `insert into associates (id, registration_id, status, source, entity_type, roles, sealed, profile_id, asked, stub_may_exist,
		tries, cause, alone, listed, running, version, created_at, submitted_at)
		values (gen_random_uuid(), $1, $2, 'api', 'COMPANY', '{PARTNER}', '', case when $2 <> 'draft' then $3::text end, false, false, 0, '', false, false,
		true, 1, $4, case when $2 <> 'draft' then $4::timestamptz end)`, id, l.Associate, "behind "+id.String(), ended)
}

func TestNothingThatStillLivesIsForgotten(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	f := forgetter(s)
	rapid.Check(t, func(rt *rapid.T) {
		who, lives := person(t, pool), map[uuid.UUID]standing{}
		var want []uuid.UUID
		for _, l := range rapid.SliceOfN(rapid.Custom(standings), 1, 12).Draw(rt, "registrations") {
			id := l.plant(t, pool, who, f.Now())
			if lives[id] = l; l.lives() {
				want = append(want, id)
			}
		}
		if err := f.Forget(t.Context()); err != nil {
			rt.Fatal(err)
		}
		got := registrationsOf(t, pool, who)
		for id, l := range lives {
			if stays := slices.Contains(got, id); stays != l.lives() {
				rt.Errorf("stays: %t: %+v", stays, l)
			}
		}
		if len(got) != len(want) {
			rt.Errorf("%d are left, want %d", len(got), len(want))
		}
	})
}

func registrationsOf(t *testing.T, pool *pgxpool.Pool, who uuid.UUID) []uuid.UUID {
	t.Helper()
	rows, err := pool.Query(t.Context(), "select id from registrations where applicant_id = $1 order by created_at, id", who)
	if err != nil {
		t.Fatal(err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

var over = standing{Status: "completed", Ended: time.Hour, Told: true}

func TestABatchIsShortAndTheOldestGoFirst(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	who, at := person(t, pool), forgetter(s).Now()
	for n := range 10 {
		l := over
		l.Ended = time.Duration(n+1) * time.Hour
		l.plant(t, pool, who, at)
	}
	all := registrationsOf(t, pool, who)
	gone, next, done, err := s.ForgetRegistrations(t.Context(), onboarding.Completed, at.Add(-kept), at, onboarding.Passed{}, 4)
	if err != nil || gone != 4 || done || uuid.UUID(next.ID) != all[3] {
		t.Errorf("%d gone, next %s, done: %t, %v", gone, next.ID, done, err)
	}
	if diff := cmp.Diff(all[4:], registrationsOf(t, pool, who)); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
}

func TestReplicasThatForgetAtOnceDoNotCollide(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	who := person(t, pool)
	for range 250 {
		over.plant(t, pool, who, forgetter(s).Now())
	}
	var replicas sync.WaitGroup
	for range 3 {
		replicas.Go(func() {
			if err := forgetter(postgres.New(pool, nil, postgres.NoJobs)).Forget(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	replicas.Wait()
	if left := registrationsOf(t, pool, who); len(left) > 0 {
		t.Errorf("%d are left", len(left))
	}
}

func TestApplicantsGoWhenNothingElseIsLeftOfThem(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	f := forgetter(s)
	gone, begun := person(t, pool, "email a@example.com", "corp 1"), person(t, pool, "email b@example.com")
	registered(t, pool, begun, "")
	_, here := signIn(t, s, "c@example.com")
	fresh := person(t, pool)
	exec(t, pool, "update applicants set created_at = $2 where id = $1", fresh, f.Now())
	if err := f.ForgetApplicants(t.Context()); err != nil {
		t.Fatal(err)
	}
	for id, stays := range map[uuid.UUID]int{gone: 0, begun: 1, uuid.UUID(here): 1, fresh: 1} {
		var n int
		if err := pool.QueryRow(t.Context(), "select count(*) from applicants where id = $1", id).Scan(&n); err != nil || n != stays {
			t.Errorf("%d of %s, want %d: %v", n, id, stays, err)
		}
	}
	if grep(t, pool, "identities", "a@example.com") {
		t.Error("the address is still known")
	}
}

func TestKeysThatOpenNothingAnyMoreGo(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	r := opened(t, s, begin(t, s, applicant(t, s, "ada")))
	completed(t, s, pool, applicant(t, s, "bob"))
	if n := count(t, pool, "customer_requests where sealed_key <> ''"); n != 1 {
		t.Errorf("%d keys, want that of the open form", n)
	}
	f := forgetter(s)
	f.Retention = 0 // registrations stay
	if err := f.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := count(t, pool, "customer_requests where sealed_key <> ''"); n != 0 || count(t, pool, "registrations") != 2 {
		t.Errorf("%d keys are left of forms that the provider closed long ago, such as that of %s", n, r.ID)
	}
}
