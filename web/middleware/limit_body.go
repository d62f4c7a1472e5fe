package middleware

import "net/http"

// LimitBody lets handlers read so many bytes of a request's body; the read that would go beyond fails with an
// [http.MaxBytesError].
func LimitBody(most int64) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(innermost(w), r.Body, most)
			next.ServeHTTP(w, r)
		})
	}
}

// innermost is the server's own writer: MaxBytesReader tells only that one to close the connection, so that the rest
// of the body is not read.
func innermost(w http.ResponseWriter) http.ResponseWriter {
	for {
		outer, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return w
		}
		w = outer.Unwrap()
	}
}
