package sandbox_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox"
)

func TestEverythingHappensAtItsOwnTime(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	w := open(t, sandbox.Options{Now: func() time.Time { return noon }})
	if _, err := w.Mailbox().Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	w.invite(t, "individual-onboarding", "jo@example.com")

	if _, err := w.Advance(100 * 24 * time.Hour); err != nil {
		t.Fatal(err)
	}

	days := map[string][]int{}
	for _, e := range w.Effects() {
		days[e.Kind] = append(days[e.Kind], int(e.At.Sub(noon).Hours()/24))
	}
	for _, m := range w.Mailbox().Messages("") {
		days["mail"] = append(days["mail"], int(m.ReceivedAt.Sub(noon).Hours()/24))
	}
	want := map[string][]int{
		"profile.create": {0}, "customer_request.create": {0}, "customer_request.email": {0},
		"customer_request.remind": {7, 14, 21}, "customer_request.expire": {90},
		"mail": {21, 14, 7, 0},
	}
	if diff := cmp.Diff(want, days); diff != "" {
		t.Errorf("days (-want +got):\n%s", diff)
	}
}
