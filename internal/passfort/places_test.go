package passfort

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"portal/internal/onboarding"
)

// occupy has n calls in flight when it returns.
func occupy(t *testing.T, n int, call func(ctx context.Context)) {
	t.Helper()
	ctx, leave := context.WithCancel(t.Context())
	var calls sync.WaitGroup
	for range n {
		calls.Go(func() { call(ctx) })
	}
	t.Cleanup(func() {
		leave()
		calls.Wait()
	})
	synctest.Wait()
}

func creating(c *Client) func(ctx context.Context) {
	return func(ctx context.Context) { _ = create(ctx, c, 1) }
}

func TestCallsWithoutAPlaceHaveNotHappened(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int32
		c := piped(t, func(w http.ResponseWriter, r *http.Request) { asked.Add(1); hang(w, r) }, Options{MaxInFlight: 3})
		occupy(t, 3, creating(c))
		for range 6 { // more than a breaker would bear
			took, err := ended(t.Context(), c, true)
			wantSlow(t, took, err, 3*time.Second, onboarding.Busy)
			if !errors.Is(err, errNoPlace) {
				t.Error("refused for another reason:", err)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		took, err := ended(ctx, c, false)
		wantSlow(t, took, err, time.Second, onboarding.Busy)
		if n := asked.Load(); n != 3 {
			t.Errorf("%d calls were made, want 3", n)
		}
	})
}

func TestThirtyTwoCallsHaveAPlaceAndReadsAQuarterOfThem(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int32
		c := piped(t, func(w http.ResponseWriter, r *http.Request) { asked.Add(1); hang(w, r) }, Options{})
		occupy(t, 40, creating(c))
		if n := asked.Load(); n != 24 {
			t.Errorf("%d creating calls in flight, want 24", n)
		}
		occupy(t, 40, func(ctx context.Context) { _, _ = c.LatestRequest(ctx, "some-profile") })
		if n := asked.Load(); n != 32 {
			t.Errorf("%d calls in flight, want 32", n)
		}
	})
}

func TestPlacesAreGivenBackHoweverACallEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := &troubled{}
		c := a.client(t, Options{MaxInFlight: 1, BreakAfter: -1})
		for name, trouble := range troubles {
			a.answers(trouble)
			_ = create(t.Context(), c, 1)
			_, _ = c.CustomerRef(t.Context(), "../elsewhere")
			_, _ = c.CustomerRef(t.Context(), "some-profile")
			a.answers(well)
			if took, err := ended(t.Context(), c, true); err != nil || took > 0 {
				t.Errorf("after %s: %v after %v", name, err, took)
			}
		}
	})
}

func TestLookUpsThatGotNoPlaceStandInNobodysWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := piped(t, answerAfter(4*time.Second), Options{MaxInFlight: 1})
		occupy(t, 1, creating(c))
		if _, err := c.CustomerRef(t.Context(), "some-profile"); !errors.Is(err, errNoPlace) {
			t.Fatal("there was a place:", err)
		}
		if _, err := c.CustomerRef(t.Context(), "some-profile"); errors.Is(err, errNoPlace) {
			t.Error("the place that became free was not had:", err)
		}
	})
}

func TestWhoWaitsForAPlaceGetsTheNext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := piped(t, answerAfter(2*time.Second), Options{MaxInFlight: 1})
		occupy(t, 1, creating(c))
		if took, err := ended(t.Context(), c, false); err != nil || took != 4*time.Second {
			t.Errorf("%v after %v, want a place after two seconds and the answer after four", err, took)
		}
	})
}

func TestLookUpsLeaveHalfOfThePlaces(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var looking atomic.Int32
		c := piped(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/4.0/profiles" && r.Method == http.MethodGet {
				looking.Add(1)
				hang(w, r)
				return
			}
			well(w, r)
		}, Options{MaxInFlight: 4})
		occupy(t, 10, func(ctx context.Context) {
			_, _ = c.FindProfile(ctx, onboarding.StubProfile{CustomerRef: "r"}, time.Now(), func(context.Context, []onboarding.ProfileID) ([]onboarding.ProfileID, error) { return nil, nil })
		})
		if n := looking.Load(); n != 2 {
			t.Errorf("%d look-ups in flight, want 2", n)
		}
		for _, creating := range []bool{true, false} {
			if took, err := ended(t.Context(), c, creating); err != nil || took > 0 {
				t.Errorf("behind look-ups: %v after %v", err, took)
			}
		}
	})
}

func TestQuestionsOfTheCompanysSystemsLeaveHalfOfThePlaces(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var reading atomic.Int32
		c := piped(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/4.0/profiles/some-profile" {
				reading.Add(1)
				hang(w, r)
				return
			}
			well(w, r)
		}, Options{MaxInFlight: 4})
		occupy(t, 10, func(ctx context.Context) { _, _ = c.ReadProfile(ctx, "some-profile") })
		if n := reading.Load(); n != 2 {
			t.Errorf("%d reads in flight, want 2", n)
		}
		if took, err := ended(t.Context(), c, true); err != nil || took > 0 {
			t.Errorf("behind them: %v after %v", err, took)
		}
	})
}
