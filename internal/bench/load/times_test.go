package load

import (
	"testing"
	"time"
)

func TestQuantilesAreExact(t *testing.T) {
	t.Parallel()
	var times Times
	for n := 1000; n > 0; n-- {
		times = append(times, time.Duration(n))
	}
	for part, want := range map[float64]time.Duration{0: 1, 0.5: 501, 0.99: 991, 1: 1000} {
		if got := times.Quantile(part); got != want {
			t.Errorf("%v: %d, want %d", part, got, want)
		}
	}
	if got := (Times{}).Quantile(0.5); got != 0 {
		t.Errorf("of nothing: %v", got)
	}
}
