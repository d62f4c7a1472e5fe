package postgres_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/localpg"
	"portal/internal/onboarding"
	"portal/internal/postgres"
)

// gossip is a store whose changes are told, and somebody who hears of them.
type gossip struct {
	t *testing.T
	*postgres.Store
	teller *postgres.Teller
	pool   *pgxpool.Pool
	ear    ear
}

func newGossip(t *testing.T) *gossip {
	t.Helper()
	s, pool := newStore(t)
	teller := postgres.NewTeller(pool, slog.New(slog.DiscardHandler))
	return &gossip{t, s.ToldBy(teller), teller, pool, listening(t, pool.Config().ConnString(), time.Minute)}
}

// told is whom something was told of since the last time.
func (g *gossip) told() []onboarding.ApplicantID {
	g.t.Helper()
	if err := g.teller.Flush(g.t.Context()); err != nil {
		g.t.Fatal(err)
	}
	return g.ear.since(g.t, g.pool)
}

// step is something that a store does, and whether applicants may see that.
type step struct {
	what string
	told bool
	do   func() error
}

// tells checks of each step whether it is told, once, of whom.
func (g *gossip) tells(who onboarding.ApplicantID, steps ...step) {
	g.t.Helper()
	g.told()
	for _, s := range steps {
		if err := s.do(); err != nil {
			g.t.Fatalf("%s: %v", s.what, err)
		}
		var want []onboarding.ApplicantID
		if s.told {
			want = append(want, who)
		}
		if got := g.told(); !slices.Equal(got, want) {
			g.t.Errorf("%s: told of %v, want %v", s.what, got, want)
		}
	}
}

// saving changes a registration and saves it.
func (g *gossip) saving(r *onboarding.Registration, until time.Time, change func(r *onboarding.Registration)) func() error {
	return func() (err error) {
		change(r)
		*r, err = g.Save(g.t.Context(), *r, until)
		return err
	}
}

var claimedUntil = now.Add(time.Minute)

func TestWhatIsSeenOfAStartIsTold(t *testing.T) {
	t.Parallel()
	g := newGossip(t)
	who := applicant(t, g.Store, "a")
	var r onboarding.Registration
	claim := func() (err error) {
		r, err = g.Claim(t.Context(), r.ID, now, claimedUntil)
		return err
	}
	g.tells(who,
		step{"begun, which its own page knows", false, func() (err error) { r, err = g.Begin(t.Context(), intent(who)); return err }},
		step{"claimed", false, claim},
		step{"asked for a profile", false, g.saving(&r, claimedUntil, func(r *onboarding.Registration) { r.Ask = onboarding.AskProfile })},
		step{"prolonged", false, func() error { return g.Extend(t.Context(), r, claimedUntil) }},
		step{"tried in vain", true, g.saving(&r, time.Time{}, func(r *onboarding.Registration) { r.Ask, r.Tries = "", 1 })},
		step{"claimed again", false, claim},
		step{"has a profile", false, g.saving(&r, claimedUntil, func(r *onboarding.Registration) { r.Profile, r.Tries = "p", 0 })},
		step{"open", true, g.saving(&r, time.Time{}, func(r *onboarding.Registration) {
			r.Status, r.DueAt = onboarding.Open, time.Time{}
			r.Request = &onboarding.CustomerRequest{ID: "q", Key: "the key", CreatedAt: now}
		})},
		step{"completed", true, g.saving(&r, time.Time{}, func(r *onboarding.Registration) { r.Status = onboarding.Completed })},
	)
}

func TestWhatIsSeenOfACheckIsTold(t *testing.T) {
	t.Parallel()
	g := newGossip(t)
	r := examined(t, g.Store, "a")
	g.tells(r.Applicant,
		step{"wanted", true, g.saving(&r, time.Time{}, func(r *onboarding.Registration) {
			r.Status, r.Ask, r.DueAt = onboarding.Checking, onboarding.AskCheck, now
		})},
		step{"claimed", false, func() (err error) { r, err = g.Claim(t.Context(), r.ID, now, claimedUntil); return err }},
		step{"asked for", true, g.saving(&r, claimedUntil, func(r *onboarding.Registration) { r.Ask, r.DueAt = "", time.Time{} })},
		step{"on hold", true, g.saving(&r, time.Time{}, func(r *onboarding.Registration) {
			r.Verification.Status = onboarding.ReviewOnHold
		})},
	)
}

