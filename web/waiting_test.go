package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// crowded has everybody wait for the provider's quota from now on.
func (w *world) crowded() {
	w.t.Helper()
	_, err := w.pool.Exec(w.t.Context(), "update provider_quotas set tokens = 0, refilled_at = $1", w.sandbox.Now())
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestApplicantsAreServedInOrderAndSeeHowLongItTakes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{perHour: 30}) // one in two minutes
	w.crowded()
	first, second := w.browser().signIn("ada@example.com"), w.browser().signIn("bea@example.com")
	for _, b := range []*browser{first, second} {
		w.pass(time.Second)
		b.post("/start", "flow", "individual").leads("")
	}
	for b, minutes := range map[*browser]int{first: 2, second: 4} {
		p := b.get("").shows(http.StatusOK, "waiting.title", "waiting.kept").ordinary()
		if want := say("en", "waiting.queue", "count", minutes); !strings.Contains(p.body, want) {
			t.Errorf("the page does not say %q:\n%s", want, p.body)
		}
	}
	if n := len(w.sandbox.Effects()); n > 0 {
		t.Errorf("%d effects before anybody's turn", n)
	}
	w.pass(2 * time.Minute)
	first.await("open")
	second.get("").shows(http.StatusOK, "waiting.title")
	w.pass(2 * time.Minute)
	second.await("open")
	second.get("").pair()
}

func TestTheLastMomentsOfAWaitAreSaidInWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{perHour: 30})
	w.crowded()
	b := w.browser().signIn("ada@example.com")
	b.post("/start", "flow", "individual").leads("")
	w.pass(110 * time.Second)
	b.get("").shows(http.StatusOK, "waiting.title", "waiting.queue_soon")
}
