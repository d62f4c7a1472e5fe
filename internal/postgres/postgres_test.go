package postgres_test

import (
	"bytes"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/localpg"
	"portal/internal/onboarding"
	"portal/internal/postgres"
	"portal/internal/seal"
)

// now is a time that Postgres keeps as it is.
var now = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func newStore(t *testing.T) (*postgres.Store, *pgxpool.Pool) {
	t.Helper()
	pool := localpg.New(t)
	return postgres.New(pool, newKeys(t), postgres.NoJobs), pool
}

func newKeys(t *testing.T) *seal.Keyset {
	t.Helper()
	json, err := seal.NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := seal.Parse(json)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func begin(t *testing.T, s *postgres.Store, a onboarding.ApplicantID) onboarding.Registration {
	t.Helper()
	r, err := s.Begin(t.Context(), intent(a))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func intent(a onboarding.ApplicantID) onboarding.Registration {
	return onboarding.Registration{
		ID: onboarding.RegistrationID(uuid.Must(uuid.NewV7())), Applicant: a, Provider: onboarding.PassFort, Flow: "individual",
		Status: onboarding.Starting, DueAt: now, CreatedAt: now, TouchedAt: now,
		Trail: onboarding.Trail{Add: []onboarding.Entry{
			{Seq: 1, At: now, Actor: onboarding.ActorApplicant, To: onboarding.Starting, What: "wanted"},
		}},
	}
}

// opened takes a registration to its open form.
func opened(t *testing.T, s *postgres.Store, r onboarding.Registration) onboarding.Registration {
	t.Helper()
	r.Status, r.Profile, r.DueAt = onboarding.Open, onboarding.ProfileID("profile of "+r.ID.String()), time.Time{}
	r.Request = &onboarding.CustomerRequest{
		ID: onboarding.RequestID(uuid.NewString()), Key: "the key of the request", CreatedAt: now,
	}
	r, err := s.Save(t.Context(), r, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSaveGivesBackWhatWasSaved(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	_, a := signIn(t, s, "a@example.com")
	want := begin(t, s, a)
	want.Status, want.Ask, want.UnclearSince = onboarding.Unclear, onboarding.AskProfile, now.Add(time.Minute)
	want.StubMayExist, want.Refused, want.Tries, want.Cause, want.DueAt = true, true, 3, "because", now.Add(time.Hour)
	want.Waiting, want.OverSince, want.ReadAt, want.Acknowledged = true, now.Add(2*time.Hour), now.Add(3*time.Hour), true
	saved, err := s.Save(t.Context(), want, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	want.Version++
	got, err := s.Registration(t.Context(), want.ID)
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]onboarding.Registration{"saved": saved, "read": got} {
		if diff := cmp.Diff(want, r); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestRegistrationsAreUniquePerApplicantFlowAndCase(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	_, a := signIn(t, s, "a@example.com")
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := s.Begin(t.Context(), intent(a)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := count(t, pool, "registrations"); n != 1 {
		t.Errorf("%d registrations, want one", n)
	}
}

func TestOneOfManyClaims(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	_, a := signIn(t, s, "a@example.com")
	r := begin(t, s, a)
	var mu sync.Mutex
	won := 0
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			_, err := s.Claim(t.Context(), r.ID, now, now.Add(time.Minute))
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else if onboarding.KindOf(err) != onboarding.Conflict {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if won != 1 {
		t.Errorf("%d claims succeeded, want one", won)
	}
}

func TestAClaimFencesTheFormerHolderOut(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	_, a := signIn(t, s, "a@example.com")
	r := begin(t, s, a)
	former, err := s.Claim(t.Context(), r.ID, now, now.Add(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Extend(t.Context(), former, now.Add(2*time.Second)); err != nil {
		t.Errorf("the holder cannot prolong: %v", err)
	}
	if _, err := s.Claim(t.Context(), r.ID, now.Add(2*time.Second), now.Add(time.Minute)); err != nil {
		t.Fatalf("a lapsed claim is not free: %v", err)
	}
	if _, err := s.Save(t.Context(), former, time.Time{}); onboarding.KindOf(err) != onboarding.Conflict {
		t.Errorf("the former holder saved: %v", err)
	}
	if err := s.Extend(t.Context(), former, now.Add(time.Hour)); onboarding.KindOf(err) != onboarding.Conflict {
		t.Errorf("the former holder prolonged: %v", err)
	}
}

func TestOnlyWhatIsDueAndFreeIsListed(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	_, a := signIn(t, s, "a@example.com")
	r := begin(t, s, a)
	for _, c := range []struct {
		at   time.Time
		want int
	}{{now.Add(-time.Second), 0}, {now, 1}} {
		if ids, err := s.Due(t.Context(), c.at, 10); err != nil || len(ids) != c.want {
			t.Errorf("due at %s: %v, %v", c.at, ids, err)
		}
	}
	if _, err := s.Claim(t.Context(), r.ID, now, now.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if ids, err := s.Due(t.Context(), now, 10); err != nil || len(ids) != 0 {
		t.Errorf("claimed and listed: %v, %v", ids, err)
	}
	if ids, err := s.Due(t.Context(), now.Add(2*time.Minute), 10); err != nil || len(ids) != 1 {
		t.Errorf("lapsed and not listed: %v, %v", ids, err)
	}
}

func TestRequestKeysAreSealedAndBoundToTheirRow(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	_, a := signIn(t, s, "a@example.com")
	_, b := signIn(t, s, "b@example.com")
	mine, other := opened(t, s, begin(t, s, a)), opened(t, s, begin(t, s, b))
	var sealed []byte
	if err := pool.QueryRow(t.Context(), "select sealed_key from customer_requests where id = $1", string(mine.Request.ID)).Scan(&sealed); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("the key")) {
		t.Error("the key is stored in clear")
	}
	if _, err := pool.Exec(t.Context(), "update customer_requests set sealed_key = $1 where id = $2", sealed, string(other.Request.ID)); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Registration(t.Context(), other.ID); err != nil || got.Request.Key != "" {
		t.Errorf("a key copied to another row opens there (%v)", err)
	}
	if _, err := s.Request(t.Context(), other.ID, other.Request.ID); err == nil {
		t.Error("a key copied to another row opens there")
	}
	if got, err := s.Registration(t.Context(), mine.ID); err != nil || got.Request.Key != mine.Request.Key {
		t.Errorf("the key's own row: %v", err)
	}
}

func TestFormerRequestsAreKept(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	_, a := signIn(t, s, "a@example.com")
	first := opened(t, s, begin(t, s, a))
	second := opened(t, s, first)
	if first.Request.ID == second.Request.ID {
		t.Fatal("the same request")
	}
	if n := count(t, pool, "customer_requests"); n != 2 {
		t.Errorf("%d requests kept, want both", n)
	}
	got, err := s.Registration(t.Context(), first.ID)
	if err != nil || got.Request.ID != second.Request.ID {
		t.Errorf("shown: %+v, %v", got.Request, err)
	}
}

func TestARequestIsKeptWhoeversVersionItIs(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	_, a := signIn(t, s, "a@example.com")
	r := begin(t, s, a)
	if _, err := s.Claim(t.Context(), r.ID, now, now.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	r.Status, r.Profile, r.DueAt = onboarding.Open, "profile", time.Time{}
	r.Request = &onboarding.CustomerRequest{ID: "late", Key: "its key", CreatedAt: now}
	if _, err := s.Save(t.Context(), r, time.Time{}); onboarding.KindOf(err) != onboarding.Conflict {
		t.Fatalf("saved over a claim: %v", err)
	}
	got, err := s.Request(t.Context(), r.ID, "late")
	if diff := cmp.Diff(*r.Request, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if _, err := s.Request(t.Context(), r.ID, "never"); onboarding.KindOf(err) != onboarding.NotFound {
		t.Errorf("one that was never stored: %v", err)
	}
}

func TestARequestIsNeverSomebodyElses(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	_, a := signIn(t, s, "a@example.com")
	_, b := signIn(t, s, "b@example.com")
	mine, other := opened(t, s, begin(t, s, a)), begin(t, s, b)
	other.Status, other.Profile, other.DueAt, other.Request = onboarding.Open, "another profile", time.Time{}, mine.Request
	if _, err := s.Save(t.Context(), other, time.Time{}); err == nil {
		t.Error("two registrations show one request")
	}
	other.Profile, other.Request = mine.Profile, &onboarding.CustomerRequest{ID: "new", Key: "k", CreatedAt: now}
	if _, err := s.Save(t.Context(), other, time.Time{}); err == nil {
		t.Error("two registrations have one profile")
	}
}

func TestVisitShowsOwnRegistrationsTheLastTouchedFirst(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	session, a := signIn(t, s, "a@example.com")
	_, b := signIn(t, s, "b@example.com")
	opened(t, s, begin(t, s, b))
	company := intent(a)
	company.Flow, company.CreatedAt, company.TouchedAt = "company", now.Add(time.Minute), now.Add(time.Minute)
	older := opened(t, s, begin(t, s, a))
	newer, err := s.Begin(t.Context(), company)
	if err != nil {
		t.Fatal(err)
	}
	who, begun, err := s.Visit(t.Context(), session, limits, now)
	if err != nil {
		t.Fatal(err)
	}
	if who.Email != "a@example.com" || onboarding.ApplicantID(who.Applicant) != a {
		t.Errorf("visitor %+v", who)
	}
	if diff := cmp.Diff([]onboarding.Registration{newer, older}, begun); diff != "" {
		t.Errorf("begun (-want +got):\n%s", diff)
	}
}

func TestWithoutPostgresEverythingIsBusyAndComesBack(t *testing.T) {
	t.Parallel()
	cluster := localpg.NewCluster(t)
	pool, err := postgres.Connect(t.Context(), cluster.URL("portal"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	s := postgres.New(pool, newKeys(t), postgres.NoJobs)
	session, a := signIn(t, s, "a@example.com")
	if err := cluster.Halt(); err != nil {
		t.Fatal(err)
	}
	_, _, visitErr := s.Visit(t.Context(), session, limits, now)
	_, beginErr := s.Begin(t.Context(), intent(a))
	for name, err := range map[string]error{"visit": visitErr, "begin": beginErr} {
		if onboarding.KindOf(err) != onboarding.Busy {
			t.Errorf("%s without postgres: %v, want busy", name, err)
		}
	}
	if err := cluster.Resume(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Visit(t.Context(), session, limits, now); err != nil {
		t.Errorf("visit once postgres is back: %v", err)
	}
}

func count(t *testing.T, pool *pgxpool.Pool, table string) int {
	t.Helper()
	var n int
	if err := pool.QueryRow(t.Context(), "select count(*) from "+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// grep says whether a text is anywhere in a table.
func grep(t *testing.T, pool *pgxpool.Pool, table, text string) (found bool) {
	t.Helper()
	query := "select coalesce(bool_or(r::text like '%' || $1 || '%' or r::text like '%' || encode(convert_to($1, 'utf8'), 'hex') || '%'), false) from " + table + " r"
	if err := pool.QueryRow(t.Context(), query, text).Scan(&found); err != nil {
		t.Fatal(err)
	}
	return found
}
