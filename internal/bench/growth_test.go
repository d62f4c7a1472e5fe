package bench

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"portal/internal/bench/load"
)

func TestGrowthIsPromisedAtTheMedian(t *testing.T) {
	t.Parallel()
	all := []*grown{{registrations: 10}, {registrations: 1000}, {registrations: 5000}}
	results := []load.Times{{time.Millisecond}, {1100 * time.Microsecond}, {1300 * time.Microsecond}}
	rows := grownRows("form", all, results, make([]spending, len(all)))
	if len(rows) != 3 || len(rows[0].Promises) != 0 {
		t.Fatalf("%+v", rows)
	}
	if !rows[1].Promises[0].Held || rows[2].Promises[0].Held {
		t.Errorf("1.1 times as long: %v; 1.3 times: %v", rows[1].Promises, rows[2].Promises)
	}
	if want := "p50 1.30, p99 1.30 of 10"; rows[2].Compared != want {
		t.Errorf("compared %q, want %q", rows[2].Compared, want)
	}
}

func TestGrowthWantsRoomBeforeItBegins(t *testing.T) {
	t.Parallel()
	var said strings.Builder
	r := &Run{Options: Options{Sizes: []int{10_000, 5_000_000}, Progress: &said}}
	if err := r.roomFor("/var/tmp/it", 23<<30); err != nil || !strings.Contains(said.String(), "in /var/tmp/it, where 24.7 GB are free") {
		t.Errorf("%v: %s", err, &said)
	}
	if err := r.roomFor("/var/tmp/it", 20<<30); err == nil || !strings.Contains(err.Error(), "--sizes") {
		t.Errorf("17 GB are to be kept in 21: %v", err)
	}
}

func TestAPostHasItsFormAndItsLength(t *testing.T) {
	t.Parallel()
	text := string(posted("/onboarding/start", http.Header{"Cookie": {"a=b"}}, "flow=individual"))
	head, body, _ := strings.Cut(text, "\r\n\r\n")
	if !strings.HasPrefix(head, "POST /onboarding/start HTTP/1.1\r\n") || !strings.Contains(head, "Content-Length: 15") || body != "flow=individual" {
		t.Errorf("%q", text)
	}
}
