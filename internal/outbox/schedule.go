package outbox

import "time"

// waits are those between the attempts, as Standard Webhooks has them: about three days together.
var waits = []time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour,
	20 * time.Hour, 24 * time.Hour,
}

// longestRetryAfter is as long as a receiver may put a notice off by its Retry-After.
const longestRetryAfter = time.Hour

// waitAfter is the wait after an attempt that failed, when so many were made before it; again is false after the last.
// It is longer by up to a tenth, so that what failed together is not tried again together.
func waitAfter(before int, jitter float64) (wait time.Duration, again bool) {
	if before >= len(waits) {
		return 0, false
	}
	wait = waits[before]
	return wait + time.Duration(jitter*float64(wait)/10), true
}
