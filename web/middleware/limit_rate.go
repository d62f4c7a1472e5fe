package middleware

import (
	"net/http"
	"net/netip"
	"time"

	"github.com/go-chi/httprate"
)

// household is how much of an IPv6 address tells a client from others: a line has all that begin with it.
const household = 64

// LimitRate lets a client make so many requests a minute and has refuse answer the others. Clients are told apart by their
// addresses past all trusted proxies. It counts in this process alone: what must hold over all replicas is kept in Postgres.
func LimitRate(perMinute int, refuse http.HandlerFunc) func(http.Handler) http.Handler {
	return httprate.NewRateLimiter(perMinute, time.Minute,
		httprate.WithKeyFuncs(func(r *http.Request) (string, error) { return client(ClientIP(r.Context())), nil }),
		httprate.WithLimitHandler(refuse),
		httprate.WithResponseHeaders(httprate.ResponseHeaders{}), // refuse says what there is to say
	).Handler
}

func client(a netip.Addr) string {
	if line, err := a.Prefix(household); err == nil && a.Is6() {
		return line.Addr().String()
	}
	return a.String()
}
