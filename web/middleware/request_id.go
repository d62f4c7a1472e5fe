package middleware

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/netip"
)

// known is what is known of a request on its way, to which each part of the front adds what it finds out.
type known struct {
	id     string
	client netip.Addr
	notes  notes
}

type knownKey struct{}

// knowing is what is known of a request, and the request that carries it on.
func knowing(r *http.Request) (*known, *http.Request) {
	if k, ok := r.Context().Value(knownKey{}).(*known); ok {
		return k, r
	}
	k := &known{}
	return k, r.WithContext(context.WithValue(r.Context(), knownKey{}, k))
}

// knownIn is what is known of the request that ctx belongs to; nothing outside of one.
func knownIn(ctx context.Context) *known {
	if k, ok := ctx.Value(knownKey{}).(*known); ok {
		return k
	}
	return &known{}
}

// AssignRequestID gives every request an id of our own making, which the answer repeats in X-Request-Id. What a client
// sends under that name is ignored: log lines must not be forged.
func AssignRequestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		k, r := knowing(r)
		k.id = rand.Text()
		w.Header().Set("X-Request-Id", k.id)
		next.ServeHTTP(w, r)
	})
}

// RequestID returns the id of the request that ctx belongs to, or "" outside of one.
func RequestID(ctx context.Context) string { return knownIn(ctx).id }
