package postgres_test

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"pgregory.net/rapid"

	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/internal/postgres"
)

// perHour is one turn a second.
const perHour = 3600

// taking has the registration ask for a turn, and store that it waits where it does not get one.
func taking(t *testing.T, s *postgres.Store, turns *postgres.Turns, r onboarding.Registration, at time.Time) (onboarding.Registration, time.Duration) {
	t.Helper()
	wait, err := turns.Take(t.Context(), r, at)
	if err != nil {
		t.Fatal(err)
	}
	r.Waiting, r.DueAt = wait > 0, at.Add(wait)
	if r, err = s.Save(t.Context(), r, time.Time{}); err != nil {
		t.Fatal(err)
	}
	return r, wait
}

// asker is somebody who is not stored, and so before nobody.
func asker() onboarding.Registration { return intent(onboarding.ApplicantID{}) }

func TestAQuietTimeEarnsABurstAndNoMore(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	turns := s.Turns(perHour)
	for _, quiet := range []time.Duration{0, time.Hour} {
		granted := 0
		for range 2 * postgres.Burst {
			wait, err := turns.Take(t.Context(), asker(), now.Add(quiet))
			if err != nil {
				t.Fatal(err)
			}
			if wait == 0 {
				granted++
			}
		}
		if granted != postgres.Burst {
			t.Errorf("%d turns at once after %s, want %d", granted, quiet, postgres.Burst)
		}
	}
}

