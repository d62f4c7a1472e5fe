package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"portal/internal/identity"
	"portal/internal/postgres"
)

// spend takes from the allowances and says whether they were granted, or else how long to wait.
func spend(t rapid.TB, s *postgres.Store, at time.Time, a ...identity.Allowance) (bool, time.Duration) {
	t.Helper()
	err := s.Spend(context.Background(), a, at)
	if often, ok := errors.AsType[*identity.TooOften](err); ok {
		return false, often.Wait
	}
	if err != nil {
		t.Fatal(err)
	}
	return true, 0
}

func hourly(key string, burst int) identity.Allowance {
	return identity.Allowance{Name: "hourly", Key: key, Burst: burst, Every: time.Hour}
}

// grant is how much of an allowance was granted at a time.
type grant struct {
	at time.Time
	n  int
}

// tooMuch says of which window more was granted than an allowance allows.
func tooMuch(a identity.Allowance, granted []grant) error {
	for i := range granted {
		sum := 0
		for _, g := range granted[i:] {
			sum += g.n
			within := g.at.Sub(granted[i].at)
			if most := float64(a.Burst) + within.Seconds()/a.Every.Seconds(); float64(sum) > most+1e-6 {
				return fmt.Errorf("%d of %s within %s, at most %.2f", sum, a.Key, within, most)
			}
		}
	}
	return nil
}

// Whatever is asked for, when, and by how many at once, nobody gets more than the allowance; who is told to wait gets it
// then; and a refusal changes nothing.
func TestAllowancesHoldInEveryWindow(t *testing.T) {
	t.Parallel()
	first, pool := newStore(t)
	stores := []*postgres.Store{first, postgres.New(pool, newKeys(t), postgres.NoJobs)}
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		at, granted := now, map[string][]grant{}
		var kinds []identity.Allowance
		for i := range rapid.IntRange(1, 3).Draw(rt, "kinds") {
			every := time.Duration(rapid.IntRange(1, 5000).Draw(rt, "every")) * time.Millisecond
			kinds = append(kinds, identity.Allowance{Name: fmt.Sprint(run), Key: fmt.Sprint(i), Burst: rapid.IntRange(1, 4).Draw(rt, "burst"), Every: every})
		}
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			at = at.Add(time.Duration(rapid.IntRange(0, 3_000_000_000).Draw(rt, "later")))
			some := slices.DeleteFunc(slices.Clone(kinds), func(identity.Allowance) bool { return rapid.Bool().Draw(rt, "without") })
			n := atOnce(rapid.IntRange(1, 4).Draw(rt, "racers"), func(i int) error {
				return stores[i%2].Spend(context.Background(), some, at)
			})
			for _, a := range some {
				if granted[a.Key] = append(granted[a.Key], grant{at, n}); tooMuch(a, granted[a.Key]) != nil {
					rt.Fatal(tooMuch(a, granted[a.Key]))
				}
			}
			before := allowances(t, pool)
			ok, wait := spend(rt, first, at, some...)
			if !ok {
				if after := allowances(t, pool); after != before {
					rt.Fatalf("a refusal changed %s to %s", before, after)
				}
				at = at.Add(wait)
				if ok, again := spend(rt, first, at, some...); !ok {
					rt.Fatalf("after waiting for %s: another %s", wait, again)
				}
			}
			for _, a := range some {
				granted[a.Key] = append(granted[a.Key], grant{at, 1})
			}
		}
	})
}

func TestAllAllowancesAreTakenFromOrNone(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	wide, narrow := hourly("wide", 3), hourly("narrow", 1)
	if ok, _ := spend(t, s, now, narrow, wide); !ok {
		t.Fatal("refused")
	}
	for range 5 {
		if ok, wait := spend(t, s, now, wide, narrow); ok || wait < time.Hour || wait > time.Hour+time.Second {
			t.Fatalf("granted %v, wait %s", ok, wait)
		}
	}
	for i := range 3 {
		if ok, _ := spend(t, s, now, wide); ok != (i < 2) {
			t.Errorf("of the wide one, %d: %v", i+2, ok)
		}
	}
}

func TestWhatIsGivenBackCanBeTakenAgainButNotMore(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	both := []identity.Allowance{hourly("a", 4), hourly("b", 4)}
	giveBack := func() {
		if err := s.GiveBack(t.Context(), both); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		spend(t, s, now, both...)
	}
	giveBack() // so that there are two again
	for i := range 3 {
		if ok, _ := spend(t, s, now, both...); ok != (i < 2) {
			t.Errorf("take %d: %v", i+1, ok)
		}
	}
	for range 9 {
		giveBack()
	}
	for i := range 5 {
		if ok, _ := spend(t, s, now, both...); ok != (i < 4) {
			t.Errorf("take %d of those that are there at most: %v", i+1, ok)
		}
	}
}

// Everybody takes, and gives back, in orders of their own; nobody waits for somebody who waits for them.
func TestOverlappingAllowancesDoNotBlockEachOther(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	var list []identity.Allowance
	for _, key := range []string{"e", "c", "a", "d", "b"} {
		list = append(list, hourly(key, 10_000))
	}
	backwards := slices.Clone(list)
	slices.Reverse(backwards)
	orders := [][]identity.Allowance{list, backwards, list[:3], backwards[1:4], {list[4], list[0]}}
	const times = 300
	done := atOnce(times, func(i int) error {
		order := orders[i%len(orders)]
		if err := s.Spend(t.Context(), order, now); err != nil || i%2 == 0 {
			return err
		}
		return s.GiveBack(t.Context(), orders[(i+1)%len(orders)])
	})
	if done != times {
		t.Errorf("%d of %d got through", done, times)
	}
}

func TestClocksThatDifferEarnNobodyMore(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	a := identity.Allowance{Name: "try", Burst: 2, Every: time.Minute}
	granted := 0
	for i := range 20 {
		ahead := time.Duration(i%2) * 4 * time.Minute
		if ok, _ := spend(t, s, now.Add(ahead), a); ok {
			granted++
		}
	}
	if granted > 2+4 { // as the clock that is ahead would have granted alone
		t.Errorf("%d granted", granted)
	}
	ok, wait := spend(t, s, now, a)
	if ok || wait < 4*time.Minute {
		t.Fatalf("%v, wait %s", ok, wait)
	}
	if ok, again := spend(t, s, now.Add(wait), a); !ok {
		t.Errorf("after waiting for %s: another %s", wait, again)
	}
}

func TestAClockThatWasFarAheadIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	a := identity.Allowance{Name: "try", Burst: 2, Every: time.Minute}
	for range 3 {
		spend(t, s, now.AddDate(1, 0, 0), a)
	}
	for i := range 3 {
		if ok, _ := spend(t, s, now, a); ok != (i < 2) {
			t.Errorf("take %d: %v", i+1, ok)
		}
	}
	if ok, wait := spend(t, s, now, a); ok || wait > 61*time.Second {
		t.Errorf("%v, wait %s", ok, wait)
	}
}
