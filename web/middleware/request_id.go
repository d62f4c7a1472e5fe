package middleware

import (
	"context"
	"crypto/rand"
	"net/http"
)

type requestIDKey struct{}

// AssignRequestID gives every request an id of our own making, which the answer repeats in X-Request-Id. What a client
// sends under that name is ignored: log lines must not be forged.
func AssignRequestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := rand.Text()
		w.Header().Set("X-Request-Id", id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id)))
	})
}

// RequestID returns the id of the request that ctx belongs to, or "" outside of one.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}