func TestATurnGivenBackIsAnothersAtOnce(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	turns := s.Turns(perHour)
	granted := 0
	for i := range postgres.Burst + 2 {
		wait, err := turns.Take(t.Context(), asker(), now)
		if err != nil {
			t.Fatal(err)
		}
		if wait == 0 {
			granted++
		}
		if i == 0 {
			if err := turns.GiveBack(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	if granted != postgres.Burst+1 {
		t.Errorf("%d turns, want %d and the one that was given back", granted, postgres.Burst)
	}
}

func TestTurnsComeBackWithTime(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	turns := s.Turns(perHour)
	for range postgres.Burst {
		if wait, err := turns.Take(t.Context(), asker(), now); err != nil || wait > 0 {
			t.Fatalf("wait %s, %v", wait, err)
		}
	}
	wait, err := turns.Take(t.Context(), asker(), now.Add(250*time.Millisecond))
	if err != nil || wait.Round(time.Millisecond) != 750*time.Millisecond {
		t.Errorf("told to wait %s, %v; the next token is 750ms away", wait, err)
	}
	if wait, err := turns.Take(t.Context(), asker(), now.Add(time.Second)); err != nil || wait > 0 {
		t.Errorf("after a second: wait %s, %v", wait, err)
	}
}

func TestWhoCameFirstIsServedFirst(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	turns := s.Turns(perHour)
	for range postgres.Burst {
		if _, err := turns.Take(t.Context(), asker(), now); err != nil {
			t.Fatal(err)
		}
	}
	waiting := make([]onboarding.Registration, 4)
	for i := range waiting {
		_, a := signIn(t, s, identity.Email(fmt.Sprintf("%d@example.com", i)))
		r := intent(a)
		r.CreatedAt, r.TouchedAt = now.Add(time.Duration(i)*time.Millisecond), now.Add(time.Duration(i)*time.Millisecond)
		r, err := s.Begin(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		var wait time.Duration
		if waiting[i], wait = taking(t, s, turns, r, now); wait.Round(time.Millisecond) != time.Duration(i+1)*time.Second {
			t.Errorf("number %d is told to wait %s, want %ds", i+1, wait, i+1)
		}
	}
	for second := range waiting {
		at := now.Add(time.Duration(second+1) * time.Second)
		for i := len(waiting) - 1; i >= second; i-- { // the last is the quickest to ask
			var wait time.Duration
			waiting[i], wait = taking(t, s, turns, waiting[i], at)
			if got := wait == 0; got != (i == second) {
				t.Errorf("second %d: number %d has its turn: %t", second+1, i+1, got)
			}
		}
	}
}

func TestTheProvidersWordHoldsEverybodyBack(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	turns, replica := s.Turns(perHour), postgres.New(pool, nil, postgres.NoJobs).Turns(perHour)
	if _, err := turns.Take(t.Context(), asker(), now); err != nil {
		t.Fatal(err)
	}
	refused := now.Add(time.Minute)
	if err := turns.Lower(t.Context(), -1, now, refused); err != nil {
		t.Fatal(err)
	}
	if wait, err := replica.Take(t.Context(), asker(), now); err != nil || wait != time.Minute {
		t.Errorf("while the provider refuses: wait %s, %v", wait, err)
	}
	if err := turns.Lower(t.Context(), -1, now, now.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if wait, err := replica.Take(t.Context(), asker(), refused.Add(-time.Second)); err != nil || wait != time.Second {
		t.Errorf("a shorter refusal has shortened the longer one: wait %s, %v", wait, err)
	}
	if wait, err := replica.Take(t.Context(), asker(), refused); err != nil || wait > 0 {
		t.Errorf("afterwards: wait %s, %v", wait, err)
	}
}

func TestWhatTheProviderHasLeftIsHonoured(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	turns := s.Turns(perHour)
	if _, err := turns.Take(t.Context(), asker(), now); err != nil {
		t.Fatal(err)
	}
	later := now.Add(time.Hour)               // the bucket is full again
	for _, left := range []int{2, 1000, -1} { // more changes nothing, nor does an answer that does not say
		if err := turns.Lower(t.Context(), left, later, time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	var waits []bool
	for range 3 {
		wait, err := turns.Take(t.Context(), asker(), later)
		if err != nil {
			t.Fatal(err)
		}
		waits = append(waits, wait > 0)
	}
	if !slices.Equal(waits, []bool{false, false, true}) {
		t.Errorf("with 2 left, those who ask wait: %v", waits)
	}
}

// Whoever asks when, in no window of time are there more turns than its length and one burst allow.
func TestNoWindowHasMoreTurnsThanAllowed(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	rapid.Check(t, func(rt *rapid.T) {
		reset(rt, t, pool)
		rate := rapid.IntRange(perHour, 10*perHour).Draw(rt, "per hour")
		granted := grants(rt, t, s.Turns(rate))
		for i := range granted {
			for j := i; j < len(granted); j++ {
				allowed := postgres.Burst + granted[j].Sub(granted[i]).Seconds()*float64(rate)/time.Hour.Seconds()
				if n := j - i + 1; float64(n) > allowed+0.001 {
					rt.Fatalf("%d turns within %s, allowed %.1f", n, granted[j].Sub(granted[i]), allowed)
				}
			}
		}
	})
}

// reset fills the bucket, as in a database that is new.
func reset(rt *rapid.T, t *testing.T, pool *pgxpool.Pool) {
	_, err := pool.Exec(t.Context(), "update provider_quotas set tokens = 'infinity', refilled_at = '2000-01-01', blocked_until = '2000-01-01'")
	if err != nil {
		rt.Fatal(err)
	}
}

// grants has several replicas ask at once, again and again, and returns when there were turns.
func grants(rt *rapid.T, t *testing.T, turns *postgres.Turns) []time.Time {
	at := now
	var mu sync.Mutex
	var granted []time.Time
	for range rapid.IntRange(1, 6).Draw(rt, "rounds") {
		at = at.Add(time.Duration(rapid.IntRange(0, 15_000).Draw(rt, "pause in ms")) * time.Millisecond)
		var all sync.WaitGroup
		for range rapid.IntRange(1, 4).Draw(rt, "replicas") {
			asked := rapid.IntRange(1, 10).Draw(rt, "asked")
			all.Go(func() {
				for range asked {
					wait, err := turns.Take(t.Context(), onboarding.Registration{ID: onboarding.RegistrationID(uuid.New()), CreatedAt: at}, at)
					mu.Lock()
					if err != nil {
						t.Error(err)
					} else if wait == 0 {
						granted = append(granted, at)
					}
					mu.Unlock()
				}
			})
		}
		all.Wait()
	}
	slices.SortFunc(granted, func(a, b time.Time) int { return cmp.Compare(a.UnixNano(), b.UnixNano()) })
	return granted
}

func TestAClockThatIsFarAheadDoesNotStopTheTurns(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	turns := s.Turns(perHour)
	if _, err := turns.Take(t.Context(), asker(), now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	granted := 0
	for i := range 60 {
		wait, err := turns.Take(t.Context(), asker(), now.Add(time.Duration(i)*time.Second))
		if err != nil {
			t.Fatal(err)
		}
		if wait == 0 {
			granted++
		}
	}
	if granted < 50 {
		t.Errorf("%d turns in a minute at one a second", granted)
	}
}

func TestTheWaitBehindARefusalCountsOneBurst(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	turns := s.Turns(perHour)
	if err := turns.Lower(t.Context(), 0, now, now.Add(2*time.Minute)); err != nil {
		t.Fatal(err)
	}
	for i := range 120 {
		_, a := signIn(t, s, identity.Email(fmt.Sprintf("%d@example.com", i)))
		begin(t, s, a)
	}
	exec(t, pool, "update registrations set waiting = true")
	early, late := asker(), asker()
	early.CreatedAt, late.CreatedAt = now.Add(-time.Hour), now.Add(time.Hour)
	wait, err := turns.Take(t.Context(), early, now)
	last, lastErr := turns.Take(t.Context(), late, now)
	if err != nil || lastErr != nil || wait != 2*time.Minute || last != 2*time.Minute+101*time.Second {
		t.Errorf("the first waits %s (%v), number 121 %s (%v)", wait, err, last, lastErr)
	}
}

func TestWhatNoLongerWaitsStandsInNobodysWay(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	for i := range postgres.Burst {
		_, a := signIn(t, s, identity.Email(fmt.Sprintf("%d@example.com", i)))
		opened(t, s, begin(t, s, a))
	}
	exec(t, pool, "update registrations set waiting = true") // as an older release leaves them
	asked := asker()
	asked.CreatedAt = now.Add(time.Hour)
	if wait, err := s.Turns(perHour).Take(t.Context(), asked, now); err != nil || wait > 0 {
		t.Errorf("wait %s, %v", wait, err)
	}
}
