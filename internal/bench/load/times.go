package load

import (
	"slices"
	"time"
)

// Times are how long things took, each of them: a quantile is exact.
type Times []time.Duration

// Quantile is the time that so large a part of them did not exceed; zero where there are none.
func (t Times) Quantile(part float64) time.Duration {
	if len(t) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(t))
	return sorted[min(int(part*float64(len(sorted))), len(sorted)-1)]
}
