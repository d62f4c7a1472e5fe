package passfort

import (
	"math"
	"net/http"
	"strconv"
	"time"
)

// limits are the quotas of the two limited endpoints, each its own.
type limits struct {
	Profiles      quota `json:"profiles"`
	CollectedData quota `json:"collected_data"`
}

// quota is one limit, by the algorithm that PassFort's documentation names, GCRA: it refills steadily, lets a burst
// through, and asking in vain does not lower it.
type quota struct {
	Full time.Time `json:"full"` // when the whole burst is available again
}

// verdict is what a quota says of a call.
type verdict struct {
	ok        bool
	remaining int
	reset     time.Duration // until the whole burst is available again
	retry     time.Duration // until the next call is let through
}

// take uses a call up if one is left. Neither a smaller burst nor a clock that was set back leaves a quota emptier than
// empty.
func (q *quota) take(now time.Time, perHour, burst int) verdict {
	interval := time.Hour / time.Duration(perHour)
	room := interval * time.Duration(burst)
	full := q.Full
	if full.Before(now) {
		full = now
	} else if full.After(now.Add(room)) {
		full = now.Add(room)
	}
	if next := full.Add(interval); next.Sub(now) <= room {
		q.Full = next
		return verdict{ok: true, remaining: int((room - next.Sub(now)) / interval), reset: next.Sub(now)}
	}
	return verdict{reset: full.Sub(now), retry: full.Add(interval).Sub(now) - room}
}

// limited guards a creating endpoint by a quota and says so in its headers.
func (p *Provider) limited(of func(*limits) *quota) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			o := p.Options()
			if o.RatePerHour < 0 {
				next.ServeHTTP(w, r)
				return
			}
			p.mu.Lock()
			now := p.now()
			v := of(&p.state.Limits).take(now, o.RatePerHour, o.RateBurst)
			p.mu.Unlock()
			v.tell(w.Header(), now)
			if !v.ok {
				p.refuse(w, &refusal{kindRateLimited, codeConstraints, "rate limit reached, wait and send the request again"})
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// tell sets the documented headers.
func (v verdict) tell(h http.Header, now time.Time) {
	h.Set("X-Ratelimit-Remaining", strconv.Itoa(v.remaining))
	h.Set("X-Ratelimit-Reset-Secs", seconds(v.reset))
	h.Set("X-Ratelimit-Reset", now.Add(v.reset).Format(time.RFC1123Z))
	if !v.ok {
		h.Set("X-Ratelimit-Retry-Secs", seconds(v.retry))
	}
}

// seconds rounds up, so that waiting as long as told is enough.
func seconds(d time.Duration) string {
	return strconv.Itoa(int(math.Ceil(d.Seconds())))
}
