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
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/faults"
)

// service is a handler that counts its calls, with rules around it.
type service struct {
	*faults.Rules
	url   string
	calls atomic.Int32
	body  atomic.Value // of the last call
}

func serve(t *testing.T) *service {
	t.Helper()
	s := &service{Rules: faults.New()}
	server := httptest.NewServer(s.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.body.Store(string(body))
		s.calls.Add(1)
		w.Header().Set("Etag", "true-answer")
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, "true answer")
	})))
	s.url = server.URL
	t.Cleanup(server.Close)
	t.Cleanup(s.Close)
	return s
}

func (s *service) order(t *testing.T, r faults.Rule) {
	t.Helper()
	if _, err := s.Add(r); err != nil {
		t.Fatal(err)
	}
}

// post calls the service and returns the status and the body.
func (s *service) post(ctx context.Context, path string) (int, string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+path, strings.NewReader("sent"))
	if err != nil {
		return 0, "", err
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // so that nothing is tried again
	resp, err := client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body), err
}

func TestFaultsBeforeHaveNoEffectAndFaultsAfterHaveOne(t *testing.T) {
	t.Parallel()
	for _, kind := range []faults.Kind{faults.Status, faults.Reset, faults.Garbage, faults.Hang} {
		for when, effects := range map[faults.When]int32{faults.Before: 0, faults.After: 1} {
			t.Run(string(when)+" "+string(kind), func(t *testing.T) {
				t.Parallel()
				s := serve(t)
				s.order(t, faults.Rule{When: when, Kind: kind, Status: 502, Count: 1})
				ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
				defer cancel()

				status, body, err := s.post(ctx, "/")

				checkTrouble(t, kind, status, body, err)
				if got := s.calls.Load(); got != effects {
					t.Errorf("%d effects, want %d", got, effects)
				}
			})
		}
	}
}

// checkTrouble says whether the caller met what was ordered.
func checkTrouble(t *testing.T, kind faults.Kind, status int, body string, err error) {
	t.Helper()
	switch kind {
	case faults.Status:
		if status != 502 || !strings.Contains(body, `"code":401`) {
			t.Errorf("status %d: %s", status, body)
		}
	case faults.Garbage:
		if status != http.StatusOK || strings.Contains(body, "true answer") {
			t.Errorf("status %d: %s", status, body)
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
	s := serve(t)
	s.order(t, faults.Rule{When: faults.Later, Kind: faults.Status, Status: 504, DelayMS: 50, Count: 1})

	status, _, err := s.post(t.Context(), "/")
	atAnswer := s.calls.Load()

	if err != nil || status != http.StatusGatewayTimeout || atAnswer != 0 {
		t.Errorf("status %d, %d effects at the answer, %v", status, atAnswer, err)
	}
	waitFor(t, func() bool { return s.calls.Load() == 1 })
	if s.body.Load() != "sent" {
		t.Errorf("the late call had the body %q", s.body.Load())
	}
}

func TestResetForgetsEffectsStillToCome(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.order(t, faults.Rule{When: faults.Later, Kind: faults.Status, DelayMS: 100, Count: 1})
	if _, _, err := s.post(t.Context(), "/"); err != nil {
		t.Fatal(err)
	}

	s.Reset()

	time.Sleep(200 * time.Millisecond)
	if got := s.calls.Load(); got != 0 {
		t.Errorf("%d effects, want none", got)
	}
}

func TestSlowGivesTheTrueAnswer(t *testing.T) {
	t.Parallel()
	for _, when := range []faults.When{faults.Before, faults.After} {
		t.Run(string(when), func(t *testing.T) {
			t.Parallel()
			s := serve(t)
			s.order(t, faults.Rule{When: when, Kind: faults.Slow, DelayMS: 60, Count: 1})
			began := time.Now()

			status, body, err := s.post(t.Context(), "/")

			if err != nil || status != http.StatusTeapot || body != "true answer" {
				t.Errorf("status %d: %s, %v", status, body, err)
			}
			if took := time.Since(began); took < 60*time.Millisecond {
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestHangEndsWhenTheRuleIsDeleted(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.order(t, faults.Rule{Kind: faults.Hang})
	ended := make(chan error, 1)
	go func() {
		_, _, err := s.post(t.Context(), "/")
		ended <- err
	}()
	waitFor(t, func() bool { return s.All()[0].Struck == 1 })

	s.Clear()

	select {
	case err := <-ended:
		if err == nil {
			t.Error("the hanging call got an answer")
		}
	case <-time.After(5 * time.Second):
		t.Error("the call still hangs")
	}
	if status, _, err := s.post(t.Context(), "/"); status != http.StatusTeapot {
		t.Errorf("afterwards: status %d, %v", status, err)
	}
}

func TestFirstRuleWithCountLeftWins(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.order(t, faults.Rule{Method: "post", Path: "/4.0/profiles", Kind: faults.Status, Status: 500, Count: 1})
	s.order(t, faults.Rule{Path: "/4.0", Kind: faults.Status, Status: 429, Count: 1})
	s.order(t, faults.Rule{Method: "GET", Kind: faults.Status, Status: 599})

	var got []int
	for _, path := range []string{"/other", "/4.0/profiles/1", "/4.0/profiles/1", "/4.0/profiles/1"} {
		status, _, err := s.post(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
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

func TestSameSeedStrikesTheSameCalls(t *testing.T) {
	t.Parallel()
	fates := func(seed uint64) string {
		s := serve(t)
		s.order(t, faults.Rule{Kind: faults.Status, Probability: 0.5, Seed: seed})
		var fate strings.Builder
		for range 32 {
			status, _, err := s.post(t.Context(), "/")
			if err != nil {
				t.Fatal(err)
			}
			if status == http.StatusTeapot {
				fate.WriteByte('.')
			} else {
				fate.WriteByte('x')
			}
		}
		return fate.String()
	}

	one := fates(1)
	if again := fates(1); again != one {
		t.Errorf("seed 1 gave %s, then %s", one, again)
	}
	if other := fates(2); other == one || !strings.Contains(one, ".") || !strings.Contains(one, "x") {
		t.Errorf("seed 1 gave %s, seed 2 gave %s", one, other)
	}
}

func TestImpossibleRulesAreRefused(t *testing.T) {
	t.Parallel()
	rules := faults.New()

	for name, r := range map[string]faults.Rule{
		"no kind":         {When: faults.Before},
		"unknown kind":    {Kind: "boom"},
		"unknown when":    {When: "soon", Kind: faults.Reset},
		"status too low":  {Kind: faults.Status, Status: 99},
		"later and slow":  {When: faults.Later, Kind: faults.Slow},
		"negative delay":  {Kind: faults.Slow, DelayMS: -1},
		"negative count":  {Kind: faults.Reset, Count: -1},
		"more than sure":  {Kind: faults.Reset, Probability: 1.1},
		"less than never": {Kind: faults.Reset, Probability: -0.1},
	} {
		if _, err := rules.Add(r); err == nil {
			t.Errorf("%s: was accepted", name)
		}
	}
	if len(rules.All()) != 0 {
		t.Errorf("in force: %+v", rules.All())
	}
}

func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for range 500 {
		if done() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("it never happened")
}