func TestWhatIsSeenOfPeopleBehindACompanyIsTold(t *testing.T) {
	t.Parallel()
	g := newGossip(t)
	r := company(t, g.Store)
	var draft onboarding.Associate
	var st onboarding.Structure
	g.tells(r.Applicant,
		step{"entered", true, func() error {
			draft = enter(t, g.Store, r, onboarding.NewAssociate{Details: trust("Holding")})
			return nil
		}},
		step{"looked at", false, func() error { _, err := g.Structure(t.Context(), r.ID); return err }},
		step{"withdrawn", true, func() error {
			return g.Edit(t.Context(), r.ID, func(st onboarding.Structure) (onboarding.Edit, error) { return st.Withdraw(draft.ID) })
		}},
		step{"sent", true, func() error {
			enter(t, g.Store, r, onboarding.NewAssociate{Details: trust("Other"), Submit: true})
			return nil
		}},
		step{"claimed", false, func() error { st = claimStructure(t, g.Store, r, now); return nil }},
		step{"ended", true, func() error {
			st.Ending = onboarding.EndedRejected
			return g.SaveStructure(t.Context(), st, time.Time{}, now)
		}},
	)
}

func TestARefusedEditTellsNothing(t *testing.T) {
	t.Parallel()
	g := newGossip(t)
	r := company(t, g.Store)
	g.told()
	err := g.Edit(t.Context(), r.ID, func(onboarding.Structure) (onboarding.Edit, error) { return onboarding.Edit{}, errors.New("no") })
	if told := g.told(); err == nil || len(told) > 0 {
		t.Errorf("%v, and told of %v", err, told)
	}
}

func TestATellerTellsManyTogetherAndTheRestAtTheEnd(t *testing.T) {
	t.Parallel()
	g := newGossip(t)
	want := map[onboarding.ApplicantID]bool{}
	var all []onboarding.Registration
	for _, name := range []string{"a", "b", "c"} {
		all = append(all, opened(t, g.Store, begin(t, g.Store, applicant(t, g.Store, name))))
		want[all[len(all)-1].Applicant] = true
	}
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { g.teller.Run(ctx) })
	for range all {
		who := await(t, g.ear.heard, "what was told")
		if !want[who] {
			t.Errorf("told of %v, again or for nothing", who)
		}
		delete(want, who)
	}
	cancel()
	running.Wait()
	g.teller.Tell(all[0].ID)
	// Where Run ended before it had heard that the last were told, they are told once more.
	if told := g.told(); !slices.Contains(told, all[0].Applicant) {
		t.Errorf("at the end, told of %v", told)
	}
}

func TestWhatCannotBeToldNowIsToldLater(t *testing.T) {
	t.Parallel()
	g := newGossip(t)
	r := opened(t, g.Store, begin(t, g.Store, applicant(t, g.Store, "a")))
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := g.teller.Flush(gone); err == nil {
		t.Error("told though there is no time for it")
	}
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { g.teller.Run(ctx) })
	if who := await(t, g.ear.heard, "what was told"); who != r.Applicant {
		t.Errorf("told of %v", who)
	}
	stop()
	running.Wait()
}

func TestThroughATransactionPoolerItIsTold(t *testing.T) {
	t.Parallel()
	cluster := localpg.NewCluster(t)
	pool, err := postgres.ConnectPooled(t.Context(), cluster.NewPooled(t, "portal", 2))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	teller := postgres.NewTeller(pool, slog.New(slog.DiscardHandler))
	s := postgres.New(pool, newKeys(t), postgres.NoJobs).ToldBy(teller)
	e := listening(t, cluster.URL("portal"), time.Minute)
	r := opened(t, s, begin(t, s, applicant(t, s, "a")))
	if err := teller.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if who := await(t, e.heard, "what was told"); who != r.Applicant {
		t.Errorf("told of %v", who)
	}
}

func TestNobodyElseIsHurriedByTelling(t *testing.T) {
	t.Parallel()
	pool := onOneConnection(t)
	teller := postgres.NewTeller(pool, slog.New(slog.DiscardHandler))
	s := postgres.New(pool, newKeys(t), postgres.NoJobs).ToldBy(teller)
	opened(t, s, begin(t, s, applicant(t, s, "a")))
	if err := teller.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	commitsWait(t, pool)
}
