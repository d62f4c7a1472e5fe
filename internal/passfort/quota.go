package passfort

import (
	"cmp"
	"context"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Quota is what an answer says of the limit that PassFort sets to an endpoint.
type Quota struct {
	Call      string        // the endpoint, named as in metrics
	Remaining int           // how many more calls would be let through now; -1 where the answer does not say
	Wait      time.Duration // how long to leave the endpoint alone; zero unless PassFort has refused the call and says so
}

// unsaidWait is how long to leave an endpoint alone whose refusal does not say.
const unsaidWait = time.Second

// maxRemaining bounds what an answer may say is left, so that it can be reckoned with: quotas are of ten thousand.
const maxRemaining = 1_000_000

// tellQuota hands on what the answer says, if it says anything.
func (c *Client) tellQuota(ctx context.Context, e *endpoint, answer reply) {
	q := Quota{Call: e.name, Remaining: remaining(answer.header)}
	if answer.status == http.StatusTooManyRequests {
		q.Wait = cmp.Or(retryAfter(answer.header), unsaidWait)
	}
	if q.Remaining >= 0 || q.Wait > 0 {
		c.quota(ctx, q)
	}
}

// remaining reads how many calls are left. A negative number makes no sense, so it says nothing.
func remaining(h http.Header) int {
	n, err := strconv.ParseFloat(strings.TrimSpace(h.Get(remainingHeader)), 64)
	if err != nil || math.IsNaN(n) || n < 0 {
		return -1
	}
	return int(math.Min(n, maxRemaining))
}

// retryAfter reads how long a 429 wants us to wait; zero where it does not say.
func retryAfter(h http.Header) time.Duration {
	for _, name := range waitHeaders {
		seconds, err := strconv.ParseFloat(strings.TrimSpace(h.Get(name)), 64)
		if err == nil && seconds > 0 {
			return time.Duration(math.Min(seconds, longestWait.Seconds()) * float64(time.Second))
		}
	}
	if at, err := http.ParseTime(h.Get("Retry-After")); err == nil {
		return min(max(time.Until(at), 0), longestWait)
	}
	return 0
}
