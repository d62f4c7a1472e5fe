package torture

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"portal/internal/localpg"
	"portal/internal/sandbox/effects"
	"portal/internal/seal"
)

// script makes the choices of a run in which one creating call is in trouble.
type script struct {
	hidden, second, search int
	call                   int // which creating call: 0 the profile's, 1 the request's
	trouble                string
	seen                   int
}

func (s *script) choose(n int, what string) int {
	switch what {
	case "key hidden":
		return s.hidden
	case "second request":
		return s.second
	case "search matches":
		return s.search
	case "facts":
		return 1
	case "trouble":
		if n != len(callTroubles) {
			return 0
		}
		if s.seen++; s.seen-1 == s.call {
			return slices.Index(callTroubles, s.trouble)
		}
	}
	return 0
}

// ends says how the run should end: the registration's status, whether it is flagged, and how often what was created.
func (s *script) ends() (status string, flagged bool, profiles, requests int) {
	tookEffect := s.trouble != "cut before"
	switch {
	case s.call == 0:
		return "open", !tookEffect, 1, 1
	case !tookEffect || s.hidden == 0 || s.second == 1: // its key is read, or given again
		return "open", false, 1, 1
	case s.second == 2: // replaced by one whose key is known
		return "open", false, 1, 2
	default: // refused again: the key is lost
		return "needs_attention", false, 1, 1
	}
}

// Whatever the provider does where its documentation does not say: an unanswered call ends as the design says.
func TestEverySwitchEndsAsItShould(t *testing.T) {
	t.Parallel()
	bench := &Bench{Pool: localpg.New(t), Keys: newKeys(t)}
	for i := range 2 * 3 * 2 * 2 * 3 {
		s := &script{
			hidden: i % 2, second: i / 2 % 3, search: i / 6 % 2, call: i / 12 % 2,
			trouble: []string{"cut before", "cut after", "late"}[i/24],
		}
		t.Run(fmt.Sprintf("%+v", *s), func(t *testing.T) {
			r, err := bench.prepare(t.Context(), s.choose)
			if err != nil {
				t.Fatal(err)
			}
			defer r.close()
			if err := r.start(t.Context()); err != nil {
				t.Fatal(err)
			}
			r.finish()
			if err := r.calmDown(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := r.judge(t.Context()); err != nil || len(r.found) > 0 {
				t.Fatalf("%v, %v\n%s", r.found, err, strings.Join(r.story, "\n"))
			}
			r.wantEnd(t, s)
		})
	}
}

func (r *run) wantEnd(t *testing.T, s *script) {
	t.Helper()
	records, err := Read(t.Context(), r.bench.Pool)
	if err != nil {
		t.Fatal(err)
	}
	created := map[string]int{}
	for _, e := range r.sandbox.Effects() {
		created[e.Kind]++
	}
	status, flagged, profiles, requests := s.ends()
	got := records.Registrations[0]
	if got.Status != status || got.Flagged != flagged || created[effects.ProfileCreate] != profiles || created[effects.CustomerRequestCreate] != requests {
		t.Errorf("%s (%s), flagged %v, %v; want %s, flagged %v, %d profiles, %d requests\n%s",
			got.Status, got.Cause, got.Flagged, created, status, flagged, profiles, requests, strings.Join(r.story, "\n"))
	}
}

func newKeys(t testing.TB) *seal.Keyset {
	t.Helper()
	text, err := seal.NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := seal.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}
