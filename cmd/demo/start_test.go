package main

import (
	"net/http"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// clicks is how often an applicant presses the button at once.
const clicks = 20

func TestManyStartsAtOnceMakeOneRegistration(t *testing.T) {
	t.Parallel()
	for name, portals := range map[string]int{"one portal": 1, "two portals": 2} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ownWorld(t)
			origins := []string{w.origin()}
			for range portals - 1 {
				origins = append(origins, w.startPortal(t, nil).origin())
			}
			// So slow that every click comes while the first is still being worked on, and that a call which somebody
			// else has made looks as if it had come to nothing.
			w.order(t, fault{Method: http.MethodPost, Path: "/4.0/", When: "before", Kind: "slow", DelayMS: 2400})
			v := w.visitor(t)
			v.signIn("impatient@example.com")
			pages := startAtOnce(t, v, origins)
			first := v.form(pages[0])
			for i, p := range pages {
				if got := v.form(p); got != first {
					t.Errorf("click %d came to another form", i+1)
				}
			}
			created := w.created(t)
			if len(created) != 1 {
				t.Errorf("created for %d customers, want 1: %v", len(created), created)
			}
			for ref, counts := range created {
				if diff := cmp.Diff(once, counts); diff != "" || ref == "" {
					t.Errorf("created for %q (-want +got):\n%s", ref, diff)
				}
			}
		})
	}
}

// startAtOnce presses the button at all portals by turns, and returns the pages that came of it.
func startAtOnce(t *testing.T, v *visitor, origins []string) []view {
	t.Helper()
	pages := make([]view, clicks)
	var wg sync.WaitGroup
	for i := range pages {
		wg.Go(func() {
			var err error
			if pages[i], err = v.at(origins[i%len(origins)]).start("individual"); err != nil {
				t.Errorf("click %d: %v", i+1, err)
			}
		})
	}
	wg.Wait()
	for i, p := range pages {
		if p.status != http.StatusOK {
			t.Fatalf("click %d: status %d: %s", i+1, p.status, p.text())
		}
	}
	return pages
}
