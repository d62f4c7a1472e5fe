package postgres_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/identity"
	"portal/internal/postgres"
)

// forgettable are the tables of what does not stay.
var forgettable = []string{"sign_ins", "provider_sign_ins", "provider_logouts", "links", "allowances", "mails", "sessions"}

// remember writes one row into each of them, as of a time.
func remember(t *testing.T, s *postgres.Store, at time.Time) {
	t.Helper()
	in := identity.SignIn{Browser: identity.NewToken(), Email: "ada@example.com", ExpiresAt: at}
	spent := []identity.Allowance{{Name: "kind", Key: in.Browser.Reveal(), Burst: 1, Every: time.Minute}}
	link := invited
	link.ExpiresAt = at
	o := opening()
	for _, err := range []error{
		s.PutCode(t.Context(), in, []byte("x"), mailID(), spent, at),
		s.PutProviderSignIn(t.Context(), identity.ProviderSignIn{State: identity.NewToken(), ExpiresAt: at}, at),
		s.PutLink(t.Context(), identity.NewToken(), link, at),
		s.OpenSession(t.Context(), byCode(), o, at),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.EndProviderSessions(t.Context(), identity.Logout{Token: identity.NewToken().Reveal(), ExpiresAt: at}, at); err != nil {
		t.Fatal(err)
	}
	if _, err := s.EndSession(t.Context(), o.Session, at); err != nil {
		t.Fatal(err)
	}
}

func counts(t *testing.T, pool *pgxpool.Pool) map[string]int {
	t.Helper()
	n := map[string]int{}
	for _, table := range forgettable {
		n[table] = count(t, pool, table)
	}
	return n
}

func TestWhatIsOldIsForgottenAndNothingElse(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	f := &identity.Forgetter{Leftovers: s, Limits: limits, Now: func() time.Time { return now }}
	const daily = 24 * time.Hour
	keep := map[string]time.Duration{
		"sign_ins": 2 * daily, "provider_sign_ins": daily, "provider_logouts": daily, "links": 7 * daily,
		"allowances": 2 * daily, "mails": 90 * daily, "sessions": 30 * daily,
	}
	want := map[string]int{}
	for _, kept := range keep {
		for _, age := range []time.Duration{kept - time.Second, kept + time.Second} {
			remember(t, s, now.Add(-age))
			for table, kept := range keep {
				if age < kept {
					want[table]++
				}
			}
		}
	}
	if err := f.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, counts(t, pool)); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
	if n := count(t, pool, "identities"); n != 1 {
		t.Errorf("%d identities, want the one that there was", n)
	}
}

func TestSessionsThatNobodyEndedAreForgottenToo(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	f := &identity.Forgetter{Leftovers: s, Limits: limits, Now: func() time.Time { return now }}
	last := now.Add(-30*24*time.Hour - limits.Absolute)
	for _, at := range []time.Time{last.Add(time.Second), last.Add(-time.Second)} {
		if err := s.OpenSession(t.Context(), byCode(), opening(), at); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := count(t, pool, "sessions"); n != 1 {
		t.Errorf("%d sessions left, want one", n)
	}
}

func TestForgettingGoesBatchByBatch(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	for range 5 {
		remember(t, s, now.Add(-time.Hour))
	}
	h := identity.Horizon{SignIns: now, ProviderSignIns: now, Links: now, Allowances: now, Mails: now, SessionsEnded: now}
	for batch, left := range []int{3, 1, 0} {
		more, err := s.DeleteOld(t.Context(), h, 2)
		if err != nil || more != (left > 0) {
			t.Errorf("batch %d: more %v, %v", batch, more, err)
		}
		for table, n := range counts(t, pool) {
			if n != left {
				t.Errorf("batch %d: %d left in %s, want %d", batch, n, table, left)
			}
		}
	}
}
