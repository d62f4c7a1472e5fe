package main

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The status is read from the portal's own records, so only a webhook can have told them.
func TestAWebhookTellsThatTheFormIsOver(t *testing.T) {
	t.Parallel()
	for state, want := range map[string]string{"COMPLETED": "completed", "EXPIRED": "expired"} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			w, v, form := opened(t, want+"@example.com")
			w.end(t, form, state)
			eventually(t, "the registration is "+want, func() bool { return v.status() == want })
		})
	}
}

func TestAnExpiredFormIsFollowedByAFreshOneOnTheSameProfile(t *testing.T) {
	t.Parallel()
	w, v, form := opened(t, "again@example.com")
	w.end(t, form, "EXPIRED")
	eventually(t, "the registration is expired", func() bool { return v.status() == "expired" })
	p := v.get("/onboarding")
	if _, shown := pairIn(p.html); shown || p.status != http.StatusOK {
		t.Fatalf("status %d, and the old pair is still shown: %v", p.status, shown)
	}
	if fresh := v.form(v.send(p, "Start a fresh form", nil)); fresh == form {
		t.Error("the old form came back")
	}
	for _, e := range w.effects(t) {
		if e.ID == form.RequestID && e.Kind == "customer_request.create" {
			want := map[string]int{"profile.create": 1, "customer_request.create": 2}
			if diff := cmp.Diff(want, w.created(t)[e.CustomerRef]); diff != "" {
				t.Errorf("created (-want +got):\n%s", diff)
			}
		}
	}
}

// opened is a visitor with a form.
func opened(t *testing.T, email string) (*world, *visitor, pair) {
	t.Helper()
	w := sharedWorld(t)
	v := w.visitor(t)
	v.signIn(email)
	p, err := v.start("individual")
	if err != nil {
		t.Fatal(err)
	}
	return w, v, v.form(p)
}

// end ends a form at the provider.
func (w *world) end(t *testing.T, form pair, state string) {
	t.Helper()
	var done any
	w.control(t, http.MethodPost, "/_sandbox/passfort/requests/"+form.RequestID+"/state", map[string]string{"state": state}, &done)
}
