package sumsub

import (
	"net/http"
	"slices"
	"time"
)

// The documented limits: so many calls in any five seconds.
const (
	limitSpan  = 5 * time.Second
	limitReads = 300
	limitSends = 50
)

// limits are when the last calls were let through.
type limits struct {
	reads, sends []time.Time
}

// take lets a call through unless there were too many of its kind of late. One that is refused does not count.
func (l *limits) take(read bool, now time.Time) bool {
	calls, most := &l.sends, limitSends
	if read {
		calls, most = &l.reads, limitReads
	}
	*calls = slices.DeleteFunc(*calls, func(t time.Time) bool { return !t.After(now.Add(-limitSpan)) || t.After(now) })
	if len(*calls) >= most {
		return false
	}
	*calls = append(*calls, now)
	return true
}

// limited guards the API by its limits.
func (p *Provider) limited(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !p.Options().NoRateLimits && !p.takeTurn(r.Method) {
			e := plain(http.StatusTooManyRequests, "Too many requests, wait and send the request again")
			e.retryAfter = "5"
			p.refuse(w, e)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (p *Provider) takeTurn(method string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.limits.take(method == http.MethodGet || method == http.MethodHead, p.now())
}
