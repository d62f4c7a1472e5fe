package faults_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/faults"
)

func TestFaultsBeforeHaveNoEffectAndFaultsAfterHaveOne(t *testing.T) {
	t.Parallel()
	for _, kind := range []faults.Kind{faults.Status, faults.Reset, faults.Garbage, faults.Hang} {
		for when, effects := range map[faults.When]int32{faults.Before: 0, faults.After: 1} {
			t.Run(string(when)+" "+string(kind), func(t *testing.T) {
				t.Parallel()
				s := serve(t)
				s.order(t, faults.Rule{When: when, Kind: kind, Status: 502, Count: 1})
				ctx := t.Context()
				if kind == faults.Hang {
					short, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
					defer cancel()
					ctx = short
				}

				resp, body, err := s.send(ctx)

				checkTrouble(t, kind, resp, body, err)
				<-s.ended
				if got := s.calls.Load(); got != effects {
					t.Errorf("%d effects, want %d", got, effects)
				}
			})
		}
	}
}

// checkTrouble says whether the caller met what was ordered.
func checkTrouble(t *testing.T, kind faults.Kind, resp *http.Response, body string, err error) {
	t.Helper()
	switch kind {
	case faults.Status:
		if err != nil || resp.StatusCode != 502 || !strings.Contains(body, `"code":401`) {
			t.Errorf("%+v: %s, %v", resp, body, err)
		}
	case faults.Garbage:
		if err != nil || resp.StatusCode != http.StatusOK || strings.Contains(body, "true answer") {
			t.Errorf("%+v: %s, %v", resp, body, err)
		}
	case faults.Reset:
		if !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, io.EOF) {
			t.Errorf("err = %v, want a reset", err)
		}
	case faults.Hang:
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("err = %v, want no answer in time", err)
		}
	}
}

func TestLaterTakesEffectAfterTheAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		s.order(t, faults.Rule{When: faults.Later, Kind: faults.Status, Status: 504, DelayMS: 50, Count: 1})

		status, _ := s.post("/")
		time.Sleep(49 * time.Millisecond)
		synctest.Wait()
		before := s.calls.Load()
		time.Sleep(time.Millisecond)
		synctest.Wait()

		if status != http.StatusGatewayTimeout || before != 0 || s.calls.Load() != 1 {
			t.Errorf("status %d, %d effects at first, %d in the end", status, before, s.calls.Load())
		}
		if s.body.Load() != "sent" {
			t.Errorf("the late call had the body %q", s.body.Load())
		}
	})
}

func TestSlowGivesTheTrueAnswer(t *testing.T) {
	t.Parallel()
	for _, when := range []faults.When{faults.Before, faults.After} {
		t.Run(string(when), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newService()
				s.order(t, faults.Rule{When: when, Kind: faults.Slow, DelayMS: 60, Count: 1})
				began := time.Now()

				status, body := s.post("/")

				if status != http.StatusTeapot || body != "true answer" {
					t.Errorf("status %d: %s", status, body)
				}
				if took := time.Since(began); took != 60*time.Millisecond {
					t.Errorf("took %v", took)
				}
			})
		})
	}
}

func TestSlowWithoutCountHoldsUpEveryCallBelowItsPath(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		s.order(t, faults.Rule{Path: "/4.0/profiles", Kind: faults.Slow, DelayMS: 100})

		var took []time.Duration
		for _, path := range []string{"/4.0/profiles", "/4.0/whoami", "/4.0/profiles/1", "/4.0/profiles/1/tasks"} {
			began := time.Now()
			if status, body := s.post(path); status != http.StatusTeapot || body != "true answer" {
				t.Errorf("%s: status %d: %s", path, status, body)
			}
			took = append(took, time.Since(began))
		}

		wait := 100 * time.Millisecond
		if diff := cmp.Diff([]time.Duration{wait, 0, wait, wait}, took); diff != "" {
			t.Error(diff)
		}
	})
}

func TestSlowWithProbabilityHoldsUpSomeCalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		s.order(t, faults.Rule{Kind: faults.Slow, DelayMS: 100, Probability: 0.25, Seed: 7})
		began := time.Now()

		fates := s.fates(200)

		if strings.Contains(fates, "x") {
			t.Errorf("some answers were not the true ones: %s", fates)
		}
		struck := s.All()[0].Struck
		if struck < 30 || struck > 70 {
			t.Errorf("%d of 200 calls were struck, want about a quarter", struck)
		}
		if took, want := time.Since(began), time.Duration(struck)*100*time.Millisecond; took != want {
			t.Errorf("%d slow calls took %v, want %v", struck, took, want)
		}
	})
}

func TestFirstRuleWithCountLeftWins(t *testing.T) {
	t.Parallel()
	s := newService()
	s.order(t, faults.Rule{Method: "post", Path: "/4.0/profiles", Kind: faults.Status, Status: 500, Count: 1})
	s.order(t, faults.Rule{Path: "/4.0", Kind: faults.Status, Status: 429, Count: 1})
	s.order(t, faults.Rule{Method: "GET", Kind: faults.Status, Status: 599})

	var got []int
	for _, path := range []string{"/other", "/4.0/profiles/1", "/4.0/profiles/1", "/4.0/profiles/1"} {
		status, _ := s.post(path)
		got = append(got, status)
	}

	if diff := cmp.Diff([]int{http.StatusTeapot, 500, 429, http.StatusTeapot}, got); diff != "" {
		t.Error(diff)
	}
	var struck []int
	for _, r := range s.All() {
		struck = append(struck, r.Struck)
	}
	if diff := cmp.Diff([]int{1, 1, 0}, struck); diff != "" {
		t.Error(diff)
	}
}

func TestOnStrikeHearsOfStruckCallsOnly(t *testing.T) {
	t.Parallel()
	s := newService()
	rule := s.order(t, faults.Rule{Path: "/4.0", Kind: faults.Garbage})
	var paths []string
	s.OnStrike = func(r *http.Request, struck faults.Rule) {
		paths = append(paths, r.URL.Path)
		if diff := cmp.Diff(rule, struck); diff != "" {
			t.Error(diff)
		}
	}

	s.post("/collect")
	s.post("/4.0/whoami")

	if diff := cmp.Diff([]string{"/4.0/whoami"}, paths); diff != "" {
		t.Error(diff)
	}
}

func TestCloseWaitsForALateEffectUnderWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rules := faults.New()
		var ended atomic.Bool
		handler := rules.Middleware(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			time.Sleep(time.Minute)
			ended.Store(true)
		}))
		if _, err := rules.Add(faults.Rule{When: faults.Later, Kind: faults.Status, DelayMS: 1}); err != nil {
			t.Fatal(err)
		}
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/", nil))
		time.Sleep(time.Second)

		rules.Close()

		if !ended.Load() {
			t.Error("the effect is still under way")
		}
	})
}
