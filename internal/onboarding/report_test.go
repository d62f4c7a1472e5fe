package onboarding_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/onboarding"
)

// shelf has profiles, each of which takes its time to be read.
type shelf struct {
	takes     time.Duration
	stuck     onboarding.ProfileID // is never read
	reading   atomic.Int32
	atOnce    atomic.Int32 // at most
	readsMade atomic.Int32
}

func (s *shelf) ReadProfile(ctx context.Context, id onboarding.ProfileID) (onboarding.ProfileView, error) {
	s.readsMade.Add(1)
	n := s.reading.Add(1)
	defer s.reading.Add(-1)
	for most := s.atOnce.Load(); n > most && !s.atOnce.CompareAndSwap(most, n); most = s.atOnce.Load() {
	}
	wait := time.After(s.takes)
	if id == s.stuck {
		wait = nil
	}
	select {
	case <-wait:
	case <-ctx.Done():
		return onboarding.ProfileView{}, &onboarding.Error{Kind: onboarding.Busy, Err: ctx.Err()}
	}
	if id == "gone" {
		return onboarding.ProfileView{}, &onboarding.Error{Kind: onboarding.NotFound}
	}
	return onboarding.ProfileView{ID: id}, nil
}

// registrations are some with these profiles.
func registrations(profiles ...onboarding.ProfileID) []onboarding.Registration {
	list := make([]onboarding.Registration, len(profiles))
	for i, id := range profiles {
		list[i] = onboarding.Registration{Profile: id, Tries: i}
	}
	return list
}

// said is what a report says of each registration: its profile, or the kind of error.
func said(t *testing.T, reported []onboarding.Reported) []string {
	t.Helper()
	var list []string
	for i, r := range reported {
		if r.Registration.Tries != i {
			t.Errorf("the registration in place %d was in place %d", i, r.Registration.Tries)
		}
		switch {
		case r.View != nil && r.Err == nil:
			list = append(list, string(r.View.ID))
		case r.View == nil:
			list = append(list, string(onboarding.KindOf(r.Err)))
		}
	}
	return list
}

func TestAReportHasEveryProfileOrWhyNot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{takes: time.Second}
		got := said(t, onboarding.Report(t.Context(), s, registrations("a", "", "gone", "b")))
		if diff := cmp.Diff([]string{"a", "", "not_found", "b"}, got); diff != "" {
			t.Error(diff)
		}
		if n := s.readsMade.Load(); n != 3 {
			t.Errorf("%d reads, want 3", n)
		}
	})
}

func TestAReportReadsFourAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, began := &shelf{takes: time.Second}, time.Now()
		onboarding.Report(t.Context(), s, registrations("a", "b", "c", "d", "e", "f", "g", "h"))
		if took := time.Since(began); took != 2*time.Second || s.atOnce.Load() != 4 {
			t.Errorf("it took %v with %d reads at once, want 2s with 4", took, s.atOnce.Load())
		}
	})
}

func TestAReportIsThereInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, began := &shelf{takes: 2 * time.Second, stuck: "x"}, time.Now()
		got := said(t, onboarding.Report(t.Context(), s, registrations("x", "x", "x", "a", "b", "c", "d")))
		if diff := cmp.Diff([]string{"busy", "busy", "busy", "a", "b", "busy", "busy"}, got); diff != "" {
			t.Error(diff)
		}
		if took := time.Since(began); took != 5*time.Second || s.readsMade.Load() != 6 {
			t.Errorf("it took %v and %d reads, want 5s and 6: the last has no time left", took, s.readsMade.Load())
		}
	})
}
