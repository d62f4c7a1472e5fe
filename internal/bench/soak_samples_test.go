package bench

import (
	"errors"
	"strings"
	"testing"
	"time"

	"portal/internal/bench/load"
)

// held by portals that start with something and hold more of it with every sample.
func risingBy(each float64) []sample {
	list := make([]sample, 720)
	for i := range list {
		list[i] = sample{at: time.Duration(i) * sampleEvery, resident: 150<<20 + each*float64(i), heap: 50 << 20, goroutines: 600, connecting: 40}
	}
	return list
}

func TestASoakThatLeaksFails(t *testing.T) {
	t.Parallel()
	leaking := soakReport{requests: 1, samples: risingBy(100 << 10)} // 72 MB in an hour
	if err := leaking.verdict(); !errors.Is(err, errNotFlat) {
		t.Errorf("a leak: %v", err)
	}
	steady := soakReport{requests: 1, samples: risingBy(0)}
	for i := range 100 { // everything is new
		steady.samples[i].resident /= 3
	}
	for i := range steady.samples { // collections come and go
		steady.samples[i].heap += float64(i%7) * (3 << 20)
	}
	if err := steady.verdict(); err != nil {
		t.Errorf("what is flat: %v", err)
	}
	steady.samples = risingBy(0)
	for i := range steady.samples {
		steady.samples[i].goroutines += float64(i)
	}
	if err := steady.verdict(); !errors.Is(err, errNotFlat) {
		t.Errorf("goroutines without an end: %v", err)
	}
}

func TestASoakWithOneFailureFails(t *testing.T) {
	t.Parallel()
	cause := errors.New("answered with status 500")
	r := soakReport{requests: 1000, failed: 1, cause: cause, samples: risingBy(0)}
	if err := r.verdict(); !errors.Is(err, cause) {
		t.Errorf("got %v", err)
	}
}

func TestASoaksTableIsShortHoweverLongItTakes(t *testing.T) {
	t.Parallel()
	r := soakReport{length: time.Hour, requests: 10, times: load.Times{time.Millisecond}, samples: risingBy(100 << 10)}
	var text strings.Builder
	if err := r.write(&text); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(text.String(), "\n"); lines != 1+soakLines+2+len(holdings) {
		t.Errorf("%d lines:\n%s", lines, &text)
	}
	for _, want := range []string{"1h0m0s", "memory MB: 176.4 in the second quarter, 211.5 in the last: NOT FLAT", "goroutines: 600.0 in the second quarter, 600.0 in the last: flat"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is missing:\n%s", want, &text)
		}
	}
}
